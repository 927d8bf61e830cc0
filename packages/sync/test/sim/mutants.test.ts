import { expect, test } from 'vitest'
import { mutants } from './mutants.ts'
import { LIMIT_MS, runHistories } from './normal-run.ts'
import { runHistory } from './run.ts'

runHistories(101, 100, ['restore', 'remove station'])

test.each(Object.entries(mutants))('the check finds %s', { timeout: LIMIT_MS }, async (_name, mutant) => {
  const from = mutant.from ?? 1
  for (let seed = from; seed < from + 60; seed++) {
    const { failure } = await runHistory(seed, { mutant, stations: 3, steps: 12 })
    if (failure) return expect(failure.invariant, failure.text).toBe(mutant.finds)
  }
  throw new Error('no history found it')
})
