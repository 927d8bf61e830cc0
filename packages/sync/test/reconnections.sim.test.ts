import { expect, test } from 'vitest'
import { reconnect } from './reconnections.ts'

const times = process.env.DOORSTEP_SIM === 'long' ? 1000 : 100

test(`${times} meetings that end in every way leave nothing behind`, async () => {
  const { before, after } = await reconnect(times)
  process.stderr.write(`${JSON.stringify({ times, before, after })}\n`)
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors)
  expect(after.handles).toBeLessThanOrEqual(before.handles + 2)
  expect(after.listeners).toBe(before.listeners)
})
