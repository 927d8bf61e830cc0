import { fieldValue, type Prefill, type RuledAnswer } from '../form/index.ts'
import { mayAct } from '../membership/roles.ts'
import type { Value } from '../record/change.ts'
import { canonical } from '../record/fold.ts'
import { fail, ok, type Result } from '../result.ts'
import type { Draftbook, Edit } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { keptRecord } from './command.ts'
import { type FormSubjects, factOf } from './form-subjects.ts'
import { isMasked, maskKindOf, maskValue } from './mask.ts'
import { plainOf } from './masked-record.ts'

/** What a form's answers change in the register. */
export type FieldChange = {
  readonly record: string
  readonly of: 'household' | 'dwelling' | 'person'
  readonly field: string
  /** As whoever fills in the form may see them. */
  readonly before: Value
  readonly after: Value
  readonly label: string
}
type PlannedChange = FieldChange & { readonly edit: Edit }

/**
 * Only what was changed: an answer that is what the form began with says nothing, and neither does one that is what
 * the register holds. A blank answer clears a field only where the form says so.
 */
export function planSaves(
  ruled: readonly RuledAnswer[],
  subjects: FormSubjects,
  prefilled: Prefill,
  viewer: Parameters<typeof isMasked>[2],
): readonly PlannedChange[] {
  return ruled.flatMap(({ rule, value, relevant, label }): PlannedChange[] => {
    const { save, clears, nodeset } = rule
    const subject = save && subjects[save.type]
    if (!save || !subject || !relevant) return []
    const known = factOf(plainOf(subject), save)
    const began = Object.hasOwn(prefilled, nodeset) ? prefilled[nodeset]! : known
    const after = value === null ? null : fieldValue(save, value)
    if (after === null && !clears) return []
    if (same(after, began) || same(after, known)) return []
    const before = factOf(subject, save)
    const change = { record: subject.id, of: save.type, field: save.name, label }
    const hides = isMasked(save.type, save.name, viewer)
    const kind = maskKindOf(save.type, save.name)
    const seen = hides && kind && after !== null ? maskValue(kind, after) : after
    const edit: Edit = save.isSet ? setEdit(save.name, known, after) : { set: { [save.name]: after } }
    return [{ ...change, before, after: seen, edit }]
  })
}

const listOf = (value: Value): readonly string[] => (Array.isArray(value) ? value.map(String) : [])
const same = (a: Value, b: Value): boolean =>
  canonical(Array.isArray(a) ? [...a].sort() : a) === canonical(Array.isArray(b) ? [...b].sort() : b)

const setEdit = (name: string, known: Value, after: Value): Edit => ({
  add: { [name]: listOf(after).filter((one) => !listOf(known).includes(one)) },
  remove: { [name]: listOf(known).filter((one) => !listOf(after).includes(one)) },
})

/** Written in the act of the visit. */
export function writeSaves(
  station: Station,
  book: Draftbook,
  changes: readonly PlannedChange[],
): Result<readonly FieldChange[]> {
  const role = station.member()?.role
  if (changes.length > 0 && (!role || !mayAct(role, 'record.edit')))
    return fail({ type: 'role-may-not', role, action: 'record.edit' })
  for (const { record, edit } of changes) {
    const found = book.get(record)
    if (!found) return fail({ type: 'no-such-record', id: record })
    const kept = keptRecord(book, found)
    if (!kept.ok) return kept
    const edited = book.edit(record, edit)
    if (!edited.ok) return edited
  }
  return ok(changes.map(({ edit: _edit, ...change }) => change))
}
