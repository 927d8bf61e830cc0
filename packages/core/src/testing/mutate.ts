/** A repeatable source of chance: what follows comes from one number. */
export type Chance = { below(count: number): number; pick<T>(from: readonly T[]): T }

/** mulberry32 */
export function chanceFrom(seed: number): Chance {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (count: number) => Math.floor(next() * count)
  return { below, pick: (from) => from[below(from.length)]! }
}

/** What a sample may become: at most so long, so that an input stays about the size of what it came from. */
const MAX_GROWTH_BYTES = 4096

/** Bytes that mean something: ends of ranges, and CBOR heads that promise much (RFC 8949 §3). */
const TELLING = [
  0x00, 0x01, 0x17, 0x18, 0x1b, 0x20, 0x3b, 0x40, 0x5b, 0x5f, 0x60, 0x7b, 0x7f, 0x80, 0x81, 0x9a, 0x9b, 0x9f,
  0xa0, 0xa1, 0xba, 0xbb, 0xbf, 0xc0, 0xc2, 0xd8, 0xf4, 0xf6, 0xf7, 0xf9, 0xfb, 0xfe, 0xff,
]

type Edit = (bytes: Buffer, chance: Chance, others: readonly Uint8Array[]) => Buffer

const BYTE_EDITS: readonly Edit[] = [
  function flipBit(bytes, chance) {
    const at = chance.below(bytes.length)
    bytes[at] = bytes[at]! ^ (1 << chance.below(8))
    return bytes
  },
  function setByte(bytes, chance) {
    bytes[chance.below(bytes.length)] = chance.pick(TELLING)
    return bytes
  },
  function truncate(bytes, chance) {
    return bytes.subarray(0, chance.below(bytes.length))
  },
  function insert(bytes, chance) {
    const at = chance.below(bytes.length + 1)
    const fresh = Buffer.from(Array.from({ length: 1 + chance.below(8) }, () => chance.below(256)))
    return Buffer.concat([bytes.subarray(0, at), fresh, bytes.subarray(at)])
  },
  function remove(bytes, chance) {
    const at = chance.below(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + chance.below(16))])
  },
  function repeat(bytes, chance) {
    const at = chance.below(bytes.length)
    const piece = bytes.subarray(at, at + 1 + chance.below(64))
    const times = 1 + chance.below(Math.max(1, Math.min(40, Math.floor(MAX_GROWTH_BYTES / piece.length))))
    return Buffer.concat([bytes.subarray(0, at), ...Array<Buffer>(times).fill(piece), bytes.subarray(at)])
  },
  function splice(bytes, chance, others) {
    const other = chance.pick(others)
    const from = chance.below(other.length)
    const taken = other.subarray(from, from + 1 + chance.below(256))
    const at = chance.below(bytes.length + 1)
    return Buffer.concat([bytes.subarray(0, at), taken, bytes.subarray(at + chance.below(taken.length + 1))])
  },
  function hugeNumber(bytes, chance) {
    const at = chance.below(bytes.length + 1)
    const number = Buffer.alloc(chance.pick([2, 4, 8]), chance.pick([0xff, 0x7f, 0x00]))
    return Buffer.concat([bytes.subarray(0, at), number, bytes.subarray(at + number.length)])
  },
]

type Head = { readonly at: number; readonly major: number; readonly size: number; readonly value: number }

/** Where CBOR items begin, as a reader that believes every length would find them. */
function headsOf(bytes: Buffer): Head[] {
  const heads: Head[] = []
  for (let at = 0; at < bytes.length && heads.length < 4096; ) {
    const major = bytes[at]! >> 5
    const info = bytes[at]! & 31
    const size = info < 24 ? 1 : info === 24 ? 2 : info === 25 ? 3 : info === 26 ? 5 : info === 27 ? 9 : 1
    if (at + size > bytes.length) break
    const value =
      size === 1 ? info : Number(bytes.readUIntBE(at + size - Math.min(6, size - 1), Math.min(6, size - 1)))
    heads.push({ at, major, size, value })
    at += size + (major === 2 || major === 3 ? value : 0)
  }
  return heads
}

function encodeHead(major: number, value: number): Buffer {
  const first = major << 5
  if (value < 24) return Buffer.from([first | value])
  if (value < 256) return Buffer.from([first | 24, value])
  const wide = Buffer.alloc(9)
  wide[0] = first | 27
  wide.writeBigUInt64BE(BigInt(Math.min(value, Number.MAX_SAFE_INTEGER)), 1)
  return wide
}

const withHead = (bytes: Buffer, { at, size }: Head, ...put: readonly Buffer[]): Buffer =>
  Buffer.concat([bytes.subarray(0, at), ...put, bytes.subarray(at + size)])

const LENGTHS = [0, 1, 2, 23, 24, 64, 65, 255, 256, 4096, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1]

/** Edits that a byte-wise one seldom makes: the item stays an item, and says something else. */
const CBOR_EDITS: readonly ((bytes: Buffer, head: Head, chance: Chance) => Buffer)[] = [
  (bytes, head, chance) => withHead(bytes, head, encodeHead(head.major, chance.pick(LENGTHS))),
  (bytes, head) => withHead(bytes, head, encodeHead(head.major, head.value + 1)),
  (bytes, head) => withHead(bytes, head, encodeHead(head.major, Math.max(0, head.value - 1))),
  (bytes, head, chance) => withHead(bytes, head, encodeHead(chance.below(8), head.value)),
  /* nested */ (bytes, head, chance) =>
    withHead(
      bytes,
      head,
      Buffer.alloc(1 + chance.below(MAX_GROWTH_BYTES), 0x81),
      bytes.subarray(head.at, head.at + head.size),
    ),
  /* a map with one key twice */ (bytes, head) =>
    withHead(bytes, head, Buffer.from('a261610061' + '6101', 'hex')),
  /* an object that hurts whoever makes text or a number of it */ (bytes, head) =>
    withHead(bytes, head, Buffer.from('a2' + '68746f537472696e67' + '01' + '6776616c75654f66' + 'f6', 'hex')),
  /* an item gone, the count as it was */ (bytes, head) =>
    withHead(bytes, { ...head, size: head.size + (head.major === 2 || head.major === 3 ? head.value : 0) }),
  /* the length written longer than need be */ (bytes, head) => {
    const wide = Buffer.alloc(9)
    wide[0] = (head.major << 5) | 27
    wide.writeBigUInt64BE(BigInt(head.value), 1)
    return withHead(bytes, head, wide)
  },
]

/** `words`: pieces of text that mean something to the reader, put in and over what is there. */
export type MutateOptions = { readonly cbor?: boolean; readonly words?: readonly string[] }

/** One to six edits of a sample. */
export function mutate(
  samples: readonly Uint8Array[],
  chance: Chance,
  { cbor = false, words = [] }: MutateOptions = {},
): Uint8Array {
  let bytes: Buffer = Buffer.from(chance.pick(samples))
  const limit = bytes.length + MAX_GROWTH_BYTES
  for (let edits = 1 + chance.below(1 + chance.below(6)); edits > 0; edits--) {
    if (bytes.length === 0) bytes = Buffer.from([chance.pick(TELLING)])
    const kind = chance.below(3)
    const heads = cbor && kind > 0 ? headsOf(bytes) : []
    if (heads.length > 0) bytes = chance.pick(CBOR_EDITS)(bytes, chance.pick(heads), chance)
    else if (words.length > 0 && kind > 0) {
      const at = chance.below(bytes.length + 1)
      const word = Buffer.from(chance.pick(words))
      bytes = Buffer.concat([bytes.subarray(0, at), word, bytes.subarray(at + chance.below(word.length + 1))])
    } else bytes = chance.pick(BYTE_EDITS)(bytes, chance, samples)
    if (bytes.length > limit) bytes = bytes.subarray(0, limit)
  }
  return new Uint8Array(bytes)
}
