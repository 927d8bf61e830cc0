import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { expectOk, ok } from '../result.ts'
import type { Station } from '../station/station.ts'
import { auditTrail } from './audit.ts'
import { giveConsent, listConsents, withdrawConsent } from './consent.ts'
import { isAllowed, mayReadDevice, mayShare, permissionFor } from './permission.ts'
import { recordReading } from './record-reading.ts'
import { openRecordSet, RecordSet } from './record-set.ts'
import { recordVisit } from './record-visit.ts'
import { homeRecords, record, residentRecords } from './sample-records.test.data.ts'
import { carry, NOW_MS, type SampleStation, sampleStation } from './sample-station.test.data.ts'

const PURPOSE = 'monitor-electricity'
const TODAY = '2026-11-24'
const DAY_MS = 86_400_000

describe('a decision from records alone', () => {
  const HOME = 'hh-1.2.301'
  const consent = (name: string, fields: Record<string, string>, known: string[] = [], withdrawn?: string) =>
    record(
      'consent',
      name,
      { subject: HOME, purpose: PURPOSE, basis: 'consent', from: '2026-11-01', ...fields },
      {
        sets: { after: known },
        timelines: withdrawn
          ? { withdrawals: [{ id: '1', by: 'me-1111', at: 0, value: { on: withdrawn, reason: '不要了' } }] }
          : {},
      },
    )
  const home = homeRecords('1', '2', '301')
  const allowed = (records: readonly ReturnType<typeof record>[], on = TODAY, subject = HOME) =>
    isAllowed(new RecordSet([...home, ...records]), subject, PURPOSE, on)

  test('monitoring needs somebody’s word, and that of no other kind of device', () => {
    expect(allowed([])).toBe(false)
    expect(allowed([consent('1', {})])).toBe(true)
    expect(allowed([consent('1', { purpose: 'monitor-water' })])).toBe(false)
    expect(isAllowed(new RecordSet(home), HOME, 'phone-visits', TODAY)).toBe(true)
  })

  test('from its first day to its last', () => {
    const dated = [consent('1', { from: '2026-11-10', until: '2026-11-20' })]
    expect(['2026-11-09', '2026-11-10', '2026-11-20', '2026-11-21'].map((on) => allowed(dated, on))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  test('a withdrawal holds from its day on, and outweighs what did not know of it', () => {
    const taken = consent('1', {}, [], '2026-11-20')
    expect([allowed([taken], '2026-11-19'), allowed([taken], '2026-11-20')]).toEqual([true, false])
    expect(allowed([taken, consent('2', { from: '2026-11-20' })])).toBe(false)
    expect(allowed([taken, consent('2', { from: '2026-11-20' }, ['cn-1'])])).toBe(true)
    expect(allowed([taken, consent('2', { basis: 'legal-duty' })])).toBe(true)
  })

  test('who lives there and withdrew is heard before the household; without its word all must agree', () => {
    const [anna, bert] = [residentRecords('anna', HOME), residentRecords('bert', HOME)]
    const of = (person: string, withdrawn?: string) =>
      consent(person, { subject: `pe-${person}` }, [], withdrawn)
    expect(allowed([...anna, ...bert, of('anna')])).toBe(false)
    expect(allowed([...anna, ...bert, of('anna'), of('bert')])).toBe(true)
    expect(allowed([...anna, ...bert, consent('1', {}), of('bert', '2026-11-20')])).toBe(false)
    expect(allowed([...anna, consent('1', {})], TODAY, 'pe-anna')).toBe(true)
    const moved = residentRecords('bert', HOME, {}, { to: '2026-11-22' })
    expect(allowed([...anna, ...moved, consent('1', {}), of('bert', '2026-11-20')])).toBe(true)
  })

  test('a child’s own word counts only through a guardian', () => {
    const child = residentRecords('kim', HOME, { fields: { birthDate: '2015-01-01' } })
    const word = (guardian?: string) =>
      consent('kim', { subject: 'pe-kim', ...(guardian ? { guardian } : {}) })
    expect(allowed([...child, word()], TODAY, 'pe-kim')).toBe(false)
    expect(allowed([...child, word('测试家长')], TODAY, 'pe-kim')).toBe(true)
  })

  test('a device: every household of its dwelling is asked; at the door it is enough to be met', () => {
    const device = record('device', '1', { dwelling: 'dw-1.2.301', kind: 'electricity' })
    const met = record('visit', '1', { household: HOME, on: TODAY, outcome: 'met' })
    const may = (records: readonly ReturnType<typeof record>[], source?: 'visit') =>
      mayReadDevice(new RecordSet([...home, device, ...records]), device, TODAY, source).ok
    expect([may([]), may([], 'visit'), may([met]), may([met], 'visit')]).toEqual([false, false, false, true])
    expect(may([met, consent('1', {}, [], TODAY)], 'visit')).toBe(false)
    const second = record('household', 'second', { dwelling: 'dw-1.2.301' })
    expect([may([consent('1', {})]), may([consent('1', {}), second])]).toEqual([true, false])
    expect(mayReadDevice(new RecordSet([device]), device, TODAY).ok).toBe(true)
  })

  test('a case goes to a partner only where the household allows it', () => {
    const share = (word: ReturnType<typeof record>[]) =>
      mayShare(new RecordSet([...home, ...word]), HOME, TODAY).ok
    expect([share([]), share([consent('1', { purpose: 'share-with-partner' })])]).toEqual([false, true])
  })
})

describe('giving and withdrawing', () => {
  let sample: SampleStation
  let door: string
  let device: string
  const give = (station: Station) =>
    giveConsent(station, { subject: door, purpose: PURPOSE, how: 'in-person' })
  const allowedOn = (station: Station, on = TODAY) =>
    permissionFor(openRecordSet(station, { follow: false }), door, PURPOSE, on).allowed
  const read = (station: Station, value: number, more: { source?: 'visit'; on?: string } = {}) =>
    recordReading(station, {
      device,
      on: TODAY,
      item: '00010000',
      value,
      unit: 'kWh',
      readAt: '2026-11-24T02:00:00.000Z',
      ...more,
    })
  beforeEach(async () => {
    sample = await sampleStation(1)
    door = sample.households[0]!
    const dwelling = String(sample.station.get(door)!.fields.dwelling)
    device = expectOk(
      await sample.station.write('record.edit', (book) =>
        book.create('device', sample.grid, { set: { dwelling, kind: 'electricity' } }),
      ),
    ).value
  })
  afterEach(() => sample.close())

  test('without consent a gateway’s reading is refused; one at the door is taken once somebody was met', async () => {
    expect(await read(sample.station, 1)).toMatchObject({
      problem: { type: 'no-consent', because: 'unsaid' },
    })
    expect(await read(sample.station, 1, { source: 'visit' })).toMatchObject({ ok: false })
    expectOk(await recordVisit(sample.station, { household: door, outcome: 'met' }))
    expectOk(await read(sample.station, 1, { source: 'visit' }))
    expect(await read(sample.station, 2)).toMatchObject({ ok: false })
  })

  test('a withdrawal stops the device, is for good, and says what it stopped', async () => {
    const { consent } = expectOk(await give(sample.station))
    expectOk(await read(sample.station, 1))
    const withdrawn = expectOk(await withdrawConsent(sample.station, { consent, reason: '不想被看着' }))
    expect(withdrawn).toMatchObject({ purpose: PURPOSE, stopped: [device] })
    expect(await read(sample.station, 2)).toMatchObject({
      problem: { type: 'no-consent', because: 'withdrawn' },
    })
    expect(await withdrawConsent(sample.station, { consent, reason: '再撤' })).toMatchObject({
      problem: { type: 'consent-withdrawn' },
    })
    expectOk(await give(sample.station))
    expectOk(await read(sample.station, 2))
    const rows = listConsents(openRecordSet(sample.station, { follow: false }), door, { on: TODAY })
    expect(rows.map(({ state }) => state).sort()).toEqual(['in-force', 'withdrawn'])
  })

  test('withdrawn on one laptop, read meanwhile at another: it stays, is flagged, and stops after they met', async () => {
    const { consent } = expectOk(await give(sample.station))
    const gateway = await sample.colleague('steward')
    sample.setNow(NOW_MS + DAY_MS)
    expectOk(await withdrawConsent(sample.station, { consent, reason: '不想被看着' }))
    sample.setNow(NOW_MS + 2 * DAY_MS)
    const next = { on: '2026-11-26' }
    expectOk(await read(gateway, 7, next))
    await carry(gateway, sample.station)
    await carry(sample.station, gateway)
    for (const station of [sample.station, gateway]) {
      expect(station.get(device)?.timelines.daily).toHaveLength(1)
      const { rows } = auditTrail(station, { subject: door, action: 'device.read' })
      expect(rows.map(({ member, flags }) => ({ member, flags }))).toEqual([
        { member: gateway.identity.member, flags: ['after-withdrawal'] },
      ])
    }
    expect(await read(gateway, 8, next)).toMatchObject({ problem: { type: 'no-consent' } })
  })

  test('given and withdrawn apart: the withdrawal wins on both, until somebody who knows of it gives anew', async () => {
    const first = expectOk(await give(sample.station)).consent
    const colleague = await sample.colleague()
    expectOk(await withdrawConsent(sample.station, { consent: first, reason: '不同意了' }))
    expectOk(await give(colleague))
    await carry(colleague, sample.station)
    await carry(sample.station, colleague)
    expect([allowedOn(sample.station), allowedOn(colleague)]).toEqual([false, false])
    expectOk(await give(colleague))
    await carry(colleague, sample.station)
    expect([allowedOn(sample.station), allowedOn(colleague)]).toEqual([true, true])
  })

  test('somebody who lives there and withdrew stops a reading that the household allows', async () => {
    const { station, grid } = sample
    expectOk(await give(station))
    const dwelling = String(station.get(door)!.fields.dwelling)
    const person = expectOk(
      await station.write('record.import', (book) => {
        const made = expectOk(book.create('person', grid, { set: { name: '测试员丁' } }))
        expectOk(book.create('residence', grid, { set: { person: made, dwelling, household: door } }))
        return ok(made)
      }),
    ).value
    expectOk(await read(station, 1))
    const input = { subject: person, purpose: PURPOSE, how: 'voice' } as const
    const { consent } = expectOk(await giveConsent(station, input))
    expectOk(await read(station, 2))
    expectOk(await withdrawConsent(station, { consent, reason: '不同意' }))
    expect(await read(station, 3)).toMatchObject({ problem: { type: 'no-consent', subject: door } })
  })

  test('what a consent lacks', async () => {
    const { station } = sample
    expect(await giveConsent(station, { subject: door, purpose: PURPOSE })).toMatchObject({
      problem: { type: 'consent-incomplete', needs: 'how' },
    })
    expect(await giveConsent(station, { subject: device, purpose: PURPOSE, how: 'paper' })).toMatchObject({
      problem: { type: 'not-a-subject' },
    })
    const child = expectOk(
      await station.write('record.import', (book) =>
        book.create('person', sample.grid, { set: { name: '测试儿童', birthDate: '2015-01-01' } }),
      ),
    ).value
    const input = { subject: child, purpose: 'photos', how: 'paper' } as const
    expect(await giveConsent(station, input)).toMatchObject({ problem: { needs: 'guardian' } })
    expectOk(await giveConsent(station, { ...input, guardian: '测试家长' }))
  })
})
