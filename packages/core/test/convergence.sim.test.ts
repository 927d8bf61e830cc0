import { expect, test } from 'vitest'
import { runHistory } from './convergence.ts'

/** `DOORSTEP_SIM=long` takes new seeds each time; `DOORSTEP_SEED=n` repeats one. */
const long = process.env.DOORSTEP_SIM === 'long'
const given = process.env.DOORSTEP_SEED
const from = given ? Number(given) : long ? Math.floor(Date.now() / 1000) * 1000 : 1000
const count = given ? 1 : long ? 500 : 20

test(`histories ${from} to ${from + count - 1}`, async () => {
  let forks = 0
  let conflicts = 0
  for (let seed = from; seed < from + count; seed++) {
    const report = await runHistory(seed, 40 + (seed % 80))
    forks += report.forks
    conflicts += report.conflicts
  }
  process.stderr.write(
    `${count} histories from seed ${from}: ${forks} forks, ${conflicts} records left in conflict\n`,
  )
  expect(conflicts + forks).toBeGreaterThan(0)
})
