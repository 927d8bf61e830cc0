/** Readings of one series as columns: times as differences of differences, values as scaled whole numbers. */
import { MalformedError, type StreamReader, type StreamWriter } from '../bytes/streams.ts'
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

/** What was written, filled up with zeros. */
export function padded(writer: StreamWriter): Uint8Array {
  const written = writer.done()
  const bytes = Buffer.alloc(Math.ceil(written.length / PAD_BYTES) * PAD_BYTES)
  bytes.set(written)
  return bytes
}

/** `points` in order of time. */
export function writePoints(to: StreamWriter, points: readonly Point[]): void {
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
    for (const { value } of points) to.float(value)
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

export function readPoints(from: StreamReader): Point[] {
  const form = from.byte()
  const unitMs = TIME_UNITS_MS[(form >> 4) as 0 | 1 | 2]
  if (unitMs === undefined) throw new MalformedError('no unit of time')
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
  if (places === AS_DOUBLES) return times.map((atMs) => ({ atMs, value: from.float() }))
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
