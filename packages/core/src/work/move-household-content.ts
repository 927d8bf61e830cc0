/** How what one space says of a record is carried over to another, and what was written to it late. */
import { toHex } from '../bytes/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import type { Value } from '../record/change.ts'
import { canonical } from '../record/fold.ts'
import { allMoves, copyMoves, lastMoves, placesOf } from '../record/place.ts'
import type { Projection, TimelineItem } from '../record/project.ts'
import type { Edit } from '../station/edit.ts'
import { plainOf } from './masked-record.ts'

type Content = {
  /** Every living value of a field. */
  readonly fields: ReadonlyMap<string, readonly Value[]>
  readonly sets: ReadonlyMap<string, readonly string[]>
  readonly timelines: ReadonlyMap<string, readonly TimelineItem[]>
}

/** What is behind the masks: it is carried over, and shown to nobody here. */
export function contentOf(masked: Projection): Content {
  const copy = plainOf(masked)
  const fields = new Map<string, readonly Value[]>()
  for (const [name, value] of Object.entries(copy.fields)) if (name !== 'movedTo') fields.set(name, [value])
  for (const [name, values] of Object.entries(copy.conflicts))
    if (name !== 'movedTo')
      fields.set(
        name,
        values.map(({ value }) => value),
      )
  return {
    fields,
    sets: new Map(Object.entries(copy.sets).map(([name, elements]) => [name, [...elements].sort()])),
    timelines: new Map(Object.entries(copy.timelines).filter(([name]) => name !== 'moves')),
  }
}

export type Digests = Readonly<Record<string, string>>

/** 48 bits of each field, set and timeline: enough to tell whether it was written since. */
export function digestsOf({ fields, sets, timelines }: Content): Digests {
  const digests: Record<string, string> = {}
  const note = (name: string, words: readonly string[]) => {
    if (words.length > 0) digests[name] = toHex(sha256('doorstep/carried/1', ...words).subarray(0, 6))
  }
  for (const [name, values] of fields) note(name, values.map(canonical).sort())
  for (const [name, elements] of sets) note(name, elements)
  for (const [name, items] of timelines) note(name, items.map(({ id }) => id).sort())
  return digests
}

/** What was carried over at a copy's latest move, by each that made it. */
function carriedBy(copy: Projection): readonly Digests[] {
  const moves = copyMoves(copy)
  const last = lastMoves(moves)
  return (last.length > 0 ? last : moves).map(({ carried }) => carried)
}

/** Fields, sets and timelines of a copy that nobody who moved it had seen as they are: they are not carried over yet. */
export function lateNames(copy: Projection): readonly string[] {
  const now = digestsOf(contentOf(copy))
  const carried = carriedBy(copy)
  if (carried.length === 0) return []
  const names = new Set([...Object.keys(now), ...carried.flatMap((one) => Object.keys(one))])
  return [...names].filter((name) => carried.every((one) => one[name] !== now[name])).sort()
}

/** Whether a copy has what belongs in another space: it did not go along, or was written to since. */
export function isToCome(copy: Projection, copies: readonly Projection[], to: string): boolean {
  const [place, ...others] = placesOf(allMoves(copies))
  if (place === undefined || place === copy.space || others.length > 0) return true
  return place === to && lateNames(copy).length > 0
}

/** So many items, and about so many bytes, to a part: well within what one may hold. */
const MAX_ITEMS = 100
const MAX_BYTES = 24 * 1024

/**
 * The edits by which a copy comes to say what another does. Where only one of them changed since they were last
 * alike, that one holds; where both did, both values live until a person decides; where neither did, the open one.
 */
export function editsToward(
  from: Content,
  into: Projection | null,
  copies: readonly Projection[],
  openSide: 'from' | 'into',
): Edit[] {
  const there = into ? contentOf(into) : EMPTY
  const [theirs, ours] = [digestsOf(from), digestsOf(there)]
  const carried = copies.flatMap(carriedBy)
  const choose = (name: string): 'keep' | 'take' | 'both' => {
    if (theirs[name] === ours[name]) return 'keep'
    if (!into) return 'take'
    const isSame = (digests: Digests) => carried.some((one) => one[name] === digests[name])
    const [fromSame, intoSame] = [isSame(theirs), isSame(ours)]
    if (fromSame && intoSame) return openSide === 'from' ? 'take' : 'keep'
    return fromSame ? 'keep' : intoSame ? 'take' : 'both'
  }
  const set: [string, Value][] = []
  const disputes: Edit[] = []
  for (const name of new Set([...from.fields.keys(), ...there.fields.keys()])) {
    const choice = choose(name)
    if (choice === 'keep') continue
    const values = from.fields.get(name) ?? [null]
    if (choice === 'take') set.push([name, values[0]!])
    for (const value of choice === 'take' ? values.slice(1) : values)
      disputes.push({ dispute: { [name]: value } })
  }
  const add: Record<string, string[]> = {}
  const remove: Record<string, string[]> = {}
  for (const name of new Set([...from.sets.keys(), ...there.sets.keys()])) {
    const choice = choose(name)
    if (choice === 'keep') continue
    const [wanted, had] = [from.sets.get(name) ?? [], there.sets.get(name) ?? []]
    add[name] = wanted.filter((element) => !had.includes(element))
    if (choice === 'take') remove[name] = had.filter((element) => !wanted.includes(element))
  }
  const past: Value[] = []
  for (const [name, items] of from.timelines) {
    const known = new Set(there.timelines.get(name)?.map(({ id }) => id))
    for (const { id, by, at, value } of items) if (!known.has(id)) past.push({ in: name, id, by, at, value })
  }
  return [
    ...packed(set).map((some) => ({ set: Object.fromEntries(some) })),
    ...disputes,
    { add, remove },
    ...packed(past).map((some) => ({ append: { past: some } })),
  ]
}

const EMPTY: Content = { fields: new Map(), sets: new Map(), timelines: new Map() }

function packed<T extends Value | [string, Value]>(items: readonly T[]): T[][] {
  const packs: T[][] = []
  let room = 0
  for (const item of items) {
    const bytes = Buffer.byteLength(JSON.stringify(item))
    const last = packs.at(-1)
    if (last && last.length < MAX_ITEMS && bytes <= room) {
      last.push(item)
      room -= bytes
    } else {
      packs.push([item])
      room = MAX_BYTES - bytes
    }
  }
  return packs
}
