/** Lists for screens and commands, each a pure function over a RecordSet, masked for its viewer. */
import type { Value } from '../record/change.ts'
import { allMoves, placeChoices } from '../record/place.ts'
import type { ConflictValue, Projection } from '../record/project.ts'
import { definitionOf } from '../records/registry.ts'
import { addressOf, addressText, walkingKey } from './address.ts'
import { type Calendar, calendarOf, dateOf } from './day.ts'
import { isStanding } from './due.ts'
import type { Language } from './language.ts'
import { type Author, authorOf, byId, findGrid, type GridRef, gridName, gridOf } from './lookups.ts'
import { shown, shownSet } from './mask.ts'
import { type RecordSet, textOf } from './record-set.ts'

// ---- households

export type HouseholdRow = {
  readonly id: string
  readonly name: string | null
  readonly address: string
  readonly grid: GridRef | null
  readonly categories: readonly string[]
  readonly tags: readonly string[]
  /** Day of the last visit that met somebody, and when that was written down (milliseconds since 1970). */
  readonly lastVisitOn: string | null
  readonly lastVisitAtMs: number | null
}

/** In walking order. `tag` names a tag or a category that the viewer may see; an unknown grid has no households. */
export function listHouseholds(
  set: RecordSet,
  filter: { readonly grid?: string; readonly tag?: string; readonly language?: Language } = {},
): readonly HouseholdRow[] {
  const grid = filter.grid === undefined ? null : findGrid(set, filter.grid)
  if (filter.grid !== undefined && !grid) return []
  const { tag, language = 'zh' } = filter
  const rows: { readonly walk: string; readonly row: HouseholdRow }[] = []
  for (const record of set.ofType('household')) {
    if (grid && record.space !== grid.space) continue
    if (
      tag !== undefined &&
      !['tags', 'categories'].some((name) => shownSet(record, name, set.viewer).includes(tag))
    )
      continue
    rows.push(
      set.households.of('row', language, record, () => ({
        walk: walkingKey(set, record),
        row: householdRow(set, record, language),
      })),
    )
  }
  rows.sort((a, b) => (a.walk < b.walk ? -1 : 1))
  return rows.map(({ row }) => row)
}

export function householdRow(set: RecordSet, record: Projection, language: Language = 'zh'): HouseholdRow {
  const last = lastMet(set, record.id)
  return {
    id: record.id,
    name: shown('household', 'name', record.fields.name, set.viewer) as string | null,
    address: addressText(addressOf(set, record), language),
    grid: gridOf(set, record.space),
    categories: shownSet(record, 'categories', set.viewer),
    tags: shownSet(record, 'tags', set.viewer),
    lastVisitOn: dateOf(last, 'on'),
    lastVisitAtMs: last?.createdAt ?? null,
  }
}

function lastMet(set: RecordSet, household: string): Projection | null {
  let last: Projection | null = null
  for (const visit of set.referring('visit', 'household', household))
    if (visit.fields.outcome === 'met' && isStanding(visit) && dateOf(visit, 'on') !== null)
      if (!last || isLater(visit, last)) last = visit
  return last
}

/** By the day it was made; of one day, by when it was written, then by id. */
function isLater(a: Projection, b: Projection): boolean {
  const [onA, onB] = [dateOf(a, 'on') ?? '', dateOf(b, 'on') ?? '']
  if (onA !== onB) return onA > onB
  return a.createdAt !== b.createdAt ? a.createdAt > b.createdAt : a.id > b.id
}

// ---- visits

export type VisitRow = {
  readonly id: string
  readonly household: string
  readonly address: string
  readonly outcome: string | null
  readonly on: string | null
  readonly mode: string | null
  /** Who was asked: null or `resident`, `neighbour`, `emergency`; and whether they knew that all is well. */
  readonly contact: string | null
  readonly heard: boolean
  readonly form: string | null
  readonly formVersion: string | null
  /** The record it was filled with; null for a form that comes with the package. */
  readonly formRecord: string | null
  readonly answers: Value
  /** The code of the sheet it was typed in from. */
  readonly sheet: string | null
  readonly note: string | null
  readonly nextOn: string | null
  /** Why it was taken back, or null. */
  readonly withdrawn: string | null
  readonly by: Author
  readonly atMs: number
  /** It states a day after the one on which, by its author's clock, it was written. */
  readonly datedAhead: boolean
}

/** The latest first. Visits that were taken back are there, marked. */
export function listVisits(
  set: RecordSet,
  filter: { readonly household?: string; readonly language?: Language } = {},
): readonly VisitRow[] {
  const visits =
    filter.household === undefined
      ? set.ofType('visit')
      : set.referring('visit', 'household', filter.household)
  const calendar = calendarOf(set)
  return [...visits]
    .sort((a, b) => (isLater(a, b) ? -1 : 1))
    .map((visit) => visitRow(set, visit, calendar, filter.language))
}

export function visitRow(
  set: RecordSet,
  visit: Projection,
  calendar: Calendar = calendarOf(set),
  language: Language = 'zh',
): VisitRow {
  const household = textOf(visit, 'household') ?? ''
  const on = dateOf(visit, 'on')
  return {
    id: visit.id,
    household,
    address: addressText(addressOf(set, set.getA('household', household)), language),
    outcome: textOf(visit, 'outcome'),
    on,
    mode: textOf(visit, 'mode'),
    contact: textOf(visit, 'contact'),
    heard: visit.fields.heard === true,
    form: textOf(visit, 'form'),
    formVersion: textOf(visit, 'formVersion'),
    formRecord: textOf(visit, 'formRecord'),
    answers: shown('visit', 'answers', visit.fields.answers, set.viewer),
    sheet: textOf(visit, 'sheet'),
    note: shown('visit', 'note', visit.fields.note, set.viewer) as string | null,
    nextOn: dateOf(visit, 'nextOn'),
    withdrawn: textOf(visit, 'withdrawn'),
    by: authorOf(set, visit.createdBy),
    atMs: visit.createdAt,
    datedAhead: on !== null && on > calendar.dayOf(visit.createdAt),
  }
}

// ---- conflicts

export type ConflictRow = {
  readonly record: string
  readonly type: string
  /** What it is about: an address, or a name. */
  readonly title: string
  readonly field: string
  readonly label: readonly [zh: string, en: string]
  readonly values: readonly {
    readonly value: Value
    /** Names this value for `settleConflict`, masked or not. */
    readonly write: string
    readonly by: Author
    readonly atMs: number
  }[]
}

export function listConflicts(
  set: RecordSet,
  filter: { readonly record?: string; readonly language?: Language } = {},
): readonly ConflictRow[] {
  const records =
    filter.record === undefined
      ? [...set.inConflict()].sort(byId)
      : [set.get(filter.record)].flatMap((one) => one ?? [])
  return records.flatMap((record) => [
    ...(set.isKept(record.id) ? Object.keys(record.conflicts) : [])
      .filter((field) => field !== 'movedTo')
      .sort()
      .map((field) => conflictRow(set, record, field, record.conflicts[field]!, filter.language)),
    ...placeRow(set, record, filter.language),
  ])
}

/** Moved to two grids by people who did not know of each other: it is in both until somebody says which. */
function placeRow(set: RecordSet, record: Projection, language: Language | undefined): ConflictRow[] {
  const values = placeChoices(allMoves(set.copies(record.id)))
  if (record.type !== 'household' || values.length < 2) return []
  const named = values.map((one) => ({ ...one, value: gridName(set, String(one.value)) }))
  return [conflictRow(set, record, 'movedTo', named, language)]
}

function conflictRow(
  set: RecordSet,
  record: Projection,
  field: string,
  values: readonly ConflictValue[],
  language: Language = 'zh',
): ConflictRow {
  return {
    record: record.id,
    type: record.type,
    title: titleOf(set, record, language),
    field,
    label: definitionOf(record.type)?.fields[field]?.label ?? [field, field],
    values: values.map(({ value, tag, by, at }) => ({
      value: shown(record.type, field, value, set.viewer),
      write: tag,
      by: authorOf(set, by),
      atMs: at,
    })),
  }
}

/** What a record is called in a list: its address where it has one, else its name. */
export function titleOf(set: RecordSet, record: Projection, language: Language = 'zh'): string {
  const address = addressText(addressOf(set, record), language)
  if (address !== '') return address
  for (const field of ['name', 'title']) {
    const text = shown(record.type, field, record.fields[field], set.viewer)
    if (typeof text === 'string') return text
  }
  const household = set.getA('household', record.fields.household)
  return household ? titleOf(set, household, language) : record.id
}
