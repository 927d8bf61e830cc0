import { sameBytes, toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import type { EntryRef } from '../log/entry.ts'
import { encodeSegment, parseSegment, type Segment } from '../log/segment.ts'
import type { Membership } from '../membership/resolve.ts'
import type { AsideReason, AsideRow } from '../store/aside-shelf.ts'
import type { Store } from '../store/store.ts'
import type { Trunk } from './context.ts'
import { everErased } from './erase.ts'
import { erasedListOf, isErasure } from './erased-list.ts'
import type { Outgoing } from './send.ts'

/** Of what only a later version understands, so much is kept; more of it stays with its sender. */
export const MAX_NEWER_BYTES = 64 * 1024 * 1024

export type KeptAside = 'kept' | 'known' | 'full' | 'stranger'

/**
 * Keeps a segment as it came, to be passed on. What can be judged without its past was judged: its signature, the
 * chain inside, and that its log is of a station that was let in once. One station fills at most half of the room.
 */
export function keepAside(
  trunk: Trunk,
  segment: Segment,
  bytes: Uint8Array,
  reason: AsideReason,
  roomBytes: number,
): KeptAside {
  const { store, acts, now } = trunk
  const { log, id, entries } = segment
  const { aside } = store
  const station = stationIdOf(log.key)
  if (!acts.graph().claimsOf.has(station)) return 'stranger'
  const last = entries.at(-1)!
  const there = aside.rowWith(last.hash)
  if (there && sameBytes(there.head, last.hash) && there.first <= entries[0]!.header.seq) return 'known'
  const kept = withoutErased(store, segment) ?? bytes
  if (aside.usedBytes(reason) + kept.length > roomBytes) return 'full'
  if (aside.usedBytes(reason, log.key) + kept.length > roomBytes / 2) return 'full'
  const erases = entries.some(({ header }) => isErasure(header))
  aside.put(
    {
      space: log.space,
      log: id,
      key: log.key,
      first: entries[0]!.header.seq,
      last: last.header.seq,
      head: last.hash,
      reason,
      erases,
      at: now(),
    },
    kept,
    entries.map(({ hash }) => hash),
  )
  if (erases) eraseAside(trunk, segment)
  return 'kept'
}

/** The segment without the parts that an erasure, known or announced, has named; null when there are none. */
function withoutErased(store: Store, { log, entries, signature }: Segment): Uint8Array | null {
  if (!store.hasErasures(log.space)) return null
  let struck = false
  const raws = entries.map(({ hash, header, raw }) => {
    const erased = isErasure(header) ? new Map<number, boolean>() : store.erasedParts(log.space, hash)
    const blobs = raw.blobs.map((blob, part) => (erased.has(part) ? null : blob))
    struck ||= blobs.some((blob, part) => blob !== raw.blobs[part])
    return { ...raw, blobs }
  })
  return struck ? encodeSegment(log, raws, signature) : null
}

/** A19, for what is kept aside: an erasure whose author ever had the right to erase empties what it names. */
function eraseAside({ store, acts }: Trunk, erasing: Segment): void {
  if (!everErased(acts.graph(), stationIdOf(erasing.log.key))) return
  const { space } = erasing.log
  const touched = new Set<number>()
  for (const entry of erasing.entries) {
    const names = isErasure(entry.header) ? erasedListOf(entry) : null
    if (!names) continue
    store.putErasure(space, entry.hash, names)
    for (const { log, seq } of names)
      for (const row of store.aside.rowsAt(log, seq))
        if (row.space === space && row.bytes > 0) touched.add(row.n)
  }
  for (const n of touched) {
    const segment = parseSegment(store.aside.segment(n)!, 'newer')
    const without = segment.ok ? withoutErased(store, segment.value) : null
    if (without) store.aside.replace(n, without)
  }
}

/**
 * How far each log is kept aside, those parts included that were passed on and dropped. Of a log with branches every
 * branch has an end: a shorter one that was not named would be sent again and again. Whether it has some is not always
 * to be seen from the parts that are here; `frozen` are those that the membership knows of.
 */
export function asideHeads(
  store: Store,
  space: string,
  reason: AsideReason,
  frozen: Membership['frozen'],
): EntryRef[] {
  const logs = Map.groupBy(store.aside.rows({ space, reason }), ({ log }) => log)
  return [...logs]
    .flatMap(([log, rows]) =>
      frozen.has(log) || hasBranches(rows) ? branchEnds(store, rows) : furthest(rows),
    )
    .map(({ log, last, head }) => ({ log, seq: last, hash: head }))
}

function furthest(rows: readonly AsideRow[]): readonly AsideRow[] {
  const newest = Math.max(...rows.map(({ last }) => last))
  return rows.filter(({ last }) => last === newest)
}

/** Those that no other goes on from. What was dropped does not tell what it went on from: then more are named. */
function branchEnds(store: Store, rows: readonly AsideRow[]): readonly AsideRow[] {
  const before = new Set(rows.flatMap((row) => entriesBefore(store, row)))
  return rows.filter(({ head }) => !before.has(toHex(head)))
}

/** The entries of a segment but the last, and the one that it goes on from. */
function entriesBefore({ aside }: Store, row: AsideRow): readonly string[] {
  const bytes = row.bytes > 0 ? aside.segment(row.n) : null
  const segment = bytes && parseSegment(bytes, 'newer')
  return segment?.ok ? segment.value.entries.map(({ header }) => toHex(header.prev)) : []
}

/** The segments kept aside that somebody with these heads lacks; ahead of all those with erasures, as notices. */
export function asideFor(
  store: Store,
  space: string,
  reason: AsideReason,
  theirs: readonly EntryRef[],
): Outgoing[] {
  const rows = store.aside.rows({ space, reason })
  const reached = reachedBy(rows, theirs)
  const plan = rows
    .filter(({ n, bytes }) => bytes > 0 && !reached.has(n))
    .map((row) => ({
      n: row.n,
      row: { log: row.log, first: row.first, last: row.last, head: row.head, signature: NONE, aside: row.n },
      entries: row.last - row.first + 1,
      erases: row.erases,
    }))
  const notices = plan.filter(({ erases }) => erases).map((one) => ({ ...one, entries: 0, isNotice: true }))
  return notices.length < plan.length ? [...notices, ...plan] : plan
}
const NONE = new Uint8Array(0)

/** Of these segments, those that heads stand beyond. Of a log with branches, only the very end of one says so. */
export function reachedBy(rows: readonly AsideRow[], heads: readonly EntryRef[]): Set<number> {
  const byLog = Map.groupBy(heads, ({ log }) => log)
  const logs = Map.groupBy(rows, ({ log }) => log)
  const reached = new Set<number>()
  for (const [log, ofLog] of logs) {
    const named = byLog.get(log) ?? []
    const furthest = Math.max(-1, ...named.map(({ seq }) => seq))
    const isForked = named.length > 1 || hasBranches(ofLog)
    for (const row of ofLog)
      if (isForked ? named.some(({ hash }) => sameBytes(hash, row.head)) : isBehind(row, furthest, named))
        reached.add(row.n)
  }
  return reached
}

const isBehind = (row: AsideRow, furthest: number, named: readonly EntryRef[]): boolean =>
  row.last < furthest || named.some(({ hash }) => sameBytes(hash, row.head))

function hasBranches(ofLog: readonly AsideRow[]): boolean {
  const inOrder = [...ofLog].sort((a, b) => a.first - b.first)
  return inOrder.some((row, at) => at > 0 && row.first <= inOrder[at - 1]!.last)
}
