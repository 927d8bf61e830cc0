import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { addDays, calendarIn } from './day.ts'
import { homeSheet } from './home-sheet.ts'
import { meterDays } from './meter-days.ts'
import { RecordSet } from './record-set.ts'
import {
  homeId,
  meteredGrid,
  meterId,
  type SampleHome,
  summary,
  timeline,
} from './sample-meters.test.data.ts'
import { communityRecords, homeRecords, record } from './sample-records.test.data.ts'

const ON = '2026-11-24'
const NOW = Date.UTC(2026, 10, 24, 4)
const calendar = calendarIn('Asia/Shanghai')
const flat = (days: number, use: number) => Array.from({ length: days }, () => use)
const sheetOf = (homes: readonly SampleHome[]) =>
  homeSheet(new RecordSet(meteredGrid(homes, ON)), homeId(homes[0]!.room), { on: ON, nowMs: NOW })!
const meterOf = (home: Partial<SampleHome>) => sheetOf([{ room: '101', uses: [], ...home }]).meters[0]!

describe('what a home used on a day', () => {
  const device = (daily: readonly Value[], fields: Record<string, Value> = {}, name = 'd') =>
    record(
      'device',
      name,
      { dwelling: 'dw-1.2.101', kind: 'water', ...fields },
      { timelines: { daily: timeline(daily) } },
    )
  const usesOf = (records: Projection[], name = 'de-d') => {
    const set = new RecordSet([...communityRecords(), ...homeRecords('1', '2', '101'), ...records])
    const days = meterDays(set, set.getA('device', name)!, calendar)
    return Object.fromEntries([...days].sort().map(([on, { use }]) => [on, use]))
  }
  const read = (on: string, value: number, readAt: string) => ({
    on,
    item: '901F',
    value,
    unit: 'm³',
    readAt,
  })

  test('is what the gateway summed up; of two summaries of a day the newer', () => {
    const older = summary('2026-11-20', 0.5, { readAt: '2026-11-20T10:00:00.000Z' })
    expect(usesOf([device([summary('2026-11-20', 0.7), older, summary('2026-11-21', null)])])).toEqual({
      '2026-11-20': 0.7,
      '2026-11-21': null,
    })
  })

  test('is the difference of readings a day apart, on the day in which most of the time lies; nothing is made up', () => {
    const midnight = [
      read('2026-11-20', 10, '2026-11-19T16:05:00.000Z'),
      read('2026-11-21', 10.5, '2026-11-20T16:05:00.000Z'),
      read('2026-11-22', 11.25, '2026-11-21T16:05:00.000Z'),
      // A week later, and after that a register that went back.
      read('2026-11-29', 14, '2026-11-28T16:05:00.000Z'),
      read('2026-11-30', 2, '2026-11-29T16:05:00.000Z'),
    ]
    expect(usesOf([device(midnight)])).toEqual({
      '2026-11-20': 0.5,
      '2026-11-21': 0.75,
      '2026-11-22': null,
      '2026-11-29': null,
      '2026-11-30': null,
    })
  })

  test('goes on over a change of meter: the day of the change has both, the past is the old one’s', () => {
    const old = device(
      [summary('2026-11-19', 0.4), summary('2026-11-20', 0.1)],
      { retiredOn: '2026-11-20' },
      'old',
    )
    const fresh = device([summary('2026-11-20', 0.25), summary('2026-11-21', 0.5)], { replaces: 'de-old' })
    expect(usesOf([old, fresh])).toEqual({ '2026-11-19': 0.4, '2026-11-20': 0.35, '2026-11-21': 0.5 })
  })
})

describe('the sheet of a home', () => {
  test('the last 30 days with their gaps, beside the four weeks before and the year before', () => {
    const meter = meterOf({
      uses: [...flat(400, 0.2), ...flat(28, 0.3)].map((use, at) => (at === 420 ? null : use)),
    })
    expect(meter.days).toHaveLength(30)
    expect([meter.days[0]!.on, meter.days[29]!.on]).toEqual([addDays(ON, -30), addDays(ON, -1)])
    expect(meter.sum).toMatchObject({ daysKnown: 29 })
    expect(meter.compared.now).toMatchObject({ daysKnown: 27 })
    expect(meter.compared.now!.perDay).toBeCloseTo(0.3)
    expect(meter.compared.before!.perDay).toBeCloseTo(0.2)
    expect(meter.compared.yearBefore!.perDay).toBeCloseTo(0.2)
    expect(meter.last).toMatchObject({ on: '2026-11-23', use: 0.3 })
  })

  test('says what is not known', () => {
    const meter = meterOf({ uses: flat(9, 0.2), consent: null })
    expect(meter).toMatchObject({ readNow: false, today: null, band: null, own: null, notices: [] })
    expect(meter.compared).toMatchObject({ now: null, before: null, yearBefore: null })
  })

  test('a leak is water in every hour of two nights; one night is none', () => {
    const uses = flat(40, 0.2)
    expect(meterOf({ uses, nightLow: 0.012 }).notices).toMatchObject([{ type: 'leak', perHour: 0.012 }])
    expect(meterOf({ uses, nightLow: 0 }).notices).toEqual([])
  })

  test('twice the usual day and none at all are told, a little more is not', () => {
    const notices = (last: number) => meterOf({ uses: [...flat(30, 0.2), last] }).notices
    expect(notices(0.9)).toMatchObject([{ type: 'much', use: 0.9, usual: 0.2, on: '2026-11-23' }])
    expect(notices(0)).toMatchObject([{ type: 'none', use: 0 }])
    expect(notices(0.38)).toEqual([])
  })

  test('with ten others there is a band and its own number, with nine there is none', () => {
    const homes = (count: number): SampleHome[] =>
      Array.from({ length: count }, (_, at) => ({ room: String(101 + at), uses: flat(35, 0.1 + at * 0.04) }))
    expect(sheetOf(homes(11)).meters[0]).toMatchObject({
      band: { state: 'told', homesAtLeast: 10 },
      own: { daysKnown: 28 },
    })
    expect(sheetOf(homes(10)).meters[0]!.band).toMatchObject({ state: 'too-few', quartiles: null })
  })

  test('is the same on every station that has the same records, in whatever order they came', () => {
    const homes = Array.from({ length: 14 }, (_, at) => ({
      ...{
        room: String(101 + at),
        uses: flat(60, 0.05 + ((at * 7) % 11) * 0.05),
        people: at % 4,
        nightLow: at % 3 ? 0 : 0.01,
      },
    }))
    const records = meteredGrid(homes, ON)
    const whole = homes.map(({ room }) =>
      homeSheet(new RecordSet(records), homeId(room), { on: ON, nowMs: NOW }),
    )
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
        const set = new RecordSet([])
        for (const one of shuffled)
          set.apply([
            { ...one, timelines: { ...one.timelines, daily: [...(one.timelines.daily ?? [])].reverse() } },
          ])
        expect(homes.map(({ room }) => homeSheet(set, homeId(room), { on: ON, nowMs: NOW }))).toEqual(whole)
      }),
      { numRuns: 4 },
    )
    expect(whole[0]!.meters[0]!.device).toBe(meterId('101'))
  })
})
