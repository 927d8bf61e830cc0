import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { expectOk } from '../result.ts'
import { diagnose } from '../station/doctor.ts'
import { TestCommunity } from '../testing/test-community.ts'
import type { Observation } from './observation.ts'
import { openSeries } from './open-series.ts'
import { SERIES_FILE } from './series-file.ts'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 9, 20, 12)
const START = Date.UTC(2026, 9, 1)
const meter = (device: string, hours: number, from = 10): Observation[] =>
  Array.from({ length: hours }, (_, hour) => ({
    device,
    signal: 'water',
    atMs: START + hour * HOUR,
    value: Math.round((from + hour * 0.02) * 100) / 100,
  }))
const open = async () => {
  const { community, founder } = await TestCommunity.create(['一号网格'], () => NOW)
  return { community, founder, series: expectOk(openSeries(founder)) }
}

test('what was appended is there in every process, sorted into days or not, and once', async () => {
  const { community, founder, series } = await open()
  await using _ = community
  const other = expectOk(openSeries(founder))
  expect(other.uses('de-a', 'water', START, START + HOUR, HOUR)).toEqual([null])
  const given = meter('de-a', 50)
  expect(expectOk(await series.append(given))).toEqual({ kept: 50, duplicates: 0, late: 0, refused: [] })
  for (let round = 0; round < 3; round++) {
    for (const one of [series, other]) {
      expect(one.points('de-a', 'water', START, NOW)).toEqual(
        given.map(({ atMs, value }) => ({ atMs, value })),
      )
      expect(one.uses('de-a', 'water', START, START + 3 * HOUR, HOUR)).toEqual([0.02, 0.02, 0.02])
      expect(one.latest('de-a', 'water')).toEqual({ atMs: START + 49 * HOUR, value: 10.98 })
      expect(one.heardAt('de-a')).toBe(START + 49 * HOUR)
      expect(one.devices()).toEqual(['de-a'])
    }
    if (round === 0) expectOk(await other.compact())
    if (round === 1)
      expect(expectOk(await series.append(given.toReversed()))).toMatchObject({ kept: 0, duplicates: 50 })
  }
  expect(series.heardAt('de-b')).toBe(null)
  await other.close()
  await series.close()
})

test('a device is not heard of by the word that it cannot be reached', async () => {
  const { community, series } = await open()
  await using _ = community
  const at = (signal: 'online' | 'battery', atMs: number, value: number) =>
    series.append([{ device: 'de-a', signal, atMs, value }])
  expectOk(await at('battery', START, 90))
  expectOk(await at('online', START + HOUR, 1))
  expect(series.heardAt('de-a')).toBe(START + HOUR)
  expectOk(await at('online', START + 2 * HOUR, 0))
  expect(series.heardAt('de-a')).toBe(START)
  await series.close()
})

test('appends that are asked for together are answered each for itself', async () => {
  const { community, series } = await open()
  await using _ = community
  const answers = await Promise.all([
    series.append(meter('de-a', 3)),
    series.append(meter('de-a', 4)),
    series.append([
      { device: 'de-a', signal: 'water', atMs: NOW + HOUR, value: 1 },
      { device: 'de-a', signal: 'water', atMs: 0, value: 1 },
      { device: 'de-a', signal: 'water', atMs: NOW, value: Number.NaN },
      { device: 'de-a', signal: 'smoke', atMs: NOW, value: 2 },
      { device: '', signal: 'smoke', atMs: NOW, value: 1 },
      { device: 'de-a', signal: 'nothing' as 'smoke', atMs: NOW, value: 1 },
      { device: 'de-a', signal: 'temperature', atMs: NOW, value: -327.68 },
      { device: 'de-a', signal: 'water', atMs: START - HOUR, value: 9.9 },
    ]),
  ])
  expect(answers.map(expectOk)).toEqual([
    { kept: 3, duplicates: 0, late: 0, refused: [] },
    { kept: 1, duplicates: 3, late: 0, refused: [] },
    {
      kept: 2,
      duplicates: 0,
      late: 1,
      refused: [
        { at: 0, reason: 'time' },
        { at: 1, reason: 'time' },
        { at: 2, reason: 'value' },
        { at: 3, reason: 'value' },
        { at: 4, reason: 'device' },
        { at: 5, reason: 'signal' },
      ],
    },
  ])
  // Raw stays raw; what no gauge can say is not shown to rules.
  expect(series.raw('de-a', 'temperature', START, NOW + 1)).toEqual([{ atMs: NOW, value: -327.68 }])
  expect(series.points('de-a', 'temperature', START, NOW + 1)).toEqual([])
  expect(series.signalsOf('de-a').map(({ signal }) => signal)).toEqual(['water', 'temperature'])
  await series.close()
})

test('nothing of it can be read in the file, and what is erased is in it no more', async () => {
  const { community, founder, series } = await open()
  await using _ = community
  expectOk(await series.append([...meter('de-aaaaaaaaaaaa', 40), ...meter('de-bbbbbbbbbbbb', 40)]))
  expectOk(await series.compact())
  expectOk(await series.append(meter('de-aaaaaaaaaaaa', 60).concat(meter('de-bbbbbbbbbbbb', 60))))
  const bytes = () =>
    ['', '-wal'].map((suffix) => {
      try {
        return readFileSync(join(founder.home, SERIES_FILE + suffix))
      } catch {
        return Buffer.alloc(0)
      }
    })
  for (const one of bytes()) {
    expect(one.includes('de-aaaa')).toBe(false)
    expect(one.includes('water')).toBe(false)
  }
  const sealed = sealedOf(founder.home)
  expect(sealed.length).toBeGreaterThan(8)
  expect(sealed.every((one) => bytes().some((file) => file.includes(one)))).toBe(true)
  const kept = series.points('de-bbbbbbbbbbbb', 'water', START, NOW)
  expect(expectOk(await series.erase('de-aaaaaaaaaaaa'))).toEqual({ settled: true })
  const left = new Set(sealedOf(founder.home).map((one) => one.toString('hex')))
  const gone = sealed.filter((one) => !left.has(one.toString('hex')))
  // Its days, its name, its newest reading, and the journal's row that both shared.
  expect(gone.length).toBe(5)
  for (const one of gone)
    for (let at = 0; at + 12 <= one.length; at += 12)
      for (const file of bytes()) expect(file.includes(one.subarray(at, at + 12))).toBe(false)
  expect(series.devices()).toEqual(['de-bbbbbbbbbbbb'])
  expect(series.points('de-aaaaaaaaaaaa', 'water', START, NOW)).toEqual([])
  expect(series.points('de-bbbbbbbbbbbb', 'water', START, NOW)).toEqual(kept)
  await series.close()
})

function sealedOf(home: string): Buffer[] {
  const db = new DatabaseSync(join(home, SERIES_FILE))
  const all = [
    'SELECT sealed AS it FROM block',
    'SELECT sealed AS it FROM journal',
    'SELECT sealed AS it FROM series',
    'SELECT newest AS it FROM series WHERE newest IS NOT NULL',
  ].flatMap((sql) =>
    db
      .prepare(sql)
      .all()
      .map(({ it }) => Buffer.from(it as Uint8Array)),
  )
  db.close()
  return all
}

test('a day that does not open is told and costs itself alone', async () => {
  const { community, founder, series } = await open()
  await using _ = community
  expectOk(await series.append(meter('de-a', 72)))
  expectOk(await series.compact())
  const db = new DatabaseSync(join(founder.home, SERIES_FILE))
  db.exec('UPDATE block SET sealed = zeroblob(100) WHERE day = (SELECT min(day) + 1 FROM block)')
  db.close()
  expect(series.points('de-a', 'water', START, NOW).length).toBe(48)
  expect(series.damaged()).toEqual([{ device: 'de-a', day: '2026-10-02' }])
  const hours = series.uses('de-a', 'water', START, START + 71 * HOUR, HOUR)
  expect(hours.flatMap((use, hour) => (use === null ? [hour] : []))).toEqual(
    Array.from({ length: 25 }, (_, n) => 23 + n),
  )
  // What comes of that day later is kept.
  expectOk(await series.append(meter('de-a', 30)))
  expectOk(await series.compact())
  expect(series.points('de-a', 'water', START, NOW).length).toBe(54)
  await series.close()
})

test('a file of another home is not opened', async () => {
  const { community, founder, series } = await open()
  await using _ = community
  await series.close()
  const other = await TestCommunity.create(['二号网格'], () => NOW)
  await using __ = other.community
  copyFileSync(join(founder.home, SERIES_FILE), join(other.founder.home, SERIES_FILE))
  const opened = openSeries(other.founder)
  expect(opened).toMatchObject({ ok: false, problem: { type: 'readings-of-another-home' } })
})

test('what is old grows fewer and then goes, out of the file too', async () => {
  const { community, founder, series } = await open()
  await using _ = community
  const DAY = 24 * HOUR
  const minutes = (
    device: string,
    daysAgo: number,
    signal: 'water' | 'temperature' = 'water',
  ): Observation[] =>
    Array.from({ length: 96 }, (_quarter, n) => ({
      device,
      signal,
      atMs: Math.floor(NOW / DAY - daysAgo) * DAY + (n * HOUR) / 4,
      value: signal === 'water' ? 1000 - daysAgo + n / 1000 : n % 7,
    }))
  const ages = [2, 100, 500, 1_200]
  for (const age of ages) expectOk(await series.append(minutes('de-a', age)))
  expectOk(
    await series.append([...minutes('de-a', 40, 'temperature'), ...minutes('de-a', 500, 'temperature')]),
  )
  const before = ages.map((age) => hoursOf(age))
  function hoursOf(age: number) {
    const start = Math.floor(NOW / DAY - age) * DAY
    return series.uses('de-a', 'water', start, start + 23 * HOUR, HOUR)
  }
  expect(expectOk(await series.prune(NOW))).toEqual({ thinned: 3, dropped: 2 })
  const left = (age: number) => {
    const start = Math.floor(NOW / DAY - age) * DAY
    return series.raw('de-a', 'water', start, start + DAY).length
  }
  // Two an hour, and two on each of the two days of Shanghai that a UTC day is part of.
  expect(ages.map(left)).toEqual([96, 48, 4, 0])
  expect(hoursOf(100)).toEqual(before[1])
  expect(expectOk(await series.prune(NOW))).toEqual({ thinned: 0, dropped: 0 })
  expect(expectOk(await series.prune(NOW, { water: { rawDays: 1, hourDays: 1, dayDays: 1 } }))).toEqual({
    thinned: 0,
    dropped: 3,
  })
  expect(series.raw('de-a', 'water', 0, NOW)).toEqual([])
  // One page: the note that there is nothing left to empty.
  expect(statSync(join(founder.home, `${SERIES_FILE}-wal`)).size).toBeLessThan(4_200)
  await series.close()
})

test('the doctor names what does not open, and sets it aside to repair', async () => {
  const { community, founder, series: first } = await open()
  await using _ = community
  const readings = () => diagnose(founder).checks.find(({ name }) => name === 'readings')
  const repair = () => diagnose(founder, { repair: true }).checks.find(({ name }) => name === 'readings')
  expectOk(await first.append([...meter('de-a', 72), ...meter('de-b', 72)]))
  expectOk(await first.compact())
  expectOk(await first.append(meter('de-a', 80)))
  await first.close()
  expect(readings()).toMatchObject({ ok: true, counts: { days: 6 } })
  const db = new DatabaseSync(join(founder.home, SERIES_FILE))
  db.exec('UPDATE block SET sealed = zeroblob(100) WHERE series = 1 AND day = (SELECT min(day) FROM block)')
  db.exec('UPDATE journal SET sealed = zeroblob(100)')
  db.exec('UPDATE series SET sealed = zeroblob(100) WHERE n = 2')
  db.close()
  expect(readings()).toMatchObject({
    ok: false,
    wrong: [{ name: 'series 1, 2026-10-01' }, { name: 'series 2' }, { name: 'journal 2' }],
  })
  const series = expectOk(openSeries(founder))
  // What stands beside it is read on, and new readings are taken.
  expect(series.points('de-a', 'water', START, NOW).length).toBe(48)
  expectOk(await series.append(meter('de-b', 2)))
  expect(series.points('de-b', 'water', START, NOW).length).toBe(2)
  expect(repair()).toMatchObject({ ok: true, counts: { aside: 2 } })
  expect(readings()).toMatchObject({ wrong: [{ name: 'series 2' }] })
  expectOk(await series.erase('de-b'))
  expect(readings()).toMatchObject({ ok: true, counts: { days: 2, aside: 1 } })
  await series.close()
  writeFileSync(join(founder.home, SERIES_FILE), 'this is no database, whatever its name says'.repeat(100))
  expect(openSeries(founder)).toMatchObject({ ok: false, problem: { type: 'readings-damaged' } })
  repair()
  const anew = expectOk(openSeries(founder))
  expect(anew.devices()).toEqual([])
  await anew.close()
})
