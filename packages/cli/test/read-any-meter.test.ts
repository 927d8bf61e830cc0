import { type AddressInfo, createServer, type Server } from 'node:net'
import { cjt188, type Driver, dlt645, type Frame, mbus, modbus, parseHex } from '@doorstep/drivers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, registers, type World } from './run.ts'

const bytesOf = (hex: string): number[] => {
  const parsed = parseHex(hex)
  if (!parsed.ok) throw new Error(hex)
  return [...parsed.value]
}
const closed = (body: number[]): number[] => [
  ...body,
  body.reduce((sum, byte) => (sum + byte) & 0xff, 0),
  0x16,
]
const crc = (body: number[]): number[] => {
  let sum = 0xffff
  for (const byte of body) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >> 1) ^ 0xa001 : sum >> 1
  }
  return [...body, sum & 0xff, sum >> 8]
}

/** What the meters of one shared line answer, byte for byte; whatever is not listed meets silence. */
const METERS: readonly { readonly driver: Driver; readonly answer: (frame: Frame) => number[] | null }[] = [
  {
    // A gas meter: 12.34 m³, and no clock.
    driver: cjt188 as Driver,
    answer: ({ bytes, address }) =>
      /^0020151027058[89]$/.test(address)
        ? closed([
            ...[0x68, 0x30, ...bytes.subarray(2, 9), 0x81, 0x16, 0x90, 0x1f, bytes[13]!],
            ...bytesOf('34 12 00 00 2C 00 00 00 00 2C 00 00 00 00 00 00 00 00 00'),
          ])
        : null,
  },
  {
    // libmbus itron_cyble_m-bus_v1.4_water: 123.49 m³.
    driver: mbus as Driver,
    answer: ({ address, bytes }) =>
      address === '1' && bytes[1] === 0x7b
        ? bytesOf(
            '68 56 56 68 08 01 72 71 00 00 12 77 04 14 07 0A 30 00 00 0C 78 71 00 00 12 0D 7C 08 44 49 20 2E 74 73 75 63 0A 45 4C 42 59 43 20 54 53 45 54 04 6D 2B 0D 98 11 02 7C 09 65 6D 69 74 20 2E 74 61 62 F2 10 04 14 3D 30 00 00 04 94 7F 14 00 00 00 44 14 00 00 00 00 0F 10 01 1F 2F 16',
          )
        : null,
  },
  {
    // 1234.5 m³ as the lowest byte first.
    driver: modbus as Driver,
    answer: ({ address, bytes }) =>
      address === '3' && bytes[1] === 3 && bytes[3] === 1 ? crc([3, 3, 4, 0x00, 0x50, 0x9a, 0x44]) : null,
  },
  {
    // Of the 1997 edition, so that function 11 means nothing to it: 93.64 kWh.
    driver: dlt645 as Driver,
    answer: ({ address, bytes }) =>
      address === '000000060507' && bytes[8] === 0x01
        ? closed([0x68, ...bytes.subarray(1, 8), 0x81, 0x06, 0x43, 0xc3, 0x97, 0xc6, 0x33, 0x33])
        : null,
  },
]

describe('meters of every protocol', () => {
  let world: World
  let household: string
  let line: Server | undefined
  let at: string
  beforeAll(async () => {
    world = createWorld({ isResident: true })
    await world.run(['init', '--community', '测试社区', '--member', '测试员甲', '--grid', '一号网格'])
    await world.run([
      'import',
      `${registers}sample-people.csv`,
      '--mapping',
      `${registers}sample-people.mapping.json`,
    ])
    household = (await world.json(['household', 'list'])).households[0].id
    await world.run(['visit', 'record', household])
    line = createServer((socket) => {
      socket.on('error', () => {})
      const parsers = METERS.map(({ driver, answer }) => ({ parser: driver.createParser(), answer }))
      socket.on('data', (piece) => {
        for (const { parser, answer } of parsers) {
          for (const frame of parser.push(piece).frames) {
            const said = answer(frame)
            if (said) socket.write(Uint8Array.from(said))
          }
        }
      })
    }).listen(0, '127.0.0.1')
    const server = line
    await new Promise((resolve) => server.once('listening', resolve))
    at = `127.0.0.1:${(server.address() as AddressInfo).port}`
  }, 120_000)
  afterAll(() => {
    line?.close()
    world.remove()
  })
  const add = (kind: string, protocol: string, address: string) =>
    world.json(['device', 'add', household, '--kind', kind, '--protocol', protocol, '--address', address])
  const read = (device: string) => world.json(['device', 'read', device, '--at', at])

  it.each([
    ['gas', 'cjt188', '00201510270588', 12.34, 'm³'],
    ['water', 'mbus', '1', 123.49, 'm³'],
    ['water', 'modbus:xintai-water', '3', 1234.5, 'm³'],
    ['electricity', 'dlt645', '60507', 93.64, 'kWh'],
  ])(
    '%s over %s is registered, read on a shared line, and kept',
    async (kind, protocol, address, value, unit) => {
      const added = await add(kind, protocol, address)
      expect(added, JSON.stringify(added)).toMatchObject({ protocol })
      const reading = await read(added.device)
      expect(reading).toMatchObject({ device: added.device, item: kind, value, unit, changed: true })
      expect(reading.protocol).toBe(protocol === 'dlt645' ? 'dlt645:1997' : protocol)
      const { devices } = await world.json(['device', 'list'])
      expect(devices).toContainEqual(
        expect.objectContaining({
          id: added.device,
          last: expect.objectContaining({ item: kind, value, unit }),
        }),
      )
    },
  )

  it('says what is wrong before anything is sent, and when the answer is of another kind of meter', async () => {
    const unknown = await add('water', 'modbus', '4')
    expect(unknown.error).toMatchObject({ type: 'not-supported', protocol: 'modbus' })
    expect((await add('water', 'modbus:xintai-water', '0')).error).toMatchObject({ type: 'invalid-request' })
    expect((await add('water', 'mbus', '254')).error).toMatchObject({ type: 'invalid-request' })
    expect((await add('water', 'modbus:water=3:0001', '3')).error).toMatchObject({ type: 'device-known' })
    expect(await add('water', 'modbus:xintai-water', 'block-2/3')).toMatchObject({ address: 'block-2/3' })
    expect((await add('electricity', 'dlt645', 'block-2/161')).error).toMatchObject({
      type: 'invalid-request',
    })
    const gas = await add('water', 'cjt188', '00201510270589')
    expect((await read(gas.device)).error).toMatchObject({
      type: 'meter-counts-other',
      kind: 'water',
      counts: 'gas',
    })
    const bad = await world.json(['device', 'read', gas.device, '--at', '/dev/no-such-line@2400'])
    expect(bad.error).toMatchObject({ type: 'serial-missing' })
  })
})
