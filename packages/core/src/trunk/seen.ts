import { hasBit } from '../bytes/bits.ts'
import { sameBytes, toHex } from '../bytes/bytes.ts'
import { type EntryHeader, type EntryRef, type LogId, parseEntry } from '../log/entry.ts'
import { expectOk } from '../result.ts'
import type { Seen, Store, StoredEntry } from '../store/store.ts'
import { type ActBook, mergeSeen } from './act-book.ts'
import type { Trunk } from './context.ts'

export type SeenBy = { readonly deps: Seen; readonly acts: Seen }
export const NOTHING_SEEN: SeenBy = { deps: new Map(), acts: new Map() }

/** What an author had seen after an entry, given what it had seen before it. */
export const seenAfter = (
  book: ActBook,
  before: SeenBy,
  header: Pick<EntryHeader, 'deps' | 'acts'>,
): SeenBy => ({
  deps: mergeSeen(before.deps, header.deps),
  acts: mergeActs(book, before.acts, header.acts),
})

/** What was seen stays seen: naming an older act of a log again does not hide a later one, a removal say. */
function mergeActs(book: ActBook, before: Seen, named: readonly EntryRef[]): Seen {
  if (named.length === 0) return before
  const merged = new Map<LogId, EntryRef[]>()
  for (const ref of named) merged.set(ref.log, [...(merged.get(ref.log) ?? []), ref])
  const past = book.pastOf(named)
  for (const [log, refs] of before) {
    const kept = refs.filter((ref) => {
      const node = book.node(ref.hash)
      return node !== undefined && !hasBit(past, node.index)
    })
    const fresh = merged.get(log)
    if (!fresh) merged.set(log, [...refs])
    else if (kept.length > 0) merged.set(log, [...fresh, ...kept])
  }
  return merged
}

/**
 * What the author of an entry had seen of other logs, by its own word: entries carry only changes, so this is the
 * sum along its chain. At the end of a branch the store keeps it; elsewhere the chain is walked.
 */
export function seenBy({ store, acts }: Trunk, stored: StoredEntry): SeenBy {
  const tip = store.tipsOf(stored.log).find((end) => sameBytes(end.ref.hash, stored.hash))
  if (tip) return { deps: tip.seen, acts: tip.acts }
  const known = remembered.get(store) ?? new Map<string, SeenBy>()
  remembered.set(store, known)
  const chain: StoredEntry[] = []
  let seen: SeenBy = NOTHING_SEEN
  for (let at: StoredEntry | null = stored; at; at = at.seq > 0 ? store.entry(at.prev) : null) {
    const there = known.get(toHex(at.hash))
    if (there) {
      seen = there
      break
    }
    chain.push(at)
  }
  for (const entry of chain.reverse()) {
    seen = seenAfter(acts, seen, entry.base ?? expectOk(parseEntry(entry.raw)).header)
    if (entry.seq % REMEMBER_EVERY === 0 || entry === stored) known.set(toHex(entry.hash), seen)
  }
  for (const oldest of known.keys()) {
    if (known.size <= MAX_REMEMBERED) break
    known.delete(oldest)
  }
  return seen
}

/** What was found on a walk along a chain is kept at every so many entries, so that no second walk is a long one. */
const REMEMBER_EVERY = 64
const MAX_REMEMBERED = 256
const remembered = new WeakMap<Store, Map<string, SeenBy>>()
