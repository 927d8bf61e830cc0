import { expect, test } from 'vitest'
import { runBelonging } from './run.ts'

/** Seeds of the normal run; `pnpm sim` tries many new ones. */
test.each(Array.from({ length: 12 }, (_, n) => [n + 1, 14 + 4 * n] as const))(
  'A9 history %i of %i steps: what every station accepts is what the oracle accepts',
  async (seed, steps) => {
    const counts = await runBelonging(seed, steps)
    expect(counts.comparisons).toBeGreaterThan(steps)
  },
)
