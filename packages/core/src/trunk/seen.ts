import { sameBytes } from '../bytes/bytes.ts'
import { parseEntry } from '../log/entry.ts'
import { expectOk } from '../result.ts'
import type { Seen, Store, StoredEntry } from '../store/store.ts'
import { mergeSeen } from './act-book.ts'

export type SeenBy = { readonly deps: Seen; readonly acts: Seen }
export const NOTHING_SEEN: SeenBy = { deps: new Map(), acts: new Map() }

/**
 * What the author of an entry had seen of other logs, by its own word: entries carry only changes, so this is the
 * sum along its chain. At the end of a branch the store keeps it; elsewhere the chain is walked.
 */
export function seenBy(store: Store, stored: StoredEntry): SeenBy {
  const tip = store.tipsOf(stored.log).find((end) => sameBytes(end.ref.hash, stored.hash))
  if (tip) return { deps: tip.seen, acts: tip.acts }
  const chain: StoredEntry[] = []
  for (let at: StoredEntry | null = stored; at; at = at.seq > 0 ? store.entry(at.prev) : null) chain.push(at)
  let { deps, acts } = NOTHING_SEEN
  for (const entry of chain.reverse()) {
    const { header } = expectOk(parseEntry(entry.raw))
    deps = mergeSeen(deps, header.deps)
    acts = mergeSeen(acts, header.acts)
  }
  return { deps, acts }
}
