import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { calendarIn } from './day.ts'
import { announcedDays } from './holidays.ts'
import { loadCalendar, parseCalendarFile } from './load-calendar.ts'
import { openRecordSet } from './record-set.ts'
import { carry, type SampleStation, sampleStation } from './sample-station.test.data.ts'
import { WorkCalendar, workCalendarOf } from './work-calendar.ts'
import { parseHours } from './working-hours.ts'

const HOUR = 3_600_000
const shanghai = (text: string) => Date.parse(`${text}+08:00`)
const plain = new WorkCalendar(calendarIn('Asia/Shanghai'), parseHours('09:00-17:00')!)
const lines = (text: string) => parseCalendarFile(Buffer.from(text))

describe('announced holidays', () => {
  test.each([
    ['2026-10-01', false, '国庆节'],
    ['2026-10-10', true, '国庆节'],
    ['2026-02-14', true, '春节'],
    ['2026-11-28', false, null],
    ['2026-11-27', true, null],
  ])('%s works: %s', (day, works, name) => {
    expect(plain.day(day)).toMatchObject({ works, name })
  })

  test('a limit runs over the National Day week and counts the Saturday that is worked for it', () => {
    const from = shanghai('2026-09-30T10:00')
    expect(plain.add(from, 8 * HOUR)).toBe(shanghai('2026-10-08T10:00'))
    expect(plain.add(from, 3 * 8 * HOUR)).toBe(shanghai('2026-10-10T10:00'))
    expect(plain.add(shanghai('2026-11-27T09:00'), 8 * HOUR)).toBe(shanghai('2026-11-27T17:00'))
    expect(plain.add(shanghai('2026-11-28T12:00'), 0)).toBe(shanghai('2026-11-30T09:00'))
  })

  test('a year nobody has announced is said to be unknown', () => {
    const unknown = Math.max(...announcedDays().years) + 1
    expect(plain.year(unknown).source).toBeNull()
    expect(plain.year(2026).source).toBe('announced')
    expect(plain.unknownYears(Date.UTC(2026, 5, 1), Date.UTC(unknown, 0, 10))).toContain(unknown)
    expect(plain.unknownYears(Date.UTC(2026, 5, 1), Date.UTC(2026, 11, 10))).toEqual([])
  })
})

test.each([
  [
    'date,kind,name\n2027-02-06,holiday,春节\n2027/2/20,上班,春节\n',
    { '2027-02-06': 'off', '2027-02-20': 'on' },
  ],
  ['日期,类型\n2027年10月1日,放假\n', { '2027-10-01': 'off' }],
  ['[{"date":"2027-01-01","kind":"off","name":"元旦"}]', { '2027-01-01': 'off' }],
  [
    '{"holidays":{"2027-01-01":"New Year,元旦,1"},"workdays":{"2027-01-02":"New Year,元旦,1"}}',
    { '2027-01-01': 'off', '2027-01-02': 'on' },
  ],
])('reads %s', (text, days) => {
  const kinds = [...expectOk(lines(text))].map(([day, { kind }]) => [day, kind])
  expect(Object.fromEntries(kinds)).toEqual(days)
})

test.each([
  ['2027-02-30,holiday,x\n', { type: 'calendar-file-wrong', line: 1, why: 'date' }],
  [
    'date,kind\n2027-02-06,holiday\n2027-02-07,maybe\n',
    { type: 'calendar-file-wrong', line: 3, why: 'kind' },
  ],
  ['2027-02-06,on,x\n2027-02-06,off,x\n', { type: 'calendar-file-wrong', line: 2, why: 'twice' }],
  ['date,kind,name\n', { type: 'calendar-file-empty' }],
  ['{"holidays":', { type: 'calendar-file-wrong', why: 'json' }],
])('refuses %s', (text, problem) => {
  expect(lines(text)).toMatchObject({ ok: false, problem })
})

test.each(['9', '09:00-09:00', '12:00-09:00', '09:00-12:00,11:00-13:00', '09:00-25:00', ''])(
  'no hours: %s',
  (text) => {
    expect(parseHours(text)).toBeNull()
  },
)

describe('a list that a chief loads', () => {
  let sample: SampleStation
  beforeAll(async () => {
    sample = await sampleStation(0)
  })
  afterAll(() => sample.close())

  test('goes before what is announced, reaches every station, and only a chief loads one', async () => {
    const worker = await sample.colleague()
    const set = openRecordSet(worker)
    const seen = () => workCalendarOf(set)
    expect(seen().day('2026-12-24').works).toBe(true)
    // One day tells nothing of a year; a year's own list does.
    const days = expectOk(lines('2026-12-24,放假,社区日\n2027-02-06,放假,春节\n'))
    expectOk(await loadCalendar(sample.station, { days, hours: '08:30-12:00,14:00-18:00', source: '测试' }))
    await carry(sample.station, worker)
    expect(seen().day('2026-12-24')).toMatchObject({ works: false, name: '社区日', source: 'community' })
    expect(seen().day('2026-10-01')).toMatchObject({ works: false, source: 'announced' })
    expect([seen().dayMinutes, seen().year(2027).source]).toEqual([450, null])
    const off = Array.from({ length: 13 }, (_, at) => `2027-02-${String(at + 1).padStart(2, '0')},off,春节`)
    expectOk(await loadCalendar(sample.station, { days: expectOk(lines(off.join('\n'))) }))
    await carry(sample.station, worker)
    expect(seen().year(2027)).toEqual({ year: 2027, source: 'community', named: 13 })
    expect(seen().dayMinutes).toBe(450)
    expect(await loadCalendar(worker, { days })).toMatchObject({
      ok: false,
      problem: { type: 'role-may-not' },
    })
    expect(await loadCalendar(sample.station, { hours: 'all day' })).toMatchObject({ ok: false })
    set.close()
  })
})
