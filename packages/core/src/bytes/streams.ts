import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'

/** Below this a stream is packed together with other small ones: each costs a head and a call. */
const SMALL_BYTES = 512
/** What is made once and read by many. */
const BEST = 19
const RAW = 0
const PACKED = 1

/** Bytes of one kind, one after the other: what is alike packs well beside each other. */
export class StreamWriter {
  #bytes = Buffer.allocUnsafe(64)
  #length = 0

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const wider = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, this.#length + more))
    this.#bytes.copy(wider, 0, 0, this.#length)
    this.#bytes = wider
  }
  byte(value: number): void {
    this.#room(1)
    this.#bytes[this.#length++] = value
  }
  /** A whole number from 0 to 2^53 - 1, seven bits a byte, low ones first. */
  count(value: number): void {
    this.#room(8)
    let rest = value
    while (rest >= 2 ** 31) {
      this.#bytes[this.#length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest & 127) | 128
      rest >>>= 7
    }
    this.#bytes[this.#length++] = rest
  }
  /** A whole number of either sign, up to 2^52: small ones stay short. */
  signed(value: number): void {
    this.count(value < 0 ? -2 * value - 1 : 2 * value)
  }
  float(value: number): void {
    this.#room(8)
    this.#bytes.writeDoubleLE(value, this.#length)
    this.#length += 8
  }
  bytes(value: Uint8Array): void {
    this.#room(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }
  /** A few of them: `bytes` costs a call into the engine. */
  copy(from: Uint8Array, start = 0, end = from.length): void {
    this.#room(end - start)
    const bytes = this.#bytes
    let length = this.#length
    for (let at = start; at < end; at++) bytes[length++] = from[at]!
    this.#length = length
  }
  text(value: string): void {
    this.bytes(Buffer.from(value))
  }
  /** Text of one byte a letter. */
  ascii(value: string): void {
    this.#room(value.length)
    const bytes = this.#bytes
    let length = this.#length
    for (let at = 0; at < value.length; at++) bytes[length++] = value.charCodeAt(at)
    this.#length = length
  }
  get length(): number {
    return this.#length
  }
  /** Takes back what was written. What `done` gave is then overwritten. */
  clear(): void {
    this.#length = 0
  }
  done(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset, this.#length)
  }
}

/** What was read is not of the shape it should have. */
export class MalformedError extends Error {}

export class StreamReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }
  get left(): number {
    return this.#bytes.length - this.#at
  }
  byte(): number {
    const value = this.#bytes[this.#at++]
    if (value === undefined) throw new MalformedError('a stream ends early')
    return value
  }
  count(): number {
    let value = this.byte()
    if (value < 128) return value
    value -= 128
    for (let unit = 128; ; unit *= 128) {
      const next = this.byte()
      value += (next & 127) * unit
      if (value > Number.MAX_SAFE_INTEGER) throw new MalformedError('a number is too large')
      if (next < 128) {
        // One meaning, one form.
        if (next === 0) throw new MalformedError('a number is longer than it must be')
        return value
      }
    }
  }
  signed(): number {
    const value = this.count()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
  float(): number {
    if (this.left < 8) throw new MalformedError('a stream ends early')
    this.#at += 8
    return this.#bytes.readDoubleLE(this.#at - 8)
  }
  bytes(length: number): Uint8Array {
    if (this.left < length) throw new MalformedError('a stream ends early')
    this.#at += length
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + this.#at - length, length)
  }
  /** All that is left, without taking it. */
  peek(): Uint8Array {
    return this.#bytes.subarray(this.#at)
  }
  /** All that is left. */
  rest(): Buffer {
    const rest = this.#bytes.subarray(this.#at)
    this.#at = this.#bytes.length
    return rest
  }
}

/**
 * `count (length)… body…`: large streams are packed with zstd each by itself, where that makes them smaller; small
 * ones together. Random bytes stay as they are. `level`: of zstd, 1 to 19.
 */
export function packStreams(streams: readonly Uint8Array[], level = BEST): Uint8Array {
  const packing = { params: { [constants.ZSTD_c_compressionLevel]: level } }
  const head = new StreamWriter()
  const bodies: Uint8Array[] = []
  head.count(streams.length)
  for (const stream of streams) head.count(stream.length)
  const add = (bytes: Uint8Array) => {
    const packed = zstdCompressSync(bytes, packing)
    const isSmaller = packed.length < bytes.length
    head.byte(isSmaller ? PACKED : RAW)
    if (isSmaller) head.count(packed.length)
    bodies.push(isSmaller ? packed : bytes)
  }
  add(Buffer.concat(streams.filter((stream) => stream.length < SMALL_BYTES)))
  for (const stream of streams) if (stream.length >= SMALL_BYTES) add(stream)
  return Buffer.concat([head.done(), ...bodies])
}

/** Reads foreign bytes: how much they unpack to is told, and bounded, before any of it is. */
export function unpackStreams(bytes: Uint8Array, maxBytes: number, maxStreams: number): Uint8Array[] {
  const reader = new StreamReader(bytes)
  const count = reader.count()
  if (count > maxStreams) throw new MalformedError('too many streams')
  const lengths: number[] = []
  let total = 0
  for (let n = 0; n < count; n++) {
    const length = reader.count()
    total += length
    if (total > maxBytes) throw new MalformedError('more than it may unpack to')
    lengths.push(length)
  }
  const small = lengths.filter((length) => length < SMALL_BYTES)
  const wholes = [
    small.reduce((sum, length) => sum + length, 0),
    ...lengths.filter((length) => length >= SMALL_BYTES),
  ]
  const forms = wholes.map((whole) =>
    reader.byte() === RAW ? { whole, packed: -1 } : { whole, packed: reader.count() },
  )
  const [together, ...large] = forms.map(({ whole, packed }) => {
    if (packed < 0) return reader.bytes(whole)
    const unpacked = unpack(reader.bytes(packed), whole)
    if (unpacked.length !== whole) throw new MalformedError('a stream has another length')
    return unpacked
  })
  if (!reader.isAtEnd) throw new MalformedError('bytes are left over')
  let at = 0
  return lengths.map((length) => {
    if (length >= SMALL_BYTES) return large.shift()!
    at += length
    return together!.subarray(at - length, at)
  })
}

function unpack(packed: Uint8Array, length: number): Uint8Array {
  try {
    return zstdDecompressSync(packed, { maxOutputLength: Math.max(1, length) })
  } catch {
    throw new MalformedError('a stream does not unpack')
  }
}
