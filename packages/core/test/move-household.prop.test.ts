import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type MoveHistoryReport, runMoveHistory } from './move-history.ts'

/** The same histories in every run of the suite. */
const SEED = 20_261_126

test('whatever is visited, corrected and moved between three grids, every household is in one place or in conflict, and no visit is lost', async () => {
  const reports: MoveHistoryReport[] = []
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.integer({ min: 20, max: 60 }), async (seed, steps) => {
      reports.push(await runMoveHistory(seed, steps))
    }),
    {
      numRuns: Number(process.env.MOVE_RUNS ?? 8),
      seed: Number(process.env.MOVE_SEED ?? SEED),
      endOnFailure: true,
    },
  )
  const sum = (name: keyof MoveHistoryReport) => reports.reduce((total, report) => total + report[name], 0)
  // What the property is about must have happened.
  for (const name of ['moves', 'visits', 'disputes', 'late'] as const)
    expect(sum(name), name).toBeGreaterThan(0)
}, 300_000)
