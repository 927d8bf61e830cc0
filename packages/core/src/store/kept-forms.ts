import { decode } from 'cborg'
import { ARRAY, BYTES, COUNT, MAX_HEAD_BYTES, putHead } from '../bytes/cbor.ts'
import { type EntryRef, type LogId, parseRefs } from '../log/entry.ts'
import { DamagedStoreError, type Seen } from './store.ts'

function decodeKept(bytes: Uint8Array): unknown {
  try {
    return decode(bytes)
  } catch (error) {
    throw new DamagedStoreError('something kept cannot be decoded', { cause: error })
  }
}

/** Array of three, log, sequence, hash: with the heads of each. */
const MAX_REF_BYTES = 1 + (1 + 16) + MAX_HEAD_BYTES + (2 + 32)
/** As `encodeCbor` puts them; a checkpoint's pages name thousands, and every save some. */
export function encodeRefs(refs: readonly EntryRef[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(MAX_HEAD_BYTES + MAX_REF_BYTES * refs.length)
  let at = putHead(bytes, 0, ARRAY, refs.length)
  for (const { log, seq, hash } of refs) {
    at = putHead(bytes, at, ARRAY, 3)
    at = putHead(bytes, at, BYTES, log.length / 2)
    at += bytes.write(log, at, 'hex')
    at = putHead(bytes, at, COUNT, seq)
    at = putHead(bytes, at, BYTES, hash.length)
    bytes.set(hash, at)
    at += hash.length
  }
  return bytes.subarray(0, at)
}
export const encodeSeen = (seen: Seen): Uint8Array => encodeRefs([...seen.values()].flat())

/** A disk may give back anything: what has the wrong shape is damage, and never an error of ours. */
export function keptRefs(bytes: Uint8Array): EntryRef[] {
  const refs = parseRefs(decodeKept(bytes), Number.POSITIVE_INFINITY)
  if (!refs) throw new DamagedStoreError('what was seen is kept in no shape of ours')
  return refs
}

/** As `encodeCbor` puts them; there are a few in every entry. */
export function encodeBlobs(blobs: readonly (Uint8Array | null)[]): Uint8Array {
  let room = MAX_HEAD_BYTES
  for (const blob of blobs) room += blob ? MAX_HEAD_BYTES + blob.length : 1
  const bytes = Buffer.allocUnsafe(room)
  let at = putHead(bytes, 0, ARRAY, blobs.length)
  for (const blob of blobs) {
    if (!blob) {
      at = bytes.writeUInt8(0xf6, at)
      continue
    }
    at = putHead(bytes, at, BYTES, blob.length)
    bytes.set(blob, at)
    at += blob.length
  }
  return bytes.subarray(0, at)
}

export function keptBlobs(bytes: Uint8Array): (Uint8Array | null)[] {
  const blobs = decodeKept(bytes)
  if (!Array.isArray(blobs) || !blobs.every((blob) => blob === null || blob instanceof Uint8Array))
    throw new DamagedStoreError('the parts of an entry are kept in no shape of ours')
  return blobs
}

export function decodeSeen(bytes: Uint8Array): Seen {
  const seen = new Map<LogId, EntryRef[]>()
  for (const ref of keptRefs(bytes)) {
    const refs = seen.get(ref.log)
    if (refs) refs.push(ref)
    else seen.set(ref.log, [ref])
  }
  return seen
}
