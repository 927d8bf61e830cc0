import { decode, encode } from 'cborg'
import { fail, ok, type Result } from '../result.ts'

/**
 * Everything that is signed, hashed or sent is deterministic CBOR (RFC 8949 §4.2): arrays, text, bytes,
 * integers, booleans, null, and maps only inside record values.
 */
export const encodeCbor = (value: unknown): Uint8Array => encode(value)

/** Major types of CBOR, for what is put together without the encoder because there is very much of it. */
export const COUNT = 0
export const BYTES = 2
export const ARRAY = 4
export const MAX_HEAD_BYTES = 9

/** The length of the head of an item that counts so much, in the shortest form. */
export function headBytes(value: number): number {
  if (value < 24) return 1
  if (value < 0x100) return 2
  if (value < 0x1_0000) return 3
  return value < 0x1_0000_0000 ? 5 : MAX_HEAD_BYTES
}

/** Puts the head of an item, in the shortest form; where the next byte goes. */
export function putHead(into: Buffer, at: number, major: number, value: number): number {
  const first = major << 5
  if (value < 24) return into.writeUInt8(first | value, at)
  if (value < 0x100) return into.writeUInt8(value, into.writeUInt8(first | 24, at))
  if (value < 0x1_0000) return into.writeUInt16BE(value, into.writeUInt8(first | 25, at))
  if (value < 0x1_0000_0000) return into.writeUInt32BE(value, into.writeUInt8(first | 26, at))
  return into.writeBigUInt64BE(BigInt(value), into.writeUInt8(first | 27, at))
}

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
} as const

/** Nothing of ours is nested half as deep; whoever walks what was decoded needs no bound of its own. */
export const MAX_DEPTH = 40

/**
 * Reads foreign bytes: wrong, indefinite, duplicate-keyed, oversize or deeply nested input is a result, never a throw.
 * `maxItems` bounds what is made of them: an item of one byte becomes an object of fifty.
 */
export function decodeCbor(bytes: Uint8Array, maxBytes: number, maxItems = maxBytes): Result<unknown> {
  if (bytes.length > maxBytes) return fail({ type: 'too-large', bytes: bytes.length, maxBytes })
  const outer = outerProblem(bytes, maxItems)
  if (outer) return fail({ type: 'malformed', detail: outer })
  try {
    return ok(decode(bytes, STRICT))
  } catch (error) {
    return fail({ type: 'malformed', detail: error instanceof Error ? error.message : String(error) })
  }
}

/** Counts items and depth by their heads alone (RFC 8949 §3), before anything is made of them. */
function outerProblem(bytes: Uint8Array, maxItems: number): string | null {
  const left: number[] = []
  let items = 0
  let at = 0
  do {
    const first = bytes[at++]
    // Cut short: the decoder says where.
    if (first === undefined) return null
    if (++items > maxItems) return 'too many items'
    const major = first >> 5
    let value = first & 31
    if (value >= 24) {
      if (value > 27) return 'an indefinite length'
      const size = 1 << (value - 24)
      value = 0
      for (let end = at + size; at < end; at++) value = value * 256 + (bytes[at] ?? 0)
    }
    if (major === 2 || major === 3) at += value
    const inside = major === 4 ? value : major === 5 ? 2 * value : major === 6 ? 1 : 0
    if (inside > 0) {
      if (left.length === MAX_DEPTH) return 'too deep'
      left.push(inside)
      continue
    }
    while (left.length > 0 && --left[left.length - 1]! === 0) left.pop()
  } while (left.length > 0)
  return null
}

export const isBytes = (value: unknown, length?: number): value is Uint8Array =>
  value instanceof Uint8Array && (length === undefined || value.length === length)

export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

export const isText = (value: unknown, maxLength = 200): value is string =>
  typeof value === 'string' && value.length <= maxLength

export const isTuple = (value: unknown, length: number): value is unknown[] =>
  Array.isArray(value) && value.length === length
