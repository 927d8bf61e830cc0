import { expect, test } from 'vitest'
import { seedsToTry } from '../src/testing/seeds.ts'
import { runHistory } from './convergence.ts'

const { from, count } = seedsToTry(20, 500)

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
