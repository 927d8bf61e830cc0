import { expect, test } from 'vitest'
import { runErasures } from './erasure-history.ts'

const LONG = process.env.DOORSTEP_SIM === 'long'
const START = Number(process.env.DOORSTEP_SEED ?? (LONG ? Math.floor(Date.now() / 1000) : 1))

test('A19 longer random histories with erasures', async () => {
  let erased = 0
  let late = 0
  let forks = 0
  for (let seed = START; seed < START + (LONG ? 100 : 4); seed++) {
    const report = await runErasures(seed, 120)
    erased += report.erased
    late += report.late
    forks += report.forks
  }
  console.log(`from seed ${START}: ${erased} erased, ${late} late parts, ${forks} forks`)
  expect(erased).toBeGreaterThan(0)
}, 3_600_000)
