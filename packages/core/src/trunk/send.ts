import { sameBytes, toHex } from '../bytes/bytes.ts'
import type { EntryRef, LogId } from '../log/entry.ts'
import { encodeSegment } from '../log/segment.ts'
import type { SegmentRow, Store, StoredEntry } from '../store/store.ts'
import { ancestorOf } from './ancestors.ts'
import { isAtOrBefore } from './heads.ts'

/** A segment that a peer lacks: its place in causal order, its size to come when it is read. */
export type Outgoing = {
  readonly n: number
  readonly row: SegmentRow
  readonly entries: number
  /** Goes ahead of its past, for what it says of erasures, and comes again: see `noticesFor`. */
  readonly isNotice?: boolean
}

/**
 * The segments of a space that somebody with these heads lacks, so ordered that a past comes before what stands
 * on it (A20). Reading their bytes is left to the sender, one at a time: a slow peer costs no memory.
 */
export function segmentsFor(store: Store, space: string, theirs: readonly EntryRef[]): Outgoing[] {
  const byLog = new Map<LogId, EntryRef[]>()
  for (const ref of theirs) {
    const refs = byLog.get(ref.log)
    if (refs) refs.push(ref)
    else byLog.set(ref.log, [ref])
  }
  const outgoing: Outgoing[] = []
  const pruned = logsBelowBase(store, space, theirs)
  for (const { id } of store.logs(space)) {
    const named = byLog.get(id) ?? []
    if (pruned.has(id) || isSameEnd(store, id, named)) continue
    const known = named.filter((ref) => store.entry(ref.hash) !== null)
    if (known.length === 0 && isBehind(store, id, named)) continue
    const forked = store.hasFork(id) || known.length !== named.length
    const from = forked || known.length === 0 ? 0 : known[0]!.seq + 1
    for (const row of store.segmentsOf(id, from)) {
      const head = { log: id, seq: row.last, hash: row.head }
      if (forked && known.some((ref) => isAtOrBefore(store, head, ref))) continue
      const first = forked ? ancestorOf(store, head, row.first) : null
      const n = first ? store.entry(first)!.n : row.firstN
      outgoing.push({ n, row, entries: row.last - Math.max(row.first, from) + 1 })
    }
  }
  return outgoing.sort((a, b) => a.n - b.n)
}

/** Most logs of most meetings: one end, and they have it. */
function isSameEnd(store: Store, log: LogId, theirs: readonly EntryRef[]): boolean {
  const ends = store.tipsOf(log)
  return ends.length === 1 && theirs.length === 1 && sameBytes(ends[0]!.ref.hash, theirs[0]!.hash)
}

/**
 * Whether they are further than we are in a log that has one end here. What we hold is then in their past; or it
 * is another branch, which they see by our head, send us theirs, and get ours once both are here.
 */
function isBehind(store: Store, log: LogId, theirs: readonly EntryRef[]): boolean {
  if (theirs.length === 0) return false
  const ends = store.tipsOf(log)
  return ends.length === 1 && theirs.every((ref) => ref.seq > ends[0]!.ref.seq)
}

/**
 * Logs of which they lack what a checkpoint stands for here: nothing of those can be sent that they could take, so
 * they are offered the checkpoint.
 */
export function logsBelowBase(store: Store, space: string, theirs: readonly EntryRef[]): Set<LogId> {
  const below = new Set<LogId>()
  for (const top of store.shelf.baseTops(space)) {
    const named = theirs.filter(({ log }) => log === top.log)
    const has = named.some((ref) =>
      store.entry(ref.hash) ? isAtOrBefore(store, top, ref) : !store.hasFork(top.log) && ref.seq > top.seq,
    )
    if (!has) below.add(top.log)
  }
  return below
}

export function readSegment(store: Store, row: SegmentRow): Uint8Array {
  // Nothing, when it was dropped meanwhile.
  if (row.aside !== undefined) return store.aside.segment(row.aside) ?? new Uint8Array(0)
  const chain = chainOf(store, row)
  if (chain.length !== row.last - row.first + 1)
    throw new Error(`segment ${row.log}/${row.first} is incomplete`)
  return encodeSegment(
    store.log(row.log)!,
    chain.map((entry) => entry.raw),
    row.signature,
  )
}

/** The segment's entries, by hash from its head back: right also where the log has branches. */
export function chainOf(store: Store, row: SegmentRow): StoredEntry[] {
  const chain: StoredEntry[] = []
  let at = store.entry(row.head)
  while (at && !at.base && at.seq >= row.first) {
    chain.push(at)
    at = at.seq > 0 ? store.entry(at.prev) : null
  }
  return chain.reverse()
}

/** The segment of a log that holds this very entry. */
export function segmentWith(
  store: Store,
  entry: { log: LogId; seq: number; hash: Uint8Array },
): SegmentRow | null {
  for (const row of store.segmentsOf(entry.log, entry.seq)) {
    if (row.first > entry.seq) continue
    if (chainOf(store, row).some((other) => sameBytes(other.hash, entry.hash))) return row
  }
  return null
}

export const refName = (ref: EntryRef): string => `${ref.log}/${ref.seq}/${toHex(ref.hash)}`
