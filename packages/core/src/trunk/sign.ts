import { sameBytes } from '../bytes/bytes.ts'
import { createSigner } from '../crypto/keys.ts'
import { type LogId, parseEntry } from '../log/entry.ts'
import { MAX_SEGMENT_BYTES, MAX_SEGMENT_ENTRIES } from '../log/limits.ts'
import { segmentClaim } from '../log/segment.ts'
import { expectOk } from '../result.ts'
import type { StoredEntry } from '../store/store.ts'
import type { Trunk } from './context.ts'

/** What a segment's own fields take, with room to spare. */
const SEGMENT_ROOM_BYTES = 400

/** A tail is signed when it is about to leave, many entries under one signature: signing each halves a catch-up. */
export function signTails(trunk: Trunk): void {
  const own = trunk.store.logs().filter(({ log }) => sameBytes(log.key, trunk.identity.signing.publicKey))
  for (const { id } of own) {
    const tips = trunk.store.tipsOf(id)
    const signed = trunk.store.lastSigned(id)
    if (tips.length === 1 && tips[0]!.ref.seq > signed) signTail(trunk, id, signed + 1, tips[0]!.ref.seq)
  }
}

function signTail(trunk: Trunk, log: LogId, from: number, to: number): void {
  const sign = createSigner(trunk.identity.signing.privateKey)
  let segment: StoredEntry[] = []
  let bytes = 0
  const close = () => {
    const first = segment[0]
    const last = segment.at(-1)
    if (!first || !last) return
    const signature = sign(segmentClaim(log, first.seq, last.seq, last.hash))
    trunk.store.putSegment({ log, first: first.seq, last: last.seq, head: last.hash, signature })
    segment = []
    bytes = 0
  }
  for (let seq = from; seq <= to; seq++) {
    const entry = trunk.store.entriesAt(log, seq)[0]!
    const { header } = expectOk(parseEntry(entry.raw))
    const size = rawBytes(entry)
    const named = header.deps.length > 0 || header.acts.length > 0
    const full =
      segment.length >= MAX_SEGMENT_ENTRIES || bytes + size > MAX_SEGMENT_BYTES - SEGMENT_ROOM_BYTES
    if (named || full) close()
    segment.push(entry)
    bytes += size
  }
  close()
}

/** Encoded size, each item with its length prefix. */
const rawBytes = (entry: StoredEntry): number =>
  entry.raw.header.length + entry.raw.blobs.reduce((sum, blob) => sum + (blob?.length ?? 0) + 5, 0) + 12
