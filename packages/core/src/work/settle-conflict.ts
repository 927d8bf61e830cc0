import type { Value } from '../record/change.ts'
import { canonical } from '../record/fold.ts'
import type { ConflictValue, Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { type EntryPlace, withEntries } from './command.ts'
import { looksMasked, maskKindOf, maskValue } from './mask.ts'
import { plainOf } from './masked-record.ts'
import { oneRecord, spread } from './merged-ids.ts'
import { settleMove } from './move-household.ts'

export type SettleConflict = {
  readonly record: string
  readonly field: string
} & (
  | {
      /** Any value the field takes; a value as it is shown, masked, stands for the one behind it. */ readonly value: Value
    }
  | { /** The write of one of the values that `listConflicts` names. */ readonly write: string }
)

export type SettledConflict = {
  readonly record: string
  readonly field: string
  readonly entries: readonly EntryPlace[]
}

export type SettleConflictProblem = Problem & {
  readonly type: 'no-such-record' | 'no-conflict' | 'no-such-write' | 'ambiguous-value' | 'invalid-field'
}

/** Ends a conflict by a new write that has seen every value; what somebody writes without having seen it opens a new one. */
export async function settleConflict(
  station: Station,
  input: SettleConflict,
): Promise<Result<SettledConflict>> {
  if (input.field === 'movedTo') return settlePlace(station, input)
  return withEntries(
    await station.write('conflict.settle', (book) => {
      const found = book.get(input.record)
      if (!found) return fail({ type: 'no-such-record', id: input.record })
      const one = oneRecord(book, found.id)
      const record = one?.view ?? plainOf(found)
      const values = record.conflicts[input.field]
      if (!values) return fail({ type: 'no-conflict', record: input.record, field: input.field })
      const value = chosen(record, values, input)
      if (!value.ok) return value
      const edit = { set: { [input.field]: value.value } }
      for (const [member, part] of one ? spread(one, edit) : [[record, edit] as const]) {
        const edited = book.edit(member.id, part)
        if (!edited.ok) return edited
      }
      return ok({ record: input.record, field: input.field })
    }),
  )
}

/** Where a household is: the value is a grid, by name or space. */
async function settlePlace(station: Station, input: SettleConflict): Promise<Result<SettledConflict>> {
  const grid =
    'value' in input
      ? [...station.records({ type: 'grid' })].find(
          ({ fields }) => fields.space === input.value || fields.name === input.value,
        )
      : null
  const choice = 'write' in input ? { write: input.write } : { to: String(grid?.fields.space ?? input.value) }
  const settled = await settleMove(station, { household: input.record, ...choice })
  return settled.ok
    ? ok({ record: input.record, field: input.field, entries: settled.value.entries })
    : settled
}

function chosen(
  record: Projection,
  values: readonly ConflictValue[],
  input: SettleConflict,
): Result<Value, SettleConflictProblem> {
  const { field } = input
  if ('write' in input) {
    const named = values.find((one) => one.tag === input.write)
    return named ? ok(named.value) : fail({ type: 'no-such-write', record: record.id, field })
  }
  const { value } = input
  if (values.some((one) => canonical(one.value) === canonical(value))) return ok(value)
  const kind = maskKindOf(record.type, field)
  const behind = kind === null ? [] : values.filter((one) => maskValue(kind, one.value) === value)
  if (behind.length === 1) return ok(behind[0]!.value)
  if (behind.length > 1) return fail({ type: 'ambiguous-value', record: record.id, field, value })
  if (looksMasked(record.type, field, value))
    return fail({ type: 'invalid-field', record: record.type, field, rule: 'masked' })
  return ok(value)
}
