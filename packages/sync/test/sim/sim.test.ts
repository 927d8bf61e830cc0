import { expect, test } from 'vitest'
import { mutants } from './mutants.ts'
import { runHistory, sizeOf } from './run.ts'
import { SEEDS } from './seeds.ts'

/**
 * So many run every time, from 1 on, large ones cut to what costs some tenth of a second: `pnpm sim --resume` runs
 * them whole, and goes on.
 */
const HISTORIES = 80
const MAX_STATIONS = 5
const MAX_STEPS = 30

/** Histories in which nothing went wrong would prove nothing. */
const MUST_HAPPEN = [
  ...['cut', 'one-way', 'partition', 'delay', 'two wires', 'clock skew', 'other version'],
  ...['reorder', 'duplicate', 'bit flip under way', 'stick truncated', 'stick bit flips', 'stick doubled'],
  ...['crash', 'torn write', 'full disk', 'problem disk-full', 'bit flip', 'restore', 'unnoticed restore'],
  ...['copy', 'unnoticed copy', 'fork', 'join', 'remove', 'remove station', 'leave', 'hand over'],
  ...['change role', 'retired', 'erase', 'checkpoint', 'lost with a disk'],
]

test('S5 S6 A9 A10 A13 A15 A18 A20 seeded histories: nothing acknowledged is lost, and after quiet all are equal', async () => {
  const counts = new Map<string, number>()
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const { stations, steps } = sizeOf(seed)
    const size = { stations: Math.min(stations, MAX_STATIONS), steps: Math.min(steps, MAX_STEPS) }
    const { failure, counts: found } = await runHistory(seed, size)
    if (failure) throw new Error(`seed ${seed}, ${JSON.stringify(size)}: ${failure.text}`)
    for (const [name, count] of found) counts.set(name, (counts.get(name) ?? 0) + count)
  }
  expect(MUST_HAPPEN.filter((name) => !counts.has(name))).toEqual([])
})

test.each(Object.entries(SEEDS))('S6 a history that once failed: %s', async (name, { seed, ...options }) => {
  const { failure } = await runHistory(seed, { ...options, without: new Set(options.without) })
  expect(failure, name).toBeNull()
})

test('one number gives one history', async () => {
  const [one, two, other] = [await runHistory(3), await runHistory(3), await runHistory(4)]
  expect(two.trace).toBe(one.trace)
  expect(other.trace).not.toBe(one.trace)
})

test.each(Object.entries(mutants))('the check finds %s', async (_name, mutant) => {
  for (let seed = 1; seed <= 60; seed++) {
    const { failure } = await runHistory(seed, { mutant, stations: 3, steps: 12 })
    if (failure) return expect(failure.invariant, failure.text).toBe(mutant.finds)
  }
  throw new Error('no history found it')
})
