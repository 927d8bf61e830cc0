/** The numbers of one filled-in form: each once, protected together, since a clerk reads them beside each other. */
import type { Dimension } from '../report/dimensions.ts'
import { type MeasureName, measures, type Tally, type Where } from '../report/measures.ts'
import type { Period } from '../report/period.ts'
import type { Shown } from '../report/protect.ts'
import { type SumLine, suppress } from '../report/suppress.ts'

/** Somebody may be in several, so they add up to nothing. */
const OVERLAPPING: ReadonlySet<Dimension> = new Set(['category', 'tag'])
/** What tells something of residents, whatever is counted by it. */
const PERSONAL: ReadonlySet<Dimension> = new Set(['category', 'tag', 'age', 'gender', 'population', 'kind'])

type Point = {
  readonly measure: MeasureName
  readonly period: Period
  readonly where: Where
  readonly count: number
  readonly at: number
}

export class Numbers {
  readonly #tally: Tally
  readonly #points = new Map<string, Point>()
  readonly #pairs: { readonly part: string; readonly whole: string }[] = []
  #hidden: readonly boolean[] = []

  constructor(tally: Tally) {
    this.#tally = tally
  }

  /** Takes a number into the form; its key finds it when all are there. */
  take(measure: MeasureName, period: Period, where: Where): string {
    const key = keyOf(measure, period, where)
    if (!this.#points.has(key)) {
      const count = this.#tally.count(measure, period, where)
      this.#points.set(key, { measure, period, where, count, at: this.#points.size })
    }
    return key
  }

  /** A share tells the part to whoever knows the whole. */
  takeShare(part: string, whole: string): void {
    this.#pairs.push({ part, whole })
  }

  protect(limit: number): void {
    const points = [...this.#points.values()]
    const counts = points.map(({ count, measure, where }) => (isSensitive(measure, where) ? count : 0))
    const lines: SumLine[] = []
    const rest = (whole: number, parts: readonly number[]): number[] => {
      const left = counts[whole]! - parts.reduce((sum, at) => sum + counts[at]!, 0)
      return left > 0 ? [counts.push(left) - 1] : []
    }
    const groups = new Map<string, { total: number; parts: number[] }>()
    for (const { measure, period, where, at } of points) {
      if (!isSensitive(measure, where)) continue
      for (const [name, values] of Object.entries(where)) {
        if (OVERLAPPING.has(name as Dimension) || values.length !== 1) continue
        const { [name as Dimension]: _, ...others } = where
        const parent = this.#points.get(keyOf(measure, period, others))
        if (!parent || !isSensitive(measure, others)) continue
        const key = `${name} ${parent.at}`
        const group = groups.get(key) ?? { total: parent.at, parts: [] }
        group.parts.push(at)
        groups.set(key, group)
      }
    }
    for (const { total, parts } of groups.values())
      lines.push({ parts: [...parts, ...rest(total, parts)], total })
    for (const pair of this.#pairs) {
      const [part, whole] = [this.#points.get(pair.part)!, this.#points.get(pair.whole)!]
      if (part.at !== whole.at && part.count <= whole.count)
        lines.push({ parts: [part.at, ...rest(whole.at, [part.at])], total: whole.at })
    }
    for (const { measure, period, where, at } of points) {
      if (measure !== 'cases-closed') continue
      // Opened, and open before, are closed or open now: who has last month's report knows the third of these.
      const opened = this.#points.get(keyOf('cases-opened', period, where))
      const open = this.#points.get(keyOf('cases-open', period, where))
      if (opened && open) lines.push({ parts: [at, opened.at], total: open.at })
    }
    const hidden = suppress(counts, lines, limit)
    this.#hidden = points.map(({ measure, where, at }) => isSensitive(measure, where) && hidden[at]!)
  }

  shown(key: string): Shown {
    const { at, count } = this.#points.get(key)!
    return this.#hidden[at] ? null : count
  }

  get hidden(): number {
    return this.#hidden.filter(Boolean).length
  }
}

const isSensitive = (measure: MeasureName, where: Where): boolean =>
  measures[measure].sensitive || Object.keys(where).some((name) => PERSONAL.has(name as Dimension))

const keyOf = (measure: MeasureName, { from, until }: Period, where: Where): string =>
  JSON.stringify([
    measure,
    from,
    until,
    Object.entries(where)
      .map(([name, values]) => [name, [...values].sort()])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  ])
