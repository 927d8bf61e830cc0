import { expect, test } from 'vitest'
import { runCheckpointHistories } from './checkpoint-history.ts'

test('A18 whoever starts from a checkpoint, at any moment, ends as those who have every entry', async () => {
  const sum = await runCheckpointHistories(1, 12, 90)
  for (const count of [sum.started, sum.made, sum.pruned, sum.erased, sum.verified])
    expect(count).toBeGreaterThan(0)
}, 600_000)
