import { expect, test } from 'vitest'
import { mutants } from './mutants.ts'
import { runHistory, sizeOf } from './run.ts'
import { SEEDS } from './seeds.ts'

/**
 * So many run every time, from 1 on, large ones cut to what costs some tenth of a second: `pnpm sim --resume` runs
 * them whole, and goes on.
 */
const HISTORIES = 60
const MAX_STATIONS = 5
const MAX_STEPS = 30

/** Histories in which nothing went wrong would prove nothing. */
const MUST_HAPPEN = [
  ...['cut', 'one-way', 'partition', 'delay', 'two wires', 'clock skew', 'other version'],
  ...['reorder', 'duplicate', 'bit flip under way', 'stick truncated', 'stick doubled'],
  ...['crash', 'torn write', 'full disk', 'problem disk-full', 'bit flip', 'restore'],
  ...['copy', 'unnoticed copy', 'fork', 'join', 'remove', 'remove station', 'leave', 'hand over'],
  ...['change role', 'retired', 'erase', 'checkpoint'],
]

/** Generous: a machine that does ten other things at once is no failure. */
const LIMIT_MS = 600_000
const TOGETHER = 10
const counts = new Map<string, number>()

test.each(Array.from({ length: HISTORIES / TOGETHER }, (_, at) => 1 + at * TOGETHER))(
  'S5 S6 A9 A10 A13 A15 A18 A20 nothing acknowledged is lost, and after quiet all are equal: histories from %d on',
  {
    timeout: LIMIT_MS,
  },
  async (from) => {
    for (let seed = from; seed < from + TOGETHER; seed++) {
      const { stations, steps } = sizeOf(seed)
      const size = { stations: Math.min(stations, MAX_STATIONS), steps: Math.min(steps, MAX_STEPS) }
      const { failure, counts: found } = await runHistory(seed, size)
      if (failure) throw new Error(`seed ${seed}, ${JSON.stringify(size)}: ${failure.text}`)
      for (const [name, count] of found) counts.set(name, (counts.get(name) ?? 0) + count)
    }
  },
)

test('in them everything went wrong that can', () => {
  expect(MUST_HAPPEN.filter((name) => !counts.has(name))).toEqual([])
})

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

test.each(Object.entries(mutants))('the check finds %s', { timeout: LIMIT_MS }, async (_name, mutant) => {
  const from = mutant.from ?? 1
  for (let seed = from; seed < from + 60; seed++) {
    const { failure } = await runHistory(seed, { mutant, stations: 3, steps: 12 })
    if (failure) return expect(failure.invariant, failure.text).toBe(mutant.finds)
  }
  throw new Error('no history found it')
})
