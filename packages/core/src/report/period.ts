import { isDate } from '../record/define.ts'
import { addDays, daysBetween } from '../work/day.ts'

/** Days, both included. */
export type Period = { readonly from: string; readonly until: string }

/** `2026-11`; null for what is no month. */
export function monthPeriod(month: string): Period | null {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) return null
  const from = `${month}-01`
  const next = addDays(from, 31).slice(0, 7)
  return isDate(from) ? { from, until: addDays(`${next}-01`, -1) } : null
}

export const monthBefore = (month: string): string => addDays(`${month}-01`, -1).slice(0, 7)

/** Every day of it, at most a year of them. */
export const daysOf = ({ from, until }: Period): string[] =>
  Array.from({ length: Math.min(366, Math.max(0, daysBetween(from, until) + 1)) }, (_, at) =>
    addDays(from, at),
  )

/** How things stand is told for the end of a period, and for no day that has not come. */
export const endOf = ({ until }: Period, today: string): string => [until, today].sort()[0]!
