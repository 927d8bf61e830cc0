/** The hours of a working day, in minutes since its midnight: half-open, in order, apart from each other. */
export type Hours = readonly { readonly from: number; readonly to: number }[]

/**
 * Eight hours straight, 09:00–17:00: a working day of a limit is then eight working hours, whatever a community does
 * about lunch. It sets its own with `doorstep calendar load --hours`.
 */
export const DEFAULT_HOURS = '09:00-17:00'
const DAY_MINUTES = 1440

/** `09:00-12:00,13:00-18:00`; null when it is none, or its parts touch, overlap or are out of order. */
export function parseHours(text: string): Hours | null {
  const hours: { from: number; to: number }[] = []
  for (const part of text.normalize('NFKC').split(/[,、]/)) {
    const [, from, fromMinute, to, toMinute] =
      /^\s*(\d{1,2}):(\d{2})\s*[-–~]\s*(\d{1,2}):(\d{2})\s*$/.exec(part) ?? []
    if (from === undefined) return null
    const span = { from: minuteOf(from, fromMinute!), to: minuteOf(to!, toMinute!) }
    const before = hours.at(-1)
    if (span.from === -1 || span.to === -1 || span.from >= span.to) return null
    if (before && before.to >= span.from) return null
    hours.push(span)
  }
  return hours.length > 0 ? hours : null
}

function minuteOf(hour: string, minute: string): number {
  const [h, m] = [Number(hour), Number(minute)]
  const at = h * 60 + m
  return m < 60 && at <= DAY_MINUTES ? at : -1
}

export const formatHours = (hours: Hours): string =>
  hours.map(({ from, to }) => `${clock(from)}-${clock(to)}`).join(',')

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`

export const minutesIn = (hours: Hours): number => hours.reduce((sum, { from, to }) => sum + to - from, 0)
