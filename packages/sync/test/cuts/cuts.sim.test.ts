import { chanceFrom, fuzzSeed } from '@doorstep/core/fuzz'
import { expect, test } from 'vitest'
import { cutAt, emptyReport, measure, openCutting } from './cut-meetings.ts'
import { breakFirstSync } from './first-sync.ts'
import type { Way } from './proxy.ts'

/** `DOORSTEP_SIM=long` cuts at every byte; else at every 97th, from a place drawn from the seed. */
const long = process.env.DOORSTEP_SIM === 'long'

/** Handshake, greeting, heads and an offer both ways, and a record of TLS that did not come whole. */
const MAX_CUT_BYTES = 20 * 1024

test('S6 a meeting cut at every byte, both ways', async () => {
  const seed = fuzzSeed(1)
  const step = long ? 1 : 97
  await using cutting = await openCutting()
  const length = await measure(cutting)
  const report = emptyReport()
  for (const way of ['up', 'down'] as Way[])
    for (let at = long ? 0 : chanceFrom(seed).below(step); at < length[way]; at += step)
      await cutAt(cutting, way, at, report)
  process.stderr.write(`${JSON.stringify({ seed, length, ...report })}\n`)
  expect(report.mostAgain).toBeLessThanOrEqual(report.mostUnderWay)
  expect(report.segments).toBeGreaterThan(report.meetings)
})

test.each([
  ['entries', undefined],
  ['a checkpoint', 1000],
] as const)('S6 a first sync of %s broken ninety times', async (what, fromCheckpointOf) => {
  const options = { entries: long ? 4000 : 1500, cuts: 90 }
  const { whole, broken, cuts } = await breakFirstSync({
    ...options,
    ...(fromCheckpointOf ? { fromCheckpointOf } : {}),
  })
  const ratio = (of: 'bytes' | 'cpuMs') => broken[of] / whole[of]
  process.stderr.write(
    `${JSON.stringify({ what, cuts, whole, broken, bytes: ratio('bytes'), cpu: ratio('cpuMs') })}\n`,
  )
  expect(cuts).toBe(90)
  // Each meeting anew says who it is and how far each is; beyond that a cut costs what was under way.
  expect(broken.bytes - whole.bytes).toBeLessThan(cuts * MAX_CUT_BYTES)
})
