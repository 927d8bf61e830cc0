import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { fail, ok, type Result } from '../result.ts'
import { storeProblem } from '../station/home.ts'
import type { Station } from '../station/station.ts'
import { StoreVersionError } from '../store/sqlite-connection.ts'
import { type CleanRegister, cleanRegister } from './clean-register.ts'
import { canBe, registerLimits, whyRefused } from './limits.ts'
import { type Observation, type Point, type Signal, signals } from './observation.ts'
import {
  DamagedSeriesError,
  dayOfMs,
  ForeignSeriesError,
  type PointsOf,
  SERIES_FILE,
  SeriesFile,
  type SeriesRow,
} from './series-file.ts'
import type { Appended, SeriesOfDevice, SeriesProblem, SeriesStore } from './series-store.ts'
import { spreadUses } from './spread-uses.ts'

/**
 * Opens the readings of a home, or makes the file unless it must be there. Several processes may hold them; each sees what the others wrote.
 * @example
 * const series = expectOk(openSeries(station))
 * await series.append([{ device: 'de-…', signal: 'water', atMs: Date.now(), value: 12.345 }])
 */
export function openSeries(
  station: Station,
  options: { readonly mustExist?: boolean } = {},
): Result<SeriesStore, SeriesProblem> {
  if (options.mustExist && !existsSync(join(station.home, SERIES_FILE)))
    return fail({ type: 'no-readings', home: station.home })
  return onFile(station.home, () => {
    const file = new SeriesFile(station.home, {
      sealing: station.keyFor('series'),
      names: station.keyFor('series-names'),
    })
    return new SqliteSeries(station.home, file, () => station.now)
  })
}

export function onFile<T>(home: string, work: () => T): Result<T, SeriesProblem> {
  try {
    return ok(work())
  } catch (error) {
    return fail(seriesProblem(error, home))
  }
}

function seriesProblem(error: unknown, home: string): SeriesProblem {
  if (error instanceof ForeignSeriesError) return { type: 'readings-of-another-home', home }
  if (error instanceof DamagedSeriesError) return { type: 'readings-damaged', home, detail: error.message }
  if (error instanceof StoreVersionError)
    return { type: error.isNewer ? 'readings-newer' : 'readings-older', home, version: error.version }
  const { type, ...problem } = storeProblem(error, home)
  if (type === 'damaged-store') return { ...problem, type: 'readings-damaged' }
  return { ...problem, type: type as SeriesProblem['type'] }
}

/** So many readings lie in the journal, and in memory, before they are sorted into days. */
const SORT_AT = 200_000
/** Series sorted in one transaction: others wait meanwhile. */
const SORTED_AT_ONCE = 200
/** Around what is asked for, so that what lies there is settled by what came before and after. */
const AROUND_MS = 36 * 3_600_000
/** Where fewer readings than this lie there, those of so many days further away. */
const ENOUGH_AROUND = 12
const DAYS_AROUND = 4

type Known = { row: SeriesRow; newest: Point | null; journal: Point[] }
/** Of a series, what this write adds; `days`: the names of all that is known of a day, where that was asked for. */
type Fresh = { readonly points: Point[]; newest: Point | null; readonly days: Map<number, Set<string>> }
type Waiting = {
  readonly observations: readonly Observation[]
  readonly answer: (result: Result<Appended, SeriesProblem>) => void
}

class SqliteSeries implements SeriesStore {
  readonly #home: string
  readonly #file: SeriesFile
  readonly #now: () => number
  readonly #waiting: Waiting[] = []
  #isScheduled = false
  #isSorting: Promise<Result<void, SeriesProblem>> | null = null
  #isClosed = false

  /** What was read of the file, as of `#version` and `#epoch`. */
  readonly #byNumber = new Map<number, Known>()
  readonly #byDevice = new Map<string, ReadonlyMap<Signal, Known>>()
  #version = -1
  #epoch = ''
  #lastRow = 0
  #inJournal = 0
  #unreadableRows = 0
  readonly #damaged = new Map<string, { device: string | null; day: string }>()

  constructor(home: string, file: SeriesFile, now: () => number) {
    this.#home = home
    this.#file = file
    this.#now = now
    // What an erasure left in the log, of a process that was killed.
    file.db.settleErased()
    this.#refresh()
    if (this.#inJournal >= SORT_AT) void this.compact()
  }

  // What others wrote

  #refresh(): void {
    const version = this.#file.db.dataVersion()
    if (version === this.#version) return
    this.#version = version
    const epoch = this.#file.epoch()
    if (epoch !== this.#epoch) this.#forget()
    this.#epoch = epoch
    for (const { n, groups } of this.#file.journal(this.#lastRow)) {
      this.#lastRow = n
      if (groups) this.#take(groups)
      else this.#unreadableRows++
    }
  }
  #forget(): void {
    this.#byNumber.clear()
    this.#byDevice.clear()
    this.#lastRow = 0
    this.#inJournal = 0
    this.#unreadableRows = 0
    this.#damaged.clear()
  }
  /** After a failure: what was noted meanwhile is not there. */
  #doubt(): void {
    this.#forget()
    this.#version = -1
    this.#epoch = ''
  }
  #take(groups: readonly PointsOf[]): void {
    for (const { series, points } of groups) {
      const known = this.#numbered(series)
      if (!known) continue
      for (const point of points) known.journal.push(point)
      this.#inJournal += points.length
      for (const point of points) if (isNewer(point, known.newest)) known.newest = point
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
  #ofDevice(device: string): ReadonlyMap<Signal, Known> {
    const known = this.#byDevice.get(device)
    if (known) return known
    const found = new Map(this.#file.seriesOf(device).map((row) => [row.signal, this.#know(row)]))
    this.#byDevice.set(device, found)
    return found
  }
  #of(device: string, signal: Signal): Known | null {
    this.#refresh()
    return this.#ofDevice(device).get(signal) ?? null
  }

  // Writing

  append(observations: readonly Observation[]): Promise<Result<Appended, SeriesProblem>> {
    if (this.#isClosed) throw new Error('the series are closed')
    return new Promise((answer) => {
      this.#waiting.push({ observations, answer })
      if (this.#isScheduled) return
      this.#isScheduled = true
      setImmediate(() => this.#flush())
    })
  }
  #flush(): void {
    this.#isScheduled = false
    const asked = this.#waiting.splice(0)
    if (asked.length === 0) return
    const result = onFile(this.#home, () =>
      this.#file.db.transaction(() => {
        this.#refresh()
        const fresh = new Map<Known, Fresh>()
        const answers = asked.map(({ observations }) => this.#sortOut(observations, fresh))
        this.#write(fresh)
        return answers
      }),
    )
    if (!result.ok) this.#doubt()
    for (const [at, { answer }] of asked.entries()) answer(result.ok ? ok(result.value[at]!) : result)
    if (this.#inJournal >= SORT_AT && !this.#isClosed) void this.compact()
  }
  #write(fresh: ReadonlyMap<Known, Fresh>): void {
    const groups = [...fresh].flatMap(([{ row }, { points }]) =>
      points.length > 0 ? [{ series: row.n, points: points.sort(byTime) }] : [],
    )
    if (groups.length === 0) return
    this.#lastRow = this.#file.addToJournal(groups, this.#now())
    this.#take(groups)
  }
  /** What is new of what was given goes into `fresh`. */
  #sortOut(observations: readonly Observation[], fresh: Map<Known, Fresh>): Appended {
    const nowMs = this.#now()
    const refused: Appended['refused'][number][] = []
    let kept = 0
    let duplicates = 0
    let late = 0
    for (const [at, one] of observations.entries()) {
      const reason = whyRefused(one, nowMs)
      if (reason) {
        refused.push({ at, reason })
        continue
      }
      const known = this.#toWrite(one.device, one.signal)
      let mine = fresh.get(known)
      if (!mine) {
        mine = { points: [], newest: known.newest, days: new Map() }
        fresh.set(known, mine)
      }
      const point = { atMs: one.atMs, value: one.value + 0 }
      const isLate = !isNewer(point, mine.newest)
      if (isLate && this.#isThere(known, mine, point)) {
        duplicates++
        continue
      }
      if (isLate) late++
      else mine.newest = point
      kept++
      mine.points.push(point)
      mine.days.get(dayOfMs(point.atMs))?.add(nameOf(point))
    }
    return { kept, duplicates, late, refused }
  }
  #toWrite(device: string, signal: Signal): Known {
    const known = this.#ofDevice(device).get(signal)
    if (known) return known
    const n = this.#file.addSeries(device, signal)
    const added = this.#know({ n, device, signal, newest: null })
    this.#byDevice.set(device, new Map([...this.#ofDevice(device), [signal, added]]))
    return added
  }
  #isThere(known: Known, mine: Fresh, point: Point): boolean {
    const day = dayOfMs(point.atMs)
    let there = mine.days.get(day)
    if (!there) {
      const lately = mine.points.filter(({ atMs }) => dayOfMs(atMs) === day)
      there = new Set([...this.#days(known, day, day), ...lately].map(nameOf))
      mine.days.set(day, there)
    }
    return there.has(nameOf(point))
  }

  // Sorting

  compact(): Promise<Result<void, SeriesProblem>> {
    this.#isSorting ??= this.#sort().finally(() => {
      this.#isSorting = null
    })
    return this.#isSorting
  }
  /** May stop anywhere: a reading that lies in the journal and in its day is one reading. */
  async #sort(): Promise<Result<void, SeriesProblem>> {
    const started = onFile(this.#home, () => this.#refresh())
    if (!started.ok) return started
    const epoch = this.#epoch
    const upTo = this.#lastRow
    const work = [...this.#byNumber.values()]
      .filter(({ journal }) => journal.length > 0)
      .map((known) => ({ known, points: [...known.journal] }))
    if (work.length === 0 && this.#unreadableRows === 0) return ok(undefined)
    for (let at = 0; at < work.length; at += SORTED_AT_ONCE) {
      if (at > 0) await nextTurn()
      if (!this.#file.db.isOpen) return ok(undefined)
      const done = onFile(this.#home, () =>
        this.#file.db.transaction(() => {
          this.#refresh()
          if (this.#epoch !== epoch) return false
          for (const { known, points } of work.slice(at, at + SORTED_AT_ONCE)) this.#intoDays(known, points)
          return true
        }),
      )
      if (!done.ok) return done
      // Somebody took readings away meanwhile: begin again with what is there.
      if (!done.value) return this.#sort()
    }
    return onFile(this.#home, () =>
      this.#file.db.transaction(() => {
        this.#refresh()
        if (this.#epoch !== epoch) return
        // A row that does not open stays where it is, to be seen.
        if (this.#unreadableRows === 0) this.#file.dropJournal(upTo)
        else this.#dropReadable(upTo)
        for (const { known } of work) if (known.newest) this.#file.putNewest(known.row.n, known.newest)
        this.#file.nextEpoch()
        this.#doubt()
      }),
    )
  }
  #dropReadable(upTo: number): void {
    for (const { n, groups } of [...this.#file.journal(0)])
      if (groups && n <= upTo) this.#file.db.run('DELETE FROM journal WHERE n = ?', n)
  }
  #intoDays({ row }: Known, points: readonly Point[]): void {
    for (const [day, more] of byDay(points)) {
      const before = this.#blockToAddTo(row.n, day)
      this.#file.putBlock(row.n, day, merged([before, more]), 0)
    }
  }
  #blockToAddTo(series: number, day: number): readonly Point[] {
    try {
      return this.#file.block(series, day) ?? []
    } catch (error) {
      if (!(error instanceof DamagedSeriesError)) throw error
      this.#file.setAsideBlock(series, day)
      return []
    }
  }

  // Erasing

  async erase(device: string): Promise<Result<{ settled: boolean }, SeriesProblem>> {
    this.#flush()
    const erased = onFile(this.#home, () =>
      this.#file.db.transaction(() => {
        this.#refresh()
        const gone = new Set([...this.#ofDevice(device).values()].map(({ row }) => row.n))
        if (gone.size === 0) return
        for (const { n, groups } of [...this.#file.journal(0)]) {
          const left = groups?.filter(({ series }) => !gone.has(series))
          if (left && left.length < groups!.length) this.#file.replaceJournalRow(n, left)
        }
        for (const n of gone) this.#file.dropSeries(n)
        this.#file.nextEpoch()
        this.#file.db.noteErased()
        this.#doubt()
      }),
    )
    if (!erased.ok) {
      this.#doubt()
      return erased
    }
    const settled = onFile(this.#home, () => this.#file.db.settleErased())
    return settled.ok ? ok({ settled: settled.value }) : settled
  }

  // Reading

  /** All of a series in some UTC days, in order, each once. */
  #days(known: Known, firstDay: number, lastDay: number): Point[] {
    const blocks: Point[][] = []
    for (const { day, points } of this.#file.blocks(known.row.n, firstDay, lastDay)) {
      if (points) blocks.push(points)
      else this.#noteDamaged(known, day)
    }
    const lately = known.journal.filter(({ atMs }) => {
      const day = dayOfMs(atMs)
      return day >= firstDay && day <= lastDay
    })
    const sorted = blocks.length === 1 ? blocks[0]! : blocks.flat()
    return lately.length === 0 ? sorted : merged([sorted, lately])
  }
  #noteDamaged({ row }: Known, day: number): void {
    const date = new Date(day * 86_400_000).toISOString().slice(0, 10)
    this.#damaged.set(`${row.n}/${day}`, { device: row.device, day: date })
  }

  raw(device: string, signal: Signal, fromMs: number, untilMs: number): readonly Point[] {
    const known = this.#of(device, signal)
    if (!known || untilMs <= fromMs) return []
    return this.#days(known, dayOfMs(fromMs), dayOfMs(untilMs - 1)).filter(
      ({ atMs }) => atMs >= fromMs && atMs < untilMs,
    )
  }
  points(device: string, signal: Signal, fromMs: number, untilMs: number): readonly Point[] {
    return this.raw(device, signal, fromMs, untilMs).filter(({ value }) => canBe(signal, value))
  }
  cleaned(device: string, signal: Signal, fromMs: number, untilMs: number): CleanRegister {
    const limits = registerLimits[signal]
    const known = this.#of(device, signal)
    if (!limits || !known || untilMs <= fromMs) return { stretches: [], counted: [], dirt: [] }
    return cleanRegister(this.#around(known, fromMs, untilMs), limits)
  }
  /** With enough before and after it that its ends are settled, however long nothing was read. */
  #around(known: Known, fromMs: number, untilMs: number): Point[] {
    const first = dayOfMs(fromMs - AROUND_MS)
    const last = dayOfMs(untilMs + AROUND_MS)
    const points = this.#days(known, first, last)
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
    return nearest.flatMap((one) => this.#days(known, one, one))
  }

  uses(
    device: string,
    signal: Signal,
    fromMs: number,
    untilMs: number,
    stepMs: number,
  ): readonly (number | null)[] {
    return spreadUses(this.cleaned(device, signal, fromMs, untilMs), fromMs, untilMs, stepMs)
  }
  latest(device: string, signal: Signal): Point | null {
    return this.#of(device, signal)?.newest ?? null
  }
  heardAt(device: string): number | null {
    this.#refresh()
    let at: number | null = null
    for (const { newest } of this.#ofDevice(device).values())
      if (newest && (at === null || newest.atMs > at)) at = newest.atMs
    return at
  }
  devices(): readonly string[] {
    this.#refresh()
    return [...new Set(this.#file.allSeries().map(({ device }) => device))].sort()
  }
  signalsOf(device: string): readonly SeriesOfDevice[] {
    this.#refresh()
    return [...this.#ofDevice(device)]
      .flatMap(([signal, { newest }]) => (newest ? [{ signal, newest }] : []))
      .sort((a, b) => order(a.signal) - order(b.signal))
  }
  damaged(): readonly { readonly device: string | null; readonly day: string }[] {
    return [...this.#damaged.values()]
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#flush()
    this.#isClosed = true
    await this.#isSorting
    this.#file.close()
  }
}

const ORDER = Object.keys(signals)
const order = (signal: Signal): number => ORDER.indexOf(signal)

/** Of one moment the greater value comes later: a condition that was also said to be so. */
const byTime = (a: Point, b: Point): number => a.atMs - b.atMs || a.value - b.value
const isNewer = (point: Point, than: Point | null): boolean => than === null || byTime(point, than) > 0
const nameOf = ({ atMs, value }: Point): string => `${atMs}/${value}`

function byDay(points: readonly Point[]): Map<number, Point[]> {
  const days = new Map<number, Point[]>()
  for (const point of points) {
    const day = dayOfMs(point.atMs)
    const list = days.get(day)
    if (list) list.push(point)
    else days.set(day, [point])
  }
  return days
}

/** In order, each once. */
function merged(lists: readonly (readonly Point[])[]): Point[] {
  const all = lists.flat().sort(byTime)
  return all.filter((point, at) => at === 0 || byTime(point, all[at - 1]!) !== 0)
}
