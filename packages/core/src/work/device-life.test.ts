import { describe, expect, test } from 'vitest'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { deviceTasks, expiryOf, predecessorsOf, standingDevices } from './device-life.ts'
import { normsOf } from './device-norms.ts'
import { dueList } from './due.ts'
import { RecordSet } from './record-set.ts'
import { communityRecords, homeRecords, record, visitRecord } from './sample-records.test.data.ts'

const DAY = '2026-11-24'
const DOOR = 'hh-1.2.301'
const device = (name: string, fields: Record<string, Value>, daily: readonly Value[] = []) =>
  record(
    'device',
    name,
    { dwelling: 'dw-1.2.301', ...fields },
    { timelines: { daily: daily.map((value, at) => ({ id: `${at}`, by: 'me-1111', at, value })) } },
  )
const setOf = (...records: Projection[]) =>
  new RecordSet([...communityRecords(), ...homeRecords('1', '2', '301'), ...records])
const householdOf = (set: RecordSet) => set.getA('household', DOOR)!

describe('when a device expires', () => {
  test.each([
    [
      'what is printed on it',
      { kind: 'smoke', installedOn: '2020-01-01', expiresOn: '2030-05-06' },
      '2030-05-06',
    ],
    ['five years of a gas alarm', { kind: 'gas-alarm', installedOn: '2021-12-24' }, '2026-12-24'],
    ['twelve years of a smoke alarm', { kind: 'smoke', installedOn: '2014-02-28' }, '2026-02-28'],
    ['a leap day', { kind: 'gas-alarm', installedOn: '2024-02-29' }, '2029-02-28'],
    ['nothing without a day of installation', { kind: 'smoke' }, null],
    ['nothing of a meter', { kind: 'water', installedOn: '1999-01-01' }, null],
  ])('%s', (_, fields, on) => {
    expect(expiryOf(device('d', fields), normsOf(new RecordSet([])))?.on ?? null).toBe(on)
  })

  test('a chief may say otherwise, with a source', () => {
    const norm = record('norm', 'x', { code: 'life-smoke', value: 10, source: '本市规定' })
    const norms = normsOf(new RecordSet([norm]))
    expect(expiryOf(device('d', { kind: 'smoke', installedOn: '2014-02-28' }), norms)?.on).toBe('2024-02-28')
    expect(norms.get('life-smoke')).toMatchObject({
      value: 10,
      record: 'nm-x',
      source: ['本市规定', '本市规定'],
    })
  })
})

describe('an expiry is a visit task', () => {
  const alarm = device('gas', { kind: 'gas-alarm', installedOn: '2021-11-20' })
  const due = (...records: Projection[]) => dueList(setOf(...records), { on: DAY })

  test('a home that no rule covers is due when its alarm expires, and says why', () => {
    expect(due()).toEqual([])
    expect(due(alarm)).toMatchObject([
      {
        household: DOOR,
        policy: null,
        forDevice: true,
        dueOn: '2026-11-20',
        overdueDays: 4,
        tasks: [{ device: 'de-gas', task: 'replace', on: '2026-11-20' }],
      },
    ])
  })

  test('it rests for a month after somebody was met, and is over when the device was changed', () => {
    expect(due(alarm, visitRecord('v', DOOR, '2026-11-22'))).toEqual([])
    const [later] = dueList(setOf(alarm, visitRecord('v', DOOR, '2026-11-22')), { on: '2026-12-22' })
    expect(later).toMatchObject({ forDevice: true, dueOn: '2026-12-22' })
    const old = device('gas', { kind: 'gas-alarm', installedOn: '2021-11-20', retiredOn: '2026-11-23' })
    const fresh = device('new', { kind: 'gas-alarm', installedOn: '2026-11-23', replaces: 'de-gas' })
    const set = setOf(old, fresh)
    expect(dueList(set, { on: DAY })).toEqual([])
    expect(standingDevices(set, householdOf(set), DAY).map(({ id }) => id)).toEqual(['de-new'])
    expect(predecessorsOf(set, set.getA('device', 'de-new')!).map(({ id }) => id)).toEqual([
      'de-new',
      'de-gas',
    ])
  })

  test('the list that is kept follows a device that changes', () => {
    const set = setOf(alarm)
    expect(dueList(set, { on: DAY })).toHaveLength(1)
    set.apply([{ ...alarm, fields: { ...alarm.fields, retiredOn: DAY } }])
    expect(dueList(set, { on: DAY })).toEqual([])
  })

  test('a battery that was said to be low is a task until it is changed', () => {
    const low = [
      { on: '2026-11-01', item: 'battery', value: 60, unit: '%' },
      { on: '2026-11-21', item: 'battery', value: 9, unit: '%' },
    ]
    const door = device('door', { kind: 'door' }, low)
    const set = setOf(door)
    expect(deviceTasks(set, householdOf(set), { on: DAY })).toMatchObject([
      { task: 'battery', on: '2026-11-21' },
    ])
    const changed = setOf({ ...door, fields: { ...door.fields, batteryOn: '2026-11-22' } })
    expect(deviceTasks(changed, householdOf(changed), { on: DAY })).toEqual([])
  })

  test('devices that replace each other in a ring end somewhere', () => {
    const set = setOf(device('a', { replaces: 'de-b' }), device('b', { replaces: 'de-a' }))
    expect(predecessorsOf(set, set.getA('device', 'de-a')!)).toHaveLength(2)
  })
})
