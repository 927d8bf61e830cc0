import { hash } from 'node:crypto'
import { sha256 } from '../crypto/hash.ts'
import { toBase32 } from '../ids.ts'
import { TAG_BYTES } from './change.ts'

/** A tag in base32. */
export const TAG_LETTERS = 26

/**
 * The tag of a part: the first 128 bits of `sha256('doorstep/tag/1', entryHash, partIndex)`, in base32. Nobody can
 * choose one, and no two parts share one.
 */
export function writeTagOf(entryHash: Uint8Array, partIndex: number): string {
  if (entryHash.length !== 32)
    return toBase32(sha256(DOMAIN, entryHash, String(partIndex)).subarray(0, TAG_BYTES))
  putWriteTag(entryHash, partIndex, one, 0)
  return one.toString('latin1')
}
const one = Buffer.alloc(TAG_LETTERS)

/** The same as bytes, of an entry's hash of 32. A page has tens of thousands: nothing is allocated but a short string. */
export function putWriteTag(entryHash: Uint8Array, partIndex: number, to: Uint8Array, at: number): void {
  const index = String(partIndex)
  const text = textFor(index.length)
  text.set(entryHash, HASH_AT)
  text.write(index, INDEX_AT, 'latin1')
  const hex = hash('sha256', text, 'hex')
  // Five digits are four letters; the last two are two, of which the last has three bits.
  for (let digit = 0, letter = at; digit < 30; digit += 5, letter += 4) {
    let bits = 0
    for (let n = digit; n < digit + 5; n++) bits = (bits << 4) | digitOf(hex.charCodeAt(n))
    to[letter] = LETTERS[bits >> 15]!
    to[letter + 1] = LETTERS[(bits >> 10) & 31]!
    to[letter + 2] = LETTERS[(bits >> 5) & 31]!
    to[letter + 3] = LETTERS[bits & 31]!
  }
  const last = (digitOf(hex.charCodeAt(30)) << 4) | digitOf(hex.charCodeAt(31))
  to[at + 24] = LETTERS[last >> 3]!
  to[at + 25] = LETTERS[(last << 2) & 31]!
}

const LETTERS = Buffer.from('0123456789abcdefghjkmnpqrstvwxyz')
const digitOf = (digit: number): number => (digit < 58 ? digit - 48 : digit - 87)

const DOMAIN = 'doorstep/tag/1'
const HASH_AT = 4 + DOMAIN.length + 4
const INDEX_AT = HASH_AT + 32 + 4

/** By the length of the index: what is hashed, but for the entry's hash and the index. */
const texts: Buffer[] = []
function textFor(length: number): Buffer {
  const known = texts[length]
  if (known) return known
  const text = Buffer.alloc(INDEX_AT + length)
  text.writeUInt32BE(DOMAIN.length, 0)
  text.write(DOMAIN, 4)
  text.writeUInt32BE(32, 4 + DOMAIN.length)
  text.writeUInt32BE(length, HASH_AT + 32)
  texts[length] = text
  return text
}
