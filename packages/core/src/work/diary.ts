import { isDate } from '../record/define.ts'
import { isObject } from '../record/place.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { addressOf, addressText } from './address.ts'
import { cleanText, type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { dateOf, daysBetween } from './day.ts'
import type { Language } from './language.ts'
import { type Author, authorOf, findGrid } from './lookups.ts'
import { shown } from './mask.ts'
import { plainOf } from './masked-record.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type AddDiary = {
  readonly text: string
  readonly household?: string
  readonly person?: string
  /** The space of the grid, where no household says it. */
  readonly space?: string
  /** The day something is to be done about it; without one there is nothing to do. */
  readonly dueOn?: string
}

export type DiaryProblem = Problem & {
  readonly type: 'no-such-record' | 'record-moved' | 'no-such-grid' | 'diary-without-place' | 'invalid-field'
}

/** Writes a line of the diary, of today. */
export async function addDiary(
  station: Station,
  input: AddDiary,
): Promise<
  Result<{ readonly diary: string; readonly entries: readonly EntryPlace[] }, DiaryProblem | Problem>
> {
  const text = cleanText('diary', 'text', input.text, 1000)
  if (!text.ok) return text
  const on = stationCalendar(station).dayOf(station.now)
  const { dueOn } = input
  if (dueOn !== undefined && (!isDate(dueOn) || dueOn < on))
    return fail({
      type: 'invalid-field',
      record: 'diary',
      field: 'dueOn',
      rule: isDate(dueOn) ? 'too-early' : 'date',
      value: dueOn,
      min: on,
    })
  return withEntries(
    await station.write('diary.add', (book) => {
      let space = input.space
      for (const [type, id] of [
        ['person', input.person],
        ['household', input.household],
      ] as const) {
        if (id === undefined) continue
        const about = findRecord(book, type, id)
        if (!about.ok) return about
        space = about.value.space
      }
      if (space === undefined) return fail({ type: 'diary-without-place' })
      if (!station.spaces().some((one) => one.id === space && one.kind === 'grid'))
        return fail({ type: 'no-such-grid', grid: space })
      const made = book.create('diary', space, {
        set: {
          on,
          text: text.value,
          household: input.household ?? null,
          person: input.person ?? null,
          dueOn: dueOn ?? null,
        },
      })
      return made.ok ? ok({ diary: made.value }) : made
    }),
  )
}

export type TickProblem = Problem & {
  readonly type: 'no-such-record' | 'record-moved' | 'nothing-to-do' | 'ticked-already' | 'invalid-field'
}

/** Says that what was to be done is done. */
export async function tickDiary(
  station: Station,
  input: { readonly diary: string; readonly note?: string },
): Promise<
  Result<{ readonly diary: string; readonly entries: readonly EntryPlace[] }, TickProblem | Problem>
> {
  const on = stationCalendar(station).dayOf(station.now)
  const note = input.note?.trim() ?? ''
  if (note.length > 300)
    return fail({ type: 'invalid-field', record: 'diary', field: 'ticks', rule: 'too-long' })
  return withEntries(
    await station.write('diary.tick', (book) => {
      const found = findRecord(book, 'diary', input.diary)
      if (!found.ok) return found
      const { id, fields } = found.value
      if (typeof fields.dueOn !== 'string') return fail({ type: 'nothing-to-do', diary: id })
      const done = foldTicks(found.value)
      if (done) return fail({ type: 'ticked-already', diary: id, on: done.on })
      const edited = book.edit(id, { append: { ticks: [{ on, ...(note === '' ? {} : { note }) }] } })
      return edited.ok ? ok({ diary: id }) : edited
    }),
  )
}

type Tick = { readonly on: string; readonly by: string; readonly atMs: number; readonly note: string | null }

/** The first by the day it states, then by its id: the same on every station, in whatever order they came. */
function foldTicks(record: Projection): Tick | null {
  let first: (Tick & { readonly id: string }) | null = null
  for (const { id, by, at, value } of plainOf(record).timelines.ticks ?? []) {
    if (!isObject(value) || typeof value.on !== 'string' || !isDate(value.on)) continue
    const note = typeof value.note === 'string' && value.note !== '' ? value.note : null
    if (!first || value.on < first.on || (value.on === first.on && id < first.id))
      first = { id, on: value.on, by, atMs: at, note }
  }
  return first
}

export type DiaryRow = {
  readonly id: string
  readonly on: string | null
  readonly text: string | null
  readonly household: string | null
  readonly person: string | null
  readonly address: string
  readonly dueOn: string | null
  /** Days since it was to be done; 0 on the day, negative before it and where nothing is to be done. */
  readonly overdueDays: number
  readonly done: {
    readonly on: string
    readonly by: Author
    readonly atMs: number
    readonly note: string | null
  } | null
  /** To be done on that day, and not ticked: since then or carried over. */
  readonly open: boolean
  readonly by: Author
  readonly atMs: number
}

export type DiaryFilter = {
  /** YYYY-MM-DD: what is to be done, and how late it is. */
  readonly on: string
  readonly household?: string
  /** A grid's id, name or space. */
  readonly grid?: string
  /** Only what is still to be done. */
  readonly open?: boolean
  readonly language?: Language
}

/** The newest first; of what is to be done, the longest overdue first. */
export function listDiary(set: RecordSet, filter: DiaryFilter): readonly DiaryRow[] {
  const grid = filter.grid === undefined ? null : findGrid(set, filter.grid)
  if (filter.grid !== undefined && !grid) return []
  const records =
    filter.household === undefined
      ? [...set.ofType('diary')]
      : set.referring('diary', 'household', filter.household)
  const rows = records
    .filter((record) => !grid || record.space === grid.space)
    .map((record) => diaryRow(set, record, filter))
    .filter((row) => filter.open !== true || row.open)
  return rows.sort((a, b) => {
    if (filter.open === true && a.dueOn !== b.dueOn) return (a.dueOn ?? '') < (b.dueOn ?? '') ? -1 : 1
    if (a.on !== b.on) return (a.on ?? '') > (b.on ?? '') ? -1 : 1
    return a.atMs !== b.atMs ? b.atMs - a.atMs : a.id < b.id ? -1 : 1
  })
}

function diaryRow(set: RecordSet, record: Projection, { on, language = 'zh' }: DiaryFilter): DiaryRow {
  const household = textOf(record, 'household')
  const dueOn = dateOf(record, 'dueOn')
  const done = foldTicks(record)
  const masked = (text: string | null) => shown('diary', 'text', text, set.viewer) as string | null
  return {
    id: record.id,
    on: dateOf(record, 'on'),
    text: masked(textOf(record, 'text')),
    household,
    person: textOf(record, 'person'),
    address: addressText(addressOf(set, set.getA('household', household)), language),
    dueOn,
    overdueDays: dueOn === null ? -1 : daysBetween(dueOn, on),
    done: done && { on: done.on, by: authorOf(set, done.by), atMs: done.atMs, note: masked(done.note) },
    open: dueOn !== null && done === null,
    by: authorOf(set, record.createdBy),
    atMs: record.createdAt,
  }
}
