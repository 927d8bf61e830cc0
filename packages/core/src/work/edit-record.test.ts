import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectOk, ok } from '../result.ts'
import { basesOf } from './category-basis.ts'
import { editHousehold, editRecord } from './edit-record.ts'
import { plainOf } from './masked-record.ts'
import { listConflicts } from './queries.ts'
import { openRecordSet } from './record-set.ts'
import { recordVisit } from './record-visit.ts'
import { type SampleStation, sampleStation } from './sample-station.test.data.ts'
import { settleConflict } from './settle-conflict.ts'

let sample: SampleStation
let door: string
beforeEach(async () => {
  sample = await sampleStation(1)
  door = sample.households[0]!
})
afterEach(() => sample.close())

const fields = () => plainOf(sample.station.get(door)!).fields
const sets = () => sample.station.get(door)!.sets

describe('editHousehold and editRecord', () => {
  test('set, clear, add and remove', async () => {
    const add = { tags: [' 养狗 ', '养狗'], categories: ['low-income'] }
    const edit = { household: door, set: { mind: '有小狗' }, add }
    expect(await editHousehold(sample.station, edit)).toMatchObject({
      problem: { type: 'basis-needed', categories: ['low-income'] },
    })
    expectOk(await editHousehold(sample.station, { ...edit, basis: { document: '低保证 2026-03' } }))
    expect(basesOf(sample.station.get(door)!)).toMatchObject([
      { categories: ['low-income'], document: '低保证 2026-03', on: '2026-11-24' },
    ])
    expect([fields().mind, sets()]).toEqual(['有小狗', { tags: ['养狗'], categories: ['low-income'] }])
    const cleared = { household: door, set: { mind: null }, remove: { tags: ['养狗'] } }
    expect(expectOk(await editHousehold(sample.station, cleared))).toMatchObject({ changed: true })
    expect([fields().mind, sets()]).toEqual([undefined, { categories: ['low-income'] }])
  })

  test('what is so already writes nothing', async () => {
    const same = { household: door, set: { phone: '13800001234' }, remove: { tags: ['never'] } }
    expect(expectOk(await editHousehold(sample.station, same))).toMatchObject({ changed: false, entries: [] })
  })

  test.each([
    ['masked', { set: { phone: '138****1234' } }],
    ['required', { set: { dwelling: null } }],
    ['unknown-field', { set: { colour: 'red' } }],
    ['unknown-field', { add: { colours: ['red'] } }],
    ['unknown-field', { remove: { colours: ['red'] } }],
    ['required', { add: { tags: [' '] } }],
    ['too-long', { add: { tags: ['x'.repeat(61)] } }],
    ['text', { set: { phone: 5 } }],
  ])('refused as %s: %o', async (rule, edit) => {
    const result = await editHousehold(sample.station, { household: door, ...edit })
    expect(result).toMatchObject({ ok: false, problem: { type: 'invalid-field', rule } })
  })

  test('a visit is never edited, and only a household is edited as one', async () => {
    const { visit } = expectOk(await recordVisit(sample.station, { household: door, outcome: 'met' }))
    const edited = await editRecord(sample.station, { record: visit, set: { outcome: 'absent' } })
    expect(edited).toMatchObject({ ok: false, problem: { type: 'not-editable', use: 'withdrawVisit' } })
    const dwelling = String(fields().dwelling)
    expect(await editHousehold(sample.station, { household: dwelling })).toMatchObject({
      ok: false,
      problem: { type: 'no-such-record', wanted: 'household' },
    })
    expectOk(await editRecord(sample.station, { record: dwelling, set: { use: 'rented' } }))
    expect(sample.station.get(dwelling)?.fields.use).toBe('rented')
  })
})

describe('settleConflict', () => {
  const dispute = (value: string) =>
    sample.station.write('record.edit', (book) => {
      const edited = book.edit(door, { dispute: { phone: value } })
      return edited.ok ? ok(null) : edited
    })
  const conflicts = () => listConflicts(openRecordSet(sample.station, { follow: false }))

  beforeEach(async () => {
    expectOk(await dispute('13900005678'))
  })

  test('both values are shown, masked, with who wrote them and when', () => {
    const [conflict, ...others] = conflicts()
    expect(others).toEqual([])
    expect(conflict).toMatchObject({
      record: door,
      field: 'phone',
      label: ['联系电话', 'Phone'],
      title: '1幢2单元101室',
    })
    expect(conflict?.values.map((one) => one.value).sort()).toEqual(['138****1234', '139****5678'])
    expect(conflict?.values.map((one) => one.by.name)).toEqual(['测试员甲', '测试员甲'])
  })

  test.each([
    ['one of them', '13900005678', '13900005678'],
    ['one of them as it is shown', '139****5678', '13900005678'],
    ['a third', '13700000000', '13700000000'],
    ['none', null, undefined],
  ])('by %s', async (_, value, expected) => {
    expectOk(await settleConflict(sample.station, { record: door, field: 'phone', value }))
    expect([conflicts(), fields().phone]).toEqual([[], expected])
  })

  test('by naming the write, so that nobody has to type what is masked', async () => {
    const write = conflicts()[0]!.values.find((one) => one.value === '139****5678')!.write
    expectOk(await settleConflict(sample.station, { record: door, field: 'phone', write }))
    expect(fields().phone).toBe('13900005678')
  })

  test('a mask that fits two values, or none, decides nothing', async () => {
    expectOk(await dispute('13911115678'))
    const settle = (value: string) => settleConflict(sample.station, { record: door, field: 'phone', value })
    expect(await settle('139****5678')).toMatchObject({ ok: false, problem: { type: 'ambiguous-value' } })
    expect(await settle('136****5678')).toMatchObject({ ok: false, problem: { rule: 'masked' } })
    expect(conflicts()[0]?.values).toHaveLength(3)
  })

  test('there must be one', async () => {
    const none = await settleConflict(sample.station, { record: door, field: 'name', value: 'x' })
    expect(none).toMatchObject({ ok: false, problem: { type: 'no-conflict' } })
    const unknown = await settleConflict(sample.station, { record: 'hh-0000', field: 'name', value: 'x' })
    expect(unknown).toMatchObject({ ok: false, problem: { type: 'no-such-record' } })
  })
})
