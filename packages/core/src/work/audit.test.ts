import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectOk, ok } from '../result.ts'
import { auditTrail } from './audit.ts'
import { editHousehold } from './edit-record.ts'
import { noteExport } from './note-export.ts'
import { openCase } from './open-case.ts'
import { copyPerson } from './person-copy.ts'
import { recordVisit } from './record-visit.ts'
import { reveal } from './reveal.ts'
import { carry, NOW_MS, type SampleStation, sampleStation } from './sample-station.test.data.ts'
import { settleConflict } from './settle-conflict.ts'

const PHONE = '13900005678'
let sample: SampleStation
let door: string
let other: string
beforeEach(async () => {
  sample = await sampleStation(2)
  ;[door, other] = sample.households as [string, string]
})
afterEach(() => sample.close())

const actions = (filter: Parameters<typeof auditTrail>[1]) =>
  auditTrail(sample.station, filter).rows.map(({ action }) => action)

describe('the audit trail', () => {
  test('has one row for every entry that says who did what, and one for every act; no values', async () => {
    const { station } = sample
    expectOk(await editHousehold(station, { household: door, set: { phone: PHONE, mind: '有小狗' } }))
    expectOk(await reveal(station, door, 'phone', 'contact'))
    const { rows, total, unreadable } = auditTrail(station)
    const entries = [station.identity.community, ...station.spaces().map(({ id }) => id)].reduce(
      (sum, space) => sum + station.digest(space).entries,
      0,
    )
    expect([rows.length, total, unreadable]).toEqual([entries, entries, 0])
    expect(rows.find(({ action }) => action === 'record.edit')).toMatchObject({
      member: station.identity.member,
      memberName: '测试员甲',
      at: NOW_MS,
      records: [{ id: door, type: 'household', fields: ['phone', 'mind'] }],
      flags: [],
    })
    expect(rows.find(({ action }) => action === 'record.reveal')).toMatchObject({
      records: [{ id: door, type: 'household', fields: ['phone'] }],
      reason: 'contact',
    })
    expect(rows.filter(({ action }) => action === 'act.member')).toMatchObject([
      { about: [{ name: '测试员甲', role: 'chief' }] },
    ])
    for (const text of [PHONE, '有小狗', '测试住户']) expect(JSON.stringify(rows)).not.toContain(text)
  })

  test('of a household: its own, its people’s, visits, cases and exports of its grid, and nothing of next door', async () => {
    const { station, grid } = sample
    const dwelling = String(station.get(door)!.fields.dwelling)
    const person = expectOk(
      await station.write('record.import', (book) => {
        const made = expectOk(book.create('person', grid, { set: { name: '测试员丁' } }))
        const living = { person: made, dwelling, household: door }
        expectOk(book.create('residence', grid, { set: living }))
        return ok(made)
      }),
    ).value
    expectOk(await recordVisit(station, { household: door, outcome: 'met' }))
    expectOk(await openCase(station, { household: door, kind: 'passage', title: '楼道堆物' }))
    expectOk(await recordVisit(station, { household: other, outcome: 'met' }))
    expectOk(await noteExport(station, 'bundle.write', { what: 'bundle', spaces: [grid], count: 7 }))
    expectOk(await noteExport(station, 'bundle.write', { what: 'bundle', spaces: ['sp-0000'], count: 7 }))
    expectOk(await copyPerson(station, person, '本人要求'))
    const of = { subject: door }
    expect(actions(of).sort()).toEqual(
      ['record.import', 'record.import', 'visit.record', 'case.open', 'bundle.write', 'person.copy'].sort(),
    )
    expect(actions({ ...of, action: 'visit' })).toEqual(['visit.record'])
    expect(actions({ subject: person }).sort()).toEqual(['bundle.write', 'person.copy', 'record.import'])
    expect(auditTrail(station, { ...of, limit: 2 })).toMatchObject({ rows: { length: 2 }, total: 6 })
  })

  test('by member and since a moment', async () => {
    const { station } = sample
    const colleague = await sample.colleague()
    sample.setNow(NOW_MS + 1000)
    expectOk(await recordVisit(colleague, { household: door, outcome: 'absent' }))
    await carry(colleague, station)
    expect(actions({ member: colleague.identity.member, sinceMs: NOW_MS + 1 })).toEqual(['visit.record'])
    expect(actions({ subject: door, member: station.identity.member })).toEqual(['record.import'])
  })

  test('shows who settled what', async () => {
    const { station } = sample
    const dispute = { dispute: { mind: '耳背' } }
    expectOk(await station.write('record.edit', (book) => book.edit(door, { set: { mind: '有小狗' } })))
    expectOk(await station.write('record.edit', (book) => book.edit(door, dispute)))
    expectOk(await settleConflict(station, { record: door, field: 'mind', value: '耳背' }))
    expect(auditTrail(station, { subject: door, action: 'conflict.settle' }).rows).toMatchObject([
      { records: [{ id: door, fields: ['mind'] }] },
    ])
  })
})
