import { randomBytes } from 'node:crypto'
import { type BlobName, namesInChange } from '../blob/blob-names.ts'
import { hasBit } from '../bytes/bits.ts'
import { sameBytes, toHex } from '../bytes/bytes.ts'
import {
  createEntry,
  type Entry,
  type EntryHeader,
  type EntryRef,
  type LogDeclaration,
  type LogId,
  logIdOf,
  rootOf,
} from '../log/entry.ts'
import { MAX_ENTRY_BYTES, MAX_HEADER_BYTES, MAX_PART_BYTES, MAX_PARTS } from '../log/limits.ts'
import { type Act, encodeAct } from '../membership/act.ts'
import { type Generation, mayRead, memberAt } from '../membership/resolve.ts'
import { type Change, changeToWire, parseChange } from '../record/change.ts'
import { typeOf } from '../records/registry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Tip } from '../store/store.ts'
import { news } from './act-book.ts'
import type { Admission } from './admit.ts'
import type { Trunk } from './context.ts'
import { newGeneration, sealingGeneration } from './generation.ts'
import { acceptedHeads } from './heads.ts'
import { type Deed, encodePart, partOverheadBytes, sealDeed, sealPart } from './part.ts'

export type WriteProblem = Problem & {
  type: 'no-key' | 'part-too-large' | 'part-malformed' | 'record-erased'
}

/** What the header of an entry takes besides its blobs: previous hash, dependencies, keys. */
export const HEADER_ROOM_BYTES = 8 * 1024
/** So many dependencies fit in that room, at 60 bytes each; more are named before, by entries that hold no parts. */
const MAX_NEWS = 120
/** What a header of nothing else has room for. */
const MAX_NEWS_ALONE = 480

/** Our log in a space; a fresh epoch first when it is frozen or has branches (A15). */
export function ownLog(
  trunk: Trunk,
  space: string,
): { log: LogDeclaration; id: LogId; tip: Tip | undefined } {
  const log = { key: trunk.identity.signing.publicKey, epoch: trunk.epoch, space }
  const id = logIdOf(log)
  const isAct = space === trunk.identity.community
  const tips = trunk.store.tipsOf(id)
  const spoiled = tips.length > 1 || (!isAct && trunk.acts.now().frozen.has(id))
  if (!spoiled) {
    if (tips.length === 0) trunk.store.putLog(log)
    return { log, id, tip: tips[0] }
  }
  startEpoch(trunk)
  return ownLog(trunk, space)
}

/** From here on this station writes in new logs; the old ones stay as they are. */
export function startEpoch(trunk: Trunk): void {
  trunk.epoch = new Uint8Array(randomBytes(16))
  trunk.store.putSetting('epoch', trunk.epoch)
}

export type Start = {
  log: LogDeclaration
  id: LogId
  seq: number
  prev: Uint8Array
  deps: EntryRef[]
  acts: EntryRef[]
}

/** Where our next entry stands, and what is news in it. */
export function nextIn(trunk: Trunk, admission: Admission, space: string): Start {
  let next = startIn(trunk, space)
  if (space === trunk.identity.community) return afterAllActs(trunk, admission, next)
  while (next.deps.length + next.acts.length > MAX_NEWS) {
    // First the acts that know most, those that let us in among them: without, no entry is valid.
    const acts = knowingFirst(trunk, next.acts)
    const named = acts.slice(0, MAX_NEWS_ALONE)
    const count = wholeLogs(next.deps, MAX_NEWS_ALONE - named.length)
    const { hash } = append(admission, { ...next, acts: named, deps: next.deps.slice(0, count) }, [], [])
    next = {
      ...next,
      seq: next.seq + 1,
      prev: hash,
      deps: next.deps.slice(count),
      acts: acts.slice(MAX_NEWS_ALONE),
    }
  }
  return next
}

/** The same of acts: where too many ends are news, acts that give nothing to anybody take them in first. */
function afterAllActs(trunk: Trunk, admission: Admission, start: Start): Start {
  let next = start
  while (next.deps.length > MAX_NEWS_ALONE) {
    const heads = knowingFirst(trunk, next.deps)
    const named = heads.slice(0, MAX_NEWS_ALONE)
    const nothing = emptyBox(trunk, named)
    if (!nothing) return { ...next, deps: named }
    const blob = { bytes: encodeAct(nothing), key: -1 }
    const { hash } = append(admission, { ...next, deps: named }, [], [blob])
    next = { ...next, seq: next.seq + 1, prev: hash, deps: heads.slice(MAX_NEWS_ALONE) }
  }
  return next
}

function emptyBox(trunk: Trunk, named: readonly EntryRef[]): Act | null {
  const past = trunk.acts.pastOf(named)
  const membership = trunk.acts.at(named)
  const member = memberAt(membership, trunk.identity.station)
  const known = membership.generations.find(
    ({ space, act }) => hasBit(past, act.index) && member !== undefined && mayRead(membership, member, space),
  )
  return known ? { type: 'box', generation: known.id, boxes: [] } : null
}

/**
 * A member may start logs without end, and no header has room for all their ends. Those with the largest past first:
 * what everybody else did is in it, and who hides what it knows comes last.
 */
function knowingFirst(trunk: Trunk, heads: readonly EntryRef[]): EntryRef[] {
  if (heads.length <= MAX_NEWS_ALONE) return [...heads]
  const known = (ref: EntryRef) => trunk.acts.node(ref.hash)?.pastCount ?? 0
  return [...heads].sort((a, b) => known(b) - known(a))
}

/** How many of these refs, sorted by log, to name at most; the heads of one log together, if they are not too many. */
function wholeLogs(refs: readonly EntryRef[], most: number): number {
  if (refs.length <= most) return refs.length
  if (most <= 0) return 0
  let count = most
  while (count > 0 && refs[count - 1]!.log === refs[count]!.log) count--
  return count || most
}

function startIn(trunk: Trunk, space: string): Start {
  const { store, identity } = trunk
  const { log, id, tip } = ownLog(trunk, space)
  const others = acceptedHeads(store, space).filter((head) => head.log !== id)
  const isAct = space === identity.community
  return {
    log,
    id,
    seq: tip ? tip.ref.seq + 1 : 0,
    prev: tip ? tip.ref.hash : rootOf(id),
    deps: news(others, tip?.seen ?? new Map()),
    acts: isAct ? [] : news(acceptedHeads(store, identity.community), tip?.acts ?? new Map()),
  }
}

/** Writes changes to one space as few entries as their size allows. Inside the caller's transaction. */
export function writeChanges(
  trunk: Trunk,
  admission: Admission,
  space: string,
  deed: Omit<Deed, 'member' | 'at'>,
  changes: readonly Change[],
): Result<EntryRef[], WriteProblem> {
  const texts: { readonly text: Uint8Array; readonly names: readonly BlobName[] }[] = []
  for (const change of changes) {
    // What the gate would void must not be acknowledged.
    const checked = parseChange(changeToWire(change))
    if (!checked.ok)
      return fail({ type: 'part-malformed', record: change.id, detail: checked.problem.detail })
    if (trunk.store.isErasedRecord(space, change.id) || typeOf(change.id) === 'erasure')
      return fail({ type: 'record-erased', record: change.id })
    const text = encodePart(change)
    if (text.length > MAX_PART_BYTES)
      return fail({ type: 'part-too-large', record: change.id, bytes: text.length, maxBytes: MAX_PART_BYTES })
    texts.push({ text, names: namesInChange(change) })
  }
  const generation = generationFor(trunk, admission, space)
  if (!generation) return fail({ type: 'no-key', space })
  const refs: EntryRef[] = []
  let at = 0
  let next = nextIn(trunk, admission, space)
  const key = trunk.keyring.keyFor(trunk.acts.now(), generation.id, next.id, space)!
  while (at < texts.length) {
    const blobs = [
      {
        bytes: sealDeed(key, next.id, next.seq, wholeDeed(trunk, deed)),
        key: 0,
      },
    ]
    let room = MAX_ENTRY_BYTES - HEADER_ROOM_BYTES
    while (at < texts.length && blobs.length <= MAX_PARTS) {
      const { text, names } = texts[at]!
      // A part costs its sealed text and its hash in the header.
      room -= text.length + partOverheadBytes(names) + 48
      if (room < 0 && blobs.length > 1) break
      blobs.push({ bytes: sealPart(key, next.id, next.seq, blobs.length, text, names), key: 0 })
      at++
    }
    const entry = append(admission, next, [generation.id], blobs)
    refs.push({ log: next.id, seq: next.seq, hash: entry.hash })
    next = { ...next, seq: next.seq + 1, prev: entry.hash, deps: [], acts: [] }
  }
  return ok(refs)
}

/** The generation to seal under; a fresh one when none will do, as any standing reader may make (A17). */
export function generationFor(trunk: Trunk, admission: Admission, space: string): Generation | null {
  const known = sealingGeneration(trunk, trunk.acts.now(), space)
  if (known) return known
  const membership = trunk.acts.now()
  const member = memberAt(membership, trunk.identity.station)
  if (!member || !mayRead(membership, member, space)) return null
  writeAct(trunk, admission, newGeneration(membership, space))
  return sealingGeneration(trunk, trunk.acts.now(), space)
}

export function wholeDeed(trunk: Trunk, deed: Omit<Deed, 'member' | 'at'>): Deed {
  const member = memberAt(trunk.acts.now(), trunk.identity.station)
  return { ...deed, member: member?.id ?? '', at: trunk.now() }
}

export function append(
  admission: Admission,
  next: Start,
  keys: EntryHeader['keys'],
  blobs: readonly { bytes: Uint8Array; key: number }[],
): Entry {
  const entry = createEntry({ seq: next.seq, prev: next.prev, deps: next.deps, acts: next.acts, keys }, blobs)
  const bytes = blobs.reduce((sum, blob) => sum + blob.bytes.length + 5, entry.raw.header.length)
  // What nobody takes must not stand in our chain: everything after it would be lost with it.
  const header = entry.raw.header.length
  if (header > MAX_HEADER_BYTES) throw new Error(`a header of ${header} bytes fits no segment`)
  if (bytes > MAX_ENTRY_BYTES) throw new Error(`an entry of ${bytes} bytes fits no segment`)
  admission.own(next.log, next.id, entry)
  return entry
}

/** A10: vouches for all that this station accepted in a space, and for `more`; changes nothing. */
export function writeStandBy(
  trunk: Trunk,
  admission: Admission,
  space: string,
  more: readonly EntryRef[] = [],
): void {
  const next = nextIn(trunk, admission, space)
  const deps = withMore(next.deps, more)
  if (deps.length > 0) append(admission, { ...next, deps }, [], [])
}

/** A16: an entry that stands on a held one, and so brings it in with its past; who let it in is in its deed. */
export function writeRelease(
  trunk: Trunk,
  admission: Admission,
  held: EntryRef,
  space: string,
  deed: Omit<Deed, 'member' | 'at'>,
): Result<EntryRef, WriteProblem> {
  const generation = generationFor(trunk, admission, space)
  if (!generation) return fail({ type: 'no-key', space })
  const next = nextIn(trunk, admission, space)
  const key = trunk.keyring.keyFor(trunk.acts.now(), generation.id, next.id, space)!
  const blob = { bytes: sealDeed(key, next.id, next.seq, wholeDeed(trunk, deed)), key: 0 }
  const entry = append(admission, { ...next, deps: withMore(next.deps, [held]) }, [generation.id], [blob])
  return ok({ log: next.id, seq: next.seq, hash: entry.hash })
}

const withMore = (deps: readonly EntryRef[], more: readonly EntryRef[]): EntryRef[] => [
  ...deps,
  ...more.filter((ref) => !deps.some((dep) => sameBytes(dep.hash, ref.hash))),
]

export function writeAct(trunk: Trunk, admission: Admission, act: Act): EntryRef {
  const next = nextIn(trunk, admission, trunk.identity.community)
  const entry = append(admission, next, [], [{ bytes: encodeAct(act), key: -1 }])
  return { log: next.id, seq: next.seq, hash: entry.hash }
}

/** For messages about an entry: short, and the same everywhere. */
export const entryName = (ref: EntryRef): string =>
  `${ref.log.slice(0, 8)}/${ref.seq}/${toHex(ref.hash).slice(0, 8)}`
