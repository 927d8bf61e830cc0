import { expect, test } from 'vitest'
import { reconnect } from './reconnections.ts'

test('sixty meetings that end in every way leave no descriptor, timer, socket or listener behind', async () => {
  const { before, after } = await reconnect(60)
  expect(after.descriptors).toBeLessThanOrEqual(before.descriptors)
  expect(after.handles).toBeLessThanOrEqual(before.handles + 2)
  expect(after.listeners).toBe(before.listeners)
}, 300_000)
