import { expect, test } from 'vitest'
import { type RoleRights, roles } from './roles.ts'
import { mayTouch, touches } from './touches.ts'

test('every action a role may do says what it writes', () => {
  for (const { actions } of Object.values<RoleRights>(roles))
    if (actions !== 'all') for (const action of actions) expect(Object.keys(touches)).toContain(action)
})

test('a worker corrects the register and nothing of the community', () => {
  for (const type of ['household', 'person', 'case'])
    expect(mayTouch('worker', 'record.edit', type, ['note'])).toBe(true)
  for (const type of ['policy', 'community', 'grid', 'desk', 'member', 'station', 'dispatch', 'visit'])
    expect(mayTouch('worker', 'record.edit', type, ['name'])).toBe(false)
  expect(mayTouch('chief', 'record.edit', 'policy', ['intervalDays'])).toBe(true)
})

test('a partner adds reports to what was dispatched, and changes nothing else of it', () => {
  expect(mayTouch('partner', 'dispatch.report', 'dispatch', ['reports'])).toBe(true)
  expect(mayTouch('partner', 'dispatch.report', 'dispatch', ['reports', 'title'])).toBe(false)
  expect(mayTouch('partner', 'dispatch.report', 'dispatch', ['orders'])).toBe(false)
  expect(mayTouch('volunteer', 'dispatch.report', 'case', ['steps'])).toBe(false)
})

test('introducing touches cards only, and where a record is kept is said by a move alone', () => {
  expect(mayTouch('chief', 'introduce', 'member', ['name'])).toBe(true)
  expect(mayTouch('chief', 'introduce', 'household', ['name'])).toBe(false)
  expect(mayTouch('worker', 'record.edit', 'household', ['moves'])).toBe(false)
  expect(mayTouch('worker', 'household.move', 'household', ['moves', 'past', 'name'])).toBe(true)
})

test('an action that no row knows writes nothing, but a chief’s', () => {
  expect(mayTouch('worker', 'toString', 'household', ['name'])).toBe(false)
  expect(mayTouch('chief', 'later.version', 'household', ['name'])).toBe(true)
})

test('a part that writes nothing is judged by its record type', () => {
  expect(mayTouch('worker', 'device.read', 'device', [])).toBe(true)
  expect(mayTouch('worker', 'device.read', 'household', [])).toBe(false)
})
