import fc from 'fast-check'
import { test } from 'vitest'
import { runHistory } from './convergence.ts'

/** The same histories in every run of the suite; `pnpm sim` takes new ones. */
const SEED = 20_261_123

test('A9 whatever is edited, copied and delivered in whatever order, all stations end equal and no acknowledged value is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.integer({ min: 10, max: 90 }), async (seed, steps) => {
      await runHistory(seed, steps)
    }),
    { numRuns: 15, seed: SEED, endOnFailure: true },
  )
})
