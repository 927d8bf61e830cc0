import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { eraseRecords } from '../station/erase.ts'
import type { Station } from '../station/station.ts'
import { giveConsent, withdrawConsent } from './consent.ts'
import { editHousehold, editRecord } from './edit-record.ts'
import { householdCard } from './household-card.ts'
import { plainOf } from './masked-record.ts'
import { mergeRecords, sayNotSame, unmergeRecords } from './merge.ts'
import { isAllowed } from './permission.ts'
import { copyPerson } from './person-copy.ts'
import { listPeople } from './person-list.ts'
import { listConflicts, listHouseholds } from './queries.ts'
import { openRecordSet } from './record-set.ts'
import { recordVisit } from './record-visit.ts'
import { addPerson } from './register-person.ts'
import { moveOut } from './residence-acts.ts'
import { reveal } from './reveal.ts'
import { carry, type SampleStation, sampleStation } from './sample-station.test.data.ts'
import { settleConflict } from './settle-conflict.ts'

let sample: SampleStation
let station: Station
let door: string
let other: string
beforeEach(async () => {
  sample = await sampleStation(2)
  station = sample.station
  ;[door, other] = sample.households as [string, string]
})
afterEach(() => sample.close())

const ON = '2026-11-24'
const setOf = (of: Station = station) => openRecordSet(of, { follow: false })
const add = async (name: string, fields: Record<string, string> = {}, household = door) =>
  expectOk(await addPerson(station, { household, fields: { name, ...fields } })).person
const plain = (id: string, of: Station = station) => plainOf(setOf(of).get(id)!)
const merged = (keep: string, gone: string, rest: { take?: string[] } = {}, of = station) =>
  mergeRecords(of, { type: 'person', keep, other: gone, reason: '同一人', ...rest })
const raw = (id: string, of: Station = station) => plainOf(of.get(id)!).fields

test('merged, they are one in every list, with the values that were chosen; taken apart, each is what it was', async () => {
  const a = await add('测试人员甲', { phone: '13800000001', population: 'floating' })
  const b = await add('测试人员假', { phone: '13800000002', health: '高血压' })
  const before = [raw(a), raw(b)]
  const result = expectOk(await merged(a, b, { take: ['phone'] }))
  expect(result).toMatchObject({
    survivor: a,
    members: [a, b].sort(),
    chosen: { name: 'keep', phone: 'other' },
  })
  expect(plain(b)).toMatchObject({
    id: a,
    fields: { name: '测试人员甲', phone: '13800000002', health: '高血压', population: 'floating' },
    conflicts: {},
  })
  expect(listPeople(setOf(), { on: ON }).map(({ id }) => id)).toEqual([a])
  expect(householdCard(setOf(), door, { on: ON })!.residents.map(({ person }) => person)).toEqual([a])
  expect(expectOk(await reveal(station, a, 'phone', 'contact')).value).toBe('13800000002')
  expect(await merged(a, b)).toMatchObject({ problem: { type: 'same-already' } })
  const apart = { type: 'person', one: b, reason: '看错了' } as const
  expectOk(await unmergeRecords(station, apart))
  expect([raw(a), raw(b)]).toEqual(before)
  expect(listPeople(setOf(), { on: ON })).toHaveLength(2)
  expect(await unmergeRecords(station, apart)).toMatchObject({ problem: { type: 'not-merged' } })
})

test('an edit of what is one goes where it is shown, and stays there when they are taken apart', async () => {
  const a = await add('测试人员甲', { phone: '13800000001' })
  const b = await add('测试人员假', { phone: '13800000002', health: '高血压' })
  expectOk(await merged(a, b, { take: ['phone'] }))
  expectOk(
    await editRecord(station, { record: a, set: { phone: '13800000003', health: null, gender: 'male' } }),
  )
  expect(plain(a).fields).toMatchObject({ phone: '13800000003', gender: 'male' })
  expect(plain(a).fields.health).toBeUndefined()
  // Somebody who has not heard of the merge writes to the one that was merged away, and to what was given up.
  const written = await station.write('record.edit', (book) =>
    book.edit(a, { set: { phone: '13800000004' } }),
  )
  expectOk(written)
  expect(
    plain(a)
      .conflicts.phone?.map(({ value }) => value)
      .sort(),
  ).toEqual(['13800000003', '13800000004'])
  const [conflict] = listConflicts(setOf(), { record: a })
  expectOk(await settleConflict(station, { record: a, field: 'phone', write: conflict!.values[0]!.write }))
  expect(plain(a).conflicts).toEqual({})
  expectOk(await unmergeRecords(station, { type: 'person', one: a, reason: '看错了' }))
  expect(raw(b).phone).toBe(raw(a).phone)
  expect([raw(a).gender, raw(b).gender]).toEqual(['male', undefined])
})

test('two merge apart, each into the other, and choose otherwise: one survivor, and what both gave up is asked', async () => {
  const a = await add('测试人员甲', { phone: '13800000001' })
  const b = await add('测试人员假', { phone: '13800000002' })
  const colleague = await sample.colleague()
  expectOk(await merged(a, b))
  expectOk(await merged(b, a, {}, colleague))
  await carry(colleague, station)
  await carry(station, colleague)
  const shown = [station, colleague].map((each) => {
    const set = setOf(each)
    return {
      people: listPeople(set, { on: ON }).map(({ id }) => id),
      conflicts: Object.keys(set.get(a)!.conflicts).sort(),
    }
  })
  expect(shown[0]).toEqual({ people: [[a, b].sort()[0]], conflicts: ['name', 'phone'] })
  expect(shown[1]).toEqual(shown[0])
  for (const space of station.spaces().map(({ id }) => id))
    expect(station.digest(space)).toEqual(colleague.digest(space))
  // One takes them apart, while the other, who has not heard, goes on with what is one.
  expectOk(await unmergeRecords(colleague, { type: 'person', one: a, reason: '看错了' }))
  expectOk(await editRecord(station, { record: a, set: { gender: 'female' } }))
  await carry(colleague, station)
  await carry(station, colleague)
  for (const each of [station, colleague]) {
    expect(listPeople(setOf(each), { on: ON })).toHaveLength(2)
    expect([a, b].filter((id) => raw(id, each).gender === 'female')).toEqual([[a, b].sort()[0]])
  }
})

test('homes: visits and people are one, nothing is counted twice, and moving out ends every residence there', async () => {
  const a = await add('测试人员甲')
  const b = await add('测试人员假', {}, other)
  expectOk(await recordVisit(station, { household: door, outcome: 'met', on: '2026-11-20' }))
  expectOk(await recordVisit(station, { household: other, outcome: 'met', on: '2026-11-22' }))
  expectOk(await mergeRecords(station, { type: 'household', keep: door, other, reason: '同一户' }))
  expectOk(await merged(a, b))
  const rows = listHouseholds(setOf())
  expect(rows).toMatchObject([{ id: door, lastVisitOn: '2026-11-22' }])
  const card = householdCard(setOf(), other, { on: ON })!
  expect([card.household.id, card.visits.length, card.residents.length]).toEqual([door, 2, 1])
  expectOk(await editHousehold(station, { household: other, set: { mind: '有狗' }, add: { tags: ['养狗'] } }))
  expect(raw(door).mind).toBe('有狗')
  const left = expectOk(await moveOut(station, { person: b, on: '2026-11-23' }))
  expect(left.residences).toHaveLength(2)
  expect(householdCard(setOf(), door, { on: ON })!.residents).toEqual([])
  expectOk(await unmergeRecords(station, { type: 'household', one: other, reason: '两户' }))
  expect(
    listHouseholds(setOf())
      .map(({ id, lastVisitOn }) => [id, lastVisitOn])
      .sort(),
  ).toEqual(
    [
      [door, '2026-11-20'],
      [other, '2026-11-22'],
    ].sort(),
  )
})

test('who withdrew on either side is heard, and a new consent knows of it', async () => {
  const a = await add('测试人员甲')
  const b = await add('测试人员假')
  const give = (subject: string) => giveConsent(station, { subject, purpose: 'photos', how: 'paper' })
  expectOk(await give(a))
  const { consent } = expectOk(await give(b))
  expectOk(await withdrawConsent(station, { consent, reason: '不愿意' }))
  expect([isAllowed(setOf(), a, 'photos', ON), isAllowed(setOf(), b, 'photos', ON)]).toEqual([true, false])
  expectOk(await merged(a, b))
  for (const id of [a, b]) expect(isAllowed(setOf(), id, 'photos', ON)).toBe(false)
  expectOk(await give(a))
  expect(isAllowed(setOf(), b, 'photos', ON)).toBe(true)
})

test('a copy for somebody has both sides, and an erasure leaves neither, nor that they were one', async () => {
  const a = await add('测试人员甲', { phone: '13800000001' })
  const b = await add('测试人员假', { phone: '13800000002' })
  const { merge } = expectOk(await merged(a, b))
  const copy = expectOk(await copyPerson(station, b, '本人要求'))
  expect(copy.records.map(({ id }) => id)).toEqual(expect.arrayContaining([a, b, merge]))
  expect(copy.records.flatMap(({ fields }) => (fields.phone ? [fields.phone] : []))).toEqual(
    expect.arrayContaining(['13800000001', '13800000002']),
  )
  const colleague = await sample.colleague()
  expectOk(await eraseRecords(station, [b], { reason: '到期' }))
  await carry(station, colleague)
  for (const each of [station, colleague]) for (const id of [a, b, merge]) expect(each.get(id)).toBeNull()
})

test('that two are not the same is kept, and ends a merge that was made apart', async () => {
  const a = await add('测试人员甲')
  const b = await add('测试人员假')
  const colleague = await sample.colleague()
  expectOk(await merged(a, b))
  expectOk(await sayNotSame(colleague, { type: 'person', one: a, other: b, reason: '双胞胎' }))
  await carry(colleague, station)
  expect(listPeople(setOf(), { on: ON })).toHaveLength(2)
  // Who has heard both decides.
  expectOk(await merged(a, b))
  expect(listPeople(setOf(), { on: ON })).toHaveLength(1)
})
