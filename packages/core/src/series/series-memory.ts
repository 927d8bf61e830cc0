import type { Point, Signal } from './observation.ts'
import { dayOfMs, type PointsOf, type SeriesFile, type SeriesRow } from './series-file.ts'

const DAY_MS = 86_400_000
/** Around what is asked for, so that what lies there is settled by what came before and after. */
const AROUND_MS = 36 * 3_600_000
/** Where fewer readings than this lie there, those of so many days further away. */
const ENOUGH_AROUND = 12
const DAYS_AROUND = 4

/** A series and what of it is not in days yet. */
export type Known = { readonly row: SeriesRow; newest: Point | null; readonly journal: Point[] }
export type DamagedDay = { readonly device: string; readonly day: string }

/** Of one moment the greater value comes later: a condition that was also said to be so. */
export const byTime = (a: Point, b: Point): number => a.atMs - b.atMs || a.value - b.value
export const isNewer = (point: Point, than: Point | null): boolean => than === null || byTime(point, than) > 0

/** In order, each once. */
export function merged(lists: readonly (readonly Point[])[]): Point[] {
  const all = lists.flat().sort(byTime)
  return all.filter((point, at) => at === 0 || byTime(point, all[at - 1]!) !== 0)
}

/** What was read of the file, kept as long as no other process changed it: the journal, and whose series is which. */
export class SeriesMemory {
  readonly #file: SeriesFile
  readonly #byNumber = new Map<number, Known>()
  readonly #byDevice = new Map<string, ReadonlyMap<Signal, Known>>()
  readonly #damaged = new Map<string, DamagedDay>()
  #version = -1
  #epoch = ''
  /** The journal's last row, how many readings lie in it, and how many rows do not open. */
  lastRow = 0
  inJournal = 0
  unreadableRows = 0

  constructor(file: SeriesFile) {
    this.#file = file
  }

  get epoch(): string {
    return this.#epoch
  }
  refresh(): void {
    const version = this.#file.db.dataVersion()
    if (version === this.#version) return
    this.#version = version
    const epoch = this.#file.epoch()
    if (epoch !== this.#epoch) this.#empty()
    this.#epoch = epoch
    for (const { n, groups } of this.#file.journal(this.lastRow)) {
      this.lastRow = n
      if (groups) this.take(groups)
      else this.unreadableRows++
    }
  }
  /** What was noted may not be there: it is read again. */
  doubt(): void {
    this.#empty()
    this.#version = -1
    this.#epoch = ''
  }
  #empty(): void {
    this.#byNumber.clear()
    this.#byDevice.clear()
    this.#damaged.clear()
    this.lastRow = 0
    this.inJournal = 0
    this.unreadableRows = 0
  }

  /** Rows of the journal, of this process or another. */
  take(groups: readonly PointsOf[]): void {
    for (const { series, points } of groups) {
      const known = this.#numbered(series)
      if (!known) continue
      this.inJournal += points.length
      for (const point of points) {
        known.journal.push(point)
        if (isNewer(point, known.newest)) known.newest = point
      }
    }
  }
  #numbered(n: number): Known | null {
    const known = this.#byNumber.get(n)
    if (known) return known
    const row = this.#file.seriesByNumber(n)
    if (!row) return null
    this.#byDevice.delete(row.device)
    return this.#know(row)
  }
  #know(row: SeriesRow): Known {
    let known = this.#byNumber.get(row.n)
    if (!known) {
      known = { row, newest: row.newest, journal: [] }
      this.#byNumber.set(row.n, known)
    }
    return known
  }
  ofDevice(device: string): ReadonlyMap<Signal, Known> {
    const known = this.#byDevice.get(device)
    if (known) return known
    const found = new Map(this.#file.seriesOf(device).map((row) => [row.signal, this.#know(row)]))
    this.#byDevice.set(device, found)
    return found
  }
  /** In a transaction: the series, made where there is none. */
  toWrite(device: string, signal: Signal): Known {
    const known = this.ofDevice(device).get(signal)
    if (known) return known
    const n = this.#file.addSeries(device, signal)
    const added = this.#know({ n, device, signal, newest: null })
    this.#byDevice.set(device, new Map([...this.ofDevice(device), [signal, added]]))
    return added
  }
  withJournal(): Known[] {
    return [...this.#byNumber.values()].filter(({ journal }) => journal.length > 0)
  }

  /** All of a series in some UTC days, in order, each once. */
  days({ row, journal }: Known, firstDay: number, lastDay: number): Point[] {
    const blocks: Point[][] = []
    for (const { day, points } of this.#file.blocks(row.n, firstDay, lastDay)) {
      if (points) blocks.push(points)
      else this.#noteDamaged(row, day)
    }
    const lately = journal.filter(({ atMs }) => {
      const day = dayOfMs(atMs)
      return day >= firstDay && day <= lastDay
    })
    const sorted = blocks.length === 1 ? blocks[0]! : blocks.flat()
    return lately.length === 0 ? sorted : merged([sorted, lately])
  }
  #noteDamaged({ n, device }: SeriesRow, day: number): void {
    this.#damaged.set(`${n}/${day}`, { device, day: new Date(day * DAY_MS).toISOString().slice(0, 10) })
  }
  damaged(): readonly DamagedDay[] {
    return [...this.#damaged.values()]
  }

  /** With enough before and after it that its ends are settled, however long nothing was read. */
  around(known: Known, fromMs: number, untilMs: number): Point[] {
    const first = dayOfMs(fromMs - AROUND_MS)
    const last = dayOfMs(untilMs + AROUND_MS)
    const points = this.days(known, first, last)
    const before = points.filter(({ atMs }) => atMs <= fromMs).length
    const after = points.filter(({ atMs }) => atMs >= untilMs).length
    if (before >= ENOUGH_AROUND && after >= ENOUGH_AROUND) return points
    return [
      ...(before < ENOUGH_AROUND ? this.#beside(known, first, 'before') : []),
      ...points,
      ...(after < ENOUGH_AROUND ? this.#beside(known, last, 'after') : []),
    ]
  }
  /** The nearest days that have readings. */
  #beside(known: Known, day: number, side: 'before' | 'after'): Point[] {
    const isBeside = (other: number) => (side === 'before' ? other < day : other > day)
    const days = [
      ...this.#file.daysBeside(known.row.n, day, side, DAYS_AROUND),
      ...known.journal.map(({ atMs }) => dayOfMs(atMs)).filter(isBeside),
    ].sort((a, b) => (side === 'before' ? b - a : a - b))
    const nearest = [...new Set(days)].slice(0, DAYS_AROUND).sort((a, b) => a - b)
    return nearest.flatMap((one) => this.days(known, one, one))
  }
}
