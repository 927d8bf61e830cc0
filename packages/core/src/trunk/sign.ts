import { sameBytes } from '../bytes/bytes.ts'
import { createSigner } from '../crypto/keys.ts'
import { type EntryRef, type LogId, parseEntry } from '../log/entry.ts'
import { MAX_HEADER_BYTES, MAX_SEGMENT_BYTES, MAX_SEGMENT_ENTRIES } from '../log/limits.ts'
import { segmentClaim } from '../log/segment.ts'
import { expectOk } from '../result.ts'
import type { Store, StoredEntry } from '../store/store.ts'
import type { Trunk } from './context.ts'
import { segmentWith } from './send.ts'

/** What a segment's own fields take, with room to spare. */
const SEGMENT_ROOM_BYTES = 400

/** How far entries had come of a space when all its tails were signed. */
const signed = new WeakMap<Store, Map<string, string>>()

/** Whether nothing was written in a space since its tails were signed: a meeting asks at every turn. */
export const isSigned = (store: Store, space: string): boolean =>
  signed.get(store)?.get(space) === store.entryMark(space)

/** Signs all tails of some spaces, in one write, and notes it when it is on the disk. Nothing is written where nothing is unsigned. */
export function signAll(trunk: Trunk, spaces: readonly string[]): void {
  const { store } = trunk
  const marks = spaces.map((space) => store.entryMark(space))
  const unsigned = spaces.filter((space) => !unsignedTails(trunk, space).next().done)
  if (unsigned.length > 0)
    store.transaction(() => {
      for (const space of unsigned) signTails(trunk, space)
    })
  const ofStore = signed.get(store) ?? new Map<string, string>()
  signed.set(store, ofStore)
  for (const [at, space] of spaces.entries()) ofStore.set(space, marks[at]!)
}

/** A tail is signed when it is about to leave, many entries under one signature: signing each halves a catch-up. */
export function signTails(trunk: Trunk, space?: string): void {
  for (const { log, tail } of unsignedTails(trunk, space)) signTail(trunk, log, tail)
}

/** One after the other: of two branches the second begins where the first, signed meanwhile, left off. */
function* unsignedTails({ store, identity }: Trunk, space?: string) {
  for (const { id, log } of store.logs(space)) {
    if (!sameBytes(log.key, identity.signing.publicKey)) continue
    for (const { ref } of store.tipsOf(id)) {
      const tail = unsignedEnd(store, id, ref)
      if (tail.length > 0) yield { log: id, tail }
    }
  }
}

/** The entries at the end of a branch that no segment covers: ours, since what came from outside came signed. */
function unsignedEnd(store: Store, log: LogId, head: EntryRef): StoredEntry[] {
  const chain: StoredEntry[] = []
  const forked = store.hasFork(log)
  const signed = store.lastSigned(log)
  let at = forked || head.seq > signed ? store.entry(head.hash) : null
  while (at && !at.base && (forked ? segmentWith(store, at) === null : at.seq > signed)) {
    chain.push(at)
    at = at.seq > 0 ? store.entry(at.prev) : null
  }
  return chain.reverse()
}

function signTail(trunk: Trunk, log: LogId, tail: readonly StoredEntry[]): void {
  const sign = createSigner(trunk.identity.signing.privateKey)
  let segment: StoredEntry[] = []
  let bytes = 0
  let headerBytes = 0
  const close = () => {
    const first = segment[0]
    const last = segment.at(-1)
    if (!first || !last) return
    const signature = sign(segmentClaim(log, first.seq, last.seq, last.hash))
    trunk.store.putSegment({ log, first: first.seq, last: last.seq, head: last.hash, signature })
    segment = []
    bytes = 0
    headerBytes = 0
  }
  for (const entry of tail) {
    const { header } = expectOk(parseEntry(entry.raw))
    const size = rawBytes(entry)
    const named = header.deps.length > 0 || header.acts.length > 0
    const full =
      segment.length >= MAX_SEGMENT_ENTRIES ||
      bytes + size > MAX_SEGMENT_BYTES - SEGMENT_ROOM_BYTES ||
      headerBytes + entry.raw.header.length > MAX_HEADER_BYTES
    if (named || full) close()
    segment.push(entry)
    bytes += size
    headerBytes += entry.raw.header.length
  }
  close()
}

/** Encoded size, each item with its length prefix. */
const rawBytes = (entry: StoredEntry): number =>
  entry.raw.header.length + entry.raw.blobs.reduce((sum, blob) => sum + (blob?.length ?? 0) + 5, 0) + 12
