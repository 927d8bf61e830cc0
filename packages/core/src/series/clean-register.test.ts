import { expect, test } from 'vitest'
import { cleanRegister, type DirtKind } from './clean-register.ts'
import { registerLimits } from './limits.ts'
import type { Point } from './observation.ts'
import { spreadUses } from './spread-uses.ts'

const HOUR = 3_600_000
const START = Date.UTC(2026, 9, 1)
const water = registerLimits.water!
/** Hourly readings on the hour; null: none was read. */
const hourly = (...values: (number | null)[]): Point[] =>
  values.flatMap((value, hour) => (value === null ? [] : [{ atMs: START + hour * HOUR, value }]))
const kinds = (points: readonly Point[]): DirtKind[] =>
  cleanRegister(points, water).dirt.map(({ kind }) => kind)
const uses = (points: readonly Point[], hours = points.length - 1, step = HOUR) =>
  spreadUses(cleanRegister(points, water), START, START + hours * HOUR, step)
const grows = (from: number, hours: number) => Array.from({ length: hours }, (_, hour) => from + hour * 0.01)

test('a clean register says what was used in each hour', () => {
  expect(uses(hourly(10, 10.2, 10.2, 10.5))).toEqual([0.2, 0, 0.3])
  expect(kinds(hourly(10, 10.2, 10.2, 10.5))).toEqual([])
})

test('a reading that is too low is left out, and the hours that hang on it are not told', () => {
  const points = hourly(10, 10.2, 7, 10.5, 10.6)
  expect(kinds(points)).toEqual(['negative-step'])
  expect(uses(points)).toEqual([0.2, null, null, 0.1])
  // Over both hours the use is known.
  expect(uses(hourly(10, 7, 10.5), 2, 2 * HOUR)).toEqual([0.5])
})

test('a reading that is somewhat too high is left out, not all those after it', () => {
  const points = hourly(10, 10.1, 10.9, 10.2, 10.3, 10.4, 10.5)
  expect(kinds(points)).toEqual(['negative-step'])
  expect(uses(points)).toEqual([0.1, null, null, 0.1, 0.1, 0.1])
})

test('what an overflow says never flowed', () => {
  for (const absurd of [4_294_967.295, 65_535, 42_949])
    expect(kinds(hourly(10, 10.1, absurd, 10.2, 10.3)), String(absurd)).toEqual(['jump'])
  expect(uses(hourly(10, 10.1, 65_535, 10.1, 10.3))).toEqual([0.1, 0, 0, 0.2])
})

test('a register that comes round goes on, by its width', () => {
  for (const [width, last] of [
    [10_000, 9_999.8],
    [100_000, 99_999.9],
    [1_000_000, 999_999.95],
    [4_294_967.296, 4_294_967.2],
  ] as const) {
    const points = hourly(last - 0.1, last, 0.3, 0.4, 0.4)
    expect(kinds(points), String(width)).toEqual(['rollover'])
    const told = uses(points)
    expect(told[1], String(width)).toBeCloseTo(width - last + 0.3, 6)
    expect(told.every((use) => use !== null)).toBe(true)
  }
})

test('a new meter is believed after enough readings; until then the old one is waited for', () => {
  const before = grows(500, 8)
  expect(kinds(hourly(...before, 0, 0.01, 0.02))).toEqual(['negative-step', 'negative-step', 'negative-step'])
  const points = hourly(...before, ...grows(0, 8))
  expect(kinds(points)).toEqual(['meter-change'])
  const told = uses(points)
  expect(told[7]).toBe(null)
  expect(told.filter((use) => use === null).length).toBe(1)
  // A bigger number on it is no use of that hour either.
  expect(kinds(hourly(...before, ...grows(3_000, 8)))).toEqual(['meter-change'])
})

test('in a gap nothing is told, unless the register did not move', () => {
  const moved = hourly(10, 10.1, null, null, null, 10.5, 10.6)
  expect(uses(moved, 6)).toEqual([0.1, null, null, null, null, 0.1])
  const still = hourly(10, 10.1, null, null, null, 10.1, 10.2)
  expect(uses(still, 6)).toEqual([0.1, 0, 0, 0, 0, 0.1])
  const days = [
    { atMs: START, value: 1 },
    { atMs: START + 49 * HOUR, value: 9 },
  ]
  expect(kinds(days)).toEqual(['gap'])
  // The steps whose ends were read are told, however long they are.
  expect(spreadUses(cleanRegister(days, water), START, START + 49 * HOUR, 49 * HOUR)).toEqual([8])
})

test('of two values of one moment the one that fits counts', () => {
  const points = [...hourly(10, 10.1, 10.2, 10.3), { atMs: START + 2 * HOUR, value: 88 }].sort(
    (a, b) => a.atMs - b.atMs,
  )
  expect(kinds(points)).toEqual(['two-values'])
  expect(uses(points, 3)).toEqual([0.1, 0.1, 0.1])
})

test('readings at odd minutes are spread by time, and add up', () => {
  const minute = 60_000
  const points = [-32, 28, 79, 150, 210].map((at, n) => ({ atMs: START + at * minute, value: 10 + n * 0.06 }))
  const told = uses(points, 3)
  // 0.06 from 00:28 to 01:19: 32 of its 51 minutes lie before one o'clock.
  expect(told[0]).toBeCloseTo(0.06 * (28 / 60) + 0.06 * (32 / 51), 8)
  expect(told[1]).toBeCloseTo(0.06 * (19 / 51) + 0.06 * (41 / 71), 8)
  expect(told[2]).toBeCloseTo(0.06 * (30 / 71) + 0.06 * (30 / 60), 8)
})

test('before the first and after the last reading nothing is told', () => {
  const points = hourly(10, 10.1, 10.2)
  expect(spreadUses(cleanRegister(points, water), START - HOUR, START + 4 * HOUR, HOUR)).toEqual([
    null,
    0.1,
    0.1,
    null,
    null,
  ])
  expect(spreadUses(cleanRegister([], water), START, START + 2 * HOUR, HOUR)).toEqual([null, null])
})
