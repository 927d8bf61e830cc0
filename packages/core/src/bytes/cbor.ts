import { decode, encode } from 'cborg'
import { fail, ok, type Result } from '../result.ts'

/**
 * Everything that is signed, hashed or sent is deterministic CBOR (RFC 8949 §4.2): arrays, text, bytes,
 * integers, booleans, null, and maps only inside record values.
 */
export const encodeCbor = (value: unknown): Uint8Array => encode(value)

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
} as const

/** Reads foreign bytes: wrong, indefinite, duplicate-keyed or oversize input is a result, never a throw. */
export function decodeCbor(bytes: Uint8Array, maxBytes: number): Result<unknown> {
  if (bytes.length > maxBytes) return fail({ type: 'too-large', bytes: bytes.length, maxBytes })
  try {
    return ok(decode(bytes, STRICT))
  } catch (error) {
    return fail({ type: 'malformed', detail: error instanceof Error ? error.message : String(error) })
  }
}

export const isBytes = (value: unknown, length?: number): value is Uint8Array =>
  value instanceof Uint8Array && (length === undefined || value.length === length)

export const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0

export const isText = (value: unknown, maxLength = 200): value is string =>
  typeof value === 'string' && value.length <= maxLength

export const isTuple = (value: unknown, length: number): value is unknown[] =>
  Array.isArray(value) && value.length === length
