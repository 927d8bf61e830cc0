import { expect, test } from 'vitest'
import { seedsToTry } from '../src/testing/seeds.ts'
import { runMoveHistory } from './move-history.ts'

const { from, count } = seedsToTry(4, 200)

test(`moves ${from} to ${from + count - 1}`, async () => {
  let moves = 0
  for (let seed = from; seed < from + count; seed++)
    moves += (await runMoveHistory(seed, 30 + (seed % 60))).moves
  expect(moves).toBeGreaterThan(0)
})
