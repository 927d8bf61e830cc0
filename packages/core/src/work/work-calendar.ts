/**
 * Working time: which instants of which days are worked, and what comes of adding working time. Everything follows
 * from the community's records and, where they are silent, from the announced holidays (holidays.ts), so every
 * station with the same records and the same version of those answers the same.
 */

import { isDate } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import { addDays, type Calendar, calendarOf, startOfDay } from './day.ts'
import { announcedDays, type NamedDay } from './holidays.ts'
import { byId } from './lookups.ts'
import type { RecordSet } from './record-set.ts'
import { DEFAULT_HOURS, type Hours, minutesIn, parseHours } from './working-hours.ts'

export type DaySource = 'community' | 'announced' | 'weekday'
export type WorkDay = {
  readonly day: string
  readonly works: boolean
  /** 春节, or null on a plain weekday or weekend. */
  readonly name: string | null
  readonly source: DaySource
}
export type KnownYear = {
  readonly year: number
  /** Where its holidays come from; null when only weekdays are known. */
  readonly source: 'community' | 'announced' | null
  /** Days the community's own record names. */
  readonly named: number
}

/** Of statutory days the law gives 13 a year, 11 before 2025: a list with fewer tells of single days, not of a year. */
const HOLIDAYS_OF_A_YEAR = 11
const MINUTE_MS = 60_000
/** No limit runs longer; a calendar without any working day, or a clock gone wild, ends here. */
const HORIZON_DAYS = 3700

/** A stretch of working time, in milliseconds since 1970. */
type Span = { readonly fromMs: number; readonly toMs: number }

export class WorkCalendar {
  readonly calendar: Calendar
  readonly hours: Hours
  readonly #named: ReadonlyMap<string, NamedDay>
  readonly #ownYears: ReadonlyMap<number, number>
  readonly #spans = new Map<string, readonly Span[]>()

  /** `named`: days of the community's own records, which go before the announced ones. */
  constructor(calendar: Calendar, hours: Hours, named: ReadonlyMap<string, NamedDay> = new Map()) {
    this.calendar = calendar
    this.hours = hours
    this.#named = named
    const off = new Map<number, number>()
    for (const [day, { kind }] of named) {
      const year = Number(day.slice(0, 4))
      off.set(year, (off.get(year) ?? 0) + (kind === 'off' ? 1 : 0))
    }
    this.#ownYears = off
  }

  /** Working minutes of one working day. */
  get dayMinutes(): number {
    return minutesIn(this.hours)
  }

  day(day: string): WorkDay {
    const own = this.#named.get(day)
    if (own) return { day, works: own.kind === 'on', name: own.name || null, source: 'community' }
    const told = announcedDays().days.get(day)
    if (told) return { day, works: told.kind === 'on', name: told.name, source: 'announced' }
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
    return { day, works: weekday !== 0 && weekday !== 6, name: null, source: 'weekday' }
  }

  year(year: number): KnownYear {
    const off = this.#ownYears.get(year)
    const named = [...this.#named.keys()].filter((day) => Number(day.slice(0, 4)) === year).length
    const source =
      off !== undefined && off >= HOLIDAYS_OF_A_YEAR
        ? 'community'
        : announcedDays().years.has(year)
          ? 'announced'
          : null
    return { year, source, named }
  }

  /** The years of a stretch of time whose holidays nobody has told: deadlines there count plain weekdays. */
  unknownYears(fromMs: number, toMs: number): readonly number[] {
    const years: number[] = []
    const [first, last] = [this.calendar.dayOf(fromMs), this.calendar.dayOf(Math.max(fromMs, toMs))]
    for (let year = Number(first.slice(0, 4)); year <= Number(last.slice(0, 4)); year++) {
      if (this.year(year).source === null) years.push(year)
      if (years.length >= 3) break
    }
    return years
  }

  isWorking(ms: number): boolean {
    return this.#spansOf(this.calendar.dayOf(ms)).some(({ fromMs, toMs }) => fromMs <= ms && ms < toMs)
  }

  /**
   * The instant by which so much working time has passed since `fromMs`. It lies in working time or at its very end:
   * eight hours from nine o'clock end at five, not at nine of the next day. Of no minutes at all: `fromMs` itself
   * where that is worked or just ended, else the next instant that is.
   */
  add(fromMs: number, workingMs: number): number {
    let left = Math.max(0, workingMs)
    let day = this.calendar.dayOf(fromMs)
    for (let turn = 0; turn < HORIZON_DAYS; turn++, day = addDays(day, 1)) {
      for (const span of this.#spansOf(day)) {
        if (span.toMs < fromMs) continue
        const start = Math.max(span.fromMs, fromMs)
        const room = span.toMs - start
        if (left === 0 || (left <= room && room > 0)) return start + left
        left -= room
      }
    }
    return startOfDay(this.calendar, day)
  }

  /** Working time from one instant to a later one, in milliseconds; 0 when it is not later. Counted for ten years at most. */
  between(fromMs: number, toMs: number): number {
    let sum = 0
    if (toMs <= fromMs) return 0
    const last = this.calendar.dayOf(toMs)
    let day = this.calendar.dayOf(fromMs)
    for (let turn = 0; turn < HORIZON_DAYS && day <= last; turn++, day = addDays(day, 1))
      for (const span of this.#spansOf(day))
        sum += Math.max(0, Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs))
    return sum
  }

  /** The day's working time as instants; on a day of changing clocks by what they show. */
  #spansOf(day: string): readonly Span[] {
    const known = this.#spans.get(day)
    if (known) return known
    const spans = this.day(day).works ? spansOf(this.calendar, day, this.hours) : []
    this.#spans.set(day, spans)
    return spans
  }
}

/** A day cut where its clocks change; within each part a minute of the clock is a minute of time. */
function spansOf(calendar: Calendar, day: string, hours: Hours): readonly Span[] {
  const from = midnight(calendar, day)
  const to = midnight(calendar, addDays(day, 1))
  const spans: Span[] = []
  const cut = (fromMs: number, toMs: number): void => {
    const offset = minuteOfDay(calendar, fromMs) * MINUTE_MS
    const lastMinute = minuteOfDay(calendar, toMs - MINUTE_MS) * MINUTE_MS
    if (lastMinute - offset === toMs - MINUTE_MS - fromMs) {
      for (const span of hours) {
        const start = Math.max(fromMs, fromMs - offset + span.from * MINUTE_MS)
        const end = Math.min(toMs, fromMs - offset + span.to * MINUTE_MS)
        if (start < end) spans.push({ fromMs: start, toMs: end })
      }
      return
    }
    // Clocks change in here: at a whole minute, found by halving.
    let [low, high] = [fromMs, toMs - MINUTE_MS]
    while (high - low > MINUTE_MS) {
      const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS
      if (minuteOfDay(calendar, middle) * MINUTE_MS - offset === middle - fromMs) low = middle
      else high = middle
    }
    cut(fromMs, high)
    cut(high, toMs)
  }
  if (to > from) cut(from, to)
  return joined(spans)
}

/** As `startOfDay`, straight there on all days but those of changing clocks. */
function midnight(calendar: Calendar, day: string): number {
  const noonMs = Date.parse(`${day}T12:00:00Z`)
  const shown = Date.parse(`${calendar.dayOf(noonMs)}T00:00:00Z`) + minuteOfDay(calendar, noonMs) * MINUTE_MS
  const guess = noonMs - (shown - noonMs) - DAY_MS / 2
  const isStart = calendar.dayOf(guess) === day && calendar.dayOf(guess - MINUTE_MS) < day
  return isStart ? guess : startOfDay(calendar, day)
}
const DAY_MS = 86_400_000

/** Parts that touch are one: what ends where the next begins is not an end. */
function joined(spans: readonly Span[]): readonly Span[] {
  const whole: Span[] = []
  for (const span of spans) {
    const last = whole.at(-1)
    if (last && last.toMs === span.fromMs) whole[whole.length - 1] = { fromMs: last.fromMs, toMs: span.toMs }
    else whole.push(span)
  }
  return whole
}

const clocks = new Map<string, Intl.DateTimeFormat>()

/** What the community's clocks show, in minutes since midnight. */
function minuteOfDay({ timeZone }: Calendar, ms: number): number {
  let format = clocks.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hour: 'numeric',
      minute: 'numeric',
      hourCycle: 'h23',
    })
    clocks.set(timeZone, format)
  }
  let minutes = 0
  for (const { type, value } of format.formatToParts(ms))
    if (type === 'hour') minutes += Number(value) * 60
    else if (type === 'minute') minutes += Number(value)
  return minutes
}

const kept = new WeakMap<object, { readonly content: string; readonly calendar: WorkCalendar }>()

/** The community's working calendar, as its records say; kept with the record set until they say otherwise. */
export function workCalendarOf(source: Pick<RecordSet, 'ofType'>): WorkCalendar {
  const records = [...source.ofType('calendar')].sort(byId)
  const calendar = calendarOf(source)
  const content = `${calendar.timeZone} ${records.map(({ id, fields }) => `${id} ${JSON.stringify(fields)}`).join()}`
  const known = kept.get(source)
  if (known?.content === content) return known.calendar
  const fresh = new WorkCalendar(calendar, hoursOf(records), namedDays(records))
  kept.set(source, { content, calendar: fresh })
  return fresh
}

const hoursOf = (records: readonly Projection[]): Hours => {
  const set = records.map(({ fields }) => fields.hours).find((one) => typeof one === 'string')
  return (typeof set === 'string' ? parseHours(set) : null) ?? parseHours(DEFAULT_HOURS)!
}

/** What others wrote is taken as far as it can be read. */
function namedDays(records: readonly Projection[]): ReadonlyMap<string, NamedDay> {
  const named = new Map<string, NamedDay>()
  for (const { fields } of records) {
    const { days } = fields
    if (typeof days !== 'object' || days === null || Array.isArray(days)) continue
    for (const [day, said] of Object.entries(days)) {
      if (!isDate(day) || !Array.isArray(said)) continue
      const [kind, name] = said
      if ((kind === 'on' || kind === 'off') && !named.has(day))
        named.set(day, { kind, name: typeof name === 'string' ? name : '' })
    }
  }
  return named
}

/** Every day of a year, in order. */
export function yearDays(calendar: WorkCalendar, year: number): readonly WorkDay[] {
  const days: WorkDay[] = []
  const end = `${year}-12-31`
  for (let day = `${year}-01-01`; day <= end; day = addDays(day, 1)) {
    days.push(calendar.day(day))
    if (day === end) break
  }
  return days
}
