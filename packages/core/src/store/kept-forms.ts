import { decode } from 'cborg'
import { fromHex } from '../bytes/bytes.ts'
import { encodeCbor } from '../bytes/cbor.ts'
import { type EntryRef, type LogId, parseRefs } from '../log/entry.ts'
import { DamagedStoreError, type Seen } from './store.ts'

function decodeKept(bytes: Uint8Array): unknown {
  try {
    return decode(bytes)
  } catch (error) {
    throw new DamagedStoreError('something kept cannot be decoded', { cause: error })
  }
}

type WireRef = [Uint8Array, number, Uint8Array]
const encodeRef = (ref: EntryRef): WireRef => [fromHex(ref.log), ref.seq, ref.hash]
export const encodeRefs = (refs: readonly EntryRef[]): Uint8Array => encodeCbor(refs.map(encodeRef))
export const encodeSeen = (seen: Seen): Uint8Array => encodeRefs([...seen.values()].flat())

/** A disk may give back anything: what has the wrong shape is damage, and never an error of ours. */
export function keptRefs(bytes: Uint8Array): EntryRef[] {
  const refs = parseRefs(decodeKept(bytes), Number.POSITIVE_INFINITY)
  if (!refs) throw new DamagedStoreError('what was seen is kept in no shape of ours')
  return refs
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
