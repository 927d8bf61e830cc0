import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays, calendarIn, daysBetween, yearsBetween } from './day.ts'

test('a day ends at midnight there, across the change of clocks too', () => {
  const shanghai = calendarIn('Asia/Shanghai')
  expect([Date.UTC(2026, 10, 24, 15, 59), Date.UTC(2026, 10, 24, 16)].map(shanghai.dayOf)).toEqual([
    '2026-11-24',
    '2026-11-25',
  ])
  const berlin = calendarIn('Europe/Berlin')
  expect(
    [Date.UTC(2026, 9, 24, 22), Date.UTC(2026, 9, 25, 22, 59), Date.UTC(2026, 9, 25, 23)].map(berlin.dayOf),
  ).toEqual(['2026-10-25', '2026-10-25', '2026-10-26'])
})

test('adding days and counting them agree', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60_000 }),
      fc.integer({ min: -20_000, max: 20_000 }),
      (start, days) => {
        const from = addDays('1970-01-01', start)
        expect(daysBetween(from, addDays(from, days))).toBe(days)
      },
    ),
  )
})

test('who is born on 29 February is a year older on 1 March', () => {
  expect([yearsBetween('2004-02-29', '2026-02-28'), yearsBetween('2004-02-29', '2026-03-01')]).toEqual([
    21, 22,
  ])
})
