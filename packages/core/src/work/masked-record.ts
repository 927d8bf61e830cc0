/**
 * Records as they leave this package: what the mask table hides is not in them. The text behind stays reachable for
 * the code beside this file (ages, due lists, search, settling), and for nobody else but through `reveal`.
 */
import type { Role } from '../membership/roles.ts'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { isMasked, maskKindOf, maskValue, shown } from './mask.ts'

const PLAIN = new WeakMap<Projection, Projection>()

/** The record behind a masked one; not exported from the package. */
export const plainOf = (record: Projection): Projection => PLAIN.get(record) ?? record

/** The record as this viewer may see it: the same object when nothing of it is hidden. */
export function maskedRecord(record: Projection, viewer: Role): Projection {
  const plain = plainOf(record)
  const { type, fields, sets, timelines, conflicts } = plain
  const hides = (name: string) => isMasked(type, name, viewer)
  const notes = hidesStepNotes(plain, viewer)
  if (!notes && ![fields, sets, conflicts].some((part) => hasAny(part, hides))) return plain
  const masked: Projection = {
    ...plain,
    fields: mapped(fields, (name, value) => shown(type, name, value, viewer)),
    sets: Object.fromEntries(Object.entries(sets).filter(([name]) => !hides(name))),
    timelines: notes ? { ...timelines, steps: timelines.steps!.map(withoutNote) } : timelines,
    conflicts: mapped(conflicts, (name, values) =>
      hides(name)
        ? values.map((one) => ({ ...one, value: maskValue(maskKindOf(type, name)!, one.value) }))
        : values,
    ),
  }
  PLAIN.set(masked, plain)
  return masked
}

function hasAny(of: Readonly<Record<string, unknown>>, hides: (name: string) => boolean): boolean {
  for (const name in of) if (hides(name)) return true
  return false
}

const mapped = <T>(
  of: Readonly<Record<string, T>>,
  change: (name: string, value: T) => T,
): Record<string, T> =>
  Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(name, value)]))

/** A step's note is a note of its case. */
const hidesStepNotes = ({ type, timelines }: Projection, viewer: Role): boolean =>
  type === 'case' && timelines.steps !== undefined && isMasked('case', 'note', viewer)

function withoutNote<T extends { readonly value: Value }>(item: T): T {
  const { value } = item
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value.note === undefined)
    return item
  return { ...item, value: { ...value, note: maskValue('note', value.note) } }
}
