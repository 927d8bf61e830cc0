import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { calendarIn, startOfDay } from './day.ts'
import { correctLeave, endLeave, listLeaves, noteLeave, suggestsLeave } from './leave.ts'
import { leaveSpans } from './leave-state.ts'
import { openRecordSet } from './record-set.ts'
import { record } from './sample-records.test.data.ts'
import { carry, type SampleStation, sampleStation } from './sample-station.test.data.ts'

const ZONE = calendarIn('Asia/Shanghai')
const leave = (name: string, from: string, until: string | null, ends: readonly string[] = []) =>
  record(
    'leave',
    name,
    { household: 'hh-1', from, until, saidBy: 'family' },
    {
      timelines: { ends: ends.map((on, at) => ({ id: `${name}${at}`, by: 'me-1', at: 0, value: { on } })) },
    },
  )
const days = (...leaves: ReturnType<typeof leave>[]) =>
  leaveSpans(leaves, ZONE).map(({ fromMs, untilMs }) => [ZONE.dayOf(fromMs), ZONE.dayOf(untilMs - 1)])

test('an absence lasts from its first day to its last, and those that touch are one', () => {
  expect(days(leave('a', '2026-10-01', '2026-10-03'))).toEqual([['2026-10-01', '2026-10-03']])
  expect(days(leave('a', '2026-10-01', '2026-10-03'), leave('b', '2026-10-04', '2026-10-09'))).toEqual([
    ['2026-10-01', '2026-10-09'],
  ])
  const [span] = leaveSpans([leave('a', '2026-10-01', '2026-10-01')], ZONE)
  expect(span).toEqual({ fromMs: startOfDay(ZONE, '2026-10-01'), untilMs: startOfDay(ZONE, '2026-10-02') })
})

test('one without an end holds for thirty days, then it is over unless somebody says more', () => {
  expect(days(leave('a', '2026-10-01', null))).toEqual([['2026-10-01', '2026-10-30']])
})

test('whoever is back ends every absence that began before, also one noted apart, and none that begins later', () => {
  const back = leave('a', '2026-10-01', '2026-10-20', ['2026-10-05'])
  const apart = leave('b', '2026-10-02', '2026-10-25')
  const again = leave('c', '2026-10-05', '2026-10-08')
  expect(days(back)).toEqual([['2026-10-01', '2026-10-04']])
  expect(days(back, apart)).toEqual([['2026-10-01', '2026-10-04']])
  expect(days(apart, again, back)).toEqual([['2026-10-01', '2026-10-08']])
})

test('of days in conflict the shorter absence holds, and a notice that was taken back is none', () => {
  const said = leave('a', '2026-10-01', '2026-10-20')
  const values = (of: readonly string[]) =>
    of.map((value, at) => ({ value, by: 'me-1', at: 0, tag: String(at) }))
  const disputed = {
    ...said,
    conflicts: { from: values(['2026-10-01', '2026-10-03']), until: values(['2026-10-20', '2026-10-10']) },
  }
  expect(days(disputed as never)).toEqual([['2026-10-03', '2026-10-10']])
  expect(days({ ...said, fields: { ...said.fields, withdrawn: '写错' } })).toEqual([])
})

test('a notice is suggested at the second care alarm that was none, and not once somebody gave one', () => {
  const alarm = (on: string, wasFalse = true, urgency: 'care' | 'life' = 'care') => ({
    on,
    urgency,
    wasFalse,
  })
  const on = '2026-11-24'
  expect(suggestsLeave([alarm('2026-11-20')], [], on)).toBe(false)
  expect(suggestsLeave([alarm('2026-11-20'), alarm('2026-11-23')], [], on)).toBe(true)
  expect(suggestsLeave([alarm('2026-11-20'), alarm('2026-11-23', false)], [], on)).toBe(false)
  expect(suggestsLeave([alarm('2026-11-20'), alarm('2026-11-23', true, 'life')], [], on)).toBe(false)
  expect(suggestsLeave([alarm('2026-11-20'), alarm('2026-11-23')], ['2026-11-21'], on)).toBe(false)
  expect(suggestsLeave([alarm('2026-09-24'), alarm('2026-11-23')], [], on)).toBe(false)
})

let sample: SampleStation
beforeAll(async () => {
  sample = await sampleStation()
})
afterAll(() => sample.close())

test('noted, corrected, ended early, by two workers apart: every station lists the same', async () => {
  const { station, households } = sample
  const [household] = households as [string]
  const other = await sample.colleague()
  const noted = expectOk(await noteLeave(station, { household, until: '2026-12-20', saidBy: 'family' }))
  await carry(station, other)
  // One corrects the day while the other hears that they are back.
  expectOk(await correctLeave(station, { leave: noted.leave, until: '2026-12-25' }))
  sample.setNow(Date.UTC(2026, 10, 27, 2))
  expectOk(await endLeave(other, { household, on: '2026-11-27', saidBy: 'phone' }))
  await carry(station, other)
  await carry(other, station)
  const list = (from: typeof station) =>
    listLeaves(openRecordSet(from, { follow: false }), { on: '2026-11-27', all: true }).map(
      ({ id, from: first, until, state }) => ({ id, first, until, state }),
    )
  expect(list(station)).toEqual([
    { id: noted.leave, first: '2026-11-24', until: '2026-11-26', state: 'back' },
  ])
  expect(list(other)).toEqual(list(station))
  const none = await endLeave(station, { household, saidBy: 'resident' })
  expect(none).toMatchObject({ ok: false, problem: { type: 'not-away' } })
})

test('days that are none, lie before the first or beyond a year are refused, and a partner notes nothing', async () => {
  const { station, households } = sample
  const household = households[1]!
  const wrong = async (until: string, from?: string) =>
    (await noteLeave(station, { household, until, saidBy: 'phone', ...(from ? { from } : {}) })) as {
      problem?: { rule?: string }
    }
  expect((await wrong('2026-02-30')).problem?.rule).toBe('date')
  expect((await wrong('2026-11-01', '2026-11-02')).problem?.rule).toBe('before-start')
  expect((await wrong('2036-11-01')).problem?.rule).toBe('leave-too-long')
  const auditor = await sample.colleague('auditor')
  expect((await noteLeave(auditor, { household, saidBy: 'phone' })).ok).toBe(false)
})
