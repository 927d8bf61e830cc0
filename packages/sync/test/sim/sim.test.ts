import { expect, test } from 'vitest'
import { mutants } from './mutants.ts'
import { runHistory } from './run.ts'
import { SEEDS } from './seeds.ts'

/** So many histories run every time, from 1 on; `pnpm sim --resume` goes on for as long as it is let. */
const HISTORIES = 200

test('S5 S6 A9 A10 A13 A15 A18 A20 seeded histories: nothing acknowledged is lost, and after quiet all are equal', async () => {
  const counts = new Map<string, number>()
  for (let seed = 1; seed <= HISTORIES; seed++) {
    const report = await runHistory(seed)
    if (report.failure) throw new Error(`seed ${seed} (pnpm sim --seed ${seed}): ${report.failure.text}`)
    for (const [name, count] of report.counts) counts.set(name, (counts.get(name) ?? 0) + count)
  }
  // Histories in which nothing went wrong would prove nothing.
  const MUST_HAPPEN = [
    'write',
    'meet',
    'cut',
    'one-way',
    'partition',
    'delay',
    'reorder',
    'duplicate',
    'bit flip under way',
    'stick truncated',
    'stick bit flips',
    'stick doubled',
    'crash',
    'torn write',
    'full disk',
    'problem disk-full',
    'restore',
    'unnoticed restore',
    'unnoticed copy',
    'copy',
    'bit flip',
    'clock skew',
    'other version',
    'join',
    'remove',
    'remove station',
    'leave',
    'hand over',
    'change role',
    'erase',
    'checkpoint',
    'fork',
    'two wires',
    'lost with a disk',
    'retired',
    'doctor',
  ]
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
    const { failure } = await runHistory(seed, { mutant })
    if (failure) return expect(failure.invariant, failure.text).toBe(mutant.finds)
  }
  throw new Error('no history found it')
})
