import { expect, test } from 'vitest'
import { LIMIT_MS, runHistories } from './normal-run.ts'
import { runHistory } from './run.ts'
import { SEEDS } from './seeds.ts'

runHistories(1, 100, ['stick truncated', 'hand over'])

test.each(Object.entries(SEEDS))(
  'S6 a history that once failed: %s',
  { timeout: LIMIT_MS },
  async (name, { seed, ...options }) => {
    const { failure } = await runHistory(seed, { ...options, without: new Set(options.without) })
    expect(failure, name).toBeNull()
  },
)

test('one number gives one history', { timeout: LIMIT_MS }, async () => {
  const [one, two, other] = [await runHistory(3), await runHistory(3), await runHistory(4)]
  expect(two.trace).toBe(one.trace)
  expect(other.trace).not.toBe(one.trace)
})
