import { expect, test } from 'vitest'
import { runCheckpointHistory } from './checkpoint-history.ts'

const FIRST = Number(process.env.CP_FIRST ?? 1)
const COUNT = Number(process.env.CP_COUNT ?? 12)

test('A18 whoever starts from a checkpoint, at any moment, ends as those who have every entry', async () => {
  const sum = { started: 0, made: 0, pruned: 0, forks: 0, held: 0, removed: 0, verified: 0 }
  const refused: Record<string, number> = {}
  for (let seed = FIRST; seed < FIRST + COUNT; seed++) {
    const report = await runCheckpointHistory(seed, 90)
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += report[key]
    for (const type of report.refused) refused[type] = (refused[type] ?? 0) + 1
  }
  if (process.env.CP_COUNT) console.log(sum, refused)
  expect(sum.started).toBeGreaterThan(0)
  expect(sum.made).toBeGreaterThan(0)
  expect(sum.pruned).toBeGreaterThan(0)
}, 600_000)
