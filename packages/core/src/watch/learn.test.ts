import { expect, test } from 'vitest'
import { learnLimits } from './learn.ts'
import {
  at,
  builtin,
  contextAt,
  hours,
  readRegister,
  sampleDevice,
  tableView,
} from './sample-home.test.data.ts'

const LOW = builtin('electricity-low-24h')
const week = sampleDevice({ kind: 'electricity', learnedMs: at(7 * 24) })
const said = (...days: readonly (number | null)[]) =>
  tableView(
    readRegister(
      'electricity',
      days.flatMap((use) => hours(24, use)),
    ),
  )
const learned = (view = said(0.2, 0.2, 0.1, 0.3, 0.2, 0.2, 0.2), device = week, now = 7 * 24) =>
  learnLimits(LOW, device, view, contextAt(now))

test('after the first week a home has its own limit: a share of its usual day', () => {
  expect(learned()).toEqual({ below: 1.92 })
  expect(learned(undefined, week, 7 * 24 - 1)).toBeNull()
  expect(learnLimits(builtin('water-none-24h'), week, said(1), contextAt(200))).toBeNull()
})

test('it learns nothing from too few days, from days away, or where somebody set a limit', () => {
  expect(learned(said(0.2, null, null, null, 0.2, 0.2, 0.2))).toBeNull()
  const leaves = [{ fromMs: at(0), untilMs: at(72) }]
  expect(learned(undefined, { ...week, leaves })).toBeNull()
  const own = { 'electricity-low-24h': { limits: { below: 0.5 }, disabled: false } }
  expect(learned(undefined, { ...week, own })).toBeNull()
})

test('a home that used next to nothing keeps the limit of the community', () => {
  expect(learned(said(0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001))).toBeNull()
})
