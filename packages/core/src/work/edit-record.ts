import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { definitionOf, type RecordType } from '../records/registry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook, Edit } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { basisFor, type CategoryBasis } from './category-basis.ts'
import {
  type EntryPlace,
  findRecord,
  type InvalidField,
  keptRecord,
  stationCalendar,
  withEntries,
} from './command.ts'
import { looksMasked } from './mask.ts'
import { oneRecord, spread } from './merged-ids.ts'

export type EditRecord = {
  readonly record: string
  /** Null clears a field. */
  readonly set?: Readonly<Record<string, Value>>
  /** Sets: tags, categories. */
  readonly add?: Readonly<Record<string, readonly string[]>>
  readonly remove?: Readonly<Record<string, readonly string[]>>
  /** What added categories rest on; a sensitive one is not added without. */
  readonly basis?: CategoryBasis
}

export type EditedRecord = {
  readonly record: string
  /** False when everything was so already: nothing was written. */
  readonly changed: boolean
  readonly entries: readonly EntryPlace[]
}

export type EditRecordProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'record-moved'
    | 'not-editable'
    | 'role-may-not'
    | 'invalid-field'
    | 'basis-needed'
}

const MAX_ELEMENT = 60

/** What is stated once and only ever taken back, settled or added to, with the command that does it. */
const OTHERWISE: Readonly<Partial<Record<RecordType, string>>> = {
  visit: 'withdrawVisit',
  diary: 'tickDiary',
  consent: 'withdrawConsent',
  reveal: 'reveal',
  export: 'audit',
}

/**
 * Sets, clears, adds and removes: what the author has seen is replaced, what a colleague wrote meanwhile lives on
 * beside it as a conflict. Rules of a community's own records are its chief's to change.
 */
export async function editRecord(station: Station, input: EditRecord): Promise<Result<EditedRecord>> {
  const today = stationCalendar(station).dayOf(station.now)
  return withEntries(
    await station.write('record.edit', (book) => {
      const record = book.get(input.record)
      if (!record) return fail({ type: 'no-such-record', id: input.record })
      const use = OTHERWISE[record.type as RecordType]
      if (use) return fail({ type: 'not-editable', record: record.id, of: record.type, use })
      if (definitionOf(record.type)?.space === 'community' && station.member()?.role !== 'chief')
        return fail({ type: 'role-may-not', role: station.member()?.role, action: `${record.type}.edit` })
      const kept = keptRecord(book, record)
      return kept.ok ? applyEdit(book, record, input, today) : kept
    }),
  )
}

/** As `editRecord`, for households alone: nothing else is edited by a mistaken id. */
export async function editHousehold(
  station: Station,
  input: Omit<EditRecord, 'record'> & { readonly household: string },
): Promise<Result<EditedRecord>> {
  const today = stationCalendar(station).dayOf(station.now)
  return withEntries(
    await station.write('record.edit', (book) => {
      const household = findRecord(book, 'household', input.household)
      if (!household.ok) return household
      return applyEdit(book, household.value, { ...input, record: input.household }, today)
    }),
  )
}

function applyEdit(book: Draftbook, record: Projection, input: EditRecord, today: string) {
  const wrong = brokenField(record.type, input)
  if (wrong) return fail(wrong)
  // Which categories a policy is for is no fact about anybody.
  const named = definitionOf(record.type)?.timelines?.basis ? (input.add?.categories ?? []) : []
  const one = oneRecord(book, record.id)
  if (!one) return fail({ type: 'no-such-record', id: record.id })
  const basis = basisFor(one.view, named, input.basis, today)
  if (!basis.ok) return basis
  const edit: Edit = {
    ...(input.set ? { set: input.set } : {}),
    ...(input.add ? { add: trimmed(input.add) } : {}),
    ...(input.remove ? { remove: input.remove } : {}),
    ...(basis.value === null ? {} : { append: { basis: [basis.value] } }),
  }
  const before = book.changes.size
  for (const [member, part] of spread(one, edit)) {
    const edited = book.edit(member.id, part)
    if (!edited.ok) return edited
  }
  return ok({ record: input.record, changed: book.changes.size > before })
}

function brokenField(record: string, { set = {}, add = {}, remove = {} }: EditRecord): InvalidField | null {
  const invalid = (field: string, rule: string): InvalidField => ({
    type: 'invalid-field',
    record,
    field,
    rule,
  })
  const definition = definitionOf(record)
  for (const [field, value] of Object.entries(set)) {
    if (looksMasked(record, field, value)) return invalid(field, 'masked')
    if ((value === null || value === '') && definition?.fields[field]?.required)
      return invalid(field, 'required')
  }
  for (const field of [...Object.keys(add), ...Object.keys(remove)])
    if (!definition?.sets?.[field]) return invalid(field, 'unknown-field')
  for (const [field, elements] of Object.entries(add)) {
    if (elements.some((element) => element.trim() === '')) return invalid(field, 'required')
    if (elements.some((element) => element.trim().length > MAX_ELEMENT)) return invalid(field, 'too-long')
  }
  return null
}

/** Each once: two writes of one element in one part would be one too many. */
const trimmed = (add: Readonly<Record<string, readonly string[]>>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(add).map(([name, elements]) => [name, [...new Set(elements.map((one) => one.trim()))]]),
  )
