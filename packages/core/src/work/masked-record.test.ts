import { expect, test } from 'vitest'
import { roles } from '../membership/roles.ts'
import { recordTypes } from '../records/registry.ts'
import { isMasked, maskedFor, maskKindOf, maskValue } from './mask.ts'
import { maskedRecord, plainOf } from './masked-record.ts'
import { openRecordSet, RecordSet } from './record-set.ts'
import { record } from './sample-records.test.data.ts'
import { sampleStation } from './sample-station.test.data.ts'

const ID_NUMBER = '99000019410312002X'
const PHONE = '13800001234'
const anna = record(
  'person',
  'anna',
  { name: '测试员甲', idNumber: ID_NUMBER, phone: PHONE, health: '听力差', gender: 'female' },
  {
    sets: { categories: ['low-income'] },
    conflicts: {
      phone: [PHONE, '13900005678'].map((value, n) => ({ value, tag: String(n), by: 'me-1111', at: 0 })),
    },
  },
)

test('a worker sees names; numbers, phones, health and what disagrees about them are masked', () => {
  const seen = maskedRecord(anna, 'worker')
  expect(seen.fields).toEqual({
    name: '测试员甲',
    idNumber: '990000****002X',
    phone: '138****1234',
    health: '****',
    gender: 'female',
  })
  expect(seen.conflicts.phone?.map(({ value }) => value)).toEqual(['138****1234', '139****5678'])
  expect(seen.sets).toEqual({ categories: ['low-income'] })
})

test('an auditor sees no categories and no notes of steps; the plain record is behind, once', () => {
  const seen = maskedRecord(anna, 'auditor')
  expect(seen.sets).toEqual({})
  expect(plainOf(seen)).toBe(anna)
  expect(maskedRecord(seen, 'worker')).toEqual(maskedRecord(anna, 'worker'))
  const step = (note: string) => ({ id: '1', by: 'me-1111', at: 0, value: { step: 'report', note, saw: [] } })
  const opened = record('case', '1', { title: '楼道堆物' }, { timelines: { steps: [step('住着病人')] } })
  expect(JSON.stringify(maskedRecord(opened, 'auditor'))).not.toContain('住着病人')
  expect(maskedRecord(opened, 'worker')).toBe(opened)
})

test('what a newer version wrote is masked for everybody', () => {
  const newer = record('person', 'anna', { name: '测试员甲', bankAccount: '6222 0000' })
  expect(maskedRecord(newer, 'chief').fields).toEqual({ name: '测试员甲', bankAccount: '****' })
  const unknown = { ...newer, type: 'wallet', id: 'wa-0000' }
  expect(maskedRecord(unknown, 'chief').fields).toEqual({ name: '****', bankAccount: '****' })
})

test('masking twice is masking once, for every kind', () => {
  for (const kind of Object.keys(maskedFor.auditor) as (keyof typeof maskedFor.auditor)[])
    for (const value of [ID_NUMBER, PHONE, '0571-88001234', '110', '欧阳甲', '听力差', 7, ['x']]) {
      const once = maskValue(kind, value)
      expect(maskValue(kind, once), `${kind} ${String(value)}`).toBe(once)
    }
})

test('every field and set of every record type is masked or not for every role; nothing is undecided', () => {
  for (const [type, definition] of Object.entries(recordTypes))
    for (const name of [
      ...Object.keys(definition.fields),
      ...Object.keys('sets' in definition ? definition.sets : {}),
    ])
      for (const role of Object.keys(roles) as (keyof typeof roles)[]) {
        const kind = maskKindOf(type, name)
        expect(isMasked(type, name, role)).toBe(kind !== null && maskedFor[role][kind])
      }
})

test('all that a station gives out is masked: records, one record, inside a write, what changed, record sets', async () => {
  await using sample = await opened()
  const { station, household } = sample
  const heard: unknown[] = []
  station.onChange(({ records }) => heard.push(...records))
  const set = openRecordSet(station)
  set.subscribe(({ records }) => heard.push(...records))
  await station.write('record.edit', (book) => {
    heard.push(book.get(household), ...book.records({ type: 'household' }))
    return book.edit(household, { set: { phone: PHONE, mind: '有小狗' } })
  })
  const given = [
    heard,
    [...station.records()],
    station.get(household),
    [...set.ofType('household')],
    set.get(household),
  ]
  expect(heard.length).toBeGreaterThan(2)
  expect(JSON.stringify(given)).toContain('138****1234')
  expect(JSON.stringify(given)).not.toContain(PHONE)
  set.close()
})

test('a record masked for one viewer is masked anew for another', () => {
  const set = new RecordSet([anna], 'worker')
  expect(set.get(anna.id)?.fields.name).toBe('测试员甲')
  expect(new RecordSet([set.get(anna.id)!], 'auditor').get(anna.id)?.fields.name).toBe('测*')
})

async function opened() {
  const sample = await sampleStation(1)
  return {
    station: sample.station,
    household: sample.households[0]!,
    [Symbol.asyncDispose]: () => sample.close(),
  }
}
