import { seedsToTry } from '@doorstep/core/fuzz'
import { test } from 'vitest'
import { liveThrough } from './history.ts'

const { from, count } = seedsToTry(2, 60)

test(`S4 S5 nothing is said of another that is not so: histories ${from} to ${from + count - 1}`, async () => {
  for (let seed = from; seed < from + count; seed++) await liveThrough(seed, 25 + (seed % 40))
})
