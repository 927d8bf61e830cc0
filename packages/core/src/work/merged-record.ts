/** What several records that are one say together. Nothing of them is changed: taken apart, each says what it said. */
import { toHex } from '../bytes/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import type { Value } from '../record/change.ts'
import { canonical } from '../record/fold.ts'
import type { ConflictValue, Projection, TimelineItem } from '../record/project.ts'
import type { Cluster } from './merge-state.ts'

/**
 * 16 bits: enough to notice that a value was written since, and too few to find out a value that was erased by trying
 * all of them.
 */
export const digestOf = (values: readonly Value[]): string =>
  toHex(sha256('doorstep/merged/1', ...values.map(canonical).sort()).subarray(0, 2))

/** Every living value of a field of one record, who wrote it as far as is known, and what settles name it by. */
export function livingIn(member: Projection, field: string): readonly ConflictValue[] {
  const conflict = Object.hasOwn(member.conflicts, field) ? member.conflicts[field] : undefined
  if (conflict) return conflict.filter(({ value }) => value !== null)
  const value = Object.hasOwn(member.fields, field) ? member.fields[field]! : null
  return value === null ? [] : [{ value, by: member.createdBy, at: member.changedAt, tag: member.id }]
}

export type MemberValues = { readonly member: Projection; readonly values: readonly ConflictValue[] }

/**
 * What each of the members still says of a field. What somebody gave up in a merge is left out, until it is written
 * anew; where all that is there was given up, by people who did not know of each other, all of it is shown.
 */
export function shownOf(
  members: readonly Projection[],
  cluster: Cluster,
  field: string,
): readonly MemberValues[] {
  const all = members
    .map((member) => ({ member, values: livingIn(member, field) }))
    .filter(({ values }) => values.length > 0)
  const left = all.filter(({ member, values }) => !isGivenUp(cluster, field, member.id, values))
  if (left.length > 0) return left
  const said = new Set(all.map(({ member }) => member.id))
  return all.length > 1 || !isCleared(members, cluster, field, said) ? all : []
}

function isGivenUp(
  cluster: Cluster,
  field: string,
  member: string,
  values: readonly ConflictValue[],
): boolean {
  let digest: string | null = null
  for (const { live } of cluster.pairs)
    for (const { past } of live) {
      const given = Object.hasOwn(past, field) ? past[field]![member] : undefined
      if (given === undefined) continue
      digest ??= digestOf(values.map(({ value }) => value))
      if (given === digest) return true
    }
  return false
}

/** What was chosen was cleared since by who saw it: what had been given up for it does not come back. */
const isCleared = (
  members: readonly Projection[],
  { pairs }: Cluster,
  field: string,
  said: ReadonlySet<string>,
): boolean =>
  members.some(({ id }) => !said.has(id)) &&
  pairs.some(({ live }) => live.some(({ past }) => Object.hasOwn(past, field)))

/** As one record, under the id of the first. */
export function mergedView(members: readonly Projection[], cluster: Cluster): Projection {
  const [first] = members as readonly [Projection, ...Projection[]]
  const fields: Record<string, Value> = {}
  const conflicts: Record<string, readonly ConflictValue[]> = {}
  const names = new Set(members.flatMap((one) => [...Object.keys(one.fields), ...Object.keys(one.conflicts)]))
  names.delete('movedTo')
  for (const name of names) {
    const distinct = new Map<string, ConflictValue>()
    for (const { values } of shownOf(members, cluster, name))
      for (const one of values) {
        const key = canonical(one.value)
        if (!distinct.has(key)) distinct.set(key, one)
      }
    const values = [...distinct.values()]
    if (values[0]) fields[name] = values[0].value
    if (values.length > 1) conflicts[name] = values
  }
  if (first.fields.movedTo !== undefined) fields.movedTo = first.fields.movedTo
  if (first.conflicts.movedTo) conflicts.movedTo = first.conflicts.movedTo
  const sets: Record<string, string[]> = {}
  const timelines: Record<string, TimelineItem[]> = {}
  for (const member of members) {
    for (const [name, elements] of Object.entries(member.sets))
      sets[name] = [...new Set([...(sets[name] ?? []), ...elements])]
    for (const [name, items] of Object.entries(member.timelines))
      if (name !== 'moves' || member === first) timelines[name] = [...(timelines[name] ?? []), ...items]
  }
  for (const items of Object.values(timelines)) items.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const oldest = members.reduce((least, one) => (one.createdAt < least.createdAt ? one : least))
  return {
    ...{ id: first.id, type: first.type, space: first.space, fields, sets, timelines, conflicts },
    createdAt: oldest.createdAt,
    createdBy: oldest.createdBy,
    changedAt: Math.max(...members.map(({ changedAt }) => changedAt)),
  }
}
