import { sameBytes, toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import { type Entry, type EntryRef, parseEntry } from '../log/entry.ts'
import { mayRead, memberAt } from '../membership/resolve.ts'
import { expectOk } from '../result.ts'
import type { CheckpointRow, CheckpointState } from '../store/checkpoint-shelf.ts'
import { DamagedStoreError, type Store, type StoredEntry } from '../store/store.ts'
import {
  type Commitment,
  commitmentOf,
  isCheckpoint,
  type Manifest,
  pagesNamedIn,
  parseCommitment,
  parseManifest,
} from './checkpoint-format.ts'
import type { Trunk } from './context.ts'
import { acceptedHeads, countUpTo, isAtOrBefore, recordsDigest } from './heads.ts'

export const CHECKPOINT_ACTION = 'checkpoint.make'

/** What is accepted of a space at a checkpoint: the entry names every head itself. */
export function namedHeads(ref: EntryRef, entry: Entry): EntryRef[] {
  const { seq, prev, deps } = entry.header
  return seq > 0 ? [{ log: ref.log, seq: seq - 1, hash: prev }, ...deps] : [...deps]
}

/** An erasure that counts here and is not in the past of these heads: what they sum up may hold what it erased. */
export function erasureSince(
  { store }: Trunk,
  space: string,
  heads: readonly EntryRef[],
): StoredEntry | null {
  for (const hash of store.erasures(space)) {
    const erasure = store.entry(hash)
    if (erasure?.status !== 'accepted') continue
    if (!heads.some((head) => isAtOrBefore(store, erasure, head))) return erasure
  }
  return null
}

/**
 * Everybody compares (A18): whoever holds exactly what a checkpoint stands for sees at once whether the records are
 * the same. No record is awake by then. `counts`: the entry is not held.
 */
export function noteCheckpoint(trunk: Trunk, ref: EntryRef, entry: Entry, counts: boolean): void {
  const { store, identity, now } = trunk
  const commitment = commitmentOf(entry)
  if (!commitment) return
  const { space } = store.log(ref.log)!
  let state: CheckpointState = erasureSince(trunk, space, namedHeads(ref, entry)) ? 'dropped' : 'unverified'
  if (
    state !== 'dropped' &&
    counts &&
    readsAll(trunk, space) &&
    holdsExactly(store, space, namedHeads(ref, entry))
  ) {
    const found = {
      records: recordsDigest(store, space),
      recordCount: store.countRecords(space),
      entryCount: countUpTo(store, namedHeads(ref, entry)),
    }
    state = isAsCommitted(commitment, found) ? 'equal' : 'differs'
  }
  store.shelf.putCheckpoint({
    entry: ref,
    space,
    ...saidBy(entry),
    state,
    by: identity.station,
    at: now(),
  })
}

export const isAsCommitted = (
  commitment: Commitment,
  found: { records: string; recordCount: number; entryCount: number },
): boolean =>
  toHex(commitment.records) === found.records &&
  commitment.recordCount === found.recordCount &&
  commitment.entryCount === found.entryCount

/** Whether what is accepted is the past of these heads, but for entries without parts: those change no record. */
function holdsExactly(store: Store, space: string, heads: readonly EntryRef[]): boolean {
  const named = new Set(heads.map(({ hash }) => toHex(hash)))
  const reached = new Set<string>()
  for (const { hash } of acceptedHeads(store, space)) {
    let at = store.entry(hash)
    while (at && !named.has(toHex(at.hash)) && at.raw.blobs.length === 0)
      at = at.seq > 0 ? store.entry(at.prev) : null
    if (!at) continue
    if (!named.has(toHex(at.hash))) return false
    reached.add(toHex(at.hash))
  }
  return reached.size === named.size
}

/** Whether every part of a space could be opened here: else nothing can be said about its records. */
export function readsAll({ store, identity, acts }: Trunk, space: string): boolean {
  const member = memberAt(acts.now(), identity.station)
  if (!member || !mayRead(acts.now(), member, space)) return false
  return !store.voids().some(({ log, reason }) => reason === 'no-key' && store.log(log)!.space === space)
}

/** Throws `DamagedStoreError`: what a disk gives back may be something else. */
export function commitmentIn(row: CheckpointRow): Commitment {
  const commitment = parseCommitment(row.commitment)
  if (!commitment) throw new DamagedStoreError(`what checkpoint ${nameOf(row)} commits to cannot be read`)
  return commitment
}

export type WrongCheckpoint = { readonly name: string; readonly right: CheckpointRow | null }
/** Rows that say another thing of a checkpoint than its entry does, with what they should say; null without that entry. */
export function wrongCheckpoints(store: Store): WrongCheckpoint[] {
  return store.shelf.checkpoints().flatMap((row): WrongCheckpoint[] => {
    const there = store.entry(row.entry.hash)
    const entry = there && !there.base ? expectOk(parseEntry(there.raw)) : null
    if (!entry || !isCheckpoint(entry.header))
      return parseCommitment(row.commitment) ? [] : [{ name: nameOf(row), right: null }]
    const right = { ...row, ...saidBy(entry) }
    const isRight =
      sameBytes(row.commitment, right.commitment) &&
      sameBytes(row.manifest, right.manifest) &&
      sameBytes(row.generation, right.generation)
    return isRight ? [] : [{ name: nameOf(row), right }]
  })
}

const nameOf = ({ entry, space }: CheckpointRow): string => `${space}/${entry.seq}`

function saidBy(entry: Entry): Pick<CheckpointRow, 'generation' | 'commitment' | 'manifest'> {
  return {
    generation: entry.header.keys[entry.header.blobs[1]!.key]!,
    commitment: entry.raw.blobs[0]!,
    manifest: commitmentOf(entry)!.manifest,
  }
}

/** The manifest of a checkpoint, when it is here with all its pages. */
export const wholeManifest = (trunk: Trunk, row: CheckpointRow): Manifest | null =>
  wholePages(trunk, row) && manifestOf(trunk.store, row)

/** Its pages, when they are all here with the manifest: asked for at every pause of a meeting, for every space. */
export function wholePages(trunk: Trunk, row: CheckpointRow): Manifest['pages'] | null {
  const pages = pagesOf(trunk, row)
  return pages?.every(({ hash }) => trunk.store.shelf.hasBlob(hash)) ? pages : null
}

/** Another's manifest is read to its end before it counts for one; its own a station has read when it made it. */
function pagesOf({ store, identity }: Trunk, row: CheckpointRow): Manifest['pages'] | null {
  const { manifest: hash, entry } = row
  if (!store.shelf.hasBlob(hash)) return null
  const known = pagesKnown.get(store) ?? new Map<string, Manifest['pages']>()
  pagesKnown.set(store, known)
  const isOwn = () => stationIdOf(store.log(entry.log)!.key) === identity.station
  const read = () => (isOwn() ? pagesNamedIn(store.shelf.blob(hash)!) : manifestOf(store, row)?.pages)
  const pages = known.get(toHex(hash)) ?? read() ?? null
  if (pages) known.set(toHex(hash), pages)
  return pages
}
/** Which pages a manifest names, by its hash: that never changes. */
const pagesKnown: WeakMap<Store, Map<string, Manifest['pages']>> = new WeakMap()

/** Large: those read last stay read. */
const lastRead: WeakMap<Store, Map<string, Manifest>> = new WeakMap()
const MAX_READ = 8

export function manifestOf(
  store: Store,
  { manifest: hash }: Pick<CheckpointRow, 'manifest'>,
): Manifest | null {
  return store.shelf.hasBlob(hash) ? manifestFrom(store, hash, () => store.shelf.blob(hash)!) : null
}

/** Of one that may not be on the disk yet; its bytes are those with this hash. */
export function manifestFrom(store: Store, hash: Uint8Array, bytes: () => Uint8Array): Manifest | null {
  const read = lastRead.get(store) ?? new Map<string, Manifest>()
  lastRead.set(store, read)
  const known = read.get(toHex(hash))
  if (known) return known
  const parsed = parseManifest(bytes())
  if (!parsed.ok) return null
  if (read.size >= MAX_READ) read.delete(read.keys().next().value!)
  read.set(toHex(hash), parsed.value)
  return parsed.value
}

/** The manifest of a checkpoint and its pages, as far as they are known here. */
export function blobsHere(trunk: Trunk, row: CheckpointRow): Uint8Array[] {
  return [row.manifest, ...(pagesOf(trunk, row) ?? []).map(({ hash }) => hash)]
}

/** Newest first: those whose entry counts and that nobody found to differ, here with all their pages. */
export function usableCheckpoints(trunk: Trunk, space: string): UsableCheckpoint[] {
  const usable: UsableCheckpoint[] = []
  for (const row of newestFirst(trunk.store.shelf.checkpoints(space))) {
    if (row.state === 'differs' || row.state === 'dropped') continue
    if (trunk.store.entry(row.entry.hash)?.status !== 'accepted') continue
    const pages = wholePages(trunk, row)
    if (pages) usable.push({ row, pages })
  }
  return usable
}
export type UsableCheckpoint = { readonly row: CheckpointRow; readonly pages: Manifest['pages'] }

/** By how much they stand for; what stands for more has more in its past, or is of another branch of time. */
export const newestFirst = (rows: readonly CheckpointRow[]): CheckpointRow[] =>
  [...rows].sort((a, b) => commitmentIn(b).entryCount - commitmentIn(a).entryCount || b.at - a.at)

/**
 * Whoever takes a checkpoint in says that it has seen what went before, so that it may be pruned one day: a station
 * that writes in the space by its next entry, any other by one without parts.
 */
export function saysSoAnyway({ store, identity }: Trunk, space: string): boolean {
  const [, before] = store.shelf.checkpoints(space)
  return store.logs(space).some(
    ({ id, log }) =>
      stationIdOf(log.key) === identity.station &&
      store.tipsOf(id).some(({ ref }) => {
        const last = store.entry(ref.hash)
        return last !== null && last.raw.blobs.length > 0 && last.arrivedAt >= (before?.at ?? 0)
      }),
  )
}
