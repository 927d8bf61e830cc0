import { gzipSync } from 'node:zlib'
import iconv from 'iconv-lite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectOk } from '../../result.ts'
import { openSeries } from '../../series/open-series.ts'
import type { SeriesStore } from '../../series/series-store.ts'
import { giveConsent } from '../../work/consent.ts'
import { type SampleStation, sampleStation } from '../../work/sample-station.test.data.ts'
import { importReadings } from './import-readings.ts'
import { parseReadingsMapping } from './mapping.ts'
import { TimeReader } from './read-time.ts'

const HOUR = 3_600_000
const mapping = expectOk(
  parseReadingsMapping(
    JSON.stringify({
      doorstep: 'readings/1',
      name: '供水公司',
      meter: '表号',
      time: { date: '日期', clock: '时间' },
      readings: [{ column: '累计', signal: 'water', unit: { column: '单位' } }],
    }),
  ),
)

let sample: SampleStation
let series: SeriesStore
let first: string
beforeEach(async () => {
  sample = await sampleStation(3)
  const { station, grid, households } = sample
  const add = async (household: string, address: string) => {
    const dwelling = String(station.get(household)!.fields.dwelling)
    return expectOk(
      await station.write('record.edit', (book) =>
        book.create('device', grid, { set: { dwelling, kind: 'water', protocol: 'utility', address } }),
      ),
    ).value
  }
  first = await add(households[0]!, '00161')
  await add(households[1]!, '00162')
  await add(households[2]!, '00163')
  await add(households[2]!, '163')
  const consent = { purpose: 'monitor-water', how: 'paper', from: '2026-11-20' } as const
  for (const household of [households[0]!, households[2]!])
    expectOk(await giveConsent(station, { subject: household, ...consent }))
  series = expectOk(openSeries(station))
})
afterEach(async () => {
  await series.close()
  await sample.close()
})

const FILE = [
  '表号,日期,时间,累计,单位',
  // The spreadsheet cut the zeros off.
  '161,2026-11-20,00:28,68321,L',
  '161,2026/11/20,1:19,68.331,吨',
  '161,2026-11-20,01:19:00,68331,升',
  '161,2026-11-20,04:20,68339,L',
  '161,2026-11-20,03:20,68.332,m³',
  '161,2026-11-20,05:20,60000,L',
  '161,2026-11-20,06:20,68340,L',
  '161,2026-11-20,07:20,4e+05,L',
  '161,2026-11-20,08:20,,L',
  '161,2026-11-20,09:20,68350,加仑',
  '161,2026-11-19,23:20,68300,L',
  '161,2026-13-20,10:20,68350,L',
  '161,2027-11-20,10:20,68350,L',
  '162,2026-11-20,10:20,5,m³',
  '162,2026-11-20,11:20,6,m³',
  '163,2026-11-20,10:20,5,m³',
  '0163,2026-11-20,10:20,5,m³',
  '999,2026-11-20,10:20,5,m³',
  ',2026-11-20,10:20,5,m³',
  '161,2026-11-20,12:20',
  ',,,,',
  '',
].join('\n')

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
const run = async (bytes: Uint8Array, more: { dryRun?: boolean; size?: number } = {}) =>
  expectOk(
    await importReadings(sample.station, series, {
      chunks: inPieces(bytes, more.size ?? 100_000),
      mapping,
      ...(more.dryRun ? { dryRun: true } : {}),
    }),
  )

test('an export goes to the devices with its numbers, says what it did not take, and once', async () => {
  const wanted = {
    read: 21,
    kept: 6,
    known: 1,
    devices: 1,
    from: '2026-11-19T16:28:00.000Z',
    until: '2026-11-19T22:20:00.000Z',
    rejectedRows: 14,
    dirt: {
      late: 1,
      'two-values': 0,
      'negative-step': 1,
      jump: 0,
      rollover: 0,
      'step-back': 0,
      'meter-change': 0,
      gap: 0,
    },
  }
  const tried = await run(Buffer.from(FILE), { dryRun: true })
  expect(tried).toMatchObject(wanted)
  expect(series.devices()).toEqual([])
  const done = await run(Buffer.from(FILE))
  expect(done).toEqual(tried)
  expect(done.rejected.map(({ row, column, reason, rows }) => [row, column, reason, rows])).toEqual([
    [9, '累计', 'not-a-number', undefined],
    [10, '累计', 'empty', undefined],
    [11, '单位', 'unknown-unit', undefined],
    [12, '表号', 'no-consent', 1],
    [13, '日期', 'not-a-time', undefined],
    [14, '日期', 'impossible-time', undefined],
    [15, '表号', 'no-consent', 2],
    [17, '表号', 'several-devices', 1],
    [18, '表号', 'several-devices', 1],
    [19, '表号', 'unknown-meter', 1],
    [20, '表号', 'empty', undefined],
    [21, null, 'wrong-column-count', undefined],
    [22, null, 'empty-row', undefined],
  ])
  const start = Date.parse('2026-11-19T16:00:00Z')
  expect(series.points(first, 'water', start, start + 24 * HOUR).map(({ value }) => value)).toEqual([
    68.321, 68.331, 68.332, 68.339, 60, 68.34,
  ])
  expect(await run(Buffer.from(FILE))).toMatchObject({ kept: 0, known: 7, rejectedRows: 14 })
})

test('however it is cut, packed or encoded, a file says the same', async () => {
  const whole = await run(Buffer.from(FILE), { dryRun: true })
  for (const size of [1, 7, 64]) expect(await run(Buffer.from(FILE), { dryRun: true, size })).toEqual(whole)
  const packed = gzipSync(FILE)
  expect(await run(packed, { dryRun: true, size: 50 })).toEqual(whole)
  expect(await run(iconv.encode(FILE, 'gb18030'), { dryRun: true, size: 3 })).toEqual(whole)
  expect(
    await run(Buffer.from(`\ufeff${FILE.replaceAll('\n', '\r\n')}`), { dryRun: true, size: 11 }),
  ).toEqual(whole)
  const quoted = FILE.replace('161,2026-11-20,00:28', '"161","2026-11-20","00:28"')
  expect(await run(Buffer.from(quoted), { dryRun: true, size: 1 })).toEqual(whole)
  const problem = async (bytes: Uint8Array) => {
    const done = await importReadings(sample.station, series, {
      chunks: inPieces(bytes, 40),
      mapping,
      dryRun: true,
    })
    return done.ok ? null : done.problem.type
  }
  expect(await problem(packed.subarray(0, packed.length - 20))).toBe('not-gzip')
  expect(await problem(new Uint8Array(0))).toBe('empty-file')
  expect(await problem(Buffer.from('表号,日期\n1,2\n'))).toBe('missing-column')
})

test('a mapping is put right in one go', () => {
  const bad = parseReadingsMapping(
    JSON.stringify({
      doorstep: 'mapping/1',
      name: '',
      meter: '表号',
      time: { column: 'a', date: 'b' },
      timeZone: 'Mars/Olympus',
      readings: [
        { column: 'x', signal: 'smoke', unit: '' },
        { column: 'x', signal: 'water', unit: 'kWh' },
      ],
      extra: 1,
    }),
  )
  expect(bad.ok ? [] : bad.problem.faults.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
    'extra unknown-key',
    'doorstep not-one-of',
    'name not-a-text',
    'time not-exactly-one-of',
    'timeZone unknown-time-zone',
    'readings.0.signal not-one-of',
    'readings.1.unit not-one-of',
  ])
})

test('times are read on the clocks of their zone; what came twice or never is told', () => {
  const madrid = new TimeReader('day-first', 'Europe/Madrid')
  const at = (text: string, reader = madrid) => {
    const ms = reader.read(text)
    return typeof ms === 'number' ? new Date(ms).toISOString() : ms
  }
  expect(at('01/03/2016 00:28:55')).toBe('2016-02-29T23:28:55.000Z')
  expect(at('01/08/2016 00:28')).toBe('2016-07-31T22:28:00.000Z')
  expect(at('27/03/2016 02:30:00')).toBe('no-such-time')
  expect(at('30/10/2016 02:30:00')).toBe('ambiguous-time')
  expect(at('30/10/2016 01:59:59')).toBe('2016-10-29T23:59:59.000Z')
  expect(at('30/10/2016 03:00:00')).toBe('2016-10-30T02:00:00.000Z')
  expect(at('31/02/2016 03:00:00')).toBe('not-a-time')
  const shanghai = new TimeReader('year-first', 'Asia/Shanghai')
  for (const text of [
    '2026-10-01 08:05:00',
    '2026/10/1 8:05',
    '2026年10月1日 8:05',
    '20261001080500',
    '20261001 0805',
    '2026-10-01T00:05:00Z',
  ])
    expect(at(text, shanghai), text).toBe('2026-10-01T00:05:00.000Z')
  expect(at('2026-10-01 24:00', shanghai)).toBe('2026-10-01T16:00:00.000Z')
  expect(at('2026-10-01', shanghai)).toBe('2026-09-30T16:00:00.000Z')
  for (const text of ['2026-10-01 24:01', '2026-10-01 25:00', 'yesterday', ''])
    expect(at(text, shanghai)).toBe('not-a-time')
  expect(at('1790812800', new TimeReader('unix', 'UTC'))).toBe('2026-10-01T00:00:00.000Z')
  expect(at('1790812800000', new TimeReader('unix', 'UTC'))).toBe('2026-10-01T00:00:00.000Z')
})
