import { compareBytes, toHex } from '../bytes/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import type { EntryRef } from '../log/entry.ts'
import type { Store, StoredEntry, Tip } from '../store/store.ts'
import { ancestorOf } from './ancestors.ts'

type Kept<T> = WeakMap<Store, Map<string, { readonly mark: string; readonly value: T }>>

/** Asked for at every save and every pause of a meeting, while most spaces stay as they are. */
const heads: Kept<readonly EntryRef[]> = new WeakMap()
const counts: Kept<number> = new WeakMap()
const lackings: Kept<readonly StoredEntry[]> = new WeakMap()

function keptWhile<T>(
  kept: Kept<T>,
  store: Store,
  space: string,
  mark: string,
  find: (store: Store, space: string) => T,
): T {
  let ofStore = kept.get(store)
  if (!ofStore) {
    ofStore = new Map()
    kept.set(store, ofStore)
  }
  const known = ofStore.get(space)
  if (known?.mark === mark) return known.value
  const value = find(store, space)
  ofStore.set(space, { mark, value })
  return value
}

/**
 * The ends of what is held of a space, accepted or not: what a peer needs to know to send the rest. An entry that
 * counts and lacks a part, by the word of an erasure that does not count, is not here whole: its chain ends before it.
 */
export function heldHeads(store: Store, space: string): EntryRef[] {
  const ends = store.tips(space).map((tip) => tip.ref)
  const lacking = keptWhile(lackings, store, space, store.entryMark(space), findLacking)
  if (lacking.length === 0) return ends
  const whole = ends.flatMap((end) => {
    const [first] = lacking.filter((entry) => isAtOrBefore(store, entry, end)).sort((a, b) => a.seq - b.seq)
    if (!first) return [end]
    return first.seq > 0 ? [{ log: first.log, seq: first.seq - 1, hash: first.prev }] : []
  })
  // Branches that part beyond it end in the same place.
  return [...new Map(whole.map((end) => [toHex(end.hash), end])).values()]
}

const findLacking = (store: Store, space: string): readonly StoredEntry[] =>
  store.namedInVain(space).flatMap((hash) => {
    const entry = store.entry(hash)
    if (!entry || entry.base || entry.raw.blobs.every((blob) => blob !== null)) return []
    const erased = store.erasedParts(space, hash)
    return entry.raw.blobs.some((blob, part) => blob === null && erased.get(part) !== true) ? [entry] : []
  })

/** The ends of what counts: everything accepted is in the past of one of these. */
export const acceptedHeads = (store: Store, space: string): readonly EntryRef[] =>
  keptWhile(heads, store, space, store.entryMark(space), findAcceptedHeads)

/** Ends that were found to count, as of when. */
const counting = new WeakMap<Tip, string>()

function findAcceptedHeads(store: Store, space: string): readonly EntryRef[] {
  const ends = new Map<string, EntryRef>()
  const mark = store.statusMark()
  for (const tip of store.tips(space)) {
    // Of most logs nothing is new.
    if (counting.get(tip) === mark) {
      ends.set(toHex(tip.ref.hash), tip.ref)
      continue
    }
    let entry: StoredEntry | null = store.entry(tip.ref.hash)
    let isEnd = true
    while (entry && entry.status !== 'accepted') {
      entry = entry.seq > 0 ? store.entry(entry.prev) : null
      isEnd = false
    }
    if (entry && isEnd && !entry.base) counting.set(tip, mark)
    if (entry && (isEnd || !hasAcceptedChild(store, entry)))
      ends.set(toHex(entry.hash), { log: entry.log, seq: entry.seq, hash: entry.hash })
  }
  return [...ends.values()].sort((a, b) =>
    a.log < b.log ? -1 : a.log > b.log ? 1 : compareBytes(a.hash, b.hash),
  )
}

const hasAcceptedChild = (store: Store, { log, seq, hash }: StoredEntry): boolean =>
  store
    .entriesAt(log, seq + 1)
    .some((next) => next.status === 'accepted' && compareBytes(next.prev, hash) === 0) ||
  store.shelf.baseAt(log, seq + 1).some((next) => compareBytes(next.prev, hash) === 0)

/** How many entries count, those a checkpoint stands for too. */
export const countAccepted = (store: Store, space: string): number =>
  keptWhile(counts, store, space, store.entryMark(space), () => countUpTo(store, acceptedHeads(store, space)))

/** Entries at or before these heads: by its number, where a log has one chain. */
export function countUpTo(store: Store, ends: readonly EntryRef[]): number {
  const byLog = Map.groupBy(ends, ({ log }) => log)
  let count = 0
  for (const refs of byLog.values()) {
    if (refs.length === 1) {
      count += refs[0]!.seq + 1
      continue
    }
    const walked = new Set<string>()
    for (const ref of refs) {
      let at = store.entry(ref.hash)
      while (at && !walked.has(toHex(at.hash))) {
        walked.add(toHex(at.hash))
        at = at.seq > 0 ? store.entry(at.prev) : null
      }
    }
    count += walked.size
  }
  return count
}

/**
 * Equal on two stations exactly when they accepted the same entries of a space: accepted sets are closed under
 * their past, so the ends of the chains, by hash, say all.
 */
export function entriesDigest(heads: readonly EntryRef[]): string {
  const known = digests.get(heads)
  if (known !== undefined) return known
  const digest = toHex(
    sha256('doorstep/digest/1', ...heads.flatMap((head) => [head.log, String(head.seq), head.hash])),
  )
  digests.set(heads, digest)
  return digest
}
/** While the heads stay as they are, so does the list of them. */
const digests = new WeakMap<readonly EntryRef[], string>()

/** Equal when the readable records hold the same live writes. */
export const recordsDigest = (store: Store, space: string): string => toHex(store.recordsDigest(space))

/** Whether `ref` is at or behind `head` on its own chain. */
export function isAtOrBefore(
  store: Store,
  ref: { log: string; seq: number; hash: Uint8Array },
  head: EntryRef,
): boolean {
  if (ref.log !== head.log || ref.seq > head.seq) return false
  // Neither need be here: an entry is judged before it is stored.
  if (ref.seq === head.seq) return compareBytes(ref.hash, head.hash) === 0
  const ancestor = ancestorOf(store, head, ref.seq)
  return ancestor !== null && compareBytes(ancestor, ref.hash) === 0
}
