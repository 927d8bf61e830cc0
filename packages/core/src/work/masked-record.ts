/**
 * Records as they leave this package: what the mask table hides is not in them. The text behind stays reachable for
 * the code beside this file (ages, due lists, search, settling), and for nobody else but through `reveal`.
 */
import type { Role } from '../membership/roles.ts'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { isMasked, maskedFor, maskKindOf, maskValue, shown } from './mask.ts'
import { isRevealReason } from './reveal-reasons.ts'

const PLAIN = new WeakMap<Projection, Projection>()

/** The record behind a masked one; not exported from the package. */
export const plainOf = (record: Projection): Projection => PLAIN.get(record) ?? record

/** The record as this viewer may see it: the same object when nothing of it is hidden. */
export function maskedRecord(record: Projection, viewer: Role): Projection {
  const plain = plainOf(record)
  const { type, fields, sets, timelines, conflicts } = plain
  const hides = (name: string) => isMasked(type, name, viewer)
  const notes = maskedFor[viewer].note ? (NOTES[type] ?? NONE) : NONE
  const noted = notes.timelines.some((name) => timelines[name] !== undefined)
  // Who goes to which doors of a sweep by tag tells who bears the tag; claim-list.ts gives out what does not.
  const closed = type === 'claim' && maskedFor[viewer].category
  const dropped = droppedTimelines(plain, viewer)
  if (
    !noted &&
    !closed &&
    dropped.length === 0 &&
    ![fields, sets, conflicts].some((part) => hasAny(part, hides))
  )
    return plain
  const masked: Projection = {
    ...plain,
    fields: mapped(fields, (name, value) => shown(type, name, value, viewer)),
    sets: Object.fromEntries(Object.entries(sets).filter(([name]) => !hides(name))),
    timelines: closed
      ? {}
      : dropped.length > 0
        ? Object.fromEntries(Object.entries(timelines).filter(([name]) => !dropped.includes(name)))
        : noted
          ? mapped(timelines, (name, items) =>
              notes.timelines.includes(name) ? items.map((item) => withoutNotes(item, notes.names)) : items,
            )
          : timelines,
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

type Notes = { readonly timelines: readonly string[]; readonly names: readonly string[] }
const NONE: Notes = { timelines: [], names: [] }
/** Words of one's own inside the items of a timeline. */
const NOTES: Readonly<Record<string, Notes>> = {
  alarm: { timelines: ['answers'], names: ['note'] },
  case: { timelines: ['steps', 'decisions'], names: ['note', 'spokeTo', 'noPhoto'] },
  diary: { timelines: ['ticks'], names: ['note'] },
  errand: { timelines: ['steps'], names: ['note', 'papers', 'relation', 'receipt'] },
  consent: { timelines: ['withdrawals'], names: ['reason'] },
  device: { timelines: ['watch'], names: ['reason'] },
  reveal: { timelines: ['seen'], names: ['reason'] },
  review: { timelines: ['says', 'decisions'], names: ['words', 'why'] },
  merge: { timelines: ['acts'], names: ['reason'] },
}

/** Whole timelines that tell what is masked: why a category holds, where somebody went. */
function droppedTimelines({ type, timelines }: Projection, viewer: Role): readonly string[] {
  const { category, note } = maskedFor[viewer]
  return [
    ...(category && timelines.basis ? ['basis'] : []),
    ...(note && type === 'residence' && timelines.acts ? ['acts'] : []),
  ]
}

function withoutNotes<T extends { readonly value: Value }>(item: T, names: readonly string[]): T {
  const { value } = item
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return item
  const hidden = names.filter((name) => value[name] !== undefined && !isRevealReason(value[name]))
  if (hidden.length === 0) return item
  // How many there are is no secret: what lies with us can still be counted.
  const masked = (note: Value): Value =>
    Array.isArray(note) ? note.map((one) => maskValue('note', one)) : maskValue('note', note)
  const masks = hidden.map((name) => [name, masked(value[name]!)])
  return { ...item, value: { ...value, ...Object.fromEntries(masks) } }
}
