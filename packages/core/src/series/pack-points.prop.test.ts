import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MalformedError, StreamReader, StreamWriter } from '../bytes/streams.ts'
import { chance } from '../testing/hostile-bytes.test.data.ts'
import type { Point } from './observation.ts'
import { padded, readPoints, writePoints } from './pack-points.ts'

const packed = (points: readonly Point[]): Uint8Array => {
  const writer = new StreamWriter()
  writePoints(writer, points)
  return padded(writer)
}

test('whatever was read comes back to the bit: times with and without milliseconds, any number', () => {
  const value = fc.oneof(
    fc.integer({ min: -2_000_000, max: 2_000_000 }).map((n) => n / 1000),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  )
  const time = fc.oneof(
    fc.integer({ min: 946_771_200, max: 4_000_000_000 }).map((s) => s * 1000),
    fc.integer({ min: 1, max: 2 ** 45 }),
  )
  fc.assert(
    fc.property(fc.array(fc.record({ atMs: time, value }), { maxLength: 40 }), (given) => {
      const points = given.sort((a, b) => a.atMs - b.atMs)
      const bytes = packed(points)
      expect(bytes.length % 64).toBe(0)
      const read = readPoints(new StreamReader(bytes))
      expect(read.length).toBe(points.length)
      read.forEach(({ atMs, value: back }, at) => {
        expect(atMs).toBe(points[at]!.atMs)
        // −0 and 0 are one number of a meter.
        expect(Object.is(back, points[at]!.value) || (back === 0 && points[at]!.value === 0)).toBe(true)
      })
    }),
    chance(300),
  )
})

test('a day of an hourly meter takes one length, whether anything was used or not', () => {
  const start = Date.UTC(2026, 9, 1)
  const day = (use: (hour: number) => number) => {
    let value = 123.4
    return packed(
      Array.from({ length: 24 }, (_, hour) => {
        value = Math.round((value + use(hour)) * 1000) / 1000
        return { atMs: start + hour * 3_600_000 + 28 * 60_000, value }
      }),
    ).length
  }
  expect(day(() => 0)).toBe(64)
  expect(day((hour) => (hour % 7) * 0.009)).toBe(64)
})

test('bytes cut anywhere are told as damage', () => {
  const bytes = packed([
    { atMs: Date.UTC(2026, 0, 1), value: 1.5 },
    { atMs: Date.UTC(2026, 0, 2), value: Math.PI },
  ])
  for (let length = 0; length < 20; length++)
    expect(() => readPoints(new StreamReader(bytes.subarray(0, length)))).toThrow(MalformedError)
})
