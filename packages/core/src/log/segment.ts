import { fromHex, sameBytes } from '../bytes/bytes.ts'
import { decodeCbor, encodeCbor, headBytes, isBytes, isCount, isText, isTuple } from '../bytes/cbor.ts'
import { isSignedBy } from '../crypto/keys.ts'
import { fail, ok, type Result } from '../result.ts'
import {
  type Entry,
  isNewerVersion,
  type LogDeclaration,
  type LogId,
  logIdOf,
  parseEntry,
  type RawEntry,
  type Reading,
  rootOf,
} from './entry.ts'
import { FORMAT_VERSION, MAX_HEADER_BYTES, MAX_SEGMENT_BYTES, MAX_SEGMENT_ENTRIES } from './limits.ts'

/**
 * 1–64 entries of one log under one signature: the unit that syncs. Only its first entry may name new
 * dependencies, so segments in the order of their first entries always send a past before what stands on it.
 */
export type Segment = {
  readonly log: LogDeclaration
  readonly id: LogId
  readonly entries: readonly Entry[]
  readonly signature: Uint8Array
}

/** What the signature covers: which entries, through the hash of the last, which chains to all before it. */
export const segmentClaim = (log: LogId, first: number, last: number, headHash: Uint8Array): Uint8Array =>
  encodeCbor(['doorstep/segment/1', fromHex(log), first, last, headHash])

export function encodeSegment(
  log: LogDeclaration,
  entries: readonly RawEntry[],
  signature: Uint8Array,
): Uint8Array {
  return encodeCbor([
    FORMAT_VERSION,
    log.key,
    log.epoch,
    log.space,
    entries.map((entry) => [entry.header, entry.blobs]),
    signature,
  ])
}

/** The length of what `encodeSegment` gives. */
export function segmentBytes(log: LogDeclaration, entries: readonly Pick<Entry, 'raw'>[]): number {
  const space = Buffer.byteLength(log.space)
  const fixed = 1 + 1 + headBytes(32) + 32 + headBytes(16) + 16 + headBytes(64) + 64
  let bytes = fixed + headBytes(space) + space + headBytes(entries.length)
  for (const { raw } of entries) {
    bytes += 1 + headBytes(raw.header.length) + raw.header.length + headBytes(raw.blobs.length)
    for (const blob of raw.blobs) bytes += blob ? headBytes(blob.length) + blob.length : 1
  }
  return bytes
}

/** Shape, limits, chain within the segment, signature. Whether the log goes on from what we hold is admission's. */
export function parseSegment(bytes: Uint8Array, reading: Reading = 'known'): Result<Segment> {
  const decoded = decodeCbor(bytes, MAX_SEGMENT_BYTES)
  if (!decoded.ok) return decoded
  const malformed = (detail: string) => fail({ type: 'malformed', detail })
  // The same of every version: what a later one adds stands in headers, where the signature covers it.
  if (!isTuple(decoded.value, 6)) return malformed('segment')
  const [version, key, epoch, space, items, signature] = decoded.value
  // Outside the signature, so it proves nothing: whether an entry is of a later version, its own header says.
  if (version !== FORMAT_VERSION && !isNewerVersion(version))
    return fail({ type: 'unknown-version', version: isCount(version) ? version : null })
  if (!isBytes(key, 32) || !isBytes(epoch, 16) || !isText(space, 40) || !isBytes(signature, 64))
    return malformed('segment')
  if (!Array.isArray(items) || items.length < 1 || items.length > MAX_SEGMENT_ENTRIES)
    return malformed('segment size')
  const log = { key, epoch, space }
  const entries: Entry[] = []
  for (const item of items) {
    if (!isTuple(item, 2) || !isBytes(item[0]) || !Array.isArray(item[1])) return malformed('entry')
    if (!item[1].every((blob) => blob === null || isBytes(blob))) return malformed('blob')
    const entry = parseEntry({ header: item[0], blobs: item[1] }, reading)
    if (!entry.ok) return entry
    entries.push(entry.value)
  }
  return checkSegment(log, entries, signature)
}

/** Of entries that are each well-formed, one at least: their headers' size, their chain, and the signature. */
export function checkSegment(
  log: LogDeclaration,
  entries: readonly Entry[],
  signature: Uint8Array,
): Result<Segment> {
  const malformed = (detail: string) => fail({ type: 'malformed', detail })
  const id = logIdOf(log)
  let headerBytes = 0
  let before: Entry | null = null
  for (const entry of entries) {
    headerBytes += entry.raw.header.length
    if (headerBytes > MAX_HEADER_BYTES)
      return fail({ type: 'too-large', bytes: headerBytes, maxBytes: MAX_HEADER_BYTES })
    const { seq, prev, deps, acts } = entry.header
    if (before) {
      if (seq !== before.header.seq + 1 || !sameBytes(prev, before.hash))
        return fail({ type: 'altered', detail: 'chain' })
      if (deps.length > 0 || acts.length > 0) return malformed('dependencies inside a segment')
    } else if (seq === 0 && !sameBytes(prev, rootOf(id)))
      return fail({ type: 'altered', detail: 'first entry of another log' })
    before = entry
  }
  const first = entries[0]!
  const last = entries.at(-1)!
  if (!isCount(last.header.seq)) return malformed('sequence')
  if (!isSignedBy(log.key, segmentClaim(id, first.header.seq, last.header.seq, last.hash), signature))
    return fail({ type: 'wrong-signature', log: id })
  return ok({ log, id, entries, signature })
}
