import type { TimeOrder } from './mapping.ts'

/** Why a time says nothing: `ambiguous-time` and `no-such-time` where clocks are put back and forward. */
export type NoTime = 'not-a-time' | 'no-such-time' | 'ambiguous-time'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** Times as they stand in an export, on the clocks of a zone, to milliseconds since 1970. */
export class TimeReader {
  readonly #order: TimeOrder
  readonly #format: Intl.DateTimeFormat
  readonly #offsets = new Map<number, number>()

  constructor(order: TimeOrder, timeZone: string) {
    this.#order = order
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  read(text: string): number | NoTime {
    if (this.#order === 'unix') return readUnix(text)
    const withZone = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
    if (!Number.isNaN(withZone)) return withZone
    const parts = partsOf(text, this.#order)
    if (!parts) return 'not-a-time'
    const [year, month, day, hour, minute, second] = parts
    // Midnight at the end of a day is written 24:00 by some.
    if (hour > 24 || (hour === 24 && minute + second > 0) || minute > 59 || second > 59) return 'not-a-time'
    const date = new Date(Date.UTC(year, month - 1, day))
    if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return 'not-a-time'
    return this.#onClock(date.getTime() + hour * HOUR_MS + minute * 60_000 + second * 1000)
  }

  /** From what a clock of the zone shows, as if that were UTC. */
  #onClock(shown: number): number | NoTime {
    const before = this.#offset(shown - DAY_MS)
    const after = this.#offset(shown + DAY_MS)
    if (before === after) return shown - before
    const fits = [shown - before, shown - after].filter((ms) => this.#offset(ms) === shown - ms)
    return fits.length === 1 ? fits[0]! : fits.length === 0 ? 'no-such-time' : 'ambiguous-time'
  }
  #offset(ms: number): number {
    // Clocks change at whole quarters of an hour.
    const quarter = Math.floor(ms / (HOUR_MS / 4))
    let offset = this.#offsets.get(quarter)
    if (offset === undefined) {
      offset = this.#offsetAt((quarter * HOUR_MS) / 4)
      this.#offsets.set(quarter, offset)
    }
    return offset
  }
  #offsetAt(ms: number): number {
    const at: Record<string, number> = {}
    for (const { type, value } of this.#format.formatToParts(ms)) at[type] = Number(value)
    return Date.UTC(at.year!, at.month! - 1, at.day, at.hour, at.minute, at.second) - ms
  }
}

function readUnix(text: string): number | NoTime {
  if (!/^\d{9,13}(\.\d+)?$/.test(text)) return 'not-a-time'
  const number = Number(text)
  return Math.round(number < 1e11 ? number * 1000 : number)
}

type Parts = [year: number, month: number, day: number, hour: number, minute: number, second: number]

const CLOCK = String.raw`(?:[ T]?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?)?`
const YEAR_FIRST = new RegExp(String.raw`^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?${CLOCK}$`)
const YEAR_LAST = new RegExp(String.raw`^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})${CLOCK}$`)
const COMPACT = /^(\d{4})(\d\d)(\d\d)[ T]?(?:(\d\d):?(\d\d)(?::?(\d\d))?)?$/

function partsOf(text: string, order: TimeOrder): Parts | null {
  const found = (order === 'year-first' ? YEAR_FIRST : YEAR_LAST).exec(text) ?? COMPACT.exec(text)
  if (!found) return null
  const [, a, b, c, hour = '0', minute = '0', second = '0'] = found
  const clock = [Number(hour), Number(minute), Number(second)] as const
  const isYearFirst = a!.length === 4
  if (isYearFirst) return [Number(a), Number(b), Number(c), ...clock]
  return order === 'day-first'
    ? [Number(c), Number(b), Number(a), ...clock]
    : [Number(c), Number(a), Number(b), ...clock]
}
