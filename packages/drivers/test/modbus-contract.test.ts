import { describe, expect, it } from 'vitest'
import type { ReadRequest } from '../src/contract.ts'
import { decodeHex } from '../src/decode-hex.ts'
import { expectOk } from '../src/expect-ok.ts'
import { formatHex } from '../src/hex.ts'
import { crc16 } from '../src/modbus/crc.ts'
import { MODBUS_PROFILES } from '../src/modbus/profiles.ts'
import { parseRegister, registerId } from '../src/modbus/register.ts'
import { driver } from '../src/protocols/modbus.ts'
import { testDriverContract } from './driver-contract.ts'
import { bytesOf, vectorsOf } from './vectors-of.ts'

const { good } = vectorsOf('modbus')

testDriverContract({
  driver,
  frames: good.map(({ hex }) => bytesOf(hex)),
  garbage: [
    bytesOf('00 F8 FF'),
    bytesOf('01'),
    bytesOf('01 03'),
    // Lengths that promise 255 bytes, and a refusal without its end.
    bytesOf('01 03 FA 00 00'),
    bytesOf('01 10 00 00 00 7B F6'),
    bytesOf('01 83 02'),
    bytesOf('01 03 02 00 08 B9 83'),
    new TextEncoder().encode('REG:013800138000 hh'),
  ],
  requests: [
    { type: 'item', address: '1', item: '3:0001' },
    { type: 'item', address: '247', item: 'water=3:0001:f32:DCBA' },
    { type: 'item', address: '2', item: '2:0010' },
    { type: 'item', address: '2', item: 'electricity=4:0005:u32:CDAB*0.001' },
    { type: 'address', address: '9' },
  ],
  badRequests: [
    { type: 'item', address: '0', item: '3:0001' },
    { type: 'item', address: '248', item: '3:0001' },
    { type: 'item', address: '', item: '3:0001' },
    { type: 'item', address: '1', item: '5:0001' },
    { type: 'item', address: '1', item: '6:0001' },
    { type: 'item', address: '1', item: '16:0001' },
    { type: 'item', address: '1', item: '3:FFFF:u32' },
    { type: 'item', address: '1', item: '1:0001:u16' },
    { type: 'item', address: '1', item: '3:0001:bit' },
    { type: 'item', address: '1', item: '3:0001*0' },
    { type: 'item', address: '1', item: 'wind=3:0001' },
    { type: 'item', address: '1', item: '3:0001:toString' },
    { type: 'follow-up', address: '1', item: '3:0001', sequence: 1 },
  ],
})

/** A frame around these bytes. */
function sealed(hex: string): Uint8Array {
  const body = bytesOf(hex)
  const crc = crc16(body)
  return Uint8Array.from([...body, crc & 0xff, crc >> 8])
}
const frameOf = (bytes: Uint8Array) => driver.createParser().push(bytes).frames[0]!
/** What a unit answers to a register. */
function answered(item: string, data: string) {
  const bytes = bytesOf(data)
  const code = parseRegister(item)!.function
  const frame = frameOf(sealed(`01 0${code} ${formatHex(Uint8Array.of(bytes.length))} ${data}`))
  return driver.decode(frame, [], { type: 'item', address: '1', item })
}

describe('published frames of Modbus', () => {
  it.each(good)('$function of $address ($origin)', ({ hex, address, function: name, items }) => {
    const decoded = driver.decode(frameOf(bytesOf(hex)))
    expect(decoded).toMatchObject({ address, function: name, error: null, extra: '' })
    expect(decoded.items).toHaveLength(items!.length)
    expect(decoded.items).toMatchObject(items!)
  })

  it('are decoded by whoever captured them', () => {
    const { frames, discardedBytes } = expectOk(decodeHex('modbus', 'ff 01 03 02 00 08 B9 82 01 83 02 C0 F1'))
    expect(discardedBytes).toBe(1)
    expect(frames).toMatchObject([
      { items: [{ id: '3:+0', value: 8 }] },
      { error: { type: 'device-refused', code: 2, reasons: ['illegal-data-address'] } },
    ])
  })
})

it('an answer is read as what is asked of such a device, where it is said which', () => {
  const answer = formatHex(sealed('03 03 04 00 50 9A 44'))
  const read = (protocol: string) => expectOk(decodeHex(protocol, answer)).frames[0]!.items
  expect(read('modbus:xintai-water')).toMatchObject([{ value: 1234.5, unit: 'm³' }])
  expect(read('modbus:gas=3:0010:u32:CDAB*0.01')).toMatchObject([{ value: 25_881_477.92, unit: 'm³' }])
  expect(read('modbus')).toHaveLength(2)
  expect(decodeHex('modbus:no-such', answer)).toMatchObject({ problem: { type: 'not-supported' } })
})

describe('values of Modbus registers', () => {
  it.each([
    ['3:0001', 'FF FE', 65_534],
    ['3:0001:i16', 'FF FE', -2],
    ['3:0001*0.01', '04 D2', 12.34],
    ['3:0001*10', '04 D2', 12_340],
    ['3:0001:u32', '00 12 D6 87', 1_234_567],
    ['3:0001:u32:CDAB', 'D6 87 00 12', 1_234_567],
    ['3:0001:u32:BADC', '12 00 87 D6', 1_234_567],
    ['3:0001:u32:DCBA', '87 D6 12 00', 1_234_567],
    ['3:0001:i32', 'FF FF FF FF', -1],
    ['3:0001:u64', '00 00 00 00 00 12 D6 87', 1_234_567],
    ['3:0001:i64:CDAB', 'FF FE FF FF FF FF FF FF', -2],
    ['3:0001:f32', '43 66 33 33', 230.2],
    ['3:0001:f32:DCBA', '00 50 9A 44', 1234.5],
    ['3:0001:f32:CDAB', 'E7 6D 3D FB', 0.123],
    ['3:0001:f64', '40 93 4A 00 00 00 00 00', 1234.5],
    ['3:0001:bcd16:BADC', '34 12', 1234],
    ['3:0001:bcd32*0.01', '00 12 34 56', 1234.56],
    ['1:0000', '01', 1],
    ['2:0007', '00', 0],
  ] as const)('%s of %s is %d', (item, data, value) => {
    expect(answered(item, data)).toMatchObject({ items: [{ id: item, value, missing: null }], error: null })
  })

  it('a float that is no number says that there is none, and a digit above nine is refused', () => {
    expect(answered('3:0001:f32', '7F C0 00 00').items[0]).toMatchObject({ value: null, missing: 'absent' })
    expect(answered('3:0001:bcd16', '0A 00')).toMatchObject({
      items: [{ value: null, missing: 'invalid-bcd' }],
      error: { type: 'value-rejected' },
    })
  })

  it('the answer to another question is not taken for this one', () => {
    const request: ReadRequest = { type: 'item', address: '1', item: '3:0001:f32' }
    expect(driver.isAnswer(request, frameOf(sealed('01 03 04 00 00 00 01')))).toBe(true)
    expect(driver.isAnswer(request, frameOf(sealed('01 83 02')))).toBe(true)
    for (const other of ['02 03 04 00 00 00 01', '01 04 04 00 00 00 01', '01 03 02 00 01', '01 84 02'])
      expect(driver.isAnswer(request, frameOf(sealed(other))), other).toBe(false)
  })

  it('profiles are words that mean what they say, the first the use', () => {
    expect(MODBUS_PROFILES.map(({ id }) => id)).toEqual([...new Set(MODBUS_PROFILES.map(({ id }) => id))])
    for (const { id, registers } of MODBUS_PROFILES) {
      for (const item of registers) {
        const register = parseRegister(item)
        expect(register && registerId(register), `${id}: ${item}`).toBe(item)
        expect(register!.signal).not.toBeNull()
      }
    }
  })
})
