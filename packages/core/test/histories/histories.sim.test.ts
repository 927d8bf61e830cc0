import { expect, test } from 'vitest'
import { type HistoryCount, runBelonging } from './run.ts'

/** Many new seeds with `DOORSTEP_SIM=long`, a few fixed ones otherwise; a failure names its seed. */
const isLong = process.env.DOORSTEP_SIM === 'long'
const count = isLong ? 400 : 3
const from = Number(process.env.DOORSTEP_SEED ?? (isLong ? Math.floor(Math.random() * 1e9) : 506780092))

test(`A9 ${count} histories from seed ${from}: every station accepts what the oracle accepts`, async () => {
  const sums: Record<string, number> = {}
  for (let seed = from; seed < from + count; seed++) {
    const counts: HistoryCount = await runBelonging(seed, 12 + (seed % 60))
    for (const [name, value] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + value
  }
  console.log(JSON.stringify({ histories: count, from, ...sums }))
  expect(sums.comparisons).toBeGreaterThan(0)
})
