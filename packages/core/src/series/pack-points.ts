/** Readings of one series as columns: times as differences of differences, values as scaled whole numbers. */
import type { Point } from './observation.ts'

/** Of times: all whole minutes, all whole seconds, or not. */
const TIME_UNITS_MS = [1, 1000, 60_000] as const
/** Values that are no decimal number of so few places are kept as the 8 bytes that they are. */
const MAX_PLACES = 9
const AS_DOUBLES = 15
/** Scaled values stay where whole numbers are exact, with room for a difference of two. */
const MAX_SCALED = 2 ** 51

/** Sealed lengths tell how much was used on a day, so they come in steps of this many bytes. */
const PAD_BYTES = 64

/** Grows as it is written. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(256)
  #length = 0

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + more))
    this.#bytes.copy(larger, 0, 0, this.#length)
    this.#bytes = larger
  }
  byte(value: number): void {
    this.#room(1)
    this.#bytes[this.#length++] = value
  }
  /** A whole number from 0 up, seven bits a byte, the low ones first. */
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
  /** A whole number of either sign. */
  signed(value: number): void {
    this.count(value >= 0 ? value * 2 : -value * 2 - 1)
  }
  double(value: number): void {
    this.#room(8)
    this.#length = this.#bytes.writeDoubleLE(value, this.#length)
  }
  /** What was written, filled up with zeros. */
  padded(): Uint8Array {
    const length = Math.ceil(this.#length / PAD_BYTES) * PAD_BYTES
    this.#room(length - this.#length)
    this.#bytes.fill(0, this.#length, length)
    const bytes = Buffer.from(this.#bytes.subarray(0, length))
    this.#length = 0
    return bytes
  }
}

/** Reads what was sealed here, so what is wrong with it is damage: it throws. */
export class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw new RangeError('cut short')
    return byte
  }
  count(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte()
      value += (byte & 127) * factor
      if (byte < 128) return value
      if (factor > 2 ** 49) throw new RangeError('no count')
    }
  }
  signed(): number {
    const coded = this.count()
    return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2
  }
  double(): number {
    const value = this.#bytes.readDoubleLE(this.#at)
    this.#at += 8
    return value
  }
}

/** `points` in order of time. */
export function writePoints(to: ByteWriter, points: readonly Point[]): void {
  const unit = timeUnitOf(points)
  const places = placesOf(points)
  to.byte((unit << 4) | places)
  to.count(points.length)
  const unitMs = TIME_UNITS_MS[unit]!
  let at = 0
  let step = 0
  for (const point of points) {
    const now = point.atMs / unitMs
    to.signed(now - at - step)
    step = at === 0 ? 0 : now - at
    at = now
  }
  if (places === AS_DOUBLES) {
    for (const { value } of points) to.double(value)
    return
  }
  const scale = 10 ** places
  let before = 0
  for (const { value } of points) {
    const scaled = Math.round(value * scale)
    to.signed(scaled - before)
    before = scaled
  }
}

export function readPoints(from: ByteReader): Point[] {
  const form = from.byte()
  const unitMs = TIME_UNITS_MS[(form >> 4) as 0 | 1 | 2]
  if (unitMs === undefined) throw new RangeError('no unit of time')
  const places = form & 15
  const count = from.count()
  const times: number[] = []
  let at = 0
  let step = 0
  for (let n = 0; n < count; n++) {
    const now = at + step + from.signed()
    step = at === 0 ? 0 : now - at
    at = now
    times.push(now * unitMs)
  }
  if (places === AS_DOUBLES) return times.map((atMs) => ({ atMs, value: from.double() }))
  const scale = 10 ** places
  let scaled = 0
  return times.map((atMs) => {
    scaled += from.signed()
    return { atMs, value: scaled / scale }
  })
}

function timeUnitOf(points: readonly Point[]): number {
  let unit = TIME_UNITS_MS.length - 1
  for (const { atMs } of points) while (atMs % TIME_UNITS_MS[unit]! !== 0) unit--
  return unit
}

function placesOf(points: readonly Point[]): number {
  let places = 0
  for (const { value } of points) while (!isExact(value, places)) if (++places > MAX_PLACES) return AS_DOUBLES
  return places
}

function isExact(value: number, places: number): boolean {
  const scale = 10 ** places
  const scaled = Math.round(value * scale)
  return Math.abs(scaled) <= MAX_SCALED && scaled / scale === value && !Object.is(value, -0)
}
