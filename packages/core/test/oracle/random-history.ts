import fc from 'fast-check'
import { type Census, checkPromises } from './promises.ts'
import { STEPS, type Step, simulate } from './simulate.ts'
import type { Broken, Failure } from './stations.ts'
import { tellHistory } from './tell.ts'

export type RandomHistory = { readonly steps: readonly Step[]; readonly seed: number }

/** Shrinks by leaving steps out. */
export const randomHistories: fc.Arbitrary<RandomHistory> = fc.record({
  steps: fc.array(fc.record({ kind: fc.noBias(fc.constantFrom(...STEPS)), dice: fc.noBias(fc.nat()) }), {
    minLength: 0,
    maxLength: 60,
    size: 'max',
  }),
  seed: fc.noBias(fc.nat()),
})

export function outcomeOf({ steps, seed }: RandomHistory, broken: Broken = {}) {
  const world = simulate(steps, seed, broken)
  return { world, ...checkPromises(world, seed) }
}

/** Throws with the failures and the whole history if a promise is broken; gives what it held. */
export function expectPromises(history: RandomHistory): Census {
  const { world, failures, census } = outcomeOf(history)
  if (failures.length) {
    const told = tellHistory(world.history.acts.values(), world.history.entries.values())
    throw new Error(`${failures.map(inWords).join('\n')}\n${told}`)
  }
  return census
}

/** Whether a search over that many histories under a broken rule meets a failure of this promise. */
export function findsFailure(promise: string, broken: Broken, histories: number, seed: number): boolean {
  const property = fc.property(
    randomHistories,
    (history) => !outcomeOf(history, broken).failures.some((failure) => failure.promise === promise),
  )
  return fc.check(property, { numRuns: histories, seed, endOnFailure: true }).failed
}

function inWords({ promise, why }: Failure): string {
  return `${promise}: ${why}`
}
