/** How one value lies in a record: EN 13757-3, data fields and types A (BCD), B (binary), F, G, I (times), H (real). */
import type { ItemValue, Missing } from '../contract.ts'
import { formatHex } from '../hex.ts'

export type Value = { readonly value: ItemValue; readonly missing: Missing | null }

/** By the low half of the DIF. Eight bytes lose precision above 2^53 and are then refused. */
export const DATA_BYTES: Readonly<Record<number, number>> = {
  0: 0,
  1: 1,
  2: 2,
  3: 3,
  4: 4,
  5: 4,
  6: 6,
  7: 8,
  8: 0,
  9: 1,
  10: 2,
  11: 3,
  12: 4,
  14: 6,
}
const REAL = 5
const found = (value: ItemValue): Value => ({ value, missing: null })
const without = (missing: Missing): Value => ({ value: null, missing })

/** @param bytes exactly as many as `DATA_BYTES` says */
export function decodeNumber(field: number, bytes: Uint8Array): Value {
  if (bytes.length === 0) return without('absent')
  if (field === REAL) {
    const real = new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true)
    // The shortest decimal that is the same single: 21.5, not 21.500000001.
    return Number.isFinite(real) ? found(Number(real.toPrecision(7))) : without('absent')
  }
  return field > 8 ? decodeBcd(bytes) : decodeInteger(bytes)
}

/** Two's complement, low byte first. The smallest number there is means "no valid value". */
function decodeInteger(bytes: Uint8Array): Value {
  const bits = BigInt(bytes.length * 8)
  const word = bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  const signed = BigInt.asIntN(Number(bits), word)
  if (bytes.length > 1 && signed === -(1n << (bits - 1n))) return without('absent')
  const value = Number(signed)
  return Number.isSafeInteger(value) ? found(value) : without('wrong-length')
}

/** A minus is an F in the highest digit; other letters are a display's and no number. */
function decodeBcd(bytes: Uint8Array): Value {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .reverse()
    .join('')
  const [, minus, rest] = /^(f?)(\d+)$/.exec(digits) ?? []
  if (rest === undefined) return without(/^f+$/.test(digits) ? 'absent' : 'invalid-bcd')
  return found(minus ? -Number(rest) : Number(rest))
}

/** A value of variable length: how many bytes and how they lie, by LVAR. Null for codes that are reserved. */
export function variableLayout(
  lvar: number,
): { readonly bytes: number; decode(bytes: Uint8Array): Value } | null {
  if (lvar < 0xc0) return { bytes: lvar, decode: decodeText }
  if (lvar < 0xd0) return { bytes: lvar - 0xc0, decode: decodeBcd }
  if (lvar < 0xe0)
    return {
      bytes: lvar - 0xd0,
      decode: (bytes) => {
        const { value, missing } = decodeBcd(bytes)
        return { value: typeof value === 'number' ? -value : value, missing }
      },
    }
  // Wide binary numbers are kept as digits of base 16, the highest first.
  if (lvar >= 0xf0 && lvar <= 0xf4)
    return { bytes: 4 * (lvar - 0xec), decode: (bytes) => found(formatHex(bytes.toReversed())) }
  return lvar < 0xf0
    ? {
        bytes: lvar - 0xe0,
        decode: (bytes) => (bytes.length === 0 ? without('absent') : decodeInteger(bytes)),
      }
    : null
}

/** ASCII, last character first. */
export function decodeText(bytes: Uint8Array): Value {
  const kept = Array.from(bytes).filter((byte) => byte !== 0)
  if (kept.some((byte) => byte < 0x20 || byte > 0x7e)) return without('invalid-text')
  return found(String.fromCharCode(...kept.reverse()).trim())
}

/** Type G in two bytes, F in four, I in six: `2012-01-24`, `2012-01-24T13:43`, the meter's own local time. */
export function decodeMoment(bytes: Uint8Array): Value {
  if (bytes.every((byte) => byte === 0) || bytes.every((byte) => byte === 0xff)) return without('absent')
  const [seconds, minutes, hours, ...rest] = clockOf(bytes)
  const [low, high] = rest as [number, number]
  if (bytes.length === 4 && (bytes[0]! & 0x80) !== 0) return without('absent')
  const short = (low >> 5) | ((high & 0xf0) >> 1)
  const day = [short > 80 ? 1900 + short : 2000 + short, high & 0x0f, low & 0x1f]
    .map((part) => String(part).padStart(2, '0'))
    .join('-')
  if (!isDay(day)) return without('invalid-date')
  if (minutes === null) return found(day)
  const time = [hours!, minutes, ...(seconds === null ? [] : [seconds])]
  if (hours! > 23 || time.slice(1).some((part) => part! > 59)) return without('invalid-date')
  return found(`${day}T${time.map((part) => String(part).padStart(2, '0')).join(':')}`)
}

/** Seconds, minutes and hours where there are, then the two bytes of the day. */
function clockOf(bytes: Uint8Array): [number | null, number | null, number | null, number, number] {
  const [a, b, c, d, e] = bytes as unknown as number[]
  if (bytes.length === 2) return [null, null, null, a!, b!]
  if (bytes.length === 4) return [null, a! & 0x3f, b! & 0x1f, c!, d!]
  return [a! & 0x3f, b! & 0x3f, c! & 0x1f, d!, e!]
}

function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}
