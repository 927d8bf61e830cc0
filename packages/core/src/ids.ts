import { randomBytes } from 'node:crypto'
import { sha256 } from './crypto/hash.ts'

/** Ids are text: a two-letter prefix that names the kind, a dash, and Crockford base32 in lower case. */
export type Id<Prefix extends string = string> = `${Prefix}-${string}`
/** `px`: of a community that is for practice, see membership/act.ts. */
export type CommunityId = Id<'co' | 'px'>
export type SpaceId = Id<'sp'>
export type MemberId = Id<'me'>
export type StationId = Id<'st'>
export type RecordId = Id

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** Two letters for each ten bits. */
const PAIRS = Array.from({ length: 1024 }, (_, bits) => ALPHABET[bits >> 5]! + ALPHABET[bits & 31]!)

export function toBase32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (let at = 0; at < bytes.length; at++) {
    held = (held << 8) | bytes[at]!
    bits += 8
    if (bits < 10) continue
    bits -= 10
    text += PAIRS[(held >>> bits) & 1023]
    held &= (1 << bits) - 1
  }
  if (bits >= 5) {
    bits -= 5
    text += ALPHABET[(held >>> bits) & 31]
    held &= (1 << bits) - 1
  }
  return bits > 0 ? text + ALPHABET[(held << (5 - bits)) & 31] : text
}

/** The other way round, of text that `toBase32` made. */
export function fromBase32(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length * 5) >> 3)
  let bits = 0
  let held = 0
  let at = 0
  for (const letter of text) {
    held = (held << 5) | ALPHABET.indexOf(letter)
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes[at++] = held >>> bits
    held &= (1 << bits) - 1
  }
  return bytes
}

/** 80 random bits: a community would need a million million records for one clash. */
export const randomId = <P extends string>(prefix: P): Id<P> => `${prefix}-${toBase32(randomBytes(10))}`

/** The same words give the same id on every station; 80 bits for records, 120 where an attacker gains by a clash. */
export function derivedId<P extends string>(
  prefix: P,
  words: readonly (string | Uint8Array)[],
  bytes = 10,
): Id<P> {
  return `${prefix}-${toBase32(sha256('doorstep/id/1', prefix, ...words).subarray(0, bytes))}`
}

export const isId = (value: unknown): value is Id =>
  typeof value === 'string' && value.length <= 40 && /^[a-z]{2}-[0-9a-hjkmnp-tv-z]{4,32}$/.test(value)

/** Of keys that are kept, worked out once: who wrote an entry is asked for at every look at it. */
const stationIds = new WeakMap<Uint8Array, StationId>()

/** A station is its signing key; the id is what people and records see of it. */
export function stationIdOf(signingKey: Uint8Array): StationId {
  let id = stationIds.get(signingKey)
  if (id === undefined) {
    id = derivedId('st', [signingKey], 15)
    stationIds.set(signingKey, id)
  }
  return id
}
