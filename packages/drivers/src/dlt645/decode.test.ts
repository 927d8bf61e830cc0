import { describe, expect, it } from 'vitest'
import { expectOk } from '../expect-ok.ts'
import { parseHex } from '../hex.ts'
import { createParser } from '../incremental-parser.ts'
import type { ReplyControl } from './control.ts'
import { decodeFrame } from './decode.ts'
import { scanFrame, sealFrame } from './frame.ts'

const frameOf = (control: ReplyControl, data: string) =>
  createParser(scanFrame).push(sealFrame('000000000161', control, expectOk(parseHex(data)))).frames[0]!
const decode = (data: string, control: ReplyControl = 0x91) => decodeFrame(frameOf(control, data))
const values = (data: string) => decode(data).items.map(({ id, value, unit }) => [id, value, unit])

describe('what a meter says', () => {
  it('names each register of a block by the identifier it has alone', () => {
    expect(values('00 FF 01 00 34 29 00 00 66 07 00 00 15 06 00 00 80 04 00 00 71 10 00 00')).toEqual([
      ['00010000', 29.34, 'kWh'],
      ['00010100', 7.66, 'kWh'],
      ['00010200', 6.15, 'kWh'],
      ['00010300', 4.8, 'kWh'],
      ['00010400', 10.71, 'kWh'],
    ])
    expect(values('0C FF 01 00 34 29 00 00')).toEqual([['0001000C', 29.34, 'kWh']])
  })

  it('has no value for an absent phase, and that is no error', () => {
    const { items, error } = decode('00 FF 01 02 03 23 FF FF FF FF')
    expect(items.map(({ value, missing }) => [value, missing])).toEqual([
      [230.3, null],
      [null, 'absent'],
      [null, 'absent'],
    ])
    expect(error).toBeNull()
  })

  it('rejects a value with a digit above nine and keeps the rest of the frame', () => {
    const { items, error, address } = decode('00 FF 01 02 03 23 0E 23 05 23')
    expect(address).toBe('000000000161')
    expect(items.map((item) => item.value)).toEqual([230.3, null, 230.5])
    expect(error).toMatchObject({
      type: 'value-rejected',
      items: [{ id: '02010200', reason: 'invalid-bcd', raw: '0E23' }],
    })
    expect(error?.message).toEqual({ zh: '02010200 不是有效的BCD码', en: '02010200 is not valid BCD' })
  })

  it('sets a vendor byte aside and refuses more than one', () => {
    expect(decode('00 00 01 00 37 26 00 00 01')).toMatchObject({
      extra: '01',
      error: null,
      items: [{ value: 26.37 }],
    })
    expect(decode('00 00 01 00 37 26 00 00 01 02')).toMatchObject({
      error: { type: 'value-rejected' },
      items: [{ value: null, missing: 'wrong-length' }],
    })
    expect(decode('00 00 01 00 37 26')).toMatchObject({ items: [{ value: null, missing: 'too-short' }] })
  })

  it('shows an unknown identifier as hex and no value', () => {
    expect(decode('01 00 30 03 12 34')).toMatchObject({
      items: [{ id: '03300001', value: null, raw: '1234' }],
      error: { type: 'unknown-item', item: '03300001', raw: '1234' },
    })
  })

  it('says in words why it refuses', () => {
    expect(decode('06', 0xd1)).toMatchObject({
      items: [],
      error: {
        type: 'device-refused',
        code: 6,
        reasons: ['no-requested-data', 'password-or-authorisation'],
        message: {
          zh: '无请求数据，密码错或未授权',
          en: 'no requested data, password wrong or not authorised',
        },
      },
    })
    expect(decode('', 0xd1).error).toMatchObject({ type: 'device-refused', reasons: [] })
  })

  it('joins an answer sent in parts, and never decodes a part alone', () => {
    const [first, second, third] = [
      frameOf(0xb1, '00 FF 01 00 34 29 00'),
      frameOf(0xb2, '00 FF 01 00 00 66 07 01'),
      frameOf(0x92, '00 FF 01 00 00 00 02'),
    ]
    expect(decodeFrame(first, [second, third]).items.map((item) => item.value)).toEqual([29.34, 7.66])
    expect(decodeFrame(first).error).toMatchObject({ type: 'partial', raw: '342900' })
    expect(decodeFrame(first, [second]).error?.type).toBe('partial')
    expect(decodeFrame(third).error?.type).toBe('partial')
    expect(decodeFrame(first, [frameOf(0xd2, '02')])).toMatchObject({
      items: [{ value: null, missing: 'partial' }],
      error: { type: 'device-refused', reasons: ['no-requested-data'] },
    })
  })

  it('tells an open relay and a low battery from the status words', () => {
    const flag = (data: string, id: string) => decode(data).items.find((item) => item.id === id)?.value
    expect(flag('03 05 00 04 10 00', '04000503.relay')).toBe('open')
    expect(flag('03 05 00 04 00 00', '04000503.relay')).toBe('closed')
    expect(flag('03 05 00 04 04 00', '04000503.supply')).toBe('battery')
    expect(flag('01 05 00 04 04 00', '04000501.clock-battery')).toBe('low')
    expect(flag('FF 05 00 04 00 00 00 00 10 00 00 00 00 00 00 00 00 00', '04000503.relay')).toBe('open')
  })

  it('reads demands with the minute they occurred, and the prepaid balance', () => {
    expect(values('00 00 01 01 45 23 01 30 18 24 12 25')).toEqual([
      ['01010000', 1.2345, 'kW'],
      ['01010000.at', '2025-12-24T18:30', ''],
    ])
    expect(values('00 02 90 00 50 12 00 00')).toEqual([['00900200', 12.5, 'CNY']])
    expect(values('00 00 00 00 50 12 00 80')).toEqual([['00000000', -12.5, 'kWh']])
  })

  it('decodes of a freeze block what is certain, and gives the rest as hex', () => {
    const time = '00 00 09 10 15'
    expect(values(`01 FF 06 05 ${time} AA 34 29 00 00 66 07 00 00 AA 00 00 00 00 AA 01 02`)).toEqual([
      ['05060001', '2015-10-09T00:00', ''],
      ['05060101', 29.34, 'kWh'],
      ['05060101.t1', 7.66, 'kWh'],
      ['05060201', 0, 'kWh'],
      ['0506FF01.rest', 'AA0102', ''],
    ])
    expect(values(`01 FF 06 05 ${time} 34 29 00 00 66 07 00 00`)).toEqual([
      ['05060001', '2015-10-09T00:00', ''],
      ['05060101', 29.34, 'kWh'],
      ['0506FF01.rest', '66070000', ''],
    ])
    expect(values(`01 FF 04 05 ${time} 34 29 00 00 66 07 00 00`)).toEqual([
      ['05040001', '2015-10-09T00:00', ''],
      ['05040101', 29.34, 'kWh'],
      ['05040201', 7.66, 'kWh'],
    ])
  })
})
