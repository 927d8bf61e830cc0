import { createHmac } from 'node:crypto'
import { closeSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { decodeCbor, encodeCbor, isText, isTuple } from '../bytes/cbor.ts'
import { MalformedError, StreamReader, StreamWriter } from '../bytes/streams.ts'
import { seal, unseal } from '../crypto/seal.ts'
import { openDatabase, SqliteConnection } from '../store/sqlite-connection.ts'
import { isSignal, type Point, type Signal } from './observation.ts'
import { padded, readPoints, writePoints } from './pack-points.ts'
import type { Thinned } from './retention.ts'
import { SERIES_LAYOUT } from './series-layout.ts'

export const SERIES_FILE = 'readings.db'
const DAY_MS = 86_400_000

export const dayOfMs = (atMs: number): number => Math.floor(atMs / DAY_MS)

/** Takes the file away, with its log. */
export function removeSeriesFile(home: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(home, SERIES_FILE + suffix), { force: true })
}

/** Sealed under another home's key. */
export class ForeignSeriesError extends Error {}
/** Bytes that were sealed here do not open. */
export class DamagedSeriesError extends Error {}

/** Bytes that do not open, are no readings, or lie in a page of the file that is none (SQLITE_CORRUPT). */
export const isDamage = (error: unknown): boolean =>
  error instanceof DamagedSeriesError ||
  error instanceof MalformedError ||
  (((error as { errcode?: number }).errcode ?? 0) & 0xff) === 11

export function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (isDamage(error)) return otherwise
    throw error
  }
}

export type SeriesKeys = { readonly sealing: Uint8Array; readonly names: Uint8Array }
export type SeriesRow = {
  readonly n: number
  readonly device: string
  readonly signal: Signal
  readonly newest: Point | null
}
export type PointsOf = { readonly series: number; readonly points: readonly Point[] }

const CHECK = 'key-check'
const EPOCH = 'epoch'
const about = (...words: (string | number)[]): Uint8Array => Buffer.from(words.join('/'))

/** The tables: what is sealed goes in and comes out here. */
export class SeriesFile {
  readonly db: SqliteConnection
  readonly #keys: SeriesKeys

  constructor(home: string, keys: SeriesKeys) {
    const path = join(home, SERIES_FILE)
    this.#keys = keys
    // Made by us, so that its log, too, is for nobody else.
    closeSync(openSync(path, 'a', 0o600))
    this.db = new SqliteConnection(openDatabase(path, undefined, SERIES_LAYOUT), SERIES_LAYOUT)
    try {
      this.#checkKey()
    } catch (error) {
      this.db.close()
      throw error
    }
  }
  #checkKey(): void {
    const kept = this.db.setting(CHECK)
    if (kept && !unseal(this.#keys.sealing, kept, about(CHECK)).ok) throw new ForeignSeriesError()
    if (!kept)
      this.db.transaction(() => {
        this.db.putSetting(CHECK, seal(this.#keys.sealing, new Uint8Array(1), about(CHECK)))
        this.db.putSetting(EPOCH, Buffer.from('0'))
      })
  }

  /** Another one after anything but an addition to the journal: what was read before may be gone. */
  epoch(): string {
    return Buffer.from(this.db.setting(EPOCH) ?? []).toString()
  }
  nextEpoch(): void {
    this.db.putSetting(EPOCH, Buffer.from(String(Number(this.epoch()) + 1)))
  }

  #seal(bytes: Uint8Array, place: Uint8Array): Uint8Array {
    return seal(this.#keys.sealing, bytes, place)
  }
  #open(sealed: unknown, place: Uint8Array): Uint8Array {
    const opened = unseal(this.#keys.sealing, sealed as Uint8Array, place)
    if (!opened.ok) throw new DamagedSeriesError(Buffer.from(place).toString())
    return opened.value
  }

  nameOf(device: string): Uint8Array {
    return createHmac('sha256', this.#keys.names).update(device).digest().subarray(0, 16)
  }
  seriesOf(device: string): SeriesRow[] {
    return this.db
      .all('SELECT n, sealed, newest FROM series WHERE device = ? ORDER BY n', this.nameOf(device))
      .flatMap((row) => this.#seriesRow(row) ?? [])
  }
  /** Those that do not open, too. */
  numbersOf(device: string): number[] {
    return this.db.all('SELECT n FROM series WHERE device = ?', this.nameOf(device)).map(({ n }) => Number(n))
  }
  allSeries(): SeriesRow[] {
    return this.db
      .all('SELECT n, sealed, newest FROM series ORDER BY n')
      .flatMap((row) => this.#seriesRow(row) ?? [])
  }
  /** Null where it does not open, or there is none. */
  seriesByNumber(n: number): SeriesRow | null {
    const row = this.db.get('SELECT n, sealed, newest FROM series WHERE n = ?', n)
    return row ? this.#seriesRow(row) : null
  }
  #seriesRow(row: { n?: unknown; sealed?: unknown; newest?: unknown }): SeriesRow | null {
    const n = Number(row.n)
    const opened = readOr(null, () => decodeCbor(this.#open(row.sealed, about('series')), 400))
    const value = opened?.ok ? opened.value : null
    if (!isTuple(value, 2) || !isText(value[0]) || !isSignal(value[1])) return null
    const read = () => readPoints(new StreamReader(this.#open(row.newest, about('newest', n))))[0] ?? null
    return { n, device: value[0], signal: value[1], newest: row.newest ? readOr(null, read) : null }
  }
  addSeries(device: string, signal: Signal): number {
    return this.db.run(
      'INSERT INTO series (device, sealed) VALUES (?, ?)',
      this.nameOf(device),
      this.#seal(encodeCbor([device, signal]), about('series')),
    )
  }
  putNewest(n: number, newest: Point): void {
    const writer = new StreamWriter()
    writePoints(writer, [newest])
    this.db.run('UPDATE series SET newest = ? WHERE n = ?', this.#seal(padded(writer), about('newest', n)), n)
  }

  addToJournal(groups: readonly PointsOf[], atMs: number): number {
    return this.db.run('INSERT INTO journal (at, sealed) VALUES (?, ?)', atMs, this.#sealGroups(groups))
  }
  replaceJournalRow(n: number, groups: readonly PointsOf[]): void {
    this.db.run('UPDATE journal SET sealed = ? WHERE n = ?', this.#sealGroups(groups), n)
  }
  #sealGroups(groups: readonly PointsOf[]): Uint8Array {
    const writer = new StreamWriter()
    writer.count(groups.length)
    for (const { series, points } of groups) {
      writer.count(series)
      writePoints(writer, points)
    }
    return this.#seal(padded(writer), about('journal'))
  }
  /** Rows after `after`; `groups` null: it does not open. */
  *journal(after: number): Generator<{ readonly n: number; readonly groups: readonly PointsOf[] | null }> {
    for (const row of this.db.all('SELECT n, sealed FROM journal WHERE n > ? ORDER BY n', after)) {
      yield { n: Number(row.n), groups: this.#readGroups(row.sealed) }
    }
  }
  #readGroups(sealed: unknown): PointsOf[] | null {
    return readOr(null, () => {
      const reader = new StreamReader(this.#open(sealed, about('journal')))
      return Array.from({ length: reader.count() }, () => ({
        series: reader.count(),
        points: readPoints(reader),
      }))
    })
  }
  dropJournal(upTo: number): void {
    this.db.run('DELETE FROM journal WHERE n <= ?', upTo)
  }
  /** Kept apart under series 0: nobody can tell whose it is. */
  setAsideJournalRow(n: number): void {
    this.db.run(
      'INSERT INTO damaged_block (series, day, sealed) SELECT 0, n, sealed FROM journal WHERE n = ?',
      n,
    )
    this.db.run('DELETE FROM journal WHERE n = ?', n)
  }

  /** Null: none; throws DamagedSeriesError. */
  block(series: number, day: number): Point[] | null {
    const row = this.db.get('SELECT sealed FROM block WHERE series = ? AND day = ?', series, day)
    return row ? this.#readBlock(series, day, row.sealed) : null
  }
  /** The days between, both ends included; `points` null: it does not open. */
  blocks(series: number, firstDay: number, lastDay: number): { day: number; points: Point[] | null }[] {
    try {
      return this.db
        .all(
          'SELECT day, sealed FROM block WHERE series = ? AND day >= ? AND day <= ? ORDER BY day',
          series,
          firstDay,
          lastDay,
        )
        .map(({ day, sealed }) => ({
          day: Number(day),
          points: readOr(null, () => this.#readBlock(series, Number(day), sealed)),
        }))
    } catch (error) {
      if (!isDamage(error)) throw error
      if (firstDay === lastDay) return [{ day: firstDay, points: null }]
      // Somewhere among them: each by itself, so that the others are not lost with it.
      return Array.from({ length: lastDay - firstDay + 1 }, (_, n) =>
        this.blocks(series, firstDay + n, firstDay + n),
      ).flat()
    }
  }
  #readBlock(series: number, day: number, sealed: unknown): Point[] {
    return readPoints(new StreamReader(this.#open(sealed, about('block', series, day))))
  }
  /** Up to so many days with a block before or after a day, the nearest first. */
  daysBeside(series: number, day: number, side: 'before' | 'after', most: number): number[] {
    const rows =
      side === 'before'
        ? this.db.all(
            'SELECT day FROM block WHERE series = ? AND day < ? ORDER BY day DESC LIMIT ?',
            series,
            day,
            most,
          )
        : this.db.all(
            'SELECT day FROM block WHERE series = ? AND day > ? ORDER BY day LIMIT ?',
            series,
            day,
            most,
          )
    return rows.map((row) => Number(row.day))
  }
  putBlock(series: number, day: number, points: readonly Point[], thinned: Thinned): void {
    const writer = new StreamWriter()
    writePoints(writer, points)
    this.db.run(
      'INSERT INTO block VALUES (?, ?, ?, ?) ON CONFLICT (series, day) DO UPDATE SET thinned = excluded.thinned, sealed = excluded.sealed',
      series,
      day,
      thinned,
      this.#seal(padded(writer), about('block', series, day)),
    )
  }
  /** How many there were. */
  dropBlocksBefore(series: number, day: number): number {
    this.db.run('DELETE FROM damaged_block WHERE series = ? AND day < ?', series, day)
    const there = this.db.get('SELECT count(*) AS n FROM block WHERE series = ? AND day < ?', series, day)
    if (Number(there!.n) > 0) this.db.run('DELETE FROM block WHERE series = ? AND day < ?', series, day)
    return Number(there!.n)
  }
  /** The days from one on, before another, that are not thinned so far yet. */
  daysToThin(series: number, to: Thinned, from: number, before: number): number[] {
    return this.db
      .all(
        'SELECT day FROM block WHERE series = ? AND day >= ? AND day < ? AND thinned < ? ORDER BY day',
        series,
        from,
        before,
        to,
      )
      .map(({ day }) => Number(day))
  }
  setAsideBlock(series: number, day: number): void {
    this.db.run(
      'INSERT INTO damaged_block (series, day, sealed) SELECT series, day, sealed FROM block WHERE series = ? AND day = ?',
      series,
      day,
    )
    this.db.run('DELETE FROM block WHERE series = ? AND day = ?', series, day)
  }

  dropSeries(n: number): void {
    this.db.run('DELETE FROM block WHERE series = ?', n)
    // What was set aside of nobody knows whose goes as well.
    this.db.run('DELETE FROM damaged_block WHERE series = ? OR series = 0', n)
    this.db.run('DELETE FROM series WHERE n = ?', n)
  }
  countAside(): number {
    return Number(this.db.get('SELECT count(*) AS n FROM damaged_block')!.n)
  }
  /** Every series' number, without opening it. */
  numbers(): number[] {
    return this.db.all('SELECT n FROM series ORDER BY n').map(({ n }) => Number(n))
  }
  daysOf(series: number): number[] {
    return this.db
      .all('SELECT day FROM block WHERE series = ? ORDER BY day', series)
      .map(({ day }) => Number(day))
  }

  close(): void {
    this.db.emptyLog()
    this.db.close()
    this.#keys.sealing.fill(0)
    this.#keys.names.fill(0)
  }
}
