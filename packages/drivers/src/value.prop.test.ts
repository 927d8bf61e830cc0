import fc from 'fast-check'
import { describe, it } from 'vitest'
import type { ItemValue } from './contract.ts'
import { decodeValue, encodeValue, type Format } from './value.ts'

const minuteText = fc
  .date({ min: new Date('2000-01-01T00:00Z'), max: new Date('2099-12-31T23:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString())

const digitsOf = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`))

const samples: fc.Arbitrary<[Format, ItemValue]> = fc.oneof(
  fc
    .integer({ min: 0, max: 99999999 })
    .map((n): [Format, ItemValue] => [{ type: 'number', bytes: 4, decimals: 2 }, n / 100]),
  fc
    .integer({ min: -799999, max: 799999 })
    .map((n): [Format, ItemValue] => [
      { type: 'number', bytes: 3, decimals: 4, signed: true },
      n === 0 ? 0 : n / 10000,
    ]),
  digitsOf(12).map((digits): [Format, ItemValue] => [{ type: 'digits', bytes: 6 }, digits]),
  fc.stringMatching(/^[!-~]{1,10}$/).map((text): [Format, ItemValue] => [{ type: 'text', bytes: 10 }, text]),
  fc.integer({ min: 0, max: 0xffff }).map((word): [Format, ItemValue] => [{ type: 'bits', bytes: 2 }, word]),
  minuteText.map((iso): [Format, ItemValue] => [{ type: 'minute', bytes: 5 }, iso.slice(0, 16)]),
  minuteText.map((iso): [Format, ItemValue] => [{ type: 'second', bytes: 6 }, iso.slice(0, 19)]),
  minuteText.map((iso): [Format, ItemValue] => [{ type: 'date', bytes: 3 }, iso.slice(0, 10)]),
  minuteText.map((iso): [Format, ItemValue] => [{ type: 'time', bytes: 3 }, iso.slice(11, 19)]),
)

describe('values', () => {
  it('decode to what was encoded', () => {
    fc.assert(
      fc.property(samples, ([format, value]) => {
        const bytes = encodeValue(format, value)
        const decoded = decodeValue(format, bytes)
        return bytes.length === format.bytes && decoded.value === value && decoded.missing === null
      }),
      { numRuns: 1000 },
    )
  })

  it('are a value or a reason, for any bytes', () => {
    fc.assert(
      fc.property(samples, fc.uint8Array({ minLength: 10, maxLength: 10 }), ([format], bytes) => {
        const decoded = decodeValue(format, bytes.slice(0, format.bytes))
        return (decoded.value === null) === (decoded.missing !== null)
      }),
      { numRuns: 1000 },
    )
  })
})
