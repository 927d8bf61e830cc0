import { chanceFrom, fuzzSeed } from '@doorstep/core/fuzz'
import { expect, test } from 'vitest'
import { cutAt, emptyReport, measure, openCutting } from './cut-meetings.ts'
import { breakFirstSync } from './first-sync.ts'

const CUTS = 12
/** Handshake, greeting and heads both ways, and of a frame what came before it was cut. */
const MAX_CUT_BYTES = 16 * 1024

test('S6 a meeting cut at any byte, either way, costs at most the segments under way: the next ends equal without what had come', async () => {
  const seed = fuzzSeed(20260801)
  const chance = chanceFrom(seed)
  await using cutting = await openCutting()
  const length = await measure(cutting)
  const report = emptyReport()
  for (let n = 0; n < CUTS; n++) {
    const way = n % 2 === 0 ? 'up' : 'down'
    await cutAt(cutting, way, chance.below(length[way]), report)
  }
  expect(report.meetings, `seed ${seed}`).toBe(CUTS)
  // Cuts that never met a segment would prove nothing.
  expect(report.segments).toBeGreaterThan(CUTS)
  expect(report.mostAgain).toBeLessThanOrEqual(report.mostUnderWay)
}, 300_000)

test('S6 a first sync broken again and again takes little more than one that is not', async () => {
  const { whole, broken, cuts } = await breakFirstSync({ entries: 100, cuts: 6 })
  expect(cuts).toBe(6)
  expect(broken.bytes / whole.bytes).toBeLessThan(1.5)
  expect(broken.bytes - whole.bytes).toBeLessThan(cuts * MAX_CUT_BYTES)
}, 300_000)
