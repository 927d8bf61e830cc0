import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Census } from './promises.ts'
import { expectPromises, findsFailure, randomHistories } from './random-history.ts'
import type { Broken } from './stations.ts'

/** The same histories in every run of the suite; oracle.sim.test.ts takes new ones. */
const SEED = 20_261_126

test('the promises P1-P7 P9 P11 hold in every random history', () => {
  const seen: Partial<Record<keyof Census, number>> = {}
  fc.assert(
    fc.property(randomHistories, (history) => {
      for (const [what, count] of Object.entries(expectPromises(history)) as [keyof Census, number][])
        if (count > 0) seen[what] = (seen[what] ?? 0) + 1
    }),
    { numRuns: 300, seed: SEED },
  )
  // The histories are about something.
  expect(seen).toEqual({
    held: expect.any(Number),
    carried: expect.any(Number),
    voided: expect.any(Number),
    frozen: expect.any(Number),
    standBys: expect.any(Number),
    released: expect.any(Number),
    ratified: expect.any(Number),
    left: expect.any(Number),
  })
})

test.each<[promise: string, Broken]>([
  ['P6', { accept: 'fixed-point' }],
  ['P2', { standBy: 'never' }],
  ['P5', { cut: 'named-logs-only' }],
  ['P6', { fork: 'strict' }],
  ['P11', { seniority: 'mutual' }],
])('the search finds what breaks %s when the rule is %o', (promise, broken) => {
  expect(findsFailure(promise, broken, 1000, SEED)).toBe(true)
})
