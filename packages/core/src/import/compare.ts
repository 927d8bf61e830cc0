import type { Value } from '../record/change.ts'
import { canonical } from '../record/fold.ts'
import type { Projection } from '../record/project.ts'
import type { Edit } from '../station/edit.ts'
import type { DesiredRecord } from './desired-records.ts'
import type { LastImported } from './last-imported.ts'

/** What an import has to write to a record that exists. */
export type ImportEdit = { readonly edit: Edit; readonly isConflict: boolean }

const same = (a: Value, b: Value): boolean =>
  a === b || (typeof a === 'object' && typeof b === 'object' && canonical(a) === canonical(b))

/**
 * True when the record was written once and says what the file says: nobody need look at the log. A record that was
 * written again may hold a correction which the register has caught up with, and that is worth noting. (Written
 * twice within a millisecond it passes for written once; a later change of the file is then shown as a conflict.)
 */
export function isPlainlyUnchanged(current: Projection, desired: DesiredRecord): boolean {
  if (current.changedAt !== current.createdAt) return false
  for (const [name, value] of Object.entries(desired.set))
    if (!same(current.fields[name] ?? null, value) || current.conflicts[name]) return false
  for (const [name, elements] of Object.entries(desired.sets)) {
    const there = current.sets[name] ?? []
    if (there.length !== elements.length || !elements.every((element) => there.includes(element)))
      return false
  }
  return true
}

/**
 * D4: the file against what was last imported. Where the file has not changed, whatever people made of the value
 * stands. Where only the file changed, it is followed. Where both did, both values live until a person decides.
 */
export function compareWithLastImport(
  current: Projection,
  desired: DesiredRecord,
  last: LastImported,
): ImportEdit | null {
  const set: Record<string, Value> = {}
  const dispute: Record<string, Value> = {}
  let isConflict = false
  for (const [name, value] of Object.entries(desired.set)) {
    const before = last.fields[name] ?? null
    if (same(value, before)) continue
    const living = current.conflicts[name]?.map((each) => each.value) ?? [current.fields[name] ?? null]
    if (living.every((each) => same(each, before))) set[name] = value
    else {
      // Also when somebody wrote the same already: equal values are one, and the next import knows of it.
      dispute[name] = value
      if (!living.some((each) => same(each, value))) isConflict = true
    }
  }
  const add: Record<string, string[]> = {}
  const remove: Record<string, string[]> = {}
  for (const [name, elements] of Object.entries(desired.sets)) {
    const before = last.sets[name] ?? []
    const there = current.sets[name] ?? []
    const gained = elements.filter((element) => !before.includes(element) && !there.includes(element))
    const lost = before.filter((element) => !elements.includes(element) && there.includes(element))
    if (gained.length > 0) add[name] = gained
    if (lost.length > 0) remove[name] = lost
  }
  const isEmpty = [set, dispute, add, remove].every((part) => Object.keys(part).length === 0)
  return isEmpty ? null : { edit: { set, dispute, add, remove }, isConflict }
}
