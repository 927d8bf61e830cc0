/** How one value lies in the data field. Low byte first; BCD unless said otherwise; all FF means there is none. */
import type { ItemValue, Missing } from './contract.ts'

export type Format =
  /** BCD integer / 10^decimals; `signed`: the top bit of the top byte is a minus. */
  | { readonly type: 'number'; readonly bytes: number; readonly decimals: number; readonly signed?: true }
  /** BCD kept as a string of digits: addresses and numbers that name something. */
  | { readonly type: 'digits'; readonly bytes: number }
  /** ASCII, last character first. */
  | { readonly type: 'text'; readonly bytes: number }
  /** A plain binary word. */
  | { readonly type: 'bits'; readonly bytes: number }
  /** Bytes whose inner layout depends on the meter's settings: kept as hex. */
  | { readonly type: 'opaque'; readonly bytes: number }
  /** A byte between groups, no value. */
  | { readonly type: 'separator'; readonly bytes: 1 }
  /** DD MM YY → `2018-12-29`. */
  | { readonly type: 'date'; readonly bytes: 3 }
  /** ss mm hh → `21:53:55`. */
  | { readonly type: 'time'; readonly bytes: 3 }
  /** mm hh DD MM YY → `2015-10-09T00:00`, the meter's own local time; all zero means never. */
  | { readonly type: 'minute'; readonly bytes: 5 }
  /** ss mm hh DD MM YY → `2017-06-05T10:22:51`, local time. */
  | { readonly type: 'second'; readonly bytes: 6 }

export type Value = { readonly value: ItemValue; readonly missing: Missing | null }

/** @param bytes exactly `format.bytes` long */
export function decodeValue(format: Format, bytes: Uint8Array): Value {
  if (format.type === 'bits') return found(bytes.reduceRight((word, byte) => word * 256 + byte, 0))
  if (format.type === 'opaque' || format.type === 'separator') return found(Array.from(bytes, pair).join(''))
  if (bytes.every((byte) => byte === 0xff)) return missing('absent')
  if (format.type === 'text') return decodeText(bytes)
  const top = bytes.at(-1)!
  const negative = format.type === 'number' && format.signed === true && (top & 0x80) !== 0
  const digits = bcdDigits(negative ? Uint8Array.from([...bytes.subarray(0, -1), top & 0x7f]) : bytes)
  if (digits === null) return missing('invalid-bcd')
  if (format.type === 'digits') return found(digits)
  if (format.type !== 'number') return decodeMoment(format.type, digits)
  const size = Number(digits) / 10 ** format.decimals
  return found(negative && size !== 0 ? -size : size)
}

const found = (value: ItemValue): Value => ({ value, missing: null })
const missing = (reason: Missing): Value => ({ value: null, missing: reason })
const pair = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0')

function bcdDigits(bytes: Uint8Array): string | null {
  const digits = Array.from(bytes, pair).reverse().join('')
  return /^\d+$/.test(digits) ? digits : null
}

function decodeText(bytes: Uint8Array): Value {
  const kept = Array.from(bytes).filter((byte) => byte !== 0x00 && byte !== 0xff)
  if (kept.some((byte) => byte < 0x20 || byte > 0x7e)) return missing('invalid-text')
  return found(String.fromCharCode(...kept.reverse()).trim())
}

/** Digits come high end first: [YY MM DD] [hh mm] [ss]. */
function decodeMoment(type: 'date' | 'time' | 'minute' | 'second', digits: string): Value {
  const parts = digits.match(/../g)!
  if (type !== 'time' && parts.every((part) => part === '00')) return missing('absent')
  const day = type === 'time' ? '' : `20${parts.slice(0, 3).join('-')}`
  const clock = (type === 'time' ? parts : parts.slice(3)).join(':')
  if ((day !== '' && !isDay(day)) || !/^(?:([01]\d|2[0-3])(:[0-5]\d){1,2})?$/.test(clock))
    return missing('invalid-date')
  return found([day, clock].filter((part) => part !== '').join('T'))
}

function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

/** The other direction, for simulated meters. A value that does not fit its format is a bug and throws. */
export function encodeValue(format: Format, value: ItemValue): Uint8Array {
  if (value === null) return new Uint8Array(format.bytes).fill(0xff)
  switch (format.type) {
    case 'number': {
      const bytes = packDigits(
        Math.round(Math.abs(Number(value)) * 10 ** format.decimals).toString(),
        format.bytes,
      )
      if (Number(value) < 0 || (format.signed === true && bytes.at(-1)! >= 0x80)) {
        if (format.signed !== true || bytes.at(-1)! >= 0x80) throw new RangeError(`${value} does not fit`)
        bytes[format.bytes - 1]! |= 0x80
      }
      return bytes
    }
    case 'bits':
      return Uint8Array.from(
        { length: format.bytes },
        (_, index) => Math.floor(Number(value) / 256 ** index) & 0xff,
      )
    case 'opaque':
    case 'separator':
      return Uint8Array.from(String(value).match(/../g) ?? [], (hex) => Number.parseInt(hex, 16))
    case 'text':
      return Uint8Array.from(String(value).padEnd(format.bytes, '\0'), (char) => char.charCodeAt(0)).reverse()
    case 'digits':
    case 'time':
      return packDigits(String(value).replaceAll(':', ''), format.bytes)
    default:
      return packDigits(String(value).slice(2).replaceAll(/[-T:]/g, ''), format.bytes)
  }
}

function packDigits(digits: string, bytes: number): Uint8Array {
  if (!/^\d*$/.test(digits) || digits.length > bytes * 2)
    throw new RangeError(`${digits} does not fit ${bytes} bytes`)
  const pairs = digits.padStart(bytes * 2, '0').match(/../g)!
  return Uint8Array.from(pairs.reverse(), (two) => Number.parseInt(two, 16))
}
