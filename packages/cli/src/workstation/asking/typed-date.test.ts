import { expect, test } from 'vitest'
import { typedDate, typedMoment, typedMonth, typedTime, typedYear } from './typed-date.ts'

/** A Tuesday. */
const today = '2026-11-24'
const clock = { today, time: '09:14' }

test.each([
  ['today', '2026-11-24'],
  ['昨天', '2026-11-23'],
  ['明', '2026-11-25'],
  ['.', '2026-11-24'],
  ['7', '2026-12-01'],
  ['+7', '2026-12-01'],
  ['-3', '2026-11-21'],
  ['3天前', '2026-11-21'],
  ['周五', '2026-11-27'],
  ['上周日', '2026-11-22'],
  ['next mon', '2026-11-30'],
  ['Wed', '2026-11-25'],
  ['3-5', '2027-03-05'],
  ['10-5', '2026-10-05'],
  ['１２－０１', '2026-12-01'],
  ['0301', '2027-03-01'],
  ['3月5日', '2027-03-05'],
  ['20261126', '2026-11-26'],
  ['2020/2/29', '2020-02-29'],
  ['2-30', null],
  ['20261301', null],
  ['some day', null],
  ['', null],
])('the day %s is %s', (typed, day) => expect(typedDate(typed, today)).toBe(day))

test.each([
  ['14:30', '14:30'],
  ['14：30', '14:30'],
  ['1430', '14:30'],
  ['930', '09:30'],
  ['9', '09:00'],
  ['9点半', '09:30'],
  ['下午2点', '14:00'],
  ['晚上8:05', '20:05'],
  ['2:30pm', '14:30'],
  ['12am', '00:00'],
  ['现在', '09:14'],
  ['24:00', null],
  ['9:75', null],
  ['x', null],
])('the time %s is %s', (typed, time) => expect(typedTime(typed, clock)).toBe(time))

test.each([
  ['昨天 1430', '2026-11-23T14:30'],
  ['11-26 9:30', '2026-11-26T09:30'],
  ['202611261430', '2026-11-26T14:30'],
  ['2026-11-26T14:30', '2026-11-26T14:30'],
  ['now', '2026-11-24T09:14'],
  ['14:30', '2026-11-24T14:30'],
  ['3月5日 下午2点', '2027-03-05T14:00'],
  ['tomorrow', null],
])('the moment %s is %s', (typed, moment) => expect(typedMoment(typed, clock)).toBe(moment))

test('a month, a year', () => {
  expect(['11', '202603', '2026年3月', '13', 'x'].map((one) => typedMonth(one, today))).toEqual([
    '2026-11-01',
    '2026-03-01',
    '2026-03-01',
    null,
    null,
  ])
  expect(['2026', '去年', '26'].map((one) => typedYear(one, today))).toEqual([
    '2026-01-01',
    '2025-01-01',
    null,
  ])
})
