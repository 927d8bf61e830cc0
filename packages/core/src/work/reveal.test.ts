import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { auditTrail } from './audit.ts'
import { openRecordSet } from './record-set.ts'
import { reveal } from './reveal.ts'
import { carry, NOW_MS, type SampleStation, sampleStation } from './sample-station.test.data.ts'

const PHONE = '13800001234'
let sample: SampleStation
let door: string
beforeEach(async () => {
  sample = await sampleStation(2)
  door = sample.households[0]!
})
afterEach(() => sample.close())

const reveals = () => [...sample.station.records({ type: 'reveal' })]

describe('reveal', () => {
  test('gives the text, and says where it is written that it was looked at', async () => {
    const seen = expectOk(await reveal(sample.station, door, 'phone', 'emergency'))
    expect(seen).toMatchObject({ record: door, field: 'phone', value: PHONE, revealed: { atMs: NOW_MS } })
    expect(seen.revealed.entry.space).toBe(sample.grid)
    const [note] = reveals()
    expect(note).toMatchObject({ fields: { record: door, year: 2026 } })
    expect(note?.timelines.seen).toMatchObject([
      { by: sample.station.identity.member, at: NOW_MS, value: { field: 'phone', reason: 'emergency' } },
    ])
    expect(JSON.stringify(reveals())).not.toContain(PHONE)
    const { rows } = auditTrail(sample.station, { subject: door, action: 'record.reveal' })
    expect(rows).toMatchObject([
      { entry: seen.revealed.entry, records: [{ id: door, fields: ['phone'] }], reason: 'emergency' },
    ])
  })

  test('a year of looking at one record is one record; the next year is another', async () => {
    expectOk(await reveal(sample.station, door, 'phone', 'contact'))
    expectOk(await reveal(sample.station, door, 'phone', '核对身份'))
    const [record, ...others] = reveals()
    expect(others).toEqual([])
    const seen = record!.timelines.seen!.map(({ value }) => JSON.stringify(value))
    expect(seen.sort()).toEqual([
      JSON.stringify({ field: 'phone', reason: 'contact' }),
      JSON.stringify({ field: 'phone', reason: 'verify' }),
    ])
    sample.setNow(NOW_MS + 60 * 86_400_000)
    expectOk(await reveal(sample.station, door, 'phone', '家属来电询问'))
    expect(
      reveals()
        .map(({ fields }) => fields.year)
        .sort(),
    ).toEqual([2026, 2027])
  })

  test('two laptops that look at one record apart add to the same record, without a conflict', async () => {
    const colleague = await sample.colleague()
    expectOk(await reveal(sample.station, door, 'phone', 'contact'))
    expectOk(await reveal(colleague, door, 'phone', 'duty'))
    await carry(sample.station, colleague)
    await carry(colleague, sample.station)
    expect(reveals()).toHaveLength(1)
    expect(reveals()[0]?.conflicts).toEqual({})
    expect(reveals()[0]?.timelines.seen).toHaveLength(2)
  })

  test('of a conflict every value', async () => {
    const dispute = { dispute: { phone: '13900005678' } }
    expectOk(await sample.station.write('record.edit', (book) => book.edit(door, dispute)))
    const { values } = expectOk(await reveal(sample.station, door, 'phone', 'correct'))
    expect([...(values ?? [])].sort()).toEqual([PHONE, '13900005678'])
  })

  test.each([
    ['reason-needed', 'phone', '  '],
    ['not-masked', 'name', 'contact'],
    ['nothing-there', 'emergencyPhone', 'contact'],
    ['nothing-there', 'constructor', 'contact'],
    ['invalid-field', 'phone', 'x'.repeat(201)],
  ])('%s: nothing is given out and nothing is written', async (type, field, reason) => {
    expect(await reveal(sample.station, door, field, reason)).toMatchObject({ ok: false, problem: { type } })
    expect(reveals()).toEqual([])
  })

  test('whoever may not write cannot reveal, since looking must leave a trace', async () => {
    const auditor = await sample.colleague('auditor')
    expect(await reveal(auditor, door, 'phone', 'duty')).toMatchObject({ problem: { type: 'role-may-not' } })
    const set = openRecordSet(auditor)
    expect(JSON.stringify([...auditor.records(), ...set.ofType('household')])).not.toContain(PHONE)
    set.close()
  })
})
