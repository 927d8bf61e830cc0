import { describe, expect, test } from 'vitest'
import type { Projection } from '../record/project.ts'
import { dueList } from './due.ts'
import { RecordSet } from './record-set.ts'
import {
  CREATED_AT,
  communityRecords,
  homeRecords,
  OTHER_SPACE,
  policyRecords,
  record,
  residentRecords,
  visitRecord,
} from './sample-records.test.data.ts'

const DAY = '2026-11-24'
const DOOR = 'hh-1.2.301'
const low = { sets: { categories: ['low-income'] } }
const alone = { sets: { categories: ['elderly-alone-80'] } }

const setOf = (...records: Projection[]) =>
  new RecordSet([...communityRecords(), ...policyRecords(), ...records])
const dueAt = (records: Projection[], on = DAY) =>
  dueList(setOf(...homeRecords('1', '2', '301', low), ...records), { on })[0]

describe('due list', () => {
  test('never visited is due from the day the household was written down, in the community’s time zone', () => {
    const late = { createdAt: Date.UTC(2026, 10, 3, 17) }
    const [due] = dueList(setOf(...homeRecords('1', '2', '301', late)), { on: DAY })
    expect(due).toMatchObject({ dueOn: '2026-11-04', overdueDays: 20, lastVisitOn: null, attempts: 0 })
    const west = setOf(
      record('community', 'c', { name: '测试社区', timeZone: 'America/New_York' }),
      ...homeRecords('1', '2', '301', late),
    )
    expect(dueList(west, { on: DAY })[0]?.dueOn).toBe('2026-11-03')
  })

  test('a zone nobody knows falls back to the default instead of failing', () => {
    const set = setOf(
      record('community', 'c', { timeZone: 'Moon/Tranquility' }),
      ...homeRecords('1', '2', '301'),
    )
    expect(dueList(set, { on: DAY })[0]?.dueOn).toBe('2026-11-01')
  })

  test('the shortest interval of all categories holds, those of present residents included', () => {
    const visit = visitRecord('v', DOOR, '2026-11-10')
    const none = dueList(setOf(...homeRecords('1', '2', '301'), visit), { on: '2027-12-31' })
    expect(none[0]?.policy).toMatchObject({ id: 'po-all', because: [] })
    const home = [...homeRecords('1', '2', '301', low), visit]
    expect(dueList(setOf(...home), { on: '2027-12-31' })[0]).toMatchObject({
      policy: { id: 'po-month', because: ['low-income'] },
      dueOn: '2026-12-10',
    })
    const old = residentRecords('old', DOOR, alone)
    const [withOld] = dueList(setOf(...home, ...old), { on: '2027-12-31' })
    expect(withOld).toMatchObject({ policy: { id: 'po-week', intervalDays: 7 }, dueOn: '2026-11-17' })
    expect(withOld?.categories).toEqual(['elderly-alone-80', 'low-income'])
  })

  test.each([
    ['away', {}, { state: 'away' }],
    ['merely registered', {}, { state: 'nominal' }],
    ['moved out', {}, { to: '2026-11-20' }],
    ['not here yet', {}, { from: '2026-11-25' }],
    ['dead', { fields: { diedOn: '2026-11-20' } }, {}],
  ])('who is %s gives the household no category', (_, person, residence) => {
    const records = residentRecords('old', DOOR, { ...alone, ...person }, residence)
    expect(dueAt(records)?.policy?.id).toBe('po-month')
  })

  test('absent and refused visits do not count and show as attempts since the last that did', () => {
    const due = dueAt([
      visitRecord('early', DOOR, '2026-10-01', { outcome: 'absent' }),
      visitRecord('met', DOOR, '2026-10-10'),
      visitRecord('absent', DOOR, '2026-11-20', { outcome: 'absent' }),
      visitRecord('refused', DOOR, '2026-11-22', { outcome: 'refused' }),
    ])
    expect(due).toMatchObject({
      dueOn: '2026-11-09',
      overdueDays: 15,
      attempts: 2,
      lastVisitOn: '2026-10-10',
    })
  })

  test('a visit taken back, one in a way the policy does not take, one dated later: none of them counts', () => {
    const due = dueAt([
      visitRecord('met', DOOR, '2026-10-10'),
      visitRecord('withdrawn', DOOR, '2026-11-20', { withdrawn: '走错门' }),
      visitRecord('phone', DOOR, '2026-11-20', { mode: 'phone' }),
      visitRecord('ahead', DOOR, '2026-11-25'),
      visitRecord('garbage', DOOR, 'soon'),
    ])
    expect(due).toMatchObject({ dueOn: '2026-11-09', lastVisitOn: '2026-10-10', attempts: 0 })
  })

  test('a visit noted on paper was made at the door; one without a mode too', () => {
    expect(dueAt([visitRecord('paper', DOOR, '2026-11-20', { mode: 'paper' })])).toBeUndefined()
    expect(
      dueAt([record('visit', 'bare', { household: DOOR, outcome: 'met', on: '2026-11-20' })]),
    ).toBeUndefined()
  })

  test('a promised day ahead of the policy holds until somebody was met again', () => {
    const promise = visitRecord('p', DOOR, '2026-11-18', { nextOn: '2026-11-23' })
    expect(dueAt([promise])).toMatchObject({ dueOn: '2026-11-23', promised: true, overdueDays: 1 })
    const again = visitRecord('q', DOOR, '2026-11-23', { outcome: 'absent', nextOn: '2026-11-30' })
    expect(dueAt([promise, again])).toBeUndefined()
    expect(dueAt([promise, visitRecord('call', DOOR, '2026-11-23', { mode: 'phone' })])).toBeUndefined()
  })

  test('a promise further off than the policy changes nothing', () => {
    const due = dueAt([visitRecord('p', DOOR, '2026-10-01', { nextOn: '2027-01-01' })])
    expect(due).toMatchObject({ dueOn: '2026-10-31', promised: false })
  })

  test('without any policy only a promise makes a household due', () => {
    const set = new RecordSet([
      ...communityRecords(),
      ...homeRecords('1', '2', '301'),
      ...homeRecords('1', '2', '302'),
      visitRecord('p', DOOR, '2026-11-18', { nextOn: '2026-11-23' }),
    ])
    expect(dueList(set, { on: DAY })).toMatchObject([{ household: DOOR, policy: null, promised: true }])
  })

  test('a disabled policy, or one without a sensible interval, is no policy', () => {
    const set = new RecordSet([
      record('policy', 'off', { name: '停', intervalDays: 1, everyone: true, disabled: true }),
      record('policy', 'zero', { name: '零', intervalDays: 0, everyone: true }),
      record('policy', 'vast', { name: '远', intervalDays: 1e12, everyone: true }),
      ...homeRecords('1', '2', '301'),
      visitRecord('v', DOOR, '2026-11-18'),
    ])
    expect(dueList(set, { on: DAY })).toEqual([])
    expect(dueList(set, { on: '9999-12-30' })[0]).toMatchObject({ policy: { id: 'po-vast' } })
  })

  test('walking order counts: 2 before 10, 二 before 十, floor by floor; or the latest first', () => {
    const doors: [string, string, string][] = [
      ['10', '1', '101'],
      ['2', '十', '101'],
      ['2', '二', '1001'],
      ['2', '二', '902'],
      ['2', '二', '901'],
    ]
    const set = setOf(
      ...doors.flatMap((door) => homeRecords(...door)),
      visitRecord('v', 'hh-2.二.901', '2026-05-01'),
    )
    const walk = ['2.二.901', '2.二.902', '2.二.1001', '2.十.101', '10.1.101'].map((door) => `hh-${door}`)
    expect(dueList(set, { on: DAY }).map((due) => due.household)).toEqual(walk)
    const late = dueList(set, { on: DAY, order: 'overdue' }).map((due) => due.overdueDays)
    expect(late).toEqual([27, 23, 23, 23, 23])
  })

  test('each rule is judged by itself: who is called every week is due at the door once in half a year all the same', () => {
    const old = residentRecords('old', DOOR, alone)
    const seen = visitRecord('seen', DOOR, '2026-05-01')
    const called = visitRecord('called', DOOR, '2026-11-22', { mode: 'phone' })
    const [due] = dueList(setOf(...homeRecords('1', '2', '301'), ...old, seen, called), { on: DAY })
    expect(due).toMatchObject({ policy: { id: 'po-all' }, dueOn: '2026-10-28', overdueDays: 27, also: [] })
    const set = setOf(...homeRecords('1', '2', '301'), ...old, seen)
    expect(dueList(set, { on: DAY })[0]).toMatchObject({
      policy: { id: 'po-week' },
      dueOn: '2026-05-08',
      also: [{ policy: { id: 'po-all' }, dueOn: '2026-10-28', overdueDays: 27 }],
    })
    const after = setOf(...homeRecords('1', '2', '301'), ...old, seen, visitRecord('v', DOOR, '2026-11-23'))
    expect(dueList(after, { on: DAY })).toEqual([])
  })

  test('a rule stands on the lists of the roles it names; who visits nobody sees all of them', () => {
    const set = (role: 'chief' | 'worker' | 'auditor') =>
      new RecordSet(
        [
          ...communityRecords(),
          record(
            'policy',
            'chief',
            { name: '组长走访', intervalDays: 30, everyone: true },
            { sets: { roles: ['chief'] } },
          ),
          ...homeRecords('1', '2', '301'),
        ],
        role,
      )
    const counts = (['chief', 'worker', 'auditor'] as const).map(
      (role) => dueList(set(role), { on: DAY }).length,
    )
    expect(counts).toEqual([1, 0, 1])
    expect(dueList(set('worker'), { on: DAY, role: 'chief' })).toHaveLength(1)
  })

  test('one grid by name, id or space; what lies ahead only when asked for', () => {
    const set = setOf(
      ...homeRecords('1', '1', '101', { space: OTHER_SPACE }),
      ...homeRecords('1', '2', '301'),
      visitRecord('v', DOOR, '2026-05-30'),
    )
    for (const grid of ['二号网格', 'gr-2', OTHER_SPACE])
      expect(dueList(set, { on: DAY, grid }).map((due) => due.grid?.name)).toEqual(['二号网格'])
    expect(dueList(set, { on: DAY, grid: '三号网格' })).toEqual([])
    expect(dueList(set, { on: DAY, grid: 'gr-1' })).toEqual([])
    expect(dueList(set, { on: DAY, grid: 'gr-1', aheadDays: 3 })).toMatchObject([
      { dueOn: '2026-11-26', overdueDays: -2 },
    ])
  })

  test('somebody who may not know names and categories does not learn them here', () => {
    const set = new RecordSet(
      [
        ...communityRecords(),
        ...policyRecords(),
        ...homeRecords('1', '2', '301', { ...low, household: { mind: '听力差' } }),
      ],
      'auditor',
    )
    expect(dueList(set, { on: DAY })[0]).toMatchObject({
      name: '测*',
      categories: [],
      mind: '****',
      policy: null,
      address: '1幢2单元301室',
    })
  })

  test('a clock far off the end of time still gives a list', () => {
    const set = setOf(
      ...homeRecords('1', '1', '101', { createdAt: Number.MAX_SAFE_INTEGER }),
      ...homeRecords('1', '1', '102', { createdAt: 0 }),
      ...homeRecords('1', '1', '103', { createdAt: CREATED_AT }),
    )
    expect(dueList(set, { on: DAY }).map((due) => due.household)).toEqual(['hh-1.1.102', 'hh-1.1.103'])
  })
})
