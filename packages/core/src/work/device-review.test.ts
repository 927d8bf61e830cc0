import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { expectOk } from '../result.ts'
import { giveConsent } from './consent.ts'
import { noteErased, replaceDevice, retireDevice } from './device-change.ts'
import { quarterAt, quarterOf } from './device-figures.ts'
import { decideDevice, listReviews, reviewIdOf, reviewOf, sayOfDevice } from './device-review.ts'
import { openCase } from './open-case.ts'
import { mayReadDevice } from './permission.ts'
import { recordReading } from './record-reading.ts'
import { openRecordSet, RecordSet } from './record-set.ts'
import { timeline } from './sample-meters.test.data.ts'
import { communityRecords, homeRecords, record } from './sample-records.test.data.ts'
import { type SampleStation, sampleStation } from './sample-station.test.data.ts'

const ON = '2026-11-24'
const Q4 = quarterOf('2026Q4')!
const MS = Date.UTC(2026, 10, 10)
const device = (fields: Record<string, Value> = {}, daysHeard = 55) =>
  record(
    'device',
    'd',
    { dwelling: 'dw-1.2.301', kind: 'water', protocol: 'cjt188', installedOn: '2025-11-24', ...fields },
    {
      timelines: {
        daily: timeline(
          Array.from({ length: daysHeard }, (_, at) => ({
            on: new Date(Date.UTC(2026, 9, 1) + at * 86_400_000).toISOString().slice(0, 10),
            item: 'water',
            value: at,
          })),
        ),
      },
    },
  )
const alarm = (name: string, verdict: string | null) =>
  record(
    'alarm',
    name,
    { device: 'de-d', household: 'hh-1.2.301', rule: 'water-none-24h', sinceMs: MS },
    {
      createdAt: MS,
      timelines: {
        signals: [
          {
            id: `s${name}`,
            by: 'me-1',
            at: MS,
            value: { state: 'raised', at: MS, round: 1, saw: [], case: 'ca-1' },
          },
        ],
        answers:
          verdict === null
            ? []
            : [
                {
                  id: `a${name}`,
                  by: 'me-1',
                  at: MS + 1000,
                  value: { did: 'visited', by: 'door', verdict, role: 'worker', round: 1, saw: [`s${name}`] },
                },
              ],
      },
    },
  )
const review = (says: readonly Value[], decisions: readonly Value[] = []) =>
  record(
    'review',
    reviewIdOf('de-d', '2026Q4').slice(3),
    { device: 'de-d', quarter: '2026Q4' },
    { timelines: { says: timeline(says), decisions: timeline(decisions) } },
  )
const of = (...records: Projection[]) => {
  const set = new RecordSet([...communityRecords(), ...homeRecords('1', '2', '301'), ...records])
  return reviewOf(set, set.getA('device', 'de-d')!, Q4, ON)
}

test('a quarter is three months of days; what is none is none', () => {
  expect(Q4).toEqual({ name: '2026Q4', from: '2026-10-01', until: '2026-12-31' })
  expect(['2026-01-01', '2026-03-31', '2026-04-01', '2026-12-31'].map(quarterAt)).toEqual([
    ...['2026Q1', '2026Q1', '2026Q2', '2026Q4'],
  ])
  for (const name of ['2026Q5', '2026', 'Q4', '2026-11']) expect(quarterOf(name)).toBeNull()
})

describe('what the figures propose', () => {
  test('heard every day, nothing said: keep', () => {
    expect(of(device({ priceYuan: 120 }))).toMatchObject({
      figures: {
        days: 54,
        daysHeard: 54,
        onlinePercent: 100,
        monthsInUse: 11,
        yuanPerMonth: 10.91,
        falsePercent: null,
      },
      proposal: { choice: 'keep', reasons: [] },
      decision: null,
    })
  })

  test.each([
    ['heard on three days of four: repair', device({}, 40), 'repair', 'online'],
    ['hardly heard: retire', device({}, 20), 'retire', 'online'],
    ['its life is over: retire', device({ expiresOn: '2026-11-01' }), 'retire', 'expired'],
  ])('%s', (_, one, choice, because) => {
    expect(of(one).proposal).toMatchObject({ choice, reasons: [{ because }] })
  })

  test('what was noted a few days ago is not judged by how often it was heard, however long it has hung there', () => {
    const noted = { ...device({}, 0), createdAt: Date.UTC(2026, 10, 12) }
    expect(of(noted)).toMatchObject({
      figures: { days: 12, onlinePercent: null, monthsInUse: 11 },
      proposal: { choice: 'keep' },
    })
    expect(of({ ...noted, createdAt: Date.UTC(2026, 10, 1) }).proposal.choice).toBe('retire')
  })

  test('an alarm that only sounds is not judged by how often it is heard', () => {
    const alone = device({ protocol: null, kind: 'gas-alarm', installedOn: '2024-01-01' }, 0)
    expect(of(alone)).toMatchObject({ figures: { onlinePercent: null }, proposal: { choice: 'keep' } })
  })

  test('the share of false alarms counts those that were judged, and three at least', () => {
    const two = of(device(), alarm('1', 'false'), alarm('2', 'false'), alarm('3', null))
    expect(two).toMatchObject({
      figures: { alarms: 3, answered: 2, falsePercent: null },
      proposal: { choice: 'keep' },
    })
    const four = of(device(), ...['false', 'away', 'true', 'test'].map((one, at) => alarm(String(at), one)))
    expect(four).toMatchObject({
      figures: {
        alarms: 4,
        falseAlarms: 2,
        falsePercent: 50,
        trueAlarms: 1,
        usedBy: [{ role: 'worker', answers: 4 }],
        cases: ['ca-1'],
      },
      proposal: {
        choice: 'repair',
        reasons: [{ because: 'false-alarms', found: 50, norm: 'false-repair', limit: 30 }],
      },
    })
  })

  test('who lives with it is heard: the last word of theirs outweighs good figures, a worker’s does not', () => {
    const says = (from: string, wants: string) => ({ from, wants, words: '夜里老叫' })
    expect(of(device(), review([says('resident', 'retire')])).proposal).toMatchObject({
      choice: 'retire',
      reasons: [{ because: 'resident-asks', found: '夜里老叫' }],
    })
    expect(of(device(), review([says('resident', 'retire'), says('family', 'keep')])).proposal.choice).toBe(
      'keep',
    )
    expect(of(device(), review([says('worker', 'retire')])).proposal.choice).toBe('keep')
  })

  test('norms are the community’s to set', () => {
    const stricter = record('norm', 'n', { code: 'online-repair', value: 100, source: '本社区' })
    expect(of(device({}, 53), stricter).proposal).toMatchObject({
      choice: 'repair',
      reasons: [{ limit: 100 }],
    })
  })
})

test('of two decisions made apart the milder holds and is shown as disputed, until one who knows both decides', () => {
  const said = (choice: string, saw: string[] = []) => ({ choice, why: '因为', saw })
  const apart = [said('retire'), said('keep')]
  expect(of(device(), review([], apart)).decision).toMatchObject({ choice: 'keep', disputed: true })
  expect(of(device(), review([], [...apart].reverse())).decision).toMatchObject({
    choice: 'keep',
    disputed: true,
  })
  const settled = [...apart, said('repair', ['000000', '000001'])]
  expect(of(device(), review([], settled)).decision).toMatchObject({ choice: 'repair', disputed: false })
})

describe('at real stations', () => {
  let sample: SampleStation
  let meter: string
  beforeEach(async () => {
    sample = await sampleStation(1)
    const { station, grid, households } = sample
    const dwelling = String(station.get(households[0]!)!.fields.dwelling)
    meter = expectOk(
      await station.write('record.edit', (book) =>
        book.create('device', grid, {
          set: { dwelling, kind: 'water', protocol: 'cjt188', address: '01', installedOn: '2026-10-01' },
        }),
      ),
    ).value
    expectOk(await giveConsent(station, { subject: households[0]!, purpose: 'monitor-water', how: 'paper' }))
  })
  afterEach(() => sample.close())
  const setOf = () => openRecordSet(sample.station, { follow: false })

  test('a worker notes what the resident says, a chief alone decides; retiring ends reading, consent and raw data', async () => {
    const { station, households } = sample
    const worker = await sample.colleague()
    expect(
      await decideDevice(worker, { device: meter, quarter: '2026Q4', choice: 'retire', why: '不要了' }),
    ).toMatchObject({ ok: false })
    expectOk(
      await sayOfDevice(worker, {
        device: meter,
        quarter: '2026Q4',
        from: 'resident',
        wants: 'retire',
        words: '不要了',
      }),
    )
    expectOk(
      await openCase(station, {
        household: households[0]!,
        kind: 'device',
        title: '坏了',
        device: meter,
        source: 'resident',
      }),
    )
    const done = expectOk(
      await decideDevice(station, { device: meter, quarter: '2026Q4', choice: 'retire', why: '住户不要' }),
    )
    expect(done).toMatchObject({ retired: true, consentsEnded: [expect.stringMatching(/^cn-/)] })
    const set = setOf()
    const [row] = listReviews(set, Q4, { on: ON })
    expect(row).toMatchObject({
      decision: { choice: 'retire' },
      retiredOn: ON,
      figures: { complaints: [expect.stringMatching(/^ca-/)] },
    })
    const retired = set.getA('device', meter)!
    expect(mayReadDevice(set, retired, ON)).toMatchObject({ problem: { type: 'device-retired' } })
    expect(
      await recordReading(station, {
        device: meter,
        on: ON,
        item: 'water',
        value: 1,
        unit: 'm³',
        readAt: '2026-11-24T01:00:00.000Z',
      }),
    ).toMatchObject({ ok: false, problem: { type: 'device-retired' } })
    expectOk(await noteErased(station, { device: meter, observations: 1440 }))
    expect(station.get(meter)!.timelines.erased).toMatchObject([{ value: { on: ON, observations: 1440 } }])
  })

  test('a meter is changed: the old one keeps its past and its last register, consent goes on for the new one', async () => {
    const { station } = sample
    const done = expectOk(
      await replaceDevice(station, {
        device: meter,
        lastRegister: 123.4,
        set: { address: '02', firstRegister: 0 },
      }),
    )
    const set = setOf()
    const fresh = set.getA('device', done.device)!
    expect(fresh.fields).toMatchObject({
      replaces: meter,
      kind: 'water',
      protocol: 'cjt188',
      installedOn: ON,
      address: '02',
    })
    expect(set.getA('device', meter)!.fields).toMatchObject({
      retiredOn: ON,
      retiredBecause: 'replaced',
      lastRegister: 123.4,
    })
    expect(mayReadDevice(set, fresh, ON).ok).toBe(true)
    // The old one again is refused, and the new one's consent ends with the new one alone.
    expect(await replaceDevice(station, { device: meter })).toMatchObject({
      problem: { type: 'device-retired' },
    })
    const gone = expectOk(await retireDevice(station, { device: done.device, because: 'broken' }))
    expect(gone.consentsEnded).toHaveLength(1)
  })
})
