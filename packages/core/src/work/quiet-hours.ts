/** Hours in which nobody is called for what can wait: every day the same, in the community's time zone. */
import { addDays, type Calendar, startOfDay } from './day.ts'

/** Minutes since midnight, half-open; `from` may lie after `to`: over midnight. */
export type QuietHours = { readonly fromMinute: number; readonly toMinute: number }

/** This project's own: before seven and after ten in the evening a call does more harm than two hours of waiting. */
export const DEFAULT_QUIET: QuietHours = { fromMinute: 22 * 60, toMinute: 7 * 60 }

const MINUTE_MS = 60_000

/** `minutes` of waiting from an instant on, in which quiet hours do not count; not inside them. Null: there are none. */
export function afterWaiting(
  fromMs: number,
  minutes: number,
  quiet: QuietHours | null,
  calendar: Calendar,
): number {
  if (quiet === null || quiet.fromMinute === quiet.toMinute) return fromMs + minutes * MINUTE_MS
  let day = addDays(calendar.dayOf(fromMs), -1)
  let atMs = fromMs
  let leftMs = minutes * MINUTE_MS
  for (;;) {
    const midnight = startOfDay(calendar, day)
    const wraps = quiet.toMinute < quiet.fromMinute
    const fromQuiet = midnight + quiet.fromMinute * MINUTE_MS
    const toQuiet = midnight + (quiet.toMinute + (wraps ? 1440 : 0)) * MINUTE_MS
    if (atMs < fromQuiet) {
      if (atMs + leftMs < fromQuiet) return atMs + leftMs
      leftMs -= fromQuiet - atMs
      atMs = toQuiet
    } else if (atMs < toQuiet) atMs = toQuiet
    day = addDays(day, 1)
  }
}
