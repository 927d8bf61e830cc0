/** What every command of this folder gives back, and asks first. */
import type { EntryRef } from '../log/entry.ts'
import type { Projection } from '../record/project.ts'
import type { RecordType } from '../records/registry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station, Written } from '../station/station.ts'
import { type Calendar, calendarOf } from './day.ts'

/** Where a write stands in the log: on disk when the command's promise resolves. */
export type EntryPlace = { readonly space: string; readonly log: string; readonly seq: number }

export type NoSuchRecord = Problem & { type: 'no-such-record'; id: string; wanted: RecordType }

/** The record inside the transaction, if it is of the type that is asked for. */
export function findRecord(
  book: Draftbook,
  wanted: RecordType,
  id: string,
): Result<Projection, NoSuchRecord> {
  const record = book.get(id)
  return record?.type === wanted ? ok(record) : fail({ type: 'no-such-record', id, wanted })
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
