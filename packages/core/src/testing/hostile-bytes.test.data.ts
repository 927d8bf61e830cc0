import fc from 'fast-check'
import { encodeCbor } from '../bytes/cbor.ts'

/** Random, but the same on every run unless a seed is given: `DOORSTEP_SEED=n` tries another. */
export const chance = (numRuns: number): fc.Parameters<unknown> => ({
  numRuns,
  seed: Number(process.env.DOORSTEP_SEED ?? 20260801),
})

const bytesOf = (...parts: (number | Uint8Array)[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : part)))
const repeat = (byte: number, times: number) => new Uint8Array(times).fill(byte)
const text = (word: string) => encodeCbor(word)

/** Objects that hurt whoever turns them into text or numbers without looking. */
export const SPITEFUL = { toString: 1, valueOf: null, constructor: 'x', hasOwnProperty: false }

/** CBOR that is legal enough to be read, and made to hurt the reader. RFC 8949 major types in hex. */
export const BOMBS: Readonly<Record<string, Uint8Array>> = {
  'an array in an array, 60,000 deep': bytesOf(repeat(0x81, 60_000), 0x00),
  'a map in a map, 10,000 deep': Buffer.concat(
    Array.from({ length: 10_000 }, () => bytesOf(0xa1, text('k'))),
  ),
  'a tag on a tag, 60,000 deep': bytesOf(repeat(0xc1, 60_000), 0x00),
  'an array said to hold 2^53 items': bytesOf(0x9b, Buffer.from('001fffffffffffff', 'hex'), 0x00),
  'a map said to hold 2^32 pairs': bytesOf(0xba, Buffer.from('ffffffff', 'hex'), text('a'), 0x00),
  'bytes said to be 2^40 long': bytesOf(0x5b, Buffer.from('0000010000000000', 'hex'), 0x00),
  'text said to be 2^64-1 long': bytesOf(0x7b, repeat(0xff, 8), 0x61),
  'an array without end': bytesOf(0x9f, repeat(0x00, 1000)),
  'an array with an indefinite length, ended': bytesOf(0x9f, 0x00, 0xff),
  'a map with an indefinite length': bytesOf(0xbf, text('a'), 0x00, 0xff),
  'text in pieces': bytesOf(0x7f, text('a'), text('b'), 0xff),
  'bytes in pieces': bytesOf(0x5f, 0x41, 0x00, 0xff),
  'a break where a value should be': bytesOf(0x81, 0xff),
  'a break as the value of a map': bytesOf(0xa1, text('a'), 0xff),
  'one key twice': bytesOf(0xa2, text('a'), 0x00, text('a'), 0x01),
  'a map keyed by numbers': bytesOf(0xa1, 0x01, 0x02),
  'a map keyed by an array': bytesOf(0xa1, 0x80, 0x02),
  'not a number': bytesOf(0xf9, 0x7e, 0x00),
  infinity: bytesOf(0xf9, 0x7c, 0x00),
  undefined: bytesOf(0xf7),
  'an integer beyond 2^53': bytesOf(0x1b, repeat(0xff, 8)),
  'a negative integer beyond 2^53': bytesOf(0x3b, repeat(0xff, 8)),
  'a big number': bytesOf(0xc2, 0x49, 0x01, repeat(0x00, 8)),
  'a date': bytesOf(0xc0, text('2026-08-01T00:00:00Z')),
  'an integer longer than it need be': bytesOf(0x19, 0x00, 0x01),
  'two values': bytesOf(0x00, 0x00),
  nothing: new Uint8Array(0),
}

/** Any value CBOR can say, with keys and texts that mean something to JavaScript. */
export const anyWire: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constantFrom(null, true, false, 0, -1, 1.5, 2 ** 53 - 1, 'field', 'length', '__proto__', SPITEFUL),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 7 }),
    fc.dictionary(
      fc.constantFrom('a', '__proto__', 'constructor', 'toString', 'valueOf', 'length'),
      tie('value'),
      {
        maxKeys: 4,
      },
    ),
  ),
})).value

/** The bytes cut off after each of them. */
export function* truncations(bytes: Uint8Array): Generator<Uint8Array> {
  for (let length = 0; length < bytes.length; length++) yield bytes.subarray(0, length)
}

/** The bytes with each of their bits turned over. */
export function* bitFlips(bytes: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const flipped = Uint8Array.from(bytes)
    flipped[bit >> 3]! ^= 1 << (bit & 7)
    yield flipped
  }
}

/** A valid wire value with one of its places, at any depth, replaced by something else. */
export function* replacements(wire: unknown, others: readonly unknown[]): Generator<unknown> {
  yield* others
  if (!Array.isArray(wire)) return
  for (const [at, item] of wire.entries())
    for (const replaced of replacements(item, others)) yield wire.with(at, replaced)
  for (const at of wire.keys()) yield wire.toSpliced(at, 1)
  yield [...wire, null]
}

export const STRANGE_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1.5,
  2 ** 53 - 1,
  '',
  'length',
  '0',
  '__proto__',
  'x'.repeat(5000),
  new Uint8Array(0),
  new Uint8Array(33),
  [],
  [[[[[]]]]],
  {},
  SPITEFUL,
]
