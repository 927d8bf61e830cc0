import {
  addDays,
  addressOf,
  calendarOf,
  type DiaryRow,
  dayTally,
  listDiary,
  newsSince,
  type RecordSet,
  type Station,
  shortAddress,
  startOfDay,
  unknownCalendarYears,
} from '@doorstep/core'
import type { Language } from '../../voice/language.ts'
import type { DayFacts, NewsLine, TodoLine } from '../facts.ts'

const doorOf = (set: RecordSet, household: string | null): string =>
  household === null ? '' : shortAddress(addressOf(set, set.getA('household', household)))

const lineOf = (set: RecordSet, row: DiaryRow): TodoLine => ({
  id: row.id,
  household: row.household,
  door: doorOf(set, row.household),
  text: row.text ?? '',
  on: row.on,
  by: row.by.name,
  dueOn: row.dueOn,
  overdueDays: row.overdueDays,
  doneOn: row.done?.on ?? null,
  open: row.open,
  promise: false,
})

/** What was promised at a door, in the words of the register: it is kept like a line of the diary. */
function promiseAt(set: RecordSet, household: string): TodoLine[] {
  const promise = set.getA('household', household)?.fields.promise
  if (typeof promise !== 'string' || promise === '') return []
  return [
    {
      ...{ id: `promise ${household}`, household, door: doorOf(set, household), text: promise },
      ...{ on: null, by: '', dueOn: null, overdueDays: 0, doneOn: null, open: true, promise: true },
    },
  ]
}

/** Of a door, or of everywhere: what is to be done, or every line. */
export function diaryLines(
  set: RecordSet,
  household: string | null,
  scope: 'open' | 'all',
  { day, language }: { readonly day: string; readonly language: Language },
): readonly TodoLine[] {
  const rows = listDiary(set, {
    on: day,
    language,
    open: scope === 'open',
    ...(household === null ? {} : { household }),
  })
  return [...(household === null ? [] : promiseAt(set, household)), ...rows.map((row) => lineOf(set, row))]
}

/** What is to be done by a day, by household; what belongs to no door is under null. */
export function todosBy(
  set: RecordSet,
  day: string,
  language: Language,
): ReadonlyMap<string | null, TodoLine[]> {
  const rows = listDiary(set, { on: day, open: true, language }).filter(({ overdueDays }) => overdueDays >= 0)
  return Map.groupBy(
    rows.map((row) => lineOf(set, row)),
    ({ household }) => household,
  )
}

/** The evening before begins at this hour; what colleagues write after it is news in the morning. */
const EVENING_HOUR = 18
const HOUR_MS = 3_600_000

export function newsOf(set: RecordSet, station: Station, day: string): readonly NewsLine[] {
  const sinceMs = startOfDay(calendarOf(set), addDays(day, -1)) + EVENING_HOUR * HOUR_MS
  return newsSince(set, { sinceMs, me: station.identity.member }).map((row) => ({
    kind: row.kind,
    door: doorOf(set, row.household),
    by: row.by.name,
    atMs: row.atMs,
    what: row.what,
  }))
}

export const dayFacts = (
  set: RecordSet,
  station: Station,
  { day, language }: { readonly day: string; readonly language: Language },
): DayFacts => {
  const mine = dayTally(set, { on: day, by: station.identity.member, language })
  return {
    tally: mine,
    open: mine.open.map((row) => lineOf(set, row)),
    news: newsOf(set, station, day),
    first: mine.tomorrow.first
      ? { door: doorOf(set, mine.tomorrow.first.household), name: mine.tomorrow.first.name ?? '' }
      : null,
    unknownYears: unknownCalendarYears(set, station.now),
  }
}
