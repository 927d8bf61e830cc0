import { describe, expect, it } from 'vitest'
import { formatHex, parseHex } from './hex.ts'

describe('hex', () => {
  it('reads pairs however they were copied', () => {
    expect(parseHex('68 01,ff-0A:\n16')).toEqual({ ok: true, value: Uint8Array.of(0x68, 1, 0xff, 10, 0x16) })
    expect(parseHex('')).toEqual({ ok: true, value: new Uint8Array(0) })
  })

  it('says where it stops being hex', () => {
    expect(parseHex('68 0')).toEqual({ ok: false, problem: { type: 'invalid-hex', at: 3, found: '0' } })
    expect(parseHex('68 zz')).toEqual({ ok: false, problem: { type: 'invalid-hex', at: 3, found: 'zz' } })
    expect(parseHex('0x68')).toMatchObject({ ok: false, problem: { at: 0 } })
  })

  it('writes what it reads', () => {
    expect(formatHex(Uint8Array.of(0, 0xab, 16))).toBe('00AB10')
  })
})
