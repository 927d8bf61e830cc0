/** Leave notices: who is away, until when, and who says so. */
import { isDate } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import type { leave as definition } from '../records/leave.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { addressOf, addressText } from './address.ts'
import { cleanText, type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { addDays, dateOf, daysBetween } from './day.ts'
import type { Language } from './language.ts'
import { leaveDays } from './leave-state.ts'
import { type Author, authorOf, byId } from './lookups.ts'
import { shown } from './mask.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type LeaveSaidBy = keyof typeof definition.fields.saidBy.choices

/** Longer ones are noted again: a typing error in the year must not keep a home unwatched. */
const MOST_DAYS = 366

export type NoteLeave = {
  readonly household: string
  /** The first day away; today when not given. */
  readonly from?: string
  /** The last day away. */
  readonly until?: string
  readonly saidBy: LeaveSaidBy
  readonly note?: string
}

type Noted = { readonly leave: string; readonly entries: readonly EntryPlace[] }

const wrongDay = (field: string, rule: string) =>
  fail({ type: 'invalid-field', record: 'leave', field, rule })

/** Fails `no-such-record`, `record-moved`, or `invalid-field` where a day is none, or lies wrong. */
export async function noteLeave(station: Station, input: NoteLeave): Promise<Result<Noted>> {
  const { household, saidBy, until, from = stationCalendar(station).dayOf(station.now) } = input
  if (!isDate(from)) return wrongDay('from', 'date')
  if (until !== undefined) {
    if (!isDate(until)) return wrongDay('until', 'date')
    if (until < from) return wrongDay('until', 'before-start')
    if (daysBetween(from, until) > MOST_DAYS) return wrongDay('until', 'leave-too-long')
  }
  const note = input.note?.trim() || null
  return withEntries(
    await station.write('leave.note', (book) => {
      const home = findRecord(book, 'household', household)
      if (!home.ok) return home
      const made = book.create('leave', home.value.space, {
        set: { household: home.value.id, from, until: until ?? null, saidBy, note },
      })
      return made.ok ? ok({ leave: made.value }) : made
    }),
  )
}

export type LeaveProblem = Problem & { readonly type: 'not-away'; readonly household: string }

/** Somebody is back, early or not: every absence of the household that began before that day ends the day before. */
export async function endLeave(
  station: Station,
  input: { readonly household: string; readonly on?: string; readonly saidBy: LeaveSaidBy },
): Promise<Result<{ readonly ended: readonly string[]; readonly entries: readonly EntryPlace[] }>> {
  const { on = stationCalendar(station).dayOf(station.now), saidBy } = input
  if (!isDate(on)) return wrongDay('ends', 'date')
  return withEntries(
    await station.write('leave.note', (book): Result<{ ended: readonly string[] }> => {
      const home = findRecord(book, 'household', input.household)
      if (!home.ok) return home
      const all = [...book.records({ type: 'leave', space: home.value.space })].filter(
        ({ fields }) => fields.household === home.value.id,
      )
      const open = all.filter((one) => {
        const days = leaveDays(one, all)
        return days !== null && days.from <= on && on <= days.until
      })
      if (open.length === 0) return fail<LeaveProblem>({ type: 'not-away', household: input.household })
      for (const one of open.sort(byId)) {
        // On the very first day nothing is left of it: it never was.
        const edit =
          one.fields.from === on ? { set: { withdrawn: 'back' } } : { append: { ends: [{ on, saidBy }] } }
        const edited = book.edit(one.id, edit, home.value.space)
        if (!edited.ok) return edited
      }
      return ok({ ended: open.map(({ id }) => id) })
    }),
  )
}

export type CorrectLeave = {
  readonly leave: string
  readonly from?: string
  readonly until?: string
  /** It was a mistake, and why: nothing of it holds. */
  readonly withdrawn?: string
}

/** Another day than was said. Two corrections made apart are a conflict, and the shorter absence holds meanwhile. */
export async function correctLeave(station: Station, input: CorrectLeave): Promise<Result<Noted>> {
  const { from, until } = input
  for (const [field, day] of [
    ['from', from],
    ['until', until],
  ] as const)
    if (day !== undefined && !isDate(day)) return wrongDay(field, 'date')
  let withdrawn: string | null = null
  if (input.withdrawn !== undefined) {
    const clean = cleanText('leave', 'withdrawn', input.withdrawn, 300)
    if (!clean.ok) return clean
    withdrawn = clean.value
  }
  return withEntries(
    await station.write('leave.note', (book) => {
      const found = findRecord(book, 'leave', input.leave)
      if (!found.ok) return found
      const { id, space, fields } = found.value
      const starts = from ?? String(fields.from)
      const ends = until ?? fields.until
      if (typeof ends === 'string') {
        if (ends < starts) return wrongDay('until', 'before-start')
        if (daysBetween(starts, ends) > MOST_DAYS) return wrongDay('until', 'leave-too-long')
      }
      const set = {
        ...(from === undefined ? {} : { from }),
        ...(until === undefined ? {} : { until }),
        ...(withdrawn === null ? {} : { withdrawn }),
      }
      const edited = book.edit(id, { set }, space)
      return edited.ok ? ok({ leave: id }) : edited
    }),
  )
}

export type LeaveState = 'away' | 'to-come' | 'back' | 'withdrawn'

export type LeaveRow = {
  readonly id: string
  readonly household: string
  readonly address: string
  readonly space: string
  /** As it holds after those who came back early; null where nothing is left of it. */
  readonly from: string | null
  readonly until: string | null
  /** Nobody said when they come back: `until` is when it is to be asked about. */
  readonly isOpen: boolean
  readonly saidBy: string | null
  readonly note: string | null
  readonly state: LeaveState
  readonly by: Author
  readonly atMs: number
}

export type LeaveFilter = {
  readonly on: string
  readonly household?: string
  /** Those that are over or were taken back, too. */
  readonly all?: boolean
  readonly language?: Language
}

/** Who is away or will be, by the day of return; with `all` what was, too. */
export function listLeaves(set: RecordSet, { on, household, all = false, language = 'zh' }: LeaveFilter) {
  const records =
    household === undefined ? [...set.ofType('leave')] : set.referring('leave', 'household', household)
  return records
    .map((record) => leaveRow(set, record, on, language))
    .filter(({ state }) => all || state === 'away' || state === 'to-come')
    .sort((a, b) => order(a, b))
}

const order = (a: LeaveRow, b: LeaveRow): number => {
  const [one, other] = [`${a.until ?? ''} ${a.id}`, `${b.until ?? ''} ${b.id}`]
  return one < other ? -1 : one > other ? 1 : 0
}

function leaveRow(set: RecordSet, record: Projection, on: string, language: Language): LeaveRow {
  const household = textOf(record, 'household') ?? ''
  const home = set.getA('household', household)
  const days = leaveDays(record, [...set.referring('leave', 'household', household)])
  return {
    id: record.id,
    household,
    address: home ? addressText(addressOf(set, home), language) : '',
    space: record.space,
    from: days?.from ?? dateOf(record, 'from'),
    until: days?.until ?? null,
    isOpen: days?.isOpen ?? false,
    saidBy: textOf(record, 'saidBy'),
    note: shown('leave', 'note', record.fields.note, set.viewer) as string | null,
    state: days === null ? 'withdrawn' : on < days.from ? 'to-come' : on <= days.until ? 'away' : 'back',
    by: authorOf(set, record.createdBy),
    atMs: record.createdAt,
  }
}

/** Of a household on a day: whether everybody is away, and until when. */
export function awayOn(set: RecordSet, household: string, on: string): LeaveRow | null {
  const rows = listLeaves(set, { on, household }).filter(({ state }) => state === 'away')
  return rows.at(-1) ?? null
}

/** So often, within so many days, an alarm that was none lets one ask for a notice. */
const FALSE_ALARMS = 2
const WITHIN_DAYS = 60

export type PastAlarm = {
  /** YYYY-MM-DD. */
  readonly on: string
  readonly urgency: 'life' | 'care' | 'upkeep'
  /** Nothing was wrong: away from home, or a false alarm. */
  readonly wasFalse: boolean
}

/**
 * Whether a household is to be asked to say so when it goes away: after the second alarm of the care kind that was
 * none, and while no notice was given since the first of them. Absence is the usual cause (domain B.2).
 */
export function suggestsLeave(
  alarms: readonly PastAlarm[],
  noticedOn: readonly string[],
  on: string,
): boolean {
  const since = addDays(on, -WITHIN_DAYS)
  const days = alarms
    .filter((one) => one.urgency === 'care' && one.wasFalse && one.on >= since && one.on <= on)
    .map((one) => one.on)
    .sort()
  const [first] = days
  return days.length >= FALSE_ALARMS && !noticedOn.some((day) => day >= first!)
}
