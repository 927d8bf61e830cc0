import { fromHex } from '../bytes/bytes.ts'
import { decodeCbor, encodeCbor, isCount, isText, isTuple } from '../bytes/cbor.ts'
import { seal, unseal } from '../crypto/seal.ts'
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

/** Ties a sealed blob to its place: it opens nowhere else. */
const placeOf = (log: LogId, seq: number, index: number): Uint8Array =>
  encodeCbor(['doorstep/blob/1', fromHex(log), seq, index])

export const sealDeed = (key: Uint8Array, log: LogId, seq: number, deed: Deed): Uint8Array =>
  seal(key, encodeCbor([deed.member, deed.action, deed.at, deed.act]), placeOf(log, seq, 0))

export function openDeed(key: Uint8Array, log: LogId, seq: number, sealed: Uint8Array): Result<Deed> {
  const text = unseal(key, sealed, placeOf(log, seq, 0))
  if (!text.ok) return text
  const decoded = decodeCbor(text.value, 1024)
  if (!decoded.ok) return decoded
  if (!isTuple(decoded.value, 4)) return fail({ type: 'malformed', detail: 'deed' })
  const [member, action, at, act] = decoded.value
  if (!isId(member) || !isText(action, 60) || !isCount(at) || !isText(act, 60))
    return fail({ type: 'malformed', detail: 'deed' })
  return ok({ member, action, at, act })
}

export const encodePart = (change: Change): Uint8Array => encodeCbor(changeToWire(change))
export const sealPart = (
  key: Uint8Array,
  log: LogId,
  seq: number,
  index: number,
  text: Uint8Array,
): Uint8Array => seal(key, text, placeOf(log, seq, index))

export function openPart(
  key: Uint8Array,
  log: LogId,
  seq: number,
  index: number,
  sealed: Uint8Array,
): Result<Change> {
  const text = unseal(key, sealed, placeOf(log, seq, index))
  if (!text.ok) return text
  const decoded = decodeCbor(text.value, MAX_PART_BYTES)
  return decoded.ok ? parseChange(decoded.value) : decoded
}
