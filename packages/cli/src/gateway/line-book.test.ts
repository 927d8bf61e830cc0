import { type Projection, RecordSet } from '@doorstep/core'
import { expect, test } from 'vitest'
import { DeviceBook } from './device-book.ts'
import { LineBook } from './line-book.ts'

const HOUR = 3_600_000
const device = (protocol: string, address: string): Projection =>
  ({
    type: 'device',
    id: `de-${address}`,
    space: 'g',
    fields: { protocol, address, kind: 'water', dwelling: 'dw-1' },
    timelines: {},
  }) as unknown as Projection

test('a meter that no line knows is looked for on all of them, and then asked where it answered', () => {
  let now = 0
  const book = new LineBook(() => now)
  const lines = new Set(['a', 'b'])
  const devices = [device('cjt188', '00201510270588')]
  const everyMs = 60_000
  const on = (name: string) => book.metersOf({ name, protocols: [], everyMs }, lines, devices)
  expect([on('a')[0]!.everyMs, on('b')[0]!.everyMs]).toEqual([HOUR, HOUR])
  book.heard('b', 'cjt188', '00201510270588')
  expect([on('a'), on('b')[0]!.everyMs]).toEqual([[], everyMs])
  // It was carried to another house.
  now = 4 * 24 * HOUR
  expect(on('a')[0]!.everyMs).toBe(HOUR)
})

test('an address that other lines may have too is asked on its own line alone, and never guessed', () => {
  const book = new LineBook(() => 0)
  const devices = [
    device('modbus:xintai-water', 'a/3'),
    device('modbus:pzem-004t', 'b/3'),
    device('mbus', '3'),
    device('mbus', '12000071'),
  ]
  const asked = (name: string, lines: readonly string[]) =>
    book
      .metersOf({ name, protocols: [], everyMs: 60_000 }, new Set(lines), devices)
      .map(({ protocol, address, items }) => `${protocol} ${address} ${items[0]}`)
  const found = 'mbus 12000071 data'
  expect(asked('a', ['a', 'b'])).toEqual(['modbus 3 water=3:0001:f32:DCBA', found])
  expect(asked('b', ['a', 'b'])).toEqual(['modbus 3 electricity=4:0005:u32:CDAB*0.001', found])
  // With one line there is nothing to mistake it for.
  expect(asked('a', ['a'])).toEqual(['modbus 3 water=3:0001:f32:DCBA', 'mbus 3 data', found])
})

test('what was heard is the device of that line, and nobody else of the same number', () => {
  const set = new RecordSet([
    device('modbus:xintai-water', 'a/3'),
    device('modbus:pzem-004t', 'b/3'),
    device('dlt645', '000000000161'),
  ])
  const book = new DeviceBook(set, () => 0)
  const found = (protocol: string, address: string, source: string) => {
    const one = book.find(protocol, address, source)
    return one.type === 'device' ? one.device.id : one.type
  }
  expect(found('modbus', '3', 'a')).toBe('de-a/3')
  expect(found('modbus', '3', 'b')).toBe('de-b/3')
  expect(found('modbus', '3', 'c')).toBe('unknown')
  expect(found('dlt645', '000000000161', 'c')).toBe('de-000000000161')
  book.close()
})

test('what is no entry of what was kept is left out', () => {
  const kept: unknown[] = [['dlt645/000000000161', 'a', 5], ['x', 'a', null], ['x'], null, 'x', { 0: 'x' }]
  expect(new LineBook(() => 0, kept).entries()).toEqual([['dlt645/000000000161', 'a', 5]])
  for (const none of [undefined, null, 'x', { length: 1 }])
    expect(new LineBook(() => 0, none).entries()).toEqual([])
})
