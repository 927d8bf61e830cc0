import { expect, test } from 'vitest'
import { runSweepHistory } from './sweep-history.ts'

/** The same histories in every run of the suite; `pnpm sim` takes new ones. */
const SEEDS = [1, 2, 3]

test('whatever is claimed, given up, visited and delivered in whatever order, all stations show the same, and no claim or visit is lost', async () => {
  let doubles = 0
  for (const seed of SEEDS) {
    try {
      doubles += (await runSweepHistory(seed, 50)).doubles
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    }
  }
  expect(doubles).toBeGreaterThan(0)
})
