import { describe, expect, it } from 'vitest'
import { decodeHex } from './decode-hex.ts'

const good = '68 12 90 78 56 34 12 68 91 08 33 33 34 33 89 67 45 33 54 16'
const bad = '68 12 90 78 56 34 12 68 91 08 33 33 34 33 89 67 45 33 55 16'

describe('decodeHex', () => {
  it('has the shape scripts rely on', () => {
    expect(decodeHex('dlt645', `FE FE ${good}`)).toEqual({
      ok: true,
      value: {
        frames: [
          {
            protocol: 'dlt645',
            address: '123456789012',
            function: 'read data',
            items: [{ id: '00010000', name: 'Forward active energy, total', value: 1234.56, unit: 'kWh' }],
            error: null,
          },
        ],
        discardedBytes: 0,
      },
    })
  })

  it('speaks Chinese when asked', () => {
    expect(decodeHex('dlt645', good, { lang: 'zh' })).toMatchObject({
      value: { frames: [{ items: [{ name: '（当前）正向有功电能（总）' }] }] },
    })
    expect(decodeHex('dlt645', '68 12 00 00 00 10 20 68 D1 01 35 19 16', { lang: 'zh' })).toMatchObject({
      value: { frames: [{ error: { type: 'device-refused', message: '无请求数据' } }] },
    })
  })

  it('discards and counts a wrong checksum, noise and an unfinished tail', () => {
    expect(decodeHex('dlt645', bad)).toEqual({ ok: true, value: { frames: [], discardedBytes: 20 } })
    expect(decodeHex('dlt645', `00 11 ${good} ${good.slice(0, 29)}`)).toMatchObject({
      ok: true,
      value: { frames: [{ address: '123456789012' }], discardedBytes: 12 },
    })
    expect(decodeHex('dlt645', '')).toEqual({ ok: true, value: { frames: [], discardedBytes: 0 } })
  })

  it('says which protocols exist, and where the text is no hex', () => {
    expect(decodeHex('lonworks', good)).toEqual({
      ok: false,
      problem: {
        type: 'not-supported',
        protocol: 'lonworks',
        supported: ['cjt188', 'dlt645', 'mbus', 'modbus'],
      },
    })
    expect(decodeHex('dlt645', '68 1')).toMatchObject({ ok: false, problem: { type: 'invalid-hex' } })
  })
})
