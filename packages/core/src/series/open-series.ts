import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fail, ok, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { stationCalendar } from '../work/command.ts'
import type { Calendar } from '../work/day.ts'
import { type CleanRegister, cleanRegister } from './clean-register.ts'
import { canBe, registerLimits, whyRefused } from './limits.ts'
import { type Observation, type Point, type Signal, signals } from './observation.ts'
import { type PrunedSeries, pruneSeries } from './prune-series.ts'
import type { RetentionBySignal } from './retention.ts'
import { dayOfMs, SERIES_FILE, SeriesFile } from './series-file.ts'
import { seriesKeys } from './series-keys.ts'
import { byTime, isNewer, type Known, SeriesMemory } from './series-memory.ts'
import { onFile, type SeriesProblem } from './series-problem.ts'
import type { Appended, SeriesOfDevice, SeriesStore } from './series-store.ts'
import { sortJournal } from './sort-journal.ts'
import { spreadUses } from './spread-uses.ts'

/**
 * Opens the readings of a home, or makes the file unless it must be there. Several processes may hold them; each sees what
 * the others wrote.
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
  return onFile(
    station.home,
    () =>
      new SqliteSeries(
        station.home,
        new SeriesFile(station.home, seriesKeys(station)),
        () => station.now,
        () => stationCalendar(station),
      ),
  )
}

/** So many readings lie in the journal, and in memory, before they are sorted into days. */
const SORT_AT = 200_000

/** Of a series, what this write adds; `days`: the names of all that is known of a day, where that was asked for. */
type Fresh = { readonly points: Point[]; newest: Point | null; readonly days: Map<number, Set<string>> }
type Waiting = {
  readonly observations: readonly Observation[]
  readonly answer: (result: Result<Appended, SeriesProblem>) => void
}

class SqliteSeries implements SeriesStore {
  readonly #home: string
  readonly #file: SeriesFile
  readonly #memory: SeriesMemory
  readonly #now: () => number
  readonly #calendar: () => Calendar
  readonly #waiting: Waiting[] = []
  #isScheduled = false
  #sorting: Promise<Result<void, SeriesProblem>> | null = null
  #isClosed = false

  constructor(home: string, file: SeriesFile, now: () => number, calendar: () => Calendar) {
    this.#home = home
    this.#file = file
    this.#memory = new SeriesMemory(file)
    this.#now = now
    this.#calendar = calendar
    // What an erasure left in the log, of a process that was killed.
    file.db.settleErased()
    this.#memory.refresh()
    this.#sortWhenFull()
  }

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
        this.#memory.refresh()
        const fresh = new Map<Known, Fresh>()
        const answers = asked.map(({ observations }) => this.#sortOut(observations, fresh))
        this.#write(fresh)
        return answers
      }),
    )
    if (!result.ok) this.#memory.doubt()
    for (const [at, { answer }] of asked.entries()) answer(result.ok ? ok(result.value[at]!) : result)
    this.#sortWhenFull()
  }
  #write(fresh: ReadonlyMap<Known, Fresh>): void {
    const groups = [...fresh].flatMap(([{ row }, { points }]) =>
      points.length > 0 ? [{ series: row.n, points: points.sort(byTime) }] : [],
    )
    if (groups.length === 0) return
    this.#memory.lastRow = this.#file.addToJournal(groups, this.#now())
    this.#memory.take(groups)
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
      const known = this.#memory.toWrite(one.device, one.signal)
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
  #isThere(known: Known, mine: Fresh, point: Point): boolean {
    const day = dayOfMs(point.atMs)
    let there = mine.days.get(day)
    if (!there) {
      const lately = mine.points.filter(({ atMs }) => dayOfMs(atMs) === day)
      there = new Set([...this.#memory.days(known, day, day), ...lately].map(nameOf))
      mine.days.set(day, there)
    }
    return there.has(nameOf(point))
  }

  #sortWhenFull(): void {
    if (this.#memory.inJournal >= SORT_AT && !this.#isClosed) void this.compact()
  }
  compact(): Promise<Result<void, SeriesProblem>> {
    this.#sorting ??= sortJournal(this.#home, this.#file, this.#memory).finally(() => {
      this.#sorting = null
    })
    return this.#sorting
  }

  async prune(
    nowMs: number,
    retention: RetentionBySignal = {},
  ): Promise<Result<PrunedSeries, SeriesProblem>> {
    this.#flush()
    const sorted = await this.compact()
    if (!sorted.ok) return sorted
    return pruneSeries(this.#home, this.#file, this.#memory, {
      nowMs,
      retention,
      calendar: this.#calendar(),
    })
  }

  async erase(device: string): Promise<Result<{ settled: boolean }, SeriesProblem>> {
    this.#flush()
    const erased = onFile(this.#home, () =>
      this.#file.db.transaction(() => {
        this.#memory.refresh()
        const gone = new Set(this.#file.numbersOf(device))
        if (gone.size === 0) return
        for (const { n, groups } of [...this.#file.journal(0)]) {
          const left = groups?.filter(({ series }) => !gone.has(series))
          // Of one that does not open nobody knows whose it is.
          if (!left) this.#file.setAsideJournalRow(n)
          else if (left.length < groups!.length) this.#file.replaceJournalRow(n, left)
        }
        for (const n of gone) this.#file.dropSeries(n)
        this.#file.nextEpoch()
        this.#file.db.noteErased()
      }),
    )
    this.#memory.doubt()
    if (!erased.ok) return erased
    const settled = onFile(this.#home, () => this.#file.db.settleErased())
    return settled.ok ? ok({ settled: settled.value }) : settled
  }

  #of(device: string, signal: Signal): Known | null {
    this.#memory.refresh()
    return this.#memory.ofDevice(device).get(signal) ?? null
  }
  raw(device: string, signal: Signal, fromMs: number, untilMs: number): readonly Point[] {
    const known = this.#of(device, signal)
    if (!known || untilMs <= fromMs) return []
    return this.#memory
      .days(known, dayOfMs(fromMs), dayOfMs(untilMs - 1))
      .filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
  }
  points(device: string, signal: Signal, fromMs: number, untilMs: number): readonly Point[] {
    return this.raw(device, signal, fromMs, untilMs).filter(({ value }) => canBe(signal, value))
  }
  cleaned(device: string, signal: Signal, fromMs: number, untilMs: number): CleanRegister {
    const limits = registerLimits[signal]
    const known = this.#of(device, signal)
    if (!limits || !known || untilMs <= fromMs) return { stretches: [], counted: [], dirt: [] }
    return cleanRegister(this.#memory.around(known, fromMs, untilMs), limits)
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
    this.#memory.refresh()
    let at: number | null = null
    for (const [signal, { newest }] of this.#memory.ofDevice(device)) {
      // That it cannot be reached is its bridge's word, not its own.
      if (!newest || (signal === 'online' && newest.value === 0)) continue
      if (at === null || newest.atMs > at) at = newest.atMs
    }
    return at
  }
  devices(): readonly string[] {
    this.#memory.refresh()
    return [...new Set(this.#file.allSeries().map(({ device }) => device))].sort()
  }
  signalsOf(device: string): readonly SeriesOfDevice[] {
    this.#memory.refresh()
    return [...this.#memory.ofDevice(device)]
      .flatMap(([signal, { newest }]) => (newest ? [{ signal, newest }] : []))
      .sort((a, b) => ORDER.indexOf(a.signal) - ORDER.indexOf(b.signal))
  }
  damaged() {
    return this.#memory.damaged()
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#flush()
    this.#isClosed = true
    await this.#sorting
    this.#file.close()
  }
}

const ORDER = Object.keys(signals)
const nameOf = ({ atMs, value }: Point): string => `${atMs}/${value}`
