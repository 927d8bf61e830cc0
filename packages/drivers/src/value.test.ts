import { describe, expect, it } from 'vitest'
import { decodeValue, encodeValue, type Format } from './value.ts'

const energy: Format = { type: 'number', bytes: 4, decimals: 2 }
const power: Format = { type: 'number', bytes: 3, decimals: 4, signed: true }
const minute: Format = { type: 'minute', bytes: 5 }

describe('values of DL/T 645-2007', () => {
  it.each<[string, Format, number[], unknown]>([
    ['energy, low byte first', energy, [0x56, 0x34, 0x12, 0x00], 1234.56],
    ['the largest register', energy, [0x99, 0x99, 0x99, 0x99], 999999.99],
    ['a minus in the top bit', power, [0x12, 0x25, 0x80], -0.2512],
    ['a minus on a large value', power, [0x00, 0x00, 0x92], -12],
    ['no minus zero', power, [0x00, 0x00, 0x80], 0],
    ['a text, last character first', { type: 'text', bytes: 4 }, [0x30, 0x2e, 0x32, 0x00], '2.0'],
    ['a binary word', { type: 'bits', bytes: 2 }, [0x10, 0x80], 0x8010],
    ['a moment', minute, [0x00, 0x00, 0x09, 0x10, 0x15], '2015-10-09T00:00'],
    ['a leap day', { type: 'date', bytes: 3 }, [0x29, 0x02, 0x24], '2024-02-29'],
  ])('%s', (_, format, bytes, value) => {
    expect(decodeValue(format, Uint8Array.from(bytes))).toEqual({ value, missing: null })
  })

  it.each<[string, Format, number[], string]>([
    [
      'an absent phase is no value, not −1',
      { type: 'number', bytes: 2, decimals: 1 },
      [0xff, 0xff],
      'absent',
    ],
    ['an absent signed value', power, [0xff, 0xff, 0xff], 'absent'],
    ['a digit that is none', energy, [0x0e, 0x00, 0x00, 0x00], 'invalid-bcd'],
    ['a register half FF', energy, [0xff, 0xff, 0x00, 0x00], 'invalid-bcd'],
    ['a day that never was', { type: 'date', bytes: 3 }, [0x30, 0x02, 0x24], 'invalid-date'],
    ['month 13', minute, [0x00, 0x00, 0x01, 0x13, 0x24], 'invalid-date'],
    ['24 hours', { type: 'time', bytes: 3 }, [0x00, 0x00, 0x24], 'invalid-date'],
    ['a moment that never came', minute, [0, 0, 0, 0, 0], 'absent'],
    ['a text with a control character', { type: 'text', bytes: 2 }, [0x41, 0x07], 'invalid-text'],
  ])('%s', (_, format, bytes, missing) => {
    expect(decodeValue(format, Uint8Array.from(bytes))).toEqual({ value: null, missing })
  })

  it('midnight is a time', () => {
    expect(decodeValue({ type: 'time', bytes: 3 }, Uint8Array.of(0, 0, 0)).value).toBe('00:00:00')
  })

  it('does not encode what does not fit', () => {
    expect(() => encodeValue(energy, 1_000_000)).toThrow(RangeError)
    expect(() => encodeValue(energy, -1)).toThrow(RangeError)
    expect(() => encodeValue(power, 80)).toThrow(RangeError)
    expect(() => encodeValue({ type: 'digits', bytes: 2 }, '12a4')).toThrow(RangeError)
  })
})
