import { sameBytes, toHex } from '../bytes/bytes.ts'
import { derivedId, stationIdOf } from '../ids.ts'
import {
  type Entry,
  type EntryHeader,
  type EntryRef,
  type LogId,
  parseEntry,
  type RawEntry,
} from '../log/entry.ts'
import type { Segment } from '../log/segment.ts'
import type { ActGraph } from '../membership/graph.ts'
import { isRole, roles } from '../membership/roles.ts'
import type { Change } from '../record/change.ts'
import { writeTagOf } from '../record/tag.ts'
import { typeOf } from '../records/registry.ts'
import { expectOk } from '../result.ts'
import { DamagedStoreError, type Store, type StoredEntry } from '../store/store.ts'
import type { Trunk } from './context.ts'
import { erasedListOf, isErasure } from './erased-list.ts'
import { isAtOrBefore } from './heads.ts'
import { openPart } from './part.ts'
import { chainOf, type Outgoing } from './send.ts'

/** The action of every erasure; an entry of another action erases nothing and writes no tombstone. */
export const ERASE_ACTION = 'record.erase'

/** The tombstone's id follows from what it stands for: two who erase the same record write the same tombstone. */
export const erasureIdOf = (record: string): string => derivedId('er', [record])

/** The record that a part of an erasure declares erased; null for any other part. */
export function erasedBy(change: Change): string | null {
  if (typeOf(change.id) !== 'erasure') return null
  for (const write of change.writes)
    if (write.type === 'field' && write.name === 'record' && typeof write.value === 'string')
      return erasureIdOf(write.value) === change.id ? write.value : null
  return null
}

/** Nothing is taken away from a tombstone or from the list that erases: they are what stays. */
export const isErasable = (type: string): boolean =>
  !['erasure', 'community', 'grid', 'policy', 'calendar', 'kind', 'rule'].includes(type)

/** An entry as it is to be kept: without the parts that erasures which count have named. */
export function withoutErased(store: Store, space: string, entry: Entry): RawEntry {
  if (isErasure(entry.header) || !store.hasErasures(space)) return entry.raw
  const erased = store.erasedParts(space, entry.hash)
  if (erased.size === 0) return entry.raw
  return { ...entry.raw, blobs: entry.raw.blobs.map((blob, part) => (erased.get(part) ? null : blob)) }
}

/** Whether every part that an entry came without is named by an erasure that is here, or was announced. */
export function mayLack(store: Store, space: string, { hash, header, raw }: Entry): boolean {
  const lacking = [...raw.blobs.keys()].filter((part) => raw.blobs[part] === null)
  if (lacking.length === 0) return true
  if (isErasure(header) || lacking[0] === 0) return false
  const erased = store.erasedParts(space, hash)
  return lacking.every((part) => erased.has(part))
}

/** What an entry brings that was lost here, while no erasure that counts has named it. */
export function lostParts(
  store: Store,
  space: string,
  there: StoredEntry,
  coming: RawEntry,
): ReadonlyMap<number, Uint8Array> {
  const lost = new Map<number, Uint8Array>()
  if (!store.hasErasures(space) || there.raw.blobs.every((blob) => blob !== null)) return lost
  const erased = store.erasedParts(space, there.hash)
  for (const [part, blob] of there.raw.blobs.entries()) {
    const came = coming.blobs[part]
    if (blob === null && came && erased.get(part) !== true) lost.set(part, came)
  }
  return lost
}

/**
 * Whether an author who had seen these heads had seen every entry it names, of this space: an erasure depends on what
 * it erases, so whoever has its past, or a checkpoint that stands for it, knows all that it names.
 */
export function hasSeenAll(
  store: Store,
  space: string,
  heads: readonly EntryRef[],
  names: readonly EntryRef[],
): boolean {
  const byLog = Map.groupBy(heads, ({ log }) => log)
  return names.every((name) => {
    const there = store.entry(name.hash)
    if (there?.log !== name.log || there.seq !== name.seq || store.log(name.log)!.space !== space)
      return false
    const forked = store.hasFork(name.log)
    return (byLog.get(name.log) ?? []).some(
      (head) => head.seq >= name.seq && (!forked || isAtOrBefore(store, name, head)),
    )
  })
}

/** Keeps what an erasure names. It counts when its entry does. */
export function noteErasure(store: Store, space: string, entry: Entry): void {
  const names = erasedListOf(entry)
  if (names) store.putErasure(space, entry.hash, names)
}

/**
 * An erasure goes ahead of what it left behind, long before its own past is there. It is believed so far as to take
 * entries without the parts it names, if its author ever had the right to erase. Whether a segment has such a one.
 */
export function noteAnnounced({ store, acts }: Trunk, segment: Segment): boolean {
  const announced = segment.entries.filter(({ header, hash }) => isErasure(header) && !store.refusal(hash))
  if (announced.length === 0 || !everErased(acts.graph(), stationIdOf(segment.log.key))) return false
  for (const entry of announced) noteErasure(store, segment.log.space, entry)
  return true
}

/** Whether any act that is known gave a station's member a role that erases. */
export function everErased(graph: ActGraph, station: string): boolean {
  return (graph.claimsOf.get(station) ?? []).some(({ member }) => {
    const given = [graph.members.get(member)?.node, ...(graph.assigns.get(member) ?? [])]
    return given.some((node) => {
      const act = node?.act
      if (act?.type === 'member') return roles[act.role].erases
      if (act?.type !== 'assign') return false
      return act.roles.some(([id, role]) => id === member && isRole(role) && roles[role].erases)
    })
  })
}

/** A part that was struck out, and the record that may have been folded from it. */
export type Struck = { readonly record: string; readonly tag: string }

/** Takes away what an accepted erasure names, and what was noted about it. What was readable is told, by record. */
export function strike(trunk: Trunk, space: string, erasure: Uint8Array): Struck[] {
  const { store } = trunk
  const struck: Struck[] = []
  if (!store.hasErasures(space)) return struck
  for (const { hash, parts } of store.erasureNames(erasure)) {
    for (const part of parts) store.blobs.dropPart(hash, part)
    const entry = store.entry(hash)
    if (!entry || entry.base || store.log(entry.log)!.space !== space) continue
    const { header } = expectOk(parseEntry(entry.raw))
    if (isErasure(header)) continue
    const here = parts.filter((part) => entry.raw.blobs[part])
    for (const part of parts) store.dropVoid(entry.n, part)
    if (here.length === 0) continue
    for (const part of here) {
      const change = readPart(trunk, space, entry, header, part)
      if (change) struck.push({ record: change.id, tag: writeTagOf(hash, part) })
    }
    store.strike(hash, here)
  }
  return struck
}

/** A part's change, where this station has the key and the part is there and well-formed. */
export function readPart(
  trunk: Trunk,
  space: string,
  entry: StoredEntry,
  header: EntryHeader,
  part: number,
): Change | null {
  const blob = entry.raw.blobs[part]
  const generation = header.keys[header.blobs[part]!.key]
  const key = blob && generation && trunk.keyring.keyFor(trunk.acts.now(), generation, entry.log, space)
  const opened = blob && key ? openPart(key, entry.log, entry.seq, part, blob) : null
  return opened?.ok ? opened.value : null
}

/**
 * Half-filled forms and the like that name a record go with it. So does one that does not open any more: it may name
 * it, nobody can read it, and an erasure that failed on it would keep this station from ever meeting anybody.
 */
export function dropDraftsNaming(store: Store, records: ReadonlySet<string>): void {
  for (const id of store.draftIds('')) {
    const text = draftText(store, id)
    if (text === null || [...records].some((record) => text.includes(record))) store.dropDraft(id)
  }
}

/** Null where it does not open: a flipped bit on the disk is enough. */
export function draftText(store: Store, id: string): string | null {
  try {
    return `${id}\n${JSON.stringify(store.draft(id)?.value)}`
  } catch (error) {
    if (error instanceof DamagedStoreError) return null
    throw error
  }
}

/**
 * The erasures that a peer must have heard of before it takes what they left behind: the segments that hold them,
 * ahead of all others. They come again in their place.
 */
export function noticesFor(store: Store, space: string, plan: readonly Outgoing[]): Outgoing[] {
  if (plan.length === 0 || !store.hasErasures(space)) return []
  const needed = new Map<LogId, EntryRef[]>()
  const known = new Set<string>()
  for (const { row } of plan)
    for (const by of store.erasuresOf(row.log, row.first, row.last)) {
      const name = toHex(by)
      if (known.has(name)) continue
      known.add(name)
      const entry = store.entry(by)
      if (entry) needed.set(entry.log, [...(needed.get(entry.log) ?? []), entry])
    }
  const holds = ({ row }: Outgoing, { seq, hash }: EntryRef) =>
    row.first <= seq &&
    seq <= row.last &&
    (!store.hasFork(row.log) || chainOf(store, row).some((entry) => sameBytes(entry.hash, hash)))
  return plan
    .filter((outgoing) => needed.get(outgoing.row.log)?.some((ref) => holds(outgoing, ref)))
    .map((outgoing) => ({ ...outgoing, entries: 0, isNotice: true }))
}

/** Whether a part of an entry is there, and no erasure that counts has named it. */
export const isLeft = (store: Store, space: string, entry: StoredEntry, part: number): boolean =>
  Boolean(entry.raw.blobs[part]) && store.erasedParts(space, entry.hash).get(part) !== true

/** The part of an entry that a stamp names; null where there is none. */
export function partOf(store: Store, stamp: { log: LogId; seq: number; tag: string }) {
  for (const entry of store.entriesAt(stamp.log, stamp.seq))
    for (let part = 1; part < entry.raw.blobs.length; part++)
      if (writeTagOf(entry.hash, part) === stamp.tag) return { entry, part }
  return null
}
