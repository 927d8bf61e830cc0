import { expect, test } from 'vitest'
import type { Role } from '../membership/roles.ts'
import type { Value } from '../record/change.ts'
import type { Projection, TimelineItem } from '../record/project.ts'
import { listClaims } from './claim-list.ts'
import { RecordSet } from './record-set.ts'
import {
  COLLEAGUE,
  communityRecords,
  GRID_SPACE,
  homeRecords,
  OTHER_SPACE,
  record,
  residentRecords,
  visitRecord,
  WORKER,
} from './sample-records.test.data.ts'
import { listSweeps, sweepCard } from './sweep-card.ts'

const DAY = '2026-11-24'
const homes = ['101', '102', '201'].flatMap((room) => homeRecords('1', '2', room))
const sweep = (fields: Record<string, Value> = {}, rest: Partial<Projection> = {}) =>
  record('sweep', '1', { name: '普查', from: '2026-11-23', to: '2026-11-29', ...fields }, rest)
const take = (id: string, by: string, value: Record<string, Value>): TimelineItem => ({
  id,
  by,
  at: 0,
  value: { on: DAY, until: '2026-11-29', saw: [], ...value },
})
const claims = (...takes: TimelineItem[]) =>
  record('claim', 's', { building: 'bu-1', sweep: 'sw-1' }, { timelines: { takes } })
const card = (records: readonly Projection[], on = DAY, viewer: Role = 'worker') =>
  sweepCard(new RecordSet([...communityRecords(), ...homes, ...records], viewer), 'sw-1', { on })!

test('every door is visited, refused, claimed or unclaimed; who was not home is still to visit', () => {
  const { counts, workers } = card([
    sweep(),
    claims(take('a', WORKER, { unit: '2' }), take('b', COLLEAGUE, { door: 'hh-1.2.102' })),
    visitRecord('1', 'hh-1.2.101', DAY),
    visitRecord('2', 'hh-1.2.102', DAY, { outcome: 'absent' }, { createdBy: COLLEAGUE }),
    visitRecord('early', 'hh-1.2.201', '2026-11-22'),
    visitRecord('back', 'hh-1.2.201', DAY, { withdrawn: '记错了' }),
  ])
  expect(counts).toEqual({
    ...{ doors: 3, visited: 1, refused: 0, claimed: 2, unclaimed: 0 },
    ...{ doubleClaimed: 1, nobodyHome: 1, formless: 0, doubleVisited: 0 },
  })
  expect(
    workers.map(({ by, claimed, visited, nobodyHome }) => [by.name, claimed, visited, nobodyHome]),
  ).toEqual([
    ['测试员甲', 2, 1, 0],
    ['测试员乙', 1, 0, 1],
  ])
})

test('with a form, meeting somebody without it leaves the door to be visited, and says so', () => {
  const met = visitRecord('1', 'hh-1.2.101', DAY)
  const asked = sweep({ form: 'home-safety-check' })
  expect(card([asked, met]).counts).toMatchObject({ visited: 0, formless: 1, unclaimed: 3 })
  const filled = visitRecord('2', 'hh-1.2.101', DAY, { form: 'home-safety-check' })
  expect(card([asked, met, filled]).counts).toMatchObject({ visited: 1, formless: 0, doubleVisited: 1 })
})

test('only the buildings that were named, only doors with the tag, of whoever lives there too', () => {
  const other = homeRecords('9', '1', '101')
  expect(card([...other, sweep()]).counts.doors).toBe(4)
  expect(
    card([...other, sweep({}, { sets: { buildings: ['bu-9'] } })]).doors.map(({ household }) => household),
  ).toEqual(['hh-9.1.101'])
  const old = residentRecords('old', 'hh-1.2.102', { sets: { categories: ['elderly-alone-80'] } })
  const tagged = sweep({ tag: 'elderly-alone-80' })
  expect(card([...old, tagged]).doors.map(({ household }) => household)).toEqual(['hh-1.2.102'])
})

test('a sweep by tag tells nobody who bears it that may not see it', () => {
  const old = residentRecords('old', 'hh-1.2.102', { sets: { categories: ['elderly-alone-80'] } })
  const records = [
    ...old,
    sweep({ tag: 'elderly-alone-80' }),
    claims(take('a', WORKER, { door: 'hh-1.2.102' })),
  ]
  const seen = card(records, DAY, 'auditor')
  expect([seen.tag, seen.doors, seen.counts.doors]).toEqual(['****', [], 1])
  const set = new RecordSet([...communityRecords(), ...homes, ...records], 'auditor')
  expect(listClaims(set, { on: DAY, all: true })).toEqual([])
  expect([...set.ofType('claim')].map(({ timelines }) => timelines)).toEqual([{}])
  expect(seen.counts.claimed).toBe(1)
})

test('nor does a claim for it, where somebody else goes to that door for the lists of the day', () => {
  const records = [
    ...residentRecords('old', 'hh-1.2.102', { sets: { categories: ['elderly-alone-80'] } }),
    sweep({ tag: 'elderly-alone-80' }),
    claims(take('a', WORKER, { unit: '2' })),
    record(
      'claim',
      'week',
      { building: 'bu-1', week: '2026-11-23' },
      { timelines: { takes: [take('b', COLLEAGUE, { unit: '2' })] } },
    ),
  ]
  const doubles = (viewer: Role) => {
    const set = new RecordSet([...communityRecords(), ...homes, ...records], viewer)
    return listClaims(set, { on: DAY }).map((claim) => [claim.id, claim.doubles.map((one) => one.household)])
  }
  expect(doubles('chief')).toEqual([
    ['a', ['hh-1.2.102']],
    ['b', ['hh-1.2.102']],
  ])
  expect(doubles('auditor')).toEqual([['b', []]])
})

test('it is planned, open, over; after its end it is shown as it stood', () => {
  const records = [sweep(), claims(take('a', WORKER, { unit: '2' }))]
  expect(['2026-11-22', DAY, '2026-12-24'].map((on) => card(records, on).state)).toEqual([
    'planned',
    'open',
    'ended',
  ])
  expect(card(records, '2026-12-24').counts.claimed).toBe(3)
})

test('a close holds until somebody who knew of it reopens; one made apart from that holds on', () => {
  const step = (id: string, value: Value): TimelineItem => ({ id, by: WORKER, at: 0, value })
  const closed = step('a', { step: 'close', on: DAY, saw: [] })
  const reopened = step('b', { step: 'reopen', on: DAY, saw: ['a'] })
  const apart = step('c', { step: 'close', on: DAY, saw: ['a'] })
  const state = (...steps: TimelineItem[]) => card([sweep({}, { timelines: { steps } })]).state
  expect([state(closed), state(closed, reopened), state(closed, reopened, apart)]).toEqual([
    'closed',
    'open',
    'closed',
  ])
})

test('parts in several grids are one sweep, each with its own counts', () => {
  const there = homeRecords('5', '1', '101', { space: OTHER_SPACE })
  const part = record(
    'sweep',
    '2',
    { name: '普查', from: DAY, to: DAY, round: 'sw-r' },
    { space: OTHER_SPACE },
  )
  const set = new RecordSet([...communityRecords(), ...homes, ...there, sweep({ round: 'sw-r' }), part])
  const [one, ...others] = listSweeps(set, { on: DAY })
  expect(others).toEqual([])
  expect(one!.counts.doors).toBe(4)
  expect(one!.parts.map(({ space, counts }) => [space, counts.doors])).toEqual([
    [GRID_SPACE, 3],
    [OTHER_SPACE, 1],
  ])
})

test('claims of the day end with a visit made since, with their last day, or with the visit of a colleague', () => {
  const week = (...takes: TimelineItem[]) =>
    record('claim', 'w', { building: 'bu-1', week: '2026-11-23' }, { timelines: { takes } })
  const state = (on: string, ...visits: Projection[]) =>
    listClaims(
      new RecordSet([
        ...communityRecords(),
        ...homes,
        week(take('a', WORKER, { door: 'hh-1.2.101', until: '2026-11-25' })),
        ...visits,
      ]),
      { on, all: true },
    ).map((row) => row.state)
  expect(state(DAY)).toEqual(['live'])
  expect(state('2026-11-26')).toEqual(['expired'])
  expect(state(DAY, visitRecord('0', 'hh-1.2.101', '2026-11-23'))).toEqual(['live'])
  expect(state(DAY, visitRecord('1', 'hh-1.2.101', DAY, {}, { createdBy: COLLEAGUE }))).toEqual(['done'])
  expect(state(DAY, visitRecord('1', 'hh-1.2.101', DAY, { outcome: 'absent' }))).toEqual(['live'])
})
