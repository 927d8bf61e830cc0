/**
 * Which records are one, from what people said: pure over the set of acts, so that every station that holds the same
 * says the same, in whatever order it heard.
 */
import { derivedId } from '../ids.ts'
import type { Value } from '../record/change.ts'
import { isObject } from '../record/place.ts'
import type { Projection } from '../record/project.ts'

export type MergeAct = {
  readonly id: string
  readonly same: boolean
  /** Acts that its author knew, and that it takes the place of. */
  readonly over: readonly string[]
  readonly keep: string | null
  /** By field, then by record: digests of values that are given up. */
  readonly past: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly on: string
  readonly reason: string | null
  readonly by: string
  /** Milliseconds since 1970, by the author's clock. */
  readonly at: number
}

export type Pair = {
  /** The merge record. */
  readonly id: string
  readonly one: string
  readonly other: string
  /** Every act, in the order of their ids. */
  readonly acts: readonly MergeAct[]
  /** Those whose place no other takes. */
  readonly live: readonly MergeAct[]
  /** `apart` holds as soon as one of those that live says so: what is wrongly one is worse than what is twice. */
  readonly state: 'same' | 'apart' | 'unsaid'
}

export const mergeId = (a: string, b: string): string => derivedId('mg', a < b ? [a, b] : [b, a])

/** The pair that the copies of one merge record speak of; null of a record that is not what its id says. */
export function pairOf(copies: readonly Projection[]): Pair | null {
  const [first] = copies
  const { one, other } = first?.fields ?? {}
  if (!first || typeof one !== 'string' || typeof other !== 'string') return null
  if (one >= other || one.slice(0, 3) !== other.slice(0, 3) || first.id !== mergeId(one, other)) return null
  const acts = new Map<string, MergeAct>()
  // Each space has the same acts, and of what is given up only what it keeps itself.
  for (const copy of copies)
    for (const { value, by, at } of copy.timelines.acts ?? []) {
      const act = parseAct(value, by, at, one, other)
      if (!act) continue
      const known = acts.get(act.id)
      acts.set(act.id, known ? { ...known, past: joined(known.past, act.past) } : act)
    }
  const all = [...acts.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const over = new Set(all.flatMap((act) => act.over))
  const live = all.filter((act) => !over.has(act.id))
  const state = live.length === 0 ? 'unsaid' : live.every(({ same }) => same) ? 'same' : 'apart'
  return { id: first.id, one, other, acts: all, live, state }
}

function parseAct(value: Value, by: string, at: number, one: string, other: string): MergeAct | null {
  if (!isObject(value) || typeof value.id !== 'string' || typeof value.same !== 'boolean') return null
  const { id, same, over, keep, past, on, reason } = value
  const given: Record<string, Record<string, string>> = {}
  if (same && isObject(past))
    for (const [field, records] of Object.entries(past)) {
      if (!isObject(records)) continue
      given[field] = Object.fromEntries(
        Object.entries(records).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
      )
    }
  return {
    ...{ id, same, by, at, past: given },
    over: Array.isArray(over) ? over.filter((one) => typeof one === 'string') : [],
    keep: keep === one || keep === other ? keep : null,
    on: textIn(on) ?? '',
    reason: textIn(reason),
  }
}

const textIn = (value: Value | undefined): string | null => (typeof value === 'string' ? value : null)

function joined(a: MergeAct['past'], b: MergeAct['past']): MergeAct['past'] {
  const fields = new Set([...Object.keys(a), ...Object.keys(b)])
  return Object.fromEntries([...fields].map((field) => [field, { ...a[field], ...b[field] }]))
}

/** Records that are one. */
export type Cluster = {
  /** Sorted. */
  readonly members: readonly string[]
  /** Those nobody merged into another, smallest first; all of them where every one was. */
  readonly keepers: readonly string[]
  readonly pairs: readonly Pair[]
}

/** The clusters that pairs make, by member. */
export function clustersOf(pairs: Iterable<Pair>): ReadonlyMap<string, Cluster> {
  const joinedBy = new Map<string, Pair[]>()
  for (const pair of pairs) {
    if (pair.state !== 'same') continue
    for (const id of [pair.one, pair.other]) {
      const known = joinedBy.get(id)
      if (known) known.push(pair)
      else joinedBy.set(id, [pair])
    }
  }
  const clusters = new Map<string, Cluster>()
  for (const start of joinedBy.keys()) {
    if (clusters.has(start)) continue
    const members = new Set([start])
    const own = new Set<Pair>()
    for (const id of members)
      for (const pair of joinedBy.get(id) ?? []) {
        own.add(pair)
        members.add(pair.one).add(pair.other)
      }
    const sorted = [...members].sort()
    const given = new Set<string>()
    for (const { one, other, live } of own)
      for (const { keep } of live) if (keep !== null) given.add(keep === one ? other : one)
    const kept = sorted.filter((id) => !given.has(id))
    const cluster: Cluster = {
      members: sorted,
      keepers: kept.length > 0 ? kept : sorted,
      pairs: [...own].sort((a, b) => (a.id < b.id ? -1 : 1)),
    }
    for (const id of sorted) clusters.set(id, cluster)
  }
  return clusters
}

/** The one under whose id they go on, of those that are here: the same wherever the same are. */
export const survivorOf = (cluster: Cluster, here: ReadonlySet<string>): string | null =>
  cluster.keepers.find((id) => here.has(id)) ?? cluster.members.find((id) => here.has(id)) ?? null
