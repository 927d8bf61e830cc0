import { expect, test } from 'vitest'
import type { Projection } from '../record/project.ts'
import { listDiary } from './diary.ts'
import { dueList, nextVisit } from './due.ts'
import { RecordSet } from './record-set.ts'
import {
  COLLEAGUE,
  communityRecords,
  homeRecords,
  policyRecords,
  record,
  visitRecord,
  WORKER,
} from './sample-records.test.data.ts'

const DAY = '2026-11-24'
const DOOR = 'hh-1.2.301'
const CONTACT = { household: { emergencyContact: '测试女儿' } }
/** 09:00 and 19:00 of a day in Shanghai. */
const morning = (day: string) => Date.parse(`${day}T01:00:00Z`)
const evening = (day: string) => Date.parse(`${day}T11:00:00Z`)
const absent = (name: string, on: string, fields = {}, createdAt = morning(on)) =>
  visitRecord(name, DOOR, on, { outcome: 'absent', ...fields }, { createdAt })

const absenceIn = (records: readonly Projection[], on = DAY) => {
  const set = new RecordSet([...communityRecords(), ...policyRecords(), ...records])
  return nextVisit(set, set.get(DOOR)!, { on })!.absence
}

test('again, a neighbour, the emergency contact, a case: each when the step before it was taken', () => {
  const home = homeRecords('1', '2', '301', CONTACT)
  expect(absenceIn(home)).toBeNull()
  const steps: Projection[] = []
  const next = (...more: Projection[]) => {
    steps.push(...more)
    return absenceIn([...home, ...steps])
  }
  const first = next(absent('1', '2026-11-20'))
  expect(first).toMatchObject({
    since: '2026-11-20',
    attempts: 1,
    tried: ['morning'],
    next: { step: 'again', at: 1, dueOn: '2026-11-21' },
    of: 4,
  })
  const second = next(absent('2', '2026-11-21', {}, evening('2026-11-21')))
  expect(second).toMatchObject({
    attempts: 2,
    tried: ['morning', 'evening'],
    next: { step: 'neighbour', at: 2 },
  })
  expect(next(absent('3', '2026-11-22', { contact: 'neighbour' }))).toMatchObject({
    attempts: 2,
    next: { step: 'emergency', at: 3, dueOn: '2026-11-23' },
  })
  const last = next(absent('4', '2026-11-23', { contact: 'emergency', mode: 'phone' }))!
  expect(last.next).toEqual({ step: 'case', at: 4, dueOn: '2026-11-24' })
  expect(last.case).toBe(first!.case)
  const opened = { ...record('case', 'x', { household: DOOR, kind: 'nobody-home' }), id: last.case }
  expect(next(opened)?.next).toBeNull()
})

test('whoever was met, refused, or is known to be well is missed no more, and a new row makes a new case', () => {
  const home = homeRecords('1', '2', '301', CONTACT)
  const row = [absent('1', '2026-11-20'), absent('2', '2026-11-21')]
  const id = absenceIn([...home, ...row])!.case
  const ends = [
    visitRecord('m', DOOR, '2026-11-22', {}, { createdAt: morning('2026-11-22') }),
    visitRecord('r', DOOR, '2026-11-22', { outcome: 'refused' }, { createdAt: morning('2026-11-22') }),
    absent('h', '2026-11-22', { contact: 'neighbour', heard: true }),
  ]
  for (const end of ends) {
    expect(absenceIn([...home, ...row, end])).toBeNull()
    const later = absenceIn([...home, ...row, end, absent('5', '2026-11-23')])
    expect(later).toMatchObject({ attempts: 1, since: '2026-11-23' })
    expect(later!.case).not.toBe(id)
    expect(absenceIn([...home, ...row, { ...end, fields: { ...end.fields, withdrawn: '记错' } }])!.case).toBe(
      id,
    )
  }
})

test('the rule says the chain; a contact that is not known is left out; what cannot be read is the usual one', () => {
  const chain = [
    { step: 'again', afterDays: 0, times: 2 },
    { step: 'emergency', afterDays: 0 },
    { step: 'case', afterDays: 0 },
  ]
  const fast = (value: unknown) =>
    record('policy', 'week', { name: '每周', intervalDays: 7, everyone: true, chain: value as never })
  const row = [absent('1', DAY), absent('2', DAY, {}, evening(DAY))]
  const of = (records: readonly Projection[]) => {
    const set = new RecordSet([...communityRecords(), ...records])
    return nextVisit(set, set.get(DOOR)!, { on: DAY })!.absence
  }
  expect(of([fast(chain), ...homeRecords('1', '2', '301'), ...row])).toMatchObject({
    next: { step: 'again', at: 1, dueOn: DAY },
    of: 2,
  })
  expect(of([fast(chain), ...homeRecords('1', '2', '301', CONTACT), ...row, absent('3', DAY)])?.next).toEqual(
    {
      step: 'emergency',
      at: 2,
      dueOn: DAY,
    },
  )
  for (const broken of [
    [],
    [{ step: 'pray', afterDays: 1 }],
    [{ step: 'again', afterDays: -1 }],
    'x',
    [chain[0], chain[0]],
  ])
    expect(of([fast(broken), ...homeRecords('1', '2', '301'), ...row])).toMatchObject({ of: 3 })
})

test('asking others is no further attempt, and whoever may not know categories learns nothing of the chain', () => {
  const records = [
    ...homeRecords('1', '2', '301', CONTACT),
    absent('1', '2026-11-20'),
    absent('2', '2026-11-21', { contact: 'neighbour' }),
  ]
  const set = new RecordSet([...communityRecords(), ...policyRecords(), ...records])
  expect(dueList(set, { on: DAY })[0]).toMatchObject({ attempts: 1 })
  const auditor = new RecordSet([...communityRecords(), ...policyRecords(), ...records], 'auditor')
  expect(dueList(auditor, { on: DAY })[0]).toMatchObject({ absence: null })
})

test('what is to be done stands on the list until somebody ticks it; of two ticks the first day holds, in any order', () => {
  const tick = (id: string, by: string, on: string) => ({ id, by, at: morning(on), value: { on } })
  const line = (ticks: ReturnType<typeof tick>[]) =>
    record(
      'diary',
      'd',
      { on: '2026-11-20', text: '楼道灯不亮', dueOn: '2026-11-21' },
      { timelines: { ticks } },
    )
  const rows = (ticks: ReturnType<typeof tick>[]) =>
    listDiary(new RecordSet([...communityRecords(), line(ticks)]), { on: DAY })
  expect(rows([])).toMatchObject([{ open: true, overdueDays: 3, done: null }])
  const both = [tick('a', COLLEAGUE, '2026-11-23'), tick('b', WORKER, '2026-11-22')]
  expect(rows(both)).toEqual(rows([...both].reverse()))
  expect(rows(both)).toMatchObject([{ open: false, done: { on: '2026-11-22', by: { member: WORKER } } }])
  const masked = new RecordSet([...communityRecords(), line([])], 'auditor')
  expect(listDiary(masked, { on: DAY })[0]!.text).toBe('****')
})
