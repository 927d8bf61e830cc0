/** A list of holidays and worked weekends from a file, written as the community's own: CSV (date,kind,name) or JSON. */

import { derivedId } from '../ids.ts'
import { parseCsv } from '../import/csv.ts'
import { decodeText } from '../import/decode-text.ts'
import { isDate } from '../record/define.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { type EntryPlace, withEntries } from './command.ts'
import type { DayKind, NamedDay } from './holidays.ts'
import { formatHours, parseHours } from './working-hours.ts'

export type CalendarProblem = Problem & {
  readonly type: /** `line` (from 1) and `why`: `date`, `kind`, `twice`. */
  'calendar-file-wrong' | 'calendar-file-empty' | 'working-hours-wrong' | 'role-may-not'
}

const KINDS: Readonly<Record<string, DayKind>> = {
  off: 'off',
  holiday: 'off',
  放假: 'off',
  休: 'off',
  假日: 'off',
  on: 'on',
  workday: 'on',
  work: 'on',
  上班: 'on',
  班: 'on',
  调休上班: 'on',
}

/** Days by date; every line is read or the file is refused, so that no holiday is lost unseen. */
export function parseCalendarFile(file: Uint8Array): Result<ReadonlyMap<string, NamedDay>> {
  const decoded = decodeText(file, null)
  if (!decoded.ok) return decoded
  const { text } = decoded.value
  const rows = /^\s*[[{]/.test(text) ? jsonRows(text) : csvRows(text)
  if (rows === null) return fail({ type: 'calendar-file-wrong', line: 1, why: 'json' })
  const days = new Map<string, NamedDay>()
  for (const { line, date, kind, name } of rows) {
    const unread = (why: string) => fail({ type: 'calendar-file-wrong', line, why, date, kind })
    const day = date.replace(/^(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?$/, (_, y, m, d) =>
      [y, String(m).padStart(2, '0'), String(d).padStart(2, '0')].join('-'),
    )
    const known = Object.hasOwn(KINDS, kind.toLowerCase()) ? KINDS[kind.toLowerCase()]! : null
    if (!isDate(day)) return unread('date')
    if (known === null) return unread('kind')
    if (days.has(day)) return unread('twice')
    days.set(day, { kind: known, name: name.slice(0, 40) })
  }
  return days.size > 0 ? ok(days) : fail({ type: 'calendar-file-empty' })
}

type Row = { readonly line: number; readonly date: string; readonly kind: string; readonly name: string }

function* csvRows(text: string): Generator<Row> {
  let isFirst = true
  for (const row of parseCsv(text, ',')) {
    const cells = row.type === 'cells' ? row.cells : []
    const [date = '', kind = '', name = ''] = cells.map((cell) => cell.trim())
    const isHead = isFirst && /^(date|日期)$/i.test(date)
    isFirst = false
    if (!isHead) yield { line: row.row, date, kind, name }
  }
}

/** `[{date, kind, name}]`, or as `chinese-days` publishes it: `{holidays: {date: 'en,zh,n'}, workdays: {…}}`. */
function jsonRows(text: string): Row[] | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  const textOf = (one: unknown) => (typeof one === 'string' ? one.trim() : '')
  if (Array.isArray(value))
    return value.map((one, at) => {
      const { date, kind, name } = (typeof one === 'object' && one !== null ? one : {}) as Record<
        string,
        unknown
      >
      return { line: at + 1, date: textOf(date), kind: textOf(kind), name: textOf(name) }
    })
  if (typeof value !== 'object' || value === null) return null
  const lists = value as Record<string, unknown>
  const rows: Row[] = []
  for (const [list, kind] of [
    ['holidays', 'off'],
    ['workdays', 'on'],
  ] as const) {
    const days = lists[list]
    if (typeof days !== 'object' || days === null) return null
    for (const [date, said] of Object.entries(days))
      rows.push({ line: rows.length + 1, date, kind, name: textOf(said).split(',')[1] ?? textOf(said) })
  }
  return rows
}

export type LoadCalendar = {
  /** A file's days; each year they name is replaced whole. */
  readonly days?: ReadonlyMap<string, NamedDay>
  /** `09:00-12:00,13:00-18:00`. */
  readonly hours?: string
  readonly source?: string
}

export type LoadedCalendar = {
  readonly years: readonly { readonly year: number; readonly off: number; readonly on: number }[]
  readonly hours: string | null
  readonly entries: readonly EntryPlace[]
}

/** A chief's to write; it travels to every station with the community's other records. */
export async function loadCalendar(station: Station, input: LoadCalendar): Promise<Result<LoadedCalendar>> {
  const role = station.member()?.role ?? null
  const space = station.communitySpace()
  if (role !== 'chief' || !space) return fail({ type: 'role-may-not', role, action: 'calendar.load' })
  const hours = input.hours === undefined ? undefined : parseHours(input.hours)
  if (hours === null) return fail({ type: 'working-hours-wrong', hours: input.hours })
  const years = new Map<number, Record<string, [DayKind, string]>>()
  for (const [day, { kind, name }] of [...(input.days ?? [])].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const year = Number(day.slice(0, 4))
    const days = years.get(year) ?? {}
    days[day] = [kind, name]
    years.set(year, days)
  }
  const source = input.source?.trim().slice(0, 200) || null
  return withEntries(
    await station.write('record.edit', (book) => {
      const put = (name: string, set: Parameters<typeof book.edit>[1]['set']): Result<unknown> => {
        const id = derivedId('wc', [station.identity.community, name])
        return book.get(id) ? book.edit(id, { set: set! }) : book.create('calendar', space, { set: set! }, id)
      }
      for (const [year, days] of years) {
        const done = put(String(year), { year, days, source })
        if (!done.ok) return done
      }
      if (hours) {
        const done = put('hours', { hours: formatHours(hours) })
        if (!done.ok) return done
      }
      const counts = [...years].map(([year, days]) => {
        const kinds = Object.values(days).map(([kind]) => kind)
        const off = kinds.filter((kind) => kind === 'off').length
        return { year, off, on: kinds.length - off }
      })
      return ok({ years: counts, hours: hours ? formatHours(hours) : null })
    }),
  )
}
