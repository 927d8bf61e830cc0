import { ok, type Problem, type Result } from '../../result.ts'
import { cleanRegister, type DirtKind } from '../../series/clean-register.ts'
import { registerLimits } from '../../series/limits.ts'
import type { Observation, Point, Signal } from '../../series/observation.ts'
import { merged } from '../../series/series-memory.ts'
import type { SeriesStore } from '../../series/series-store.ts'

/** `late`: older than one before it in the file, or than what was there. */
export type DirtCounts = Readonly<Record<'late' | DirtKind, number>>

type Ended = {
  readonly devices: number
  readonly fromMs: number | null
  readonly untilMs: number | null
  readonly dirt: DirtCounts
}

/** Where readings go: into the series, or nowhere, to see what would happen. */
export interface Sink {
  kept: number
  known: number
  add(one: Observation): void
  /** Between batches. */
  settle(): Promise<Result<void, Problem>>
  end(): Promise<Result<Ended, Problem>>
}

/** One write to the disk each. */
const AT_ONCE = 20_000
/** So many are sorted into days before more come. */
const SORT_AFTER = 200_000

type Stretch = { device: string; signal: Signal; fromMs: number; untilMs: number }

export class Keeper implements Sink {
  readonly #series: SeriesStore
  #waiting: Observation[] = []
  readonly #read = new Map<string, Stretch>()
  #unsorted = 0
  #late = 0
  kept = 0
  known = 0

  constructor(series: SeriesStore) {
    this.#series = series
  }
  add(one: Observation): void {
    this.#waiting.push(one)
    note(this.#read, one)
  }
  async settle(): Promise<Result<void, Problem>> {
    while (this.#waiting.length >= AT_ONCE) {
      const done = await this.#append(this.#waiting.splice(0, AT_ONCE))
      if (!done.ok) return done
    }
    return ok(undefined)
  }
  async #append(some: readonly Observation[]): Promise<Result<void, Problem>> {
    const done = await this.#series.append(some)
    if (!done.ok) return done
    this.kept += done.value.kept
    this.known += done.value.duplicates
    this.#late += done.value.late
    this.#unsorted += done.value.kept
    if (this.#unsorted < SORT_AFTER) return ok(undefined)
    this.#unsorted = 0
    return this.#series.compact()
  }
  async end(): Promise<Result<Ended, Problem>> {
    const done = await this.#append(this.#waiting)
    if (!done.ok) return done
    const sorted = await this.#series.compact()
    if (!sorted.ok) return sorted
    const dirt = noDirt()
    dirt.late = this.#late
    for (const { device, signal, fromMs, untilMs } of this.#read.values())
      for (const { kind, atMs } of this.#series.cleaned(device, signal, fromMs, untilMs + 1).dirt)
        if (atMs >= fromMs && atMs <= untilMs) dirt[kind]++
    return ok(ended(this.#read, dirt))
  }
}

/** Says of a file what keeping it would say. */
export class Trial implements Sink {
  readonly #series: SeriesStore
  readonly #read = new Map<string, Stretch & { readonly points: Point[] }>()
  kept = 0
  known = 0

  constructor(series: SeriesStore) {
    this.#series = series
  }
  add(one: Observation): void {
    const { device, signal, atMs, value } = one
    const name = `${device}/${signal}`
    let mine = this.#read.get(name)
    if (!mine) {
      mine = { device, signal, fromMs: atMs, untilMs: atMs, points: [] }
      this.#read.set(name, mine)
    }
    mine.fromMs = Math.min(mine.fromMs, atMs)
    mine.untilMs = Math.max(mine.untilMs, atMs)
    mine.points.push({ atMs, value })
  }
  async settle(): Promise<Result<void, Problem>> {
    return ok(undefined)
  }
  async end(): Promise<Result<Ended, Problem>> {
    const dirt = noDirt()
    for (const { device, signal, fromMs, untilMs, points } of this.#read.values()) {
      const before = this.#series.raw(device, signal, fromMs, untilMs + 1)
      const all = merged([before, points])
      this.kept += all.length - before.length
      this.known += points.length - (all.length - before.length)
      let newest = this.#series.latest(device, signal)?.atMs ?? 0
      const seen = new Set(before.map(nameOf))
      for (const point of points) {
        if (point.atMs < newest && !seen.has(nameOf(point))) dirt.late++
        seen.add(nameOf(point))
        newest = Math.max(newest, point.atMs)
      }
      const limits = registerLimits[signal]
      if (limits) for (const { kind } of cleanRegister(all, limits).dirt) dirt[kind]++
    }
    return ok(ended(this.#read, dirt))
  }
}

const nameOf = ({ atMs, value }: Point): string => `${atMs}/${value}`

function note(read: Map<string, Stretch>, { device, signal, atMs }: Observation): void {
  const name = `${device}/${signal}`
  const mine = read.get(name)
  if (!mine) read.set(name, { device, signal, fromMs: atMs, untilMs: atMs })
  else if (atMs > mine.untilMs) mine.untilMs = atMs
  else if (atMs < mine.fromMs) mine.fromMs = atMs
}

const noDirt = (): Record<'late' | DirtKind, number> => ({
  late: 0,
  'two-values': 0,
  'negative-step': 0,
  jump: 0,
  rollover: 0,
  'step-back': 0,
  'meter-change': 0,
  gap: 0,
})

function ended(read: ReadonlyMap<string, Stretch>, dirt: DirtCounts): Ended {
  const all = [...read.values()]
  return {
    devices: new Set(all.map(({ device }) => device)).size,
    fromMs: all.length === 0 ? null : all.reduce((least, { fromMs }) => Math.min(least, fromMs), Infinity),
    untilMs: all.length === 0 ? null : all.reduce((most, { untilMs }) => Math.max(most, untilMs), 0),
    dirt,
  }
}
