import { expect, test } from 'vitest'
import { killAgainAndAgain } from './kill-loop.ts'

/** `DOORSTEP_SIM=long` kills many times, from a new seed; `DOORSTEP_SEED=n` repeats one. */
const long = process.env.DOORSTEP_SIM === 'long'
const given = process.env.DOORSTEP_SEED
const seed = given ? Number(given) : long ? Math.floor(Date.now() / 1000) : 1
const kills = long ? 300 : 2

test(`${kills} kills from seed ${seed}`, async () => {
  const report = await killAgainAndAgain(seed, kills)
  process.stderr.write(`${JSON.stringify({ seed, ...report })}\n`)
  expect(report.acknowledged).toBeGreaterThan(kills * 8)
})
