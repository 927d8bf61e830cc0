import { expect, test } from 'vitest'
import { runHistory, sizeOf } from './run.ts'

/** Large ones are cut to what costs some tenth of a second: `pnpm sim --resume` runs them whole, and goes on. */
const MAX_STATIONS = 4
const MAX_STEPS = 20

/** Histories in which nothing went wrong would prove nothing. */
const MUST_HAPPEN = [
  ...['cut', 'one-way', 'partition', 'delay', 'two wires', 'clock skew'],
  ...['other version', 'older program', 'later program', 'taken to carry', 'checkpoint fetched'],
  ...['reorder', 'duplicate', 'bit flip under way', 'stick doubled'],
  ...['crash', 'torn write', 'full disk', 'problem disk-full', 'bit flip'],
  ...['copy', 'unnoticed copy', 'fork', 'join', 'remove', 'leave'],
  ...['change role', 'retired', 'erase', 'checkpoint'],
]

/** Generous: a machine that does ten other things at once is no failure. */
export const LIMIT_MS = 600_000
const TOGETHER = 10

/**
 * The histories of so many numbers, which every run of the tests runs: in two files, for two cores to share them. `rare`:
 * what must happen in these, and need not in the other file's.
 */
export function runHistories(first: number, count: number, rare: readonly string[]): void {
  const counts = new Map<string, number>()
  test.each(Array.from({ length: count / TOGETHER }, (_, at) => first + at * TOGETHER))(
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
        for (const [name, many] of found) counts.set(name, (counts.get(name) ?? 0) + many)
      }
    },
  )
  test('in them everything went wrong that can', () => {
    expect([...MUST_HAPPEN, ...rare].filter((name) => !counts.has(name))).toEqual([])
  })
}
