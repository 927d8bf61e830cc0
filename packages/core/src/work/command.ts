/** What every command of this folder gives back, and asks first. */
import type { EntryRef } from '../log/entry.ts'
import { openCopy } from '../record/place.ts'
import type { Projection } from '../record/project.ts'
import type { RecordType } from '../records/registry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station, Written } from '../station/station.ts'
import { type Calendar, calendarOf } from './day.ts'

/** Where a write stands in the log: on disk when the command's promise resolves. */
export type EntryPlace = { readonly space: string; readonly log: string; readonly seq: number }

export type NoSuchRecord = Problem & { type: 'no-such-record' | 'record-moved'; id: string }

/** The record inside the transaction, if it is of the type that is asked for. */
export function findRecord(
  book: Draftbook,
  wanted: RecordType,
  id: string,
): Result<Projection, NoSuchRecord> {
  const record = book.get(id)
  return record?.type === wanted ? keptRecord(book, record) : fail({ type: 'no-such-record', id, wanted })
}

/** What was moved to a space that is not here is written where it is kept now, by those who hold that. */
export function keptRecord(book: Draftbook, record: Projection): Result<Projection, NoSuchRecord> {
  if (openCopy(book.copies(record.id))) return ok(record)
  const grid = [...book.records({ type: 'grid' })].find(
    ({ fields }) => fields.space === record.fields.movedTo,
  )
  return fail({
    type: 'record-moved',
    id: record.id,
    grid: grid?.fields.name ?? record.fields.movedTo ?? null,
  })
}

/** Adds the places to what a command gives back. */
export const withEntries = <T extends object>(
  result: Result<Written<T>>,
): Result<T & { readonly entries: readonly EntryPlace[] }> =>
  result.ok ? ok({ ...result.value.value, entries: placesOf(result.value.entries) }) : result

const placesOf = (entries: readonly (EntryRef & { space: string })[]): readonly EntryPlace[] =>
  entries.map(({ space, log, seq }) => ({ space, log, seq }))

/** The community's calendar, read from the station itself. */
export const stationCalendar = (station: Station): Calendar =>
  calendarOf({ ofType: (type) => station.records({ type }) })

/** Trimmed, within its length, not empty. */
export function cleanText(
  record: string,
  field: string,
  text: string,
  maxLength: number,
): Result<string, InvalidField> {
  const trimmed = text.trim()
  if (trimmed === '') return fail({ type: 'invalid-field', record, field, rule: 'required' })
  if (trimmed.length > maxLength) return fail({ type: 'invalid-field', record, field, rule: 'too-long' })
  return ok(trimmed)
}

export type InvalidField = Problem & { type: 'invalid-field'; record: string; field: string; rule: string }
