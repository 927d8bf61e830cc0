/** Hours in which nobody is called for what can wait: every day the same, in the community's time zone. */
import { addDays, type Calendar, startOfDay } from './day.ts'

/** Hours since midnight; `from` may lie after `until`: over midnight. Null: no hour is quiet. */
export type QuietHours = readonly [from: number, until: number] | null

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const MIDNIGHTS = new WeakMap<Calendar, Map<string, number>>()

/** The first instant of a day, milliseconds since 1970: asked for a few days again and again, and dear to find. */
export function midnightOf(calendar: Calendar, day: string): number {
  const known = MIDNIGHTS.get(calendar) ?? new Map<string, number>()
  MIDNIGHTS.set(calendar, known)
  const midnight = known.get(day) ?? startOfDay(calendar, day)
  known.set(day, midnight)
  return midnight
}

/** `minutes` of waiting from an instant on, in which quiet hours do not count; not inside them. Null: there are none. */
export function afterWaiting(fromMs: number, minutes: number, quiet: QuietHours, calendar: Calendar): number {
  if (quiet === null || quiet[0] === quiet[1]) return fromMs + minutes * MINUTE_MS
  const [from, until] = quiet
  let day = addDays(calendar.dayOf(fromMs), -1)
  let atMs = fromMs
  let leftMs = minutes * MINUTE_MS
  for (;;) {
    const midnight = midnightOf(calendar, day)
    const fromQuiet = midnight + from * HOUR_MS
    const toQuiet = midnight + (until < from ? until + 24 : until) * HOUR_MS
    if (atMs < fromQuiet) {
      if (atMs + leftMs < fromQuiet) return atMs + leftMs
      leftMs -= fromQuiet - atMs
      atMs = toQuiet
    } else if (atMs < toQuiet) atMs = toQuiet
    day = addDays(day, 1)
  }
}
