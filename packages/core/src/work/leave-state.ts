/**
 * When everybody of a household is away, folded from all that was said of it: the same on every station in any order
 * of arrival. Somebody who is back ends every absence that began before that day, also one that was noted elsewhere by
 * whoever had not heard: to look once too often is the smaller harm.
 */
import { isDate } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import type { Span } from '../watch/watched.ts'
import { addDays, type Calendar, dateOf } from './day.ts'
import { midnightOf } from './quiet-hours.ts'
import { textOf } from './record-set.ts'

/** An absence without an end holds for so many days; then it is to be asked about. The project's own choice. */
export const OPEN_LEAVE_DAYS = 30

export type LeaveDays = {
  /** First and last day away, both in. */
  readonly from: string
  readonly until: string
  /** Nobody said when it ends. */
  readonly isOpen: boolean
}

/** Days on which somebody was back, as this record has them. */
export const endsOf = ({ timelines }: Projection): readonly string[] =>
  (timelines.ends ?? []).flatMap(({ value }) => {
    const on = typeof value === 'object' && value !== null && !Array.isArray(value) ? value.on : null
    return typeof on === 'string' && isDate(on) ? [on] : []
  })

/** Of days in conflict the ones that make the absence shorter. */
function saidDays(leave: Projection, field: 'from' | 'until'): readonly string[] {
  const values = leave.conflicts[field]?.map(({ value }) => value) ?? [leave.fields[field]]
  return values.flatMap((value) => (typeof value === 'string' && isDate(value) ? [value] : [])).sort()
}

/** What one notice says by itself; null where it says no day that can be read, or was taken back. */
export function noticedDays(leave: Projection): LeaveDays | null {
  const from = saidDays(leave, 'from').at(-1)
  if (from === undefined || textOf(leave, 'withdrawn') !== null || leave.conflicts.withdrawn) return null
  const [until] = saidDays(leave, 'until')
  return { from, until: until ?? addDays(from, OPEN_LEAVE_DAYS - 1), isOpen: until === undefined }
}

/** What holds of one notice among all of its household; null where nothing is left of it. */
export function leaveDays(leave: Projection, all: readonly Projection[]): LeaveDays | null {
  const said = noticedDays(leave)
  if (!said) return null
  const back = all
    .flatMap(endsOf)
    .filter((on) => on > said.from)
    .sort()[0]
  const until = back !== undefined && back <= said.until ? addDays(back, -1) : said.until
  return until < said.from ? null : { ...said, until, isOpen: said.isOpen && until === said.until }
}

/** Of all notices of a household; touching ones are one. Oldest first. */
export function leaveSpans(leaves: readonly Projection[], calendar: Calendar): readonly Span[] {
  const days = leaves.flatMap((leave) => leaveDays(leave, leaves) ?? [])
  const spans: { fromMs: number; untilMs: number }[] = []
  for (const { from, until } of days.sort((a, b) => (a.from < b.from ? -1 : 1))) {
    const fromMs = midnightOf(calendar, from)
    const untilMs = midnightOf(calendar, addDays(until, 1))
    const last = spans.at(-1)
    if (last && fromMs <= last.untilMs) last.untilMs = Math.max(last.untilMs, untilMs)
    else spans.push({ fromMs, untilMs })
  }
  return spans
}

/** The last day of an absence as its own record tells; null where it says none. */
export function lastDayOf(leave: Projection): string | null {
  const said = noticedDays(leave)
  if (!said) return dateOf(leave, 'until') ?? dateOf(leave, 'from')
  return (
    endsOf(leave)
      .filter((on) => on > said.from && on <= said.until)
      .sort()[0] ?? said.until
  )
}
