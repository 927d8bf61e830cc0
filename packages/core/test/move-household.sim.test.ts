import { expect, test } from 'vitest'
import { runMoveHistory } from './move-history.ts'

/** `DOORSTEP_SIM=long` takes new seeds each time; `DOORSTEP_SEED=n` repeats one. */
const long = process.env.DOORSTEP_SIM === 'long'
const given = process.env.DOORSTEP_SEED
const from = given ? Number(given) : long ? Math.floor(Date.now() / 1000) * 1000 : 1000
const count = given ? 1 : long ? 200 : 4

test(`moves ${from} to ${from + count - 1}`, async () => {
  let moves = 0
  for (let seed = from; seed < from + count; seed++)
    moves += (await runMoveHistory(seed, 30 + (seed % 60))).moves
  expect(moves).toBeGreaterThan(0)
})
