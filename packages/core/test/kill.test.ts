import { expect, test } from 'vitest'
import { killAgainAndAgain } from './kill-loop.ts'

test('killed twelve times in the middle of writing: nothing acknowledged is lost, nothing is half there', async () => {
  const seed = Number(process.env.DOORSTEP_SEED ?? 20260801)
  const report = await killAgainAndAgain(seed, 12)
  expect(report.kills).toBe(12)
  // A loop in which hardly anything was written would prove nothing.
  expect(report.acknowledged).toBeGreaterThan(12 * 8)
})
