import { addDays, isDate } from '@doorstep/core'

/**
 * A day as one types it with one hand, YYYY-MM-DD or null: `3` or `+3` in three days, `12-01` or `1201` the next
 * such day, `20261201` and `2026-12-01` in full. `today` is YYYY-MM-DD.
 */
export function typedDay(text: string, today: string): string | null {
  const typed = text.normalize('NFKC').trim()
  const days = /^\+?(\d{1,3})$/.exec(typed)
  if (days) return addDays(today, Number(days[1]))
  const [, year, month, day] =
    /^(?:(\d{4})[-/.年]?)?(\d{1,2})[-/.月](\d{1,2})日?$/.exec(typed) ??
    /^(\d{4})?(\d{2})(\d{2})$/.exec(typed) ??
    []
  if (month === undefined || day === undefined) return null
  const tail = `${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  if (year !== undefined) return real(`${year}-${tail}`)
  const thisYear = Number(today.slice(0, 4))
  const near = real(`${thisYear}-${tail}`)
  return near !== null && near >= today ? near : (real(`${thisYear + 1}-${tail}`) ?? near)
}

const real = (day: string): string | null => (isDate(day) ? day : null)
