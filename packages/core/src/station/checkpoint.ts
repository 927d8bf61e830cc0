import { sameBytes, toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import type { EntryRef } from '../log/entry.ts'
import { memberAt } from '../membership/resolve.ts'
import { mayAct } from '../membership/roles.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { CheckpointRow, CheckpointState } from '../store/checkpoint-shelf.ts'
import { barOf } from '../trunk/bars.ts'
import {
  CHECKPOINT_ACTION,
  commitmentIn,
  erasureSince,
  manifestFrom,
  manifestOf,
  namedHeads,
  newestFirst,
  usableCheckpoints,
  wholePages,
} from '../trunk/checkpoint.ts'
import { believe, onTrust } from '../trunk/checkpoint-base.ts'
import type { Commitment } from '../trunk/checkpoint-format.ts'
import { type CheckpointProblem, dropSuperseded, writeCheckpoint } from '../trunk/checkpoint-make.ts'
import { ARCHIVES, type Pruned, type PruneProblem, pruneSpace } from '../trunk/checkpoint-prune.ts'
import { restartSpace } from '../trunk/checkpoint-restart.ts'
import {
  type OfferedCheckpoint,
  parseOffer,
  stageCheckpoint,
  type TakeProblem,
  takeCheckpoint,
} from '../trunk/checkpoint-take.ts'
import { compareCheckpoint, namesWhatIsHere, type VerifyProblem } from '../trunk/checkpoint-verify.ts'
import { sealingGeneration } from '../trunk/generation.ts'
import { acceptedHeads, countAccepted } from '../trunk/heads.ts'
import { logsBelowBase, readSegment, segmentWith } from '../trunk/send.ts'
import type { Station } from './station.ts'

/** What is known of one checkpoint here. */
export type ListedCheckpoint = {
  /** The first digits of its entry's hash. */
  readonly id: string
  readonly space: string
  readonly by: string
  /** Milliseconds since 1970, by this station's clock: when it came. */
  readonly at: number
  readonly entries: number
  readonly records: number
  readonly bytes: number
  readonly state: CheckpointState
  /** The manifest and every page are here: it can be handed on. */
  readonly isHere: boolean
  /** The records here stand on it, by its author's word alone. */
  readonly isOnTrust: boolean
  /** Sealed under a key that is no longer the newest: who joins now needs the older one too. */
  readonly isUnderOlderKey: boolean
}

const ID_DIGITS = 12

export function listCheckpoints(station: Station, space?: string): ListedCheckpoint[] {
  return newestFirst(station.trunk.store.shelf.checkpoints(space)).map((row) => listed(station, row))
}

function listed(station: Station, row: CheckpointRow): ListedCheckpoint {
  const { trunk } = station
  const { entryCount, recordCount, manifestBytes, pageBytes } = commitmentIn(row)
  const newest = sealingGeneration(trunk, trunk.acts.now(), row.space)
  return {
    id: toHex(row.entry.hash).slice(0, ID_DIGITS),
    space: row.space,
    by: stationIdOf(trunk.store.log(row.entry.log)!.key),
    at: row.at,
    entries: entryCount,
    records: recordCount,
    bytes: manifestBytes + pageBytes,
    state: row.state,
    isHere: wholePages(trunk, row) !== null,
    isOnTrust: onTrust(trunk, row.space).some(({ entry }) => toHex(entry.hash) === toHex(row.entry.hash)),
    isUnderOlderKey: newest === null || toHex(newest.id) !== toHex(row.generation),
  }
}

/** Sums up a space as it is here, for those who come later. */
export async function makeCheckpoint(
  station: Station,
  space: string,
): Promise<Result<ListedCheckpoint, CheckpointProblem>> {
  const made = await station.writeEntries((admission) => writeCheckpoint(station.trunk, admission, space))
  if (!made.ok) return made as Result<never, CheckpointProblem>
  return ok(listed(station, station.trunk.store.shelf.checkpoint(made.value.hash)!))
}

/**
 * A new checkpoint where an erasure has taken the pages of the last, or where those left are held by whoever hears of
 * them first: what pruned stations have to hand on.
 */
export async function renewCheckpoints(station: Station, spaces: readonly string[]): Promise<void> {
  const { trunk } = station
  // Looked at where it is written: of several who ask for it at once, the first makes it.
  for (const space of spaces)
    await station.writeEntries((admission) => {
      const usable = usableCheckpoints(trunk, space)
      const wasDropped = trunk.store.shelf.checkpoints(space).some(({ state }) => state === 'dropped')
      const isLast = (wasDropped || usable.length > 0) && !usable.some((one) => countsByItself(trunk, one))
      return isLast ? writeCheckpoint(trunk, admission, space) : ok(null)
    })
}

/** Whether it is not barred: one that is counts where an entry came that has it in its past, and is held elsewhere. */
const countsByItself = ({ store, acts }: Station['trunk'], { row }: { row: CheckpointRow }): boolean =>
  barOf(store, acts.now(), row.entry) === null

/** By the start of its id, at least four digits. */
export function findCheckpoint(
  station: Station,
  id: string,
): Result<CheckpointRow, Problem & { type: 'unknown-checkpoint' }> {
  const found = station.trunk.store.shelf
    .checkpoints()
    .filter(({ entry }) => id.length >= 4 && toHex(entry.hash).startsWith(id))
  return found.length === 1 ? ok(found[0]!) : fail({ type: 'unknown-checkpoint', id })
}

/** Folds its past once more and compares; the answer is kept and shown. */
export async function verifyCheckpoint(
  station: Station,
  row: CheckpointRow,
): Promise<Result<ListedCheckpoint, VerifyProblem>> {
  const compared = await station.writeEntries(() => compareCheckpoint(station.trunk, row))
  if (!compared.ok) return compared as Result<never, VerifyProblem>
  return ok(listed(station, station.trunk.store.shelf.checkpoint(row.entry.hash)!))
}

/** Takes old entries away that a checkpoint stands for; afterwards no byte of them is in the file. */
export async function prune(
  station: Station,
  space: string,
  options: { readonly evenHere?: boolean } = {},
): Promise<Result<Pruned, PruneProblem>> {
  const pruned = await station.writeEntries(() => pruneSpace(station.trunk, space, options))
  // The write-ahead log still holds the pages as they were.
  if (pruned.ok) station.trunk.store.checkpoint()
  return pruned as Result<Pruned, PruneProblem>
}

// ---- meeting

/** A segment whose first entry is a checkpoint, to be offered with its manifest and pages. */
export type Offer = {
  readonly space: string
  readonly segment: Uint8Array
  /** They lack what is not here any more: without the checkpoint nothing can be sent to them. */
  readonly isNeeded: boolean
  /** It is barred, and held by whoever has nothing that came after it. */
  readonly isBarred: boolean
}

/** Entries that a first sync must save before a checkpoint is offered to somebody who could take the entries. */
export const MIN_SAVED_ENTRIES = 2000

/** What to offer somebody with these heads: the newest whole checkpoint, if they need it or it saves them much. */
export function offerFor(
  station: Station,
  space: string,
  theirs: readonly EntryRef[],
  minSaved: number = MIN_SAVED_ENTRIES,
  isNeeded: boolean = isBelowBase(station, space, theirs),
): Offer | null {
  const { trunk } = station
  const { store } = trunk
  const hasNothing = theirs.every(({ log }) => store.log(log) === null)
  if (!isNeeded && (!hasNothing || countAccepted(store, space) < minSaved)) return null
  station.sign([space])
  const offers = usableCheckpoints(trunk, space).map((one) => ({
    row: one.row,
    isBarred: !countsByItself(trunk, one),
  }))
  for (const { row, isBarred } of offers.sort((a, b) => Number(a.isBarred) - Number(b.isBarred))) {
    if (!isNeeded && (isBarred || commitmentIn(row).entryCount < minSaved)) return null
    const segment = segmentWith(store, row.entry)
    if (segment?.first === row.entry.seq)
      return { space, segment: readSegment(store, segment), isNeeded, isBarred }
  }
  return null
}

/** Whether somebody with these heads lacks what is not here any more: only a checkpoint can bring it. */
export const isBelowBase = (station: Station, space: string, theirs: readonly EntryRef[]): boolean =>
  logsBelowBase(station.trunk.store, space, theirs).size > 0

/**
 * Whether to start from what is offered: it is of a space that this station holds, by somebody who may sum up, not
 * found untrue, and brings what is not here. Where entries could come instead, only an empty space starts from it, and
 * none of a station that keeps everything.
 */
export function wouldTake(station: Station, offer: OfferedCheckpoint, isNeeded: boolean): boolean {
  const { key, space } = offer.segment.log
  const member = station.member()
  if (!member || !station.holdings().includes(space) || !isOffered(station, offer)) return false
  const heads = namedHeads(offer.ref, offer.segment.entries[0]!)
  if (heads.every(({ hash }) => station.has(hash)) || erasureSince(station.trunk, space, heads)) return false
  if (isNeeded) return mayHaveMade(station, key, offer)
  const hasOthers = acceptedHeads(station.trunk.store, space).some(
    ({ log }) => !sameBytes(station.trunk.store.log(log)!.key, station.identity.key),
  )
  return !hasOthers && !ARCHIVES.has(member.role) && mayHaveMade(station, key, offer)
}

function mayHaveMade(station: Station, key: Uint8Array, { ref }: OfferedCheckpoint): boolean {
  const membership = station.membership()
  const author = memberAt(membership, stationIdOf(key))
  if (author) return mayAct(author.role, CHECKPOINT_ACTION)
  const cuts = membership.cuts.get(stationIdOf(key)) ?? []
  return cuts.some((cut) => cut.log === ref.log && cut.seq >= ref.seq)
}

/** Nobody found it untrue. */
function isOffered(station: Station, { ref }: OfferedCheckpoint): boolean {
  const known = station.trunk.store.shelf.checkpoint(ref.hash)
  return known?.state !== 'differs' && known?.state !== 'dropped'
}

/** How far somebody is in a space who has started from an offer. */
export function headsAfter(offer: OfferedCheckpoint): EntryRef[] {
  const [entry] = offer.segment.entries
  const last = offer.segment.entries.at(-1)!
  const own = { log: offer.segment.id, seq: last.header.seq, hash: last.hash }
  return [...namedHeads(offer.ref, entry!).filter(({ log }) => log !== own.log), own]
}

/** What is here of a space beyond what a checkpoint stands for. */
export const baseHeads = (station: Station, space: string): readonly EntryRef[] =>
  station.trunk.store.shelf.baseTops(space)

export type Wanted = { readonly hash: Uint8Array; readonly bytes: number }

export type Fetched = { readonly hash: Uint8Array; readonly bytes: Uint8Array }

/**
 * The blobs of a checkpoint that are not here yet, nor `fetched`: its manifest, and when that has come, its pages. Null
 * when the manifest is not one, or promises other pages than its entry does.
 */
export function missingBlobs(
  station: Station,
  commitment: Commitment,
  fetched: readonly Fetched[] = [],
): Wanted[] | null {
  const { store } = station.trunk
  const { manifest: hash, manifestBytes, pageBytes } = commitment
  const came = (wanted: Uint8Array) => fetched.find((one) => sameBytes(one.hash, wanted))
  const bytes = came(hash)?.bytes
  if (!bytes && !store.shelf.hasBlob(hash)) return [{ hash, bytes: manifestBytes }]
  const manifest = bytes ? manifestFrom(store, hash, () => bytes) : manifestOf(store, commitment)
  if (!manifest || manifest.pages.reduce((sum, page) => sum + page.bytes, 0) !== pageBytes) return null
  return manifest.pages.filter((page) => !came(page.hash) && !store.shelf.hasBlob(page.hash))
}

export function putBlobs(station: Station, blobs: readonly Fetched[]): void {
  const { store } = station.trunk
  store.relaxed(() => {
    for (const { hash, bytes } of blobs) store.shelf.putBlob(hash, bytes)
  })
}

/** What had come of a blob when the meeting before was cut off. */
export const blobStart = (station: Station, hash: Uint8Array): Uint8Array | null =>
  station.trunk.store.shelf.blobStart(hash)

/** Keeps the beginnings of blobs for the next meeting, in place of those kept before. */
export function keepBlobStarts(
  station: Station,
  starts: readonly { hash: Uint8Array; bytes: Uint8Array }[],
): void {
  const { store } = station.trunk
  store.relaxed(() => {
    store.shelf.dropBlobStarts()
    for (const { hash, bytes } of starts) store.shelf.putBlobStart(hash, bytes)
  })
}

export const readBlob = (station: Station, hash: Uint8Array): Uint8Array | null =>
  station.trunk.store.shelf.blob(hash)

/** The manifest of an offer, and its pages. */
export function blobsOf(station: Station, { segment }: Offer): readonly Uint8Array[] {
  const row = station.trunk.store.shelf.checkpoint(parseOffer(segment)!.ref.hash)!
  return [row.manifest, ...wholePages(station.trunk, row)!.map(({ hash }) => hash)]
}

/** Manifests and pages that may be handed to whoever holds these spaces, by hex. */
export function servableBlobs(station: Station, spaces: readonly string[]): Set<string> {
  const blobs = new Set<string>()
  for (const space of spaces)
    for (const { row, pages } of usableCheckpoints(station.trunk, space))
      for (const hash of [row.manifest, ...pages.map((page) => page.hash)]) blobs.add(toHex(hash))
  return blobs
}

/** The newest checkpoint of a space, when some of it is not here: every station keeps it, to hand it on. */
export function wantedCheckpoint(station: Station, space: string): Commitment | null {
  const { store } = station.trunk
  const [newest] = newestFirst(store.shelf.checkpoints(space)).filter(
    ({ state, entry }) =>
      state !== 'differs' && state !== 'dropped' && store.entry(entry.hash)?.status === 'accepted',
  )
  return newest && !wholePages(station.trunk, newest) ? commitmentIn(newest) : null
}

/**
 * The newest has come whole: a station that has the entries sees whether it names them as they are, and the pages of
 * older ones make room.
 */
export function keepNewest(station: Station, space: string): void {
  const { trunk } = station
  trunk.store.relaxed(() => {
    const [newest] = usableCheckpoints(trunk, space)
    const manifest = newest && onTrust(trunk, space).length === 0 ? manifestOf(trunk.store, newest.row) : null
    if (manifest && !namesWhatIsHere(trunk, manifest))
      trunk.store.shelf.setState(newest!.row.entry.hash, 'differs', station.identity.station)
    dropSuperseded(trunk, space)
    trunk.store.shelf.dropBlobStarts()
  })
}

/** Whether the records of a space stand on a checkpoint that nobody has compared. */
export const isOnTrust = (station: Station, space: string): boolean =>
  onTrust(station.trunk, space).length > 0

/**
 * A station that has every entry, or stands on what was compared, holds the same entries and says what its records
 * are. The same: what this station stands on is true, unless they say so of their own. Not the same: the space starts
 * anew from entries. True when it does.
 */
export async function hearRecords(
  station: Station,
  space: string,
  from: string,
  isSame: boolean,
): Promise<boolean> {
  const { trunk } = station
  const doubted = onTrust(trunk, space)
  if (doubted.length === 0) return false
  const authors = doubted.map(({ entry }) => stationIdOf(trunk.store.log(entry.log)!.key))
  if (isSame && authors.includes(from as (typeof authors)[number])) return false
  const restarts = await station.writeEntries(() => {
    const still = onTrust(trunk, space)
    if (isSame) believe(trunk, space, from)
    else if (still.length > 0) restartSpace(trunk, space, from)
    return ok(!isSame && still.length > 0)
  })
  return restarts.ok && restarts.value
}

export { type Commitment, type OfferedCheckpoint, type Pruned, parseOffer, type TakeProblem }

/** Starts a space from a checkpoint whose blobs have come. */
export async function takeOffer(
  station: Station,
  segment: Uint8Array,
  source: string,
): Promise<Result<EntryRef, TakeProblem>> {
  const { trunk, closing } = station
  const staged = await stageCheckpoint(trunk, segment, closing)
  if (!staged.ok) return staged
  return station.writeEntries((admission) =>
    takeCheckpoint(trunk, admission, segment, source, staged.value),
  ) as Promise<Result<EntryRef, TakeProblem>>
}
