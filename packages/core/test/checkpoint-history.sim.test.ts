import { expect, test } from 'vitest'
import { runCheckpointHistories } from './checkpoint-history.ts'

const LONG = process.env.DOORSTEP_SIM === 'long'
const HISTORIES = LONG ? 150 : 4

test('A18 longer random histories with checkpoints, pruning, forks, removals and erasures', async () => {
  const seed = Number(process.env.DOORSTEP_SEED ?? (LONG ? Math.floor(Date.now() / 1000) : 1))
  const sum = await runCheckpointHistories(seed, HISTORIES, 120)
  console.log(`from seed ${seed}: ${JSON.stringify(sum)}`)
  expect(sum.made).toBeGreaterThan(0)
})
