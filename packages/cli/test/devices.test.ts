import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWorld, type Json, registers, type World } from './run.ts'

const METER = '000000000161'

describe('meters', () => {
  let world: World
  let household: string
  beforeAll(async () => {
    world = createWorld()
    await world.run(['init', '--community', '测试社区', '--member', '测试员甲', '--grid', '一号网格'])
    await world.run([
      'import',
      `${registers}sample-people.csv`,
      '--mapping',
      `${registers}sample-people.mapping.json`,
    ])
    household = (await world.json(['household', 'list'])).households[0].id
  })
  afterAll(() => world.remove())

  it('decodes what was captured, without a home', async () => {
    // A reply of a meter to "forward active energy": 12 bytes of frame around 00010000 and 00123456 (12 34.56 kWh).
    const bytes = [
      0x68, 0x61, 0x01, 0, 0, 0, 0, 0x68, 0x91, 0x08, 0x33, 0x33, 0x34, 0x33, 0x89, 0x67, 0x45, 0x33,
    ]
    const sum = bytes.reduce((total, byte) => (total + byte) & 0xff, 0)
    const hex = [...bytes, sum, 0x16].map((byte) => byte.toString(16).padStart(2, '0'))
    const decoded = await world.json(['device', 'decode', 'dlt645', 'ff', ...hex])
    expect(decoded).toMatchObject({ discardedBytes: 1, frames: [{ protocol: 'dlt645', error: null }] })
    expect(decoded.frames[0].items).toMatchObject([{ id: '00010000', value: 1234.56, unit: 'kWh' }])
    const spoilt = hex.with(14, '8a').join(' ')
    expect(await world.json(['device', 'decode', 'dlt645', spoilt])).toEqual({
      frames: [],
      discardedBytes: 20,
    })
  })

  it('reads a meter over TCP and keeps the reading of the day', async () => {
    const adding = [
      'device',
      'add',
      household,
      '--kind',
      'electricity',
      '--protocol',
      'dlt645',
      '--address',
      '161',
    ]
    const added = await world.json(adding)
    expect(added).toMatchObject({ device: expect.stringMatching(/^de-/), address: METER, household })
    expect((await world.json(adding)).error).toMatchObject({ type: 'device-known', device: added.device })

    // Nobody was met there today, and nobody consented: the meter is not even asked.
    const unasked = await world.json(['device', 'read', added.device, '--at', '127.0.0.1:1'])
    expect(unasked.error).toMatchObject({
      type: 'no-consent',
      purpose: 'monitor-electricity',
      because: 'unsaid',
    })
    await world.json(['visit', 'record', household])
    const simulator = world.start(['device', 'simulate', '--meter', `${METER}:1234.56`, '--json'])
    try {
      const { listening, meters } = await firstDocument(simulator.stdout!)
      expect(meters).toMatchObject([{ protocol: 'dlt645', address: METER, unit: 'kWh', value: 1234.56 }])
      const reading = [
        'device',
        'read',
        added.device.slice(0, 8),
        '--at',
        `${listening.host}:${listening.port}`,
      ]
      const read = await world.json(reading)
      expect(read).toMatchObject({ device: added.device, changed: true, item: 'electricity', unit: 'kWh' })
      expect(read.value).toBeGreaterThanOrEqual(1234.56)
      expect(read.value).toBeLessThan(1235)
      const { devices } = await world.json(['device', 'list'])
      expect(devices).toMatchObject([{ id: added.device, last: { on: read.on, value: read.value } }])
      const card = await world.json(['household', 'show', household])
      expect(card.devices).toMatchObject([
        { id: added.device, address: METER, daily: [{ item: 'electricity' }] },
      ])
    } finally {
      simulator.kill('SIGINT')
    }
    const [code] = await once(simulator, 'exit')
    expect(code).toBe(0)
  })

  it('says what a line that is not there means', async () => {
    const { devices } = await world.json(['device', 'list'])
    const { error } = await world.json(['device', 'read', devices[0].id, '--at', '127.0.0.1:1'])
    expect(error).toMatchObject({ type: 'connect-failed', port: 1 })
  })
})

/** Pretty-printed JSON ends at the first line that closes it. */
async function firstDocument(stream: NodeJS.ReadableStream): Promise<Json> {
  let text = ''
  for await (const line of createInterface({ input: stream })) {
    text += `${line}\n`
    if (line === '}') return JSON.parse(text)
  }
  throw new Error(`ended before a document was whole: ${text}`)
}
