import { expect, test } from 'vitest'
import { killTheReader } from './series-kill-loop.ts'

/** `DOORSTEP_SIM=long` kills many times, from a new seed; `DOORSTEP_SEED=n` repeats one. */
const long = process.env.DOORSTEP_SIM === 'long'
const given = process.env.DOORSTEP_SEED
const seed = given ? Number(given) : long ? Math.floor(Date.now() / 1000) : 1
const kills = long ? 200 : 2

test(`${kills} kills of who keeps readings, from seed ${seed}`, async () => {
  const report = await killTheReader(seed, kills)
  process.stderr.write(`${JSON.stringify({ seed, ...report })}\n`)
  expect(report.kept).toBeGreaterThan(kills * 8)
})
