import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectOk } from '../result.ts'
import { giveConsent } from './consent.ts'
import { readingOf, recordReading } from './record-reading.ts'
import { type SampleStation, sampleStation } from './sample-station.test.data.ts'

const ENERGY = '00010000'

describe('daily readings', () => {
  let sample: SampleStation
  let device: string
  const read = (value: number, readAt: string, on = '2026-11-24') =>
    recordReading(sample.station, { device, on, item: ENERGY, value, unit: 'kWh', readAt })
  beforeEach(async () => {
    sample = await sampleStation(1)
    const { station, grid, households } = sample
    const dwelling = String(station.get(households[0]!)!.fields.dwelling)
    device = expectOk(
      await station.write('record.edit', (book) =>
        book.create('device', grid, { set: { dwelling, kind: 'electricity', protocol: 'dlt645' } }),
      ),
    ).value
    expectOk(
      await giveConsent(station, { subject: households[0]!, purpose: 'monitor-electricity', how: 'paper' }),
    )
  })
  afterEach(() => sample.close())

  it('keeps one reading a day and item as long as it does not change', async () => {
    const first = expectOk(await read(12.5, '2026-11-24T01:00:00.000Z'))
    expect(first).toMatchObject({ device, changed: true, entries: [{ space: sample.grid }] })
    expect(expectOk(await read(12.5, '2026-11-24T02:00:00.000Z'))).toMatchObject({
      changed: false,
      entries: [],
    })
    expectOk(await read(12.75, '2026-11-24T03:00:00.000Z'))
    expectOk(await read(12.75, '2026-11-24T23:00:00.000Z', '2026-11-25'))
    const record = sample.station.get(device)!
    expect(record.timelines.daily).toHaveLength(3)
    expect(readingOf(record, '2026-11-24', ENERGY)).toEqual({
      value: 12.75,
      unit: 'kWh',
      readAt: '2026-11-24T03:00:00.000Z',
    })
  })

  it('lets no older reading come after a newer one of its day', async () => {
    expectOk(await read(20, '2026-11-24T05:00:00.000Z'))
    expect(expectOk(await read(19, '2026-11-24T04:00:00.000Z')).changed).toBe(false)
    expect(readingOf(sample.station.get(device)!, '2026-11-24', ENERGY)?.value).toBe(20)
  })

  it('refuses what is no day, no number and no instant, and what is no device', async () => {
    const rule = async (...reading: Parameters<typeof read>) => {
      const result = await read(...reading)
      return result.ok ? null : result.problem.rule
    }
    expect(await rule(1, '2026-11-24T05:00:00.000Z', '2026-02-30')).toBe('date')
    expect(await rule(Number.NaN, '2026-11-24T05:00:00.000Z')).toBe('number')
    expect(await rule(1, 'this morning')).toBe('instant')
    device = sample.households[0]!
    expect(await read(1, '2026-11-24T05:00:00.000Z')).toMatchObject({ problem: { type: 'no-such-record' } })
  })
})
