import { expect, test } from 'vitest'
import { runCheckpointHistories } from './checkpoint-history.ts'

const HISTORIES = process.env.DOORSTEP_SIM === 'long' ? 150 : 4

test('A18 longer random histories with checkpoints, pruning, forks, removals and erasures', async () => {
  const seed = Number(process.env.DOORSTEP_SEED ?? Math.floor(Date.now() / 1000))
  const sum = await runCheckpointHistories(seed, HISTORIES, 120)
  console.log(`from seed ${seed}: ${JSON.stringify(sum)}`)
  expect(sum.made).toBeGreaterThan(0)
})
