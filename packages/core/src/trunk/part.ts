import { type BlobName, encodeNames, namesInChange, parseNames } from '../blob/blob-names.ts'
import { sameBytes } from '../bytes/bytes.ts'
import {
  COUNT,
  decodeCbor,
  encodeCbor,
  isCount,
  isText,
  isTuple,
  MAX_HEAD_BYTES,
  putHead,
} from '../bytes/cbor.ts'
import { SEAL_OVERHEAD_BYTES, seal, unseal } from '../crypto/seal.ts'
import { isId } from '../ids.ts'
import type { LogId } from '../log/entry.ts'
import { MAX_PART_BYTES } from '../log/limits.ts'
import { type Change, changeToWire, parseChange } from '../record/change.ts'
import { fail, ok, type Result } from '../result.ts'

/** Blob 0 of a data entry, sealed like its parts: who did what, when by their clock, under which act of a person. */
export type Deed = {
  readonly member: string
  readonly action: string
  readonly at: number
  readonly act: string
}

/**
 * Ties a sealed blob to its place: it opens nowhere else. In CBOR `['doorstep/blob/1', log, seq, index]`; the first
 * two are the same for all blobs of a log.
 */
export function placeOf(log: LogId, seq: number, index: number): Uint8Array {
  const place = Buffer.allocUnsafe(PLACE_START.length + 16 + 2 * MAX_HEAD_BYTES)
  place.set(PLACE_START)
  place.write(log, PLACE_START.length, 16, 'hex')
  const at = putHead(place, PLACE_START.length + 16, COUNT, seq)
  return place.subarray(0, putHead(place, at, COUNT, index))
}
const PLACE_START = Buffer.concat([Buffer.of(0x84), encodeCbor('doorstep/blob/1'), Buffer.of(0x50)])

export const sealDeed = (key: Uint8Array, log: LogId, seq: number, deed: Deed): Uint8Array =>
  seal(key, encodeCbor([deed.member, deed.action, deed.at, deed.act]), placeOf(log, seq, 0))

export function openDeed(key: Uint8Array, log: LogId, seq: number, sealed: Uint8Array): Result<Deed> {
  const text = unseal(key, sealed, placeOf(log, seq, 0))
  return text.ok ? readDeed(text.value) : text
}

/** Of what was sealed as a deed. */
export function readDeed(text: Uint8Array): Result<Deed> {
  const decoded = decodeCbor(text, 1024)
  if (!decoded.ok) return decoded
  if (!isTuple(decoded.value, 4)) return fail({ type: 'malformed', detail: 'deed' })
  const [member, action, at, act] = decoded.value
  if (!isId(member) || !isText(action, 60) || !isCount(at) || !isText(act, 60))
    return fail({ type: 'malformed', detail: 'deed' })
  return ok({ member, action, at, act })
}

export const encodePart = (change: Change): Uint8Array => encodeCbor(changeToWire(change))
/** What a part costs beside its text and its hash. */
export const partOverheadBytes = (names: readonly BlobName[]): number =>
  encodeNames(names).length + SEAL_OVERHEAD_BYTES

/** The blobs that a part names go before it in the clear, and are authenticated with it. */
export function sealPart(
  key: Uint8Array,
  log: LogId,
  seq: number,
  index: number,
  text: Uint8Array,
  names: readonly BlobName[] = [],
): Uint8Array {
  const clear = encodeNames(names)
  return Buffer.concat([clear, seal(key, text, Buffer.concat([placeOf(log, seq, index), clear]))])
}

/** Fails where the blobs named in the clear are not those that the change names: blind stations keep no others. */
export function openPart(
  key: Uint8Array,
  log: LogId,
  seq: number,
  index: number,
  part: Uint8Array,
): Result<Change> {
  const end = parseNames(part)?.end
  if (end === undefined) return fail({ type: 'unreadable' })
  const clear = part.subarray(0, end)
  const text = unseal(key, part.subarray(end), Buffer.concat([placeOf(log, seq, index), clear]))
  return text.ok ? readPartText(text.value, clear) : text
}

/** Of what was sealed as a part, with what stands in the clear before it. */
export function readPartText(text: Uint8Array, clear: Uint8Array): Result<Change> {
  const decoded = decodeCbor(text, MAX_PART_BYTES)
  if (!decoded.ok) return decoded
  const change = parseChange(decoded.value)
  if (change.ok && !sameBytes(encodeNames(namesInChange(change.value)), clear))
    return fail({ type: 'malformed', detail: 'named blobs' })
  return change
}
