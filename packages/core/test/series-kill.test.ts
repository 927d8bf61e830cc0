import { expect, test } from 'vitest'
import { killTheReader } from './series-kill-loop.ts'

test('killed while it keeps, sorts and erases readings: what was acknowledged is there, what was erased is not', async () => {
  const report = await killTheReader(Number(process.env.DOORSTEP_SEED ?? 20260801), 4)
  expect(report.kept).toBeGreaterThan(4 * 8)
})
