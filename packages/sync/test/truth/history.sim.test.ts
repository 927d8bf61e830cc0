import { test } from 'vitest'
import { liveThrough } from './history.ts'

/** `DOORSTEP_SIM=long` takes new seeds each time; `DOORSTEP_SEED=n` repeats one. */
const long = process.env.DOORSTEP_SIM === 'long'
const given = process.env.DOORSTEP_SEED
const from = given ? Number(given) : long ? Math.floor(Date.now() / 1000) : 1000
const count = given ? 1 : long ? 60 : 2

test(`S4 S5 nothing is said of another that is not so: histories ${from} to ${from + count - 1}`, async () => {
  for (let seed = from; seed < from + count; seed++) await liveThrough(seed, 25 + (seed % 40))
})
