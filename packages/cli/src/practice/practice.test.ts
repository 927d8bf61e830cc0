import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  addressOf,
  expectOk,
  listCases,
  listConflicts,
  noteExport,
  openRecordSet,
  recordVisit,
  releaseClaim,
  type Station,
  settleConflict,
  shortAddress,
  stationCalendar,
  stepCase,
  stepErrand,
} from '@doorstep/core'
import { expect, onTestFinished, test } from 'vitest'
import { makePractice } from './make-practice.ts'
import { planOf } from './plan.ts'
import { practiceTasks, scoreOf } from './tasks.ts'

async function practice(seed: number): Promise<Station> {
  const folder = mkdtempSync(join(tmpdir(), 'doorstep-practice-'))
  const station = expectOk(
    await makePractice({
      home: join(folder, 'home'),
      secret: { type: 'key', bytes: new Uint8Array(32) },
      language: 'zh',
      seed,
    }),
  )
  onTestFinished(async () => {
    await station.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return station
}

const tasksOf = (station: Station) =>
  practiceTasks(openRecordSet(station, { follow: false }), planOf(station)!, {
    today: stationCalendar(station).dayOf(station.now),
  })
const doneOf = (station: Station) => tasksOf(station).flatMap(({ id, done }) => (done ? id : []))

test('one seed makes one community, with nobody who could exist, and every task open', async () => {
  const [one, same] = [await practice(7), await practice(7)]
  const doors = (station: Station) => {
    const set = openRecordSet(station, { follow: false })
    return Object.entries(planOf(station)!.doors).map(
      ([name, id]) => `${name} ${shortAddress(addressOf(set, set.getA('household', id)))}`,
    )
  }
  expect(doors(one)).toEqual(doors(same))
  expect(new Set(Object.values(planOf(one)!.doors)).size).toBe(9)
  expect([...one.records({ type: 'household' })]).toHaveLength(40)
  for (const person of one.records({ type: 'person' })) expect(person.fields.idNumber).toMatch(/^990000\*{4}/)
  expect(doneOf(one)).toEqual([])
  const texts = tasksOf(one).flatMap(({ what, hint }) => [...what, ...hint])
  for (const text of texts) expect(text).not.toMatch(/undefined|null|hh-/)
})

test('a task is done when the records say so, and not before', async () => {
  const station = await practice(11)
  const { doors, phones } = planOf(station)!
  const open = () => openRecordSet(station, { follow: false })
  const today = stationCalendar(station).dayOf(station.now)
  expectOk(await recordVisit(station, { household: doors.absent, outcome: 'absent' }))
  expect(doneOf(station)).toEqual(['absent'])
  const edit = (household: string, set: Record<string, string>) =>
    station.write('record.edit', (book) => book.edit(household, { set }))
  expectOk(await edit(doors.tail, { note: '找到' }))
  expectOk(await edit(doors.phone, { phone: phones.right }))
  const [conflict] = listConflicts(open(), { record: doors.conflict })
  expect(conflict!.values).toHaveLength(2)
  const { field, values } = conflict!
  expectOk(await settleConflict(station, { record: doors.conflict, field, write: values[0]!.write }))
  expectOk(await releaseClaim(station, open(), { place: { household: doors.double } }))
  const [alarm] = listCases(open(), { on: today, household: doors.alarm })
  expectOk(await stepCase(station, { case: alarm!.id, step: 'handle' }))
  const [errand] = [...open().referring('errand', 'household', doors.errand)]
  for (const step of ['identify', 'read', 'sign', 'submit', 'done', 'tell'] as const)
    expectOk(await stepErrand(station, { errand: errand!.id, step }))
  const spaces = station.spaces().map(({ id }) => id)
  expectOk(await noteExport(station, 'bundle.write', { what: 'bundle', spaces, count: 1 }))
  expect(doneOf(station)).toEqual([
    'absent',
    'tail',
    'conflict',
    'double',
    'phone',
    'alarm',
    'errand',
    'bundle',
  ])
  expect(scoreOf(tasksOf(station))).toEqual({ points: 80, of: 100, done: 8 })
})
