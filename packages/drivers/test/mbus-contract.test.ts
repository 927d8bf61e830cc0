import { expect, test } from 'vitest'
import { driver } from '../src/protocols/mbus.ts'
import { testDriverContract } from './driver-contract.ts'
import { bytesOf, vectorsOf } from './vectors-of.ts'

testDriverContract({
  driver,
  frames: vectorsOf('mbus')
    .good.map((vector) => bytesOf(vector.hex))
    // An acknowledgement is one only at the end of what came.
    .filter((bytes) => bytes.length > 1),
  garbage: [
    bytesOf('00 33 CC'),
    bytesOf('68'),
    bytesOf('10 10 10'),
    bytesOf('68 03 03 68 08'),
    // A length that promises 255 bytes.
    bytesOf('68 FF FF 68 08 01 72'),
    new TextEncoder().encode('REG:013800138000 hh'),
  ],
  requests: [
    { type: 'item', address: '1', item: 'data' },
    { type: 'item', address: '0', item: 'data' },
    { type: 'follow-up', address: '250', item: 'data', sequence: 2 },
    { type: 'address', address: '254' },
  ],
  badRequests: [
    { type: 'item', address: '251', item: 'data' },
    { type: 'item', address: '255', item: 'data' },
    { type: 'item', address: '253', item: 'data' },
    { type: 'item', address: '1200007', item: 'data' },
    { type: 'select', address: '12' },
    { type: 'item', address: '', item: 'data' },
    { type: 'item', address: '1', item: 'volume' },
    { type: 'follow-up', address: '1', item: 'data', sequence: 0 },
  ],
})

/** A long frame of meter 1 around these records. */
function answer(records: string): Uint8Array {
  const body = bytesOf(`08 01 72 71 00 00 12 77 04 14 07 0A 30 00 00 ${records}`)
  const sum = body.reduce((total, byte) => (total + byte) & 0xff, 0)
  return Uint8Array.from([0x68, body.length, body.length, 0x68, ...body, sum, 0x16])
}
const read = (records: string) => driver.createParser().push(answer(records)).frames[0]!
const valuesOf = (records: string) => {
  const decoded = driver.decode(read(records))
  return { values: decoded.items.slice(5).map(({ id, value, missing }) => [id, value, missing]), decoded }
}

test('a long answer goes on in further frames, each asked for with the other frame count', () => {
  const first = read('04 13 E8 03 00 00 1F')
  const request = { type: 'item', address: '1', item: 'data' } as const
  const next = driver.followUp(request, first)
  expect(next).toEqual({ type: 'follow-up', address: '1', item: 'data', sequence: 1 })
  expect(driver.decode(first).error).toMatchObject({ type: 'partial' })
  const last = read('02 5B 2A 00')
  expect(driver.followUp(next!, last)).toBeNull()
  const whole = driver.decode(first, [last])
  expect(whole.error).toBeNull()
  expect(whole.items.slice(5).map(({ id, value }) => [id, value])).toEqual([
    ['volume', 1],
    ['flow-temperature', 42],
  ])
})

test('records are told with where they belong; what is no number is refused and the rest kept', () => {
  expect(valuesOf('44 13 E8 03 00 00 8C 10 04 09 04 00 00 1A 2F 01 00 04 BB 3B 0A 00 00 00').values).toEqual([
    ['volume.storage-1', 1, null],
    ['energy.tariff-1', 4090, null],
    ['power.max', 10_000, null],
    ['flow.forward', 0.01, null],
  ])
  const { values, decoded } = valuesOf('0A 13 BD EB 02 13 00 80 04 FD 47 10 27 00 00')
  expect(values).toEqual([
    ['volume', null, 'invalid-bcd'],
    ['volume', null, 'absent'],
    ['voltage', 100, null],
  ])
  expect(decoded.error).toMatchObject({ type: 'value-rejected', items: [{ reason: 'invalid-bcd' }] })
})

test('records cut short anywhere are told as far as they go, and the frame says so', () => {
  const records =
    '04 13 E8 03 00 00 0D 7C 08 44 49 20 2E 74 73 75 63 0A 45 4C 42 59 43 20 54 53 45 54 02 5B 2A 00'
  const bytes = records.split(' ')
  const whole = valuesOf(records).values
  expect(whole).toHaveLength(3)
  for (let count = 1; count < bytes.length; count += 1) {
    const { values, decoded } = valuesOf(bytes.slice(0, count).join(' '))
    expect(values).toEqual(whole.slice(0, values.length))
    if (count === 6 || count === 28) expect(decoded.error).toBeNull()
    else expect(decoded.error).toMatchObject({ type: 'malformed' })
  }
})
