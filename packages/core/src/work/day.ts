/** Days are `YYYY-MM-DD` in the community's time zone: a visit at 23:30 belongs to that evening, wherever it is computed. */
import { isDate } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import type { RecordSet } from './record-set.ts'

/** Where the community record names no zone this machine knows, or has not arrived yet. All of China keeps one time. */
export const DEFAULT_TIME_ZONE = 'Asia/Shanghai'

const DAY_MS = 86_400_000
/** Clocks of others may say anything; days stay four-digit years, a day inside either end whatever the zone. */
const EARLIEST_MS = Date.UTC(1000, 0, 2)
const LATEST_MS = Date.UTC(9999, 11, 30)
const bounded = (ms: number): number => Math.min(Math.max(ms, EARLIEST_MS), LATEST_MS)

export type Calendar = {
  /** IANA name in use. */
  readonly timeZone: string
  /** The day of an instant given in milliseconds since 1970. */
  dayOf(instantMs: number): string
}

export function calendarIn(timeZone: string): Calendar {
  // Every question about a day asks for it, and making a format costs as much as a hundred days.
  if (lastMade?.timeZone !== timeZone) lastMade = makeCalendar(timeZone)
  return lastMade
}
let lastMade: Calendar | null = null

/** Throws a RangeError where this machine does not know the zone. */
function makeCalendar(timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  return {
    timeZone,
    dayOf(instantMs) {
      let year = ''
      let month = ''
      let day = ''
      for (const { type, value } of format.formatToParts(bounded(instantMs)))
        if (type === 'year') year = value
        else if (type === 'month') month = value
        else if (type === 'day') day = value
      return `${year}-${month}-${day}`
    },
  }
}

/**
 * The community's own calendar, as its record says, or where only a desk's is here, as that says: of a record set, or
 * straight from a station.
 */
export function calendarOf(source: Pick<RecordSet, 'ofType'>): Calendar {
  for (const type of ['community', 'desk'] as const)
    for (const { fields } of source.ofType(type)) {
      const zone = fields.timeZone
      const calendar = typeof zone === 'string' ? knownCalendar(zone) : null
      if (calendar) return calendar
    }
  return calendarIn(DEFAULT_TIME_ZONE)
}

function knownCalendar(timeZone: string): Calendar | null {
  try {
    return calendarIn(timeZone)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

const toMs = (day: string): number => Date.parse(`${day}T00:00:00Z`)

export const addDays = (day: string, days: number): string =>
  new Date(bounded(toMs(day) + days * DAY_MS)).toISOString().slice(0, 10)

/** A date field; null when it is empty or no day that exists, which others may have written all the same. */
export function dateOf(record: Projection | null | undefined, field: string): string | null {
  const value = record?.fields[field]
  return typeof value === 'string' && isDate(value) ? value : null
}

/** How many days `to` lies after `from`; negative when before. */
export const daysBetween = (from: string, to: string): number => Math.round((toMs(to) - toMs(from)) / DAY_MS)

/** Whole years from a birth date to a day; null when it lies after that day. */
export function yearsBetween(birth: string, day: string): number | null {
  if (birth > day) return null
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4))
  return day.slice(5) < birth.slice(5) ? years - 1 : years
}

/** The first instant of a day, in milliseconds since 1970; offsets of time zones are whole quarters of an hour. */
export function startOfDay(calendar: Calendar, day: string): number {
  let ms = toMs(day) - 14 * HOUR_MS
  while (calendar.dayOf(ms) < day) ms += HOUR_MS / 4
  return ms
}
const HOUR_MS = 3_600_000
