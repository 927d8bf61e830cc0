import fc from 'fast-check'
import { expect, test } from 'vitest'
import { expectPromises, findsFailure, randomHistories } from './random-history.ts'

/** `DOORSTEP_SIM=long` takes new seeds each time; `DOORSTEP_SEED=n` repeats one. */
const long = process.env.DOORSTEP_SIM === 'long'
const given = process.env.DOORSTEP_SEED
const seed = given ? Number(given) : long ? Date.now() % 2 ** 31 : 1000
const count = long ? 20_000 : 200

test(`P1-P7 P9 P11 hold in ${count} histories of seed ${seed}`, () => {
  let carried = 0
  let voided = 0
  fc.assert(
    fc.property(randomHistories, (history) => {
      const census = expectPromises(history)
      carried += census.carried
      voided += census.voided
    }),
    { numRuns: count, seed },
  )
  process.stderr.write(
    `${count} histories of seed ${seed}: ${carried} entries carried, ${voided} acts void\n`,
  )
  expect(carried * voided).toBeGreaterThan(0)
})

if (long)
  test('promise P5 the search finds that a cut at what is held lets in what was kept out', () => {
    expect(findsFailure('P5', { cutAt: 'held' }, 20_000, seed)).toBe(true)
  })
