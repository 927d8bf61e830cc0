import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatHex } from '../hex.ts'
import { decodeFrame } from './decode.ts'
import type { Dlt645Frame } from './frame.ts'
import { findItem, LISTED_ITEMS } from './items.ts'

const families = [
  '00000000',
  '00010100',
  '0001FF00',
  '000AFF0C',
  '0101FF00',
  '05060001',
  '0506FF01',
  '0504FF01',
  '05060201',
]
const identifier = fc.oneof(
  fc.constantFrom(...families, ...LISTED_ITEMS.map((item) => item.id)),
  fc.uint8Array({ minLength: 4, maxLength: 4 }).map(formatHex),
)
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 196 }),
  fc
    .array(fc.constantFrom(0x00, 0x12, 0x99, 0xaa, 0xff), { maxLength: 60 })
    .map((bytes) => Uint8Array.from(bytes)),
)
const anyFrame = fc
  .record({
    control: fc.oneof(fc.constantFrom(0x91, 0xb1, 0xd1, 0x92, 0xb2, 0x93), fc.nat(255)),
    id: identifier,
    payload,
  })
  .map(({ control, id, payload }): Dlt645Frame => {
    const di = Array.from({ length: 4 }, (_, index) =>
      Number.parseInt(id.slice(6 - 2 * index, 8 - 2 * index), 16),
    )
    const data = Uint8Array.from([...di, ...payload])
    return { protocol: 'dlt645', address: '000000000161', control, data, bytes: data }
  })

describe('decoding', () => {
  it('never throws, and every null has its reason, whatever a valid checksum holds', () => {
    fc.assert(
      fc.property(anyFrame, fc.array(anyFrame, { maxLength: 3 }), (frame, rest) => {
        const { items, error } = decodeFrame(frame, rest)
        for (const item of items) {
          expect(item.value === null).toBe(item.missing !== null)
          if (typeof item.value === 'number') expect(Number.isFinite(item.value)).toBe(true)
        }
        const rejected = items.some(
          ({ missing }) => missing !== null && missing !== 'absent' && missing !== 'not-answered',
        )
        expect(error !== null || !rejected).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('accounts for every byte of an answer it knows', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...families, ...LISTED_ITEMS.map((item) => item.id)),
        payload,
        (id, data) => {
          const parts = findItem(id)!.partsOf(data)
          const needed = parts.reduce((sum, part) => sum + part.format.bytes, 0)
          const di = Uint8Array.from(id.match(/../g)!, (pair) => Number.parseInt(pair, 16)).reverse()
          const whole = Uint8Array.from([...di, ...data])
          const frame: Dlt645Frame = {
            protocol: 'dlt645',
            address: '000000000161',
            control: 0x91,
            data: whole,
            bytes: whole,
          }
          const { items, error, extra } = decodeFrame(frame)
          if (data.length > needed + 1)
            expect(items.every((item) => item.missing === 'wrong-length')).toBe(true)
          else if (data.length < needed) expect(error?.type).toBe('value-rejected')
          else expect(extra).toBe(formatHex(data.slice(needed)))
        },
      ),
      { numRuns: 1000 },
    )
  })
})
