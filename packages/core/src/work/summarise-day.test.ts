import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import type { Observation, Signal } from '../series/observation.ts'
import { openSeries } from '../series/open-series.ts'
import type { SeriesStore } from '../series/series-store.ts'
import { giveConsent, withdrawConsent } from './consent.ts'
import { type SampleStation, sampleStation } from './sample-station.test.data.ts'
import { summariseDay } from './summarise-day.ts'

const HOUR = 3_600_000
/** 2026-11-23 00:00 in Shanghai. */
const DAY = Date.UTC(2026, 10, 22, 16)

let sample: SampleStation
let series: SeriesStore
let device: string
let consent: string
beforeEach(async () => {
  sample = await sampleStation(1)
  const { station, grid, households } = sample
  const dwelling = String(station.get(households[0]!)!.fields.dwelling)
  device = expectOk(
    await station.write('record.edit', (book) =>
      book.create('device', grid, { set: { dwelling, kind: 'water' } }),
    ),
  ).value
  consent = expectOk(
    await giveConsent(station, {
      subject: households[0]!,
      purpose: 'monitor-water',
      how: 'paper',
      from: '2026-11-20',
    }),
  ).consent
  series = expectOk(openSeries(station))
})
afterEach(async () => {
  await series.close()
  await sample.close()
})

/** What the record says of its days, in the order in which it was said: items of a timeline have none. */
const daily = () =>
  sample.station
    .get(device)!
    .timelines.daily!.map(({ value }) => value as { readonly readAt: string; readonly item: string })
    .sort((a, b) => (a.readAt < b.readAt ? -1 : 1))

/** The register at the half of each hour; uses of the hours from the evening before on. */
const readings = (uses: readonly (number | null)[], from = DAY - 0.5 * HOUR): Observation[] => {
  let litres = 5_000
  return uses.flatMap((use, hour) => {
    litres += use ?? 0
    return use === null
      ? []
      : [{ device, signal: 'water' as Signal, atMs: from + hour * HOUR, value: litres / 1000 }]
  })
}
// From 23:30 of the day before: still at night, then breakfast, a gap from noon, evening.
const uses = [
  ...[0, 0, 0, 0, 0, 0, 0, 60, 20, 0, 0, 0],
  ...[0, null, null, null, 0, 10, 90, 30, 0, 0, 0, 0, 10],
]

test('a day of a meter is a few numbers on its record, once, and anew when late readings change them', async () => {
  expectOk(await series.append(readings(uses)))
  const done = expectOk(await summariseDay(sample.station, series, '2026-11-23'))
  expect(done).toMatchObject({ written: [device], unchanged: 0, withoutConsent: 0 })
  expect(daily()).toEqual([
    {
      on: '2026-11-23',
      item: 'water',
      unit: 'm³',
      value: 5.22,
      // What was used after half past eleven is not known yet.
      use: null,
      dryHours: 8,
      nightLow: 0,
      peakHour: 17,
      untoldHours: 1,
      readAt: '2026-11-24T01:14:00.000Z',
    },
  ])
  sample.setNow(Date.UTC(2026, 10, 24, 2))
  expect(expectOk(await summariseDay(sample.station, series, '2026-11-23'))).toMatchObject({
    written: [],
    unchanged: 1,
  })
  // The last hour became whole.
  expectOk(await series.append([{ device, signal: 'water', atMs: DAY + 24.5 * HOUR, value: 5.23 }]))
  expect(expectOk(await summariseDay(sample.station, series, '2026-11-23')).written).toEqual([device])
  expect(daily()).toHaveLength(2)
  expect(daily()[1]).toMatchObject({ use: 0.225, untoldHours: 0, readAt: '2026-11-24T02:00:00.000Z' })
  // Of a day without a reading there is nothing to say.
  expect(expectOk(await summariseDay(sample.station, series, '2026-11-21')).written).toEqual([])
})

test('without consent nothing is written', async () => {
  expectOk(await series.append(readings(uses)))
  expect(expectOk(await summariseDay(sample.station, series, '2026-11-19')).written).toEqual([])
  sample.setNow(DAY + HOUR)
  expectOk(await withdrawConsent(sample.station, { consent, reason: '不想了' }))
  expect(expectOk(await summariseDay(sample.station, series, '2026-11-23'))).toMatchObject({
    written: [],
    withoutConsent: 1,
  })
  expect(sample.station.get(device)!.timelines.daily ?? []).toEqual([])
})

test('how often a door was opened is counted, not how often it was said to be open', async () => {
  const door = (hour: number, value: number): Observation => ({
    device,
    signal: 'door-open',
    atMs: DAY + hour * HOUR,
    value,
  })
  expectOk(
    await series.append([
      door(-1, 1),
      door(1, 1),
      door(2, 0),
      door(3, 0),
      door(9, 1),
      door(9.1, 1),
      door(9.2, 0),
      door(19, 1),
    ]),
  )
  expectOk(await summariseDay(sample.station, series, '2026-11-23'))
  expect(sample.station.get(device)!.timelines.daily![0]!.value).toMatchObject({
    item: 'door-open',
    value: 2,
  })
})

test('of an alarm that said nothing it is noted that it was heard; of a battery how much is left', async () => {
  const atMs = DAY + 5 * HOUR
  const said = async () => {
    expectOk(await summariseDay(sample.station, series, '2026-11-23'))
    return daily()
  }
  expectOk(await series.append([{ device, signal: 'smoke', atMs, value: 0 }]))
  expect(await said()).toMatchObject([{ item: 'online', value: 1, on: '2026-11-23' }])
  expectOk(await series.append([{ device, signal: 'battery', atMs: atMs + HOUR, value: 12 }]))
  expect((await said()).find(({ item }) => item === 'battery')).toMatchObject({ value: 12, unit: '%' })
})
