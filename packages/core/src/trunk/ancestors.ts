import { toHex } from '../bytes/bytes.ts'
import type { EntryRef, LogId } from '../log/entry.ts'
import type { Store } from '../store/store.ts'

/** A run of one log's chain: the entries from `from` on, by sequence; before them its parent's hold. */
type Branch = { readonly from: number; readonly hashes: Uint8Array[]; readonly parent: Branch | null }
/** Where each entry of a forked log lies. What an entry's chain is never changes, so nothing here grows stale. */
type Branches = Map<string, Branch>

/** Forked logs remembered. */
const MAX_LOGS = 16
const remembered = new WeakMap<Store, Map<LogId, Branches>>()

/**
 * The entry with this sequence on a head's own chain; null when the head is not here. A log without branches has one
 * entry of each sequence. One with branches is walked once: by walking it for every question, a member that forks a
 * long log, or takes back many writes of one, would stop everybody for minutes.
 */
export function ancestorOf(store: Store, head: EntryRef, seq: number): Uint8Array | null {
  if (seq > head.seq) return null
  if (seq === head.seq) return head.hash
  if (!store.hasFork(head.log)) {
    const end = store.entry(head.hash)
    if (!end) return null
    // What a checkpoint stands for is found along the chain: it may part from what is here.
    const [only] = end.base ? [] : store.entriesAt(head.log, seq)
    if (only) return only.hash
  }
  let branch = branchOf(store, branchesOf(store, head.log), head.hash)
  while (branch && seq < branch.from) branch = branch.parent
  return branch?.hashes[seq - branch.from] ?? null
}

function branchesOf(store: Store, log: LogId): Branches {
  const logs = remembered.get(store) ?? new Map<LogId, Branches>()
  remembered.set(store, logs)
  const branches = logs.get(log) ?? new Map<string, Branch>()
  logs.delete(log)
  logs.set(log, branches)
  if (logs.size > MAX_LOGS) logs.delete(logs.keys().next().value!)
  return branches
}

/** The branch an entry lies on, walked back to where it leaves one that is known. */
function branchOf(store: Store, branches: Branches, hash: Uint8Array): Branch | null {
  const fresh: { hash: Uint8Array; seq: number }[] = []
  let branch: Branch | null = null
  for (let at = store.entry(hash); at; at = at.seq > 0 ? store.entry(at.prev) : null) {
    branch = branches.get(toHex(at.hash)) ?? null
    if (branch) break
    fresh.push({ hash: at.hash, seq: at.seq })
  }
  for (const { hash: next, seq } of fresh.reverse()) {
    // Another entry with this sequence came first: a branch begins.
    if (!branch || branch.from + branch.hashes.length !== seq)
      branch = { from: seq, hashes: [], parent: branch }
    branch.hashes.push(next)
    branches.set(toHex(next), branch)
  }
  return branch
}
