import { describe, expect, it } from 'vitest'
import { createMqttReader, type ReaderOptions } from './reader.ts'

const START = Date.UTC(2026, 0, 1)
const smoke = '0x00158d0001a2b3c4'
const plug = '0xa4c13800000000f1'
const contact = '0x00158d0001a2b3c5'
const text = new TextEncoder()
const bytes = (payload: unknown) =>
  text.encode(typeof payload === 'string' ? payload : JSON.stringify(payload))

const list = [
  { ieee_address: '0x00124b0000000000', type: 'Coordinator', friendly_name: 'Coordinator' },
  {
    ieee_address: smoke,
    type: 'EndDevice',
    friendly_name: '3-201/smoke',
    definition: {
      model: 'JTYJ-GD-01LM/BW',
      vendor: 'Xiaomi',
      exposes: [
        { type: 'binary', property: 'smoke', value_on: true, value_off: false },
        { type: 'numeric', property: 'battery', unit: '%' },
        { type: 'numeric', property: 'voltage', unit: 'mV' },
      ],
    },
  },
  {
    ieee_address: plug,
    type: 'Router',
    friendly_name: 'plug',
    definition: {
      model: 'TS011F_plug_1',
      vendor: 'Tuya',
      exposes: [
        { type: 'switch', features: [{ type: 'binary', property: 'state', value_on: 'ON' }] },
        { type: 'numeric', property: 'power', unit: 'W' },
        { type: 'numeric', property: 'current', unit: 'mA' },
        { type: 'numeric', property: 'voltage', unit: 'V' },
        { type: 'numeric', property: 'energy', unit: 'kWh' },
      ],
    },
  },
  { ieee_address: contact, type: 'EndDevice', friendly_name: 'door', definition: null },
  { ieee_address: 'nonsense', friendly_name: 'x' },
]

function setUp({ named = true, ...options }: ReaderOptions & { named?: boolean } = {}) {
  const reader = createMqttReader(options)
  let atMs = START
  const say = (topic: string, payload: unknown, retained: 'no' | 'kept' | 'repeated' = 'no') =>
    reader
      .hear({ topic: `zigbee2mqtt/${topic}`, payload: bytes(payload), retained, atMs })
      .map(({ address, signal, value, atMs: at }) => [
        address,
        signal,
        value,
        ...(at === atMs ? [] : [(at - atMs) / 1000]),
      ])
  if (named) say('bridge/devices', list, 'kept')
  return { reader, say, pass: (ms: number) => (atMs += ms), now: () => atMs }
}

describe('zigbee2mqtt', () => {
  it.each<[string, unknown, readonly [string, number][]]>([
    [
      'TS0205',
      { smoke: true, battery: 97, tamper: false, linkquality: 90 },
      [
        ['smoke', 1],
        ['battery', 97],
        ['tamper', 0],
      ],
    ],
    [
      'JTYJ-GD-01LM/BW',
      { smoke: false, battery_low: true, tamper: true, smoke_density: 3, test: false, voltage: 2985 },
      [
        ['smoke', 0],
        ['battery-low', 1],
        ['tamper', 1],
      ],
    ],
    [
      'HS1CG',
      { gas: true, battery_low: false, tamper: false },
      [
        ['gas-leak', 1],
        ['battery-low', 0],
        ['tamper', 0],
      ],
    ],
    [
      'JT-BZ-01AQ/A',
      { gas: false, gas_density: 2.5, gas_sensitivity: '15%LEL', state: 'work', linkage_alarm: true },
      [
        ['gas-leak', 0],
        ['gas-density', 2.5],
      ],
    ],
    [
      'MCCGQ11LM shut',
      { contact: true, battery: 100, voltage: 3025, trigger_count: 2 },
      [
        ['door-open', 0],
        ['battery', 100],
      ],
    ],
    ['MCCGQ11LM open', { contact: false }, [['door-open', 1]]],
    [
      'RTCGQ11LM',
      { occupancy: true, illuminance: 40, battery: 60 },
      [
        ['motion', 1],
        ['battery', 60],
      ],
    ],
    [
      'SJCGQ11LM',
      { water_leak: true, battery: 80 },
      [
        ['water-leak', 1],
        ['battery', 80],
      ],
    ],
    [
      'TS0215A_sos',
      { action: 'emergency', battery: 55 },
      [
        ['battery', 55],
        ['sos', 1],
      ],
    ],
    ['a button that is only a button', { action: 'single' }, [['online', 1]]],
    [
      'TS011F_plug_1',
      { power: 12.5, current: 0.06, voltage: 229, energy: 103.4, state: 'ON' },
      [
        ['power', 12.5],
        ['current', 0.06],
        ['voltage', 229],
        ['electricity', 103.4],
      ],
    ],
    ['SR-ZG9070A-SS, two elements', { smoke_alarm_1: true, smoke_alarm_2: false }, [['smoke', 1]]],
    ['gas and carbon monoxide in one', { gas: true, carbon_monoxide: false }, [['gas-leak', 1]]],
    [
      'TS0601_smoke_co',
      { smoke_state: 'alarm', carbon_monoxide: true },
      [
        ['smoke', 1],
        ['gas-leak', 1],
      ],
    ],
    ['a smoke state that says nothing', { smoke_state: 'unknown' }, [['online', 1]]],
    ['nothing that is kept', { linkquality: 80, last_seen: null }, [['online', 1]]],
    ['what it has not heard yet', { smoke: null, battery: null }, [['online', 1]]],
  ])('%s', (_, payload, said) => {
    const { say } = setUp()
    expect(say('door', payload).map(([, signal, value]) => [signal, value])).toEqual(said)
  })

  it('knows a device by its IEEE address whatever it is called, with a slash in its name, and its own units', () => {
    const { say, reader } = setUp()
    expect(say('3-201/smoke', { smoke: true, voltage: 2985 })).toEqual([[smoke, 'smoke', 1]])
    expect(say('plug', { current: 250 })).toEqual([[plug, 'current', 0.25]])
    say('bridge/devices', [{ ...list[2], friendly_name: 'kettle' }])
    expect(say('kettle', { power: 1 })).toEqual([[plug, 'power', 1]])
    expect(reader.devices().find(({ address }) => address === plug)).toMatchObject({
      name: 'kettle',
      model: 'TS011F_plug_1',
      vendor: 'Tuya',
      signals: ['power', 'current', 'voltage', 'electricity'],
      lastHeardMs: START,
    })
    expect(reader.counts()).toMatchObject({ devicesRefused: 1 })
  })

  it('reads one name by what the device says it is: a detector, a meter, words of its own, or nothing', () => {
    const { say, reader } = setUp({ named: false })
    const exposes = (...features: object[]) => ({ model: 'm', vendor: 'v', exposes: features })
    const at = (n: number, definition: object) => ({
      ieee_address: `0x000000000000000${n}`,
      friendly_name: `d${n}`,
      definition,
    })
    say('bridge/devices', [
      at(1, exposes({ type: 'numeric', property: 'gas', unit: 'm³' })),
      at(2, exposes({ type: 'binary', property: 'gas', value_on: 'LEAK', value_off: 'OK' })),
      at(3, exposes({ type: 'enum', property: 'fault' }, { type: 'numeric', property: 'gas', unit: '%LEL' })),
      at(4, exposes({ type: 'binary', property: 'contact', value_on: 'ON', value_off: 'OFF' })),
      at(5, exposes({ type: 'numeric', property: 'water_consumed', unit: 'L' })),
      at(6, exposes({ type: 'binary', property: 'alarm_1' }, { type: 'enum', property: 'alarm_volume' })),
    ])
    const told = (name: string, payload: object) =>
      say(name, payload).map(([, signal, value]) => [signal, value])
    expect(told('d1', { gas: 12.5 })).toEqual([['gas', 12.5]])
    expect(told('d2', { gas: 'LEAK' })).toEqual([['gas-leak', 1]])
    expect(told('d2', { gas: 'OK' })).toEqual([['gas-leak', 0]])
    expect(told('d3', { fault: 'none', gas: 3 })).toEqual([['online', 1]])
    expect(told('d4', { contact: 'ON' })).toEqual([['online', 1]])
    expect(told('d5', { water_consumed: 1500 })).toEqual([['water', 1.5]])
    expect(reader.devices().map(({ signals }) => signals.filter((one) => one !== 'online'))).toEqual([
      ['gas'],
      ['gas-leak'],
      [],
      ['door-open'],
      ['water'],
      [],
    ])
    expect(reader.devices().at(-1)?.notUsed).toEqual(['alarm_1: what it says is not known here'])
  })

  it('holds what comes before the names, and lets it go when no names come', () => {
    const { say, reader, pass, now } = setUp({ named: false })
    expect(say('plug', { power: 1 })).toEqual([])
    expect(say('bridge/devices', list, 'kept')).toEqual([[plug, 'power', 1]])
    const without = setUp({ named: false })
    expect(without.say('plug', { power: 1 })).toEqual([])
    expect(without.reader.tick(now() + 5999)).toEqual([])
    expect(without.reader.tick(now() + 6000)).toMatchObject([{ address: 'plug', signal: 'power' }])
    expect(without.say('0x00158D0001A2B3C4', { power: 2 })).toEqual([[smoke, 'power', 2]])
    pass(1)
    expect(reader.tick(now() + 9999)).toEqual([])
  })

  it('hears of availability in both forms, and of the bridge itself', () => {
    const { say, reader } = setUp()
    expect(say('3-201/smoke/availability', 'offline')).toEqual([[smoke, 'online', 0]])
    expect(say('3-201/smoke/availability', { state: 'online' })).toEqual([[smoke, 'online', 1]])
    expect(say('3-201/smoke/availability', 'perhaps')).toEqual([])
    say('bridge/state', { state: 'offline' })
    expect(reader.bridgesAway()).toEqual(['zigbee2mqtt'])
    say('bridge/state', 'online')
    expect(reader.bridgesAway()).toEqual([])
    expect(say('bridge/logging', { level: 'info', message: 'smoke' })).toEqual([])
    expect(reader.counts()).toMatchObject({ malformed: 1 })
  })

  it('takes an attribute from a topic of its own', () => {
    const { say } = setUp()
    expect(say('door/contact', 'false')).toEqual([[contact, 'door-open', 1]])
    expect(say('door/action', 'emergency')).toEqual([[contact, 'sos', 1]])
    expect(say('door/gas', 'true')).toEqual([[contact, 'gas-leak', 1]])
    expect(say('door/carbon_monoxide', 'false')).toEqual([[contact, 'gas-leak', 1]])
    expect(say('door/gas', 'false')).toEqual([[contact, 'gas-leak', 0]])
    expect(say('door/battery', '50')).toEqual([[contact, 'battery', 50]])
  })

  it('a kept smoke is a level of unknown age: no news, unless it was otherwise when last heard', () => {
    const { say, reader, pass } = setUp()
    expect(say('3-201/smoke', { smoke: true }, 'kept')).toEqual([])
    expect(reader.devices()[0]).toMatchObject({ ofUnknownAge: ['smoke'], lastHeardMs: null })
    pass(60_000)
    expect(say('3-201/smoke', { smoke: false })).toEqual([[smoke, 'smoke', 0]])
    expect(reader.devices()[0]).toMatchObject({ ofUnknownAge: [], lastHeardMs: START + 60_000 })
    expect(say('3-201/smoke', { smoke: false }, 'kept')).toEqual([])
    expect(say('3-201/smoke', { smoke: true }, 'kept')).toEqual([[smoke, 'smoke', 1]])
    expect(say('door', { action: 'emergency', sos: true }, 'kept')).toEqual([])
    const archive = setUp({ lastKnown: (_, signal) => (signal === 'smoke' ? 0 : null) })
    expect(archive.say('3-201/smoke', { smoke: true }, 'kept')).toEqual([[smoke, 'smoke', 1]])
  })

  it('what a bridge that starts gives again from its cache is of unknown age', () => {
    const { say, pass } = setUp()
    say('bridge/state', 'online', 'repeated')
    pass(4000)
    expect(say('3-201/smoke', { smoke: true, battery: 3 })).toEqual([])
    pass(7000)
    expect(say('3-201/smoke', { smoke: true })).toEqual([[smoke, 'smoke', 1]])
  })

  it('dates by last_seen, a kept level too', () => {
    const { say } = setUp()
    const ago = (s: number) => new Date(START - s * 1000).toISOString()
    expect(say('3-201/smoke', { smoke: true, last_seen: ago(600) }, 'kept')).toEqual([
      [smoke, 'smoke', 1, -600],
    ])
    expect(say('3-201/smoke', { smoke: false, last_seen: START - 1000 })).toEqual([[smoke, 'smoke', 0, -1]])
    expect(say('3-201/smoke', { smoke: true, last_seen: '1970-01-01T00:00:09Z' })).toEqual([
      [smoke, 'smoke', 1],
    ])
  })

  it('sees through a bridge whose clock is ahead, at once, or behind, within a minute', () => {
    const ahead = setUp()
    expect(ahead.say('plug', { power: 1, last_seen: START + 3_600_000 })).toEqual([[plug, 'power', 1]])
    expect(ahead.reader.counts()).toMatchObject({ clockOff: 1 })
    const behind = setUp()
    const offs = Array.from({ length: 14 }, (_, n) => {
      behind.pass(6000)
      return behind.say('plug', { power: n, last_seen: behind.now() - 3_600_000 })[0]![3] ?? 0
    })
    expect(offs.slice(0, 3)).toEqual([-3600, -3600, -3600])
    expect(offs.slice(11)).toEqual([0, 0, 0])
  })

  it('an action repeats within seconds and is one; later it is another', () => {
    const { say, reader, pass } = setUp({ buttons: { [contact]: ['double'] } })
    expect(say('door', { action: 'double' })).toEqual([[contact, 'sos', 1]])
    pass(300)
    expect(say('door', { action: 'double' })).toEqual([])
    expect(say('door', { action: '' })).toEqual([[contact, 'online', 1]])
    pass(5000)
    expect(say('door', { action: 'double' })).toEqual([[contact, 'sos', 1]])
    expect(say('door', { action: 'single' })).toEqual([[contact, 'online', 1]])
    expect(reader.counts()).toMatchObject({ repeatedEvents: 1 })
  })

  it('a boolean call stays in later payloads and is one call', () => {
    const { say, pass } = setUp()
    expect(say('door', { sos: true })).toEqual([[contact, 'sos', 1]])
    pass(60_000)
    expect(say('door', { sos: true, battery: 50 })).toEqual([[contact, 'battery', 50]])
    say('door', { sos: false })
    expect(say('door', { sos: true })).toEqual([[contact, 'sos', 1]])
  })

  it('a test is a test: smoke in the same message, or just after it without a word of its own, is no alarm', () => {
    const { say, reader, pass } = setUp()
    expect(say('3-201/smoke', { test: true, smoke: true, battery: 90 })).toEqual([
      [smoke, 'battery', 90],
      [smoke, 'test', 1],
    ])
    pass(10_000)
    expect(say('3-201/smoke', { smoke: true, battery: 90 })).toEqual([[smoke, 'battery', 90]])
    expect(say('3-201/smoke', { smoke: true, test: false })).toEqual([[smoke, 'smoke', 1]])
    expect(reader.counts()).toMatchObject({ alarmsUnderTest: 2 })
    pass(40_000)
    expect(say('3-201/smoke', { smoke: true })).toEqual([[smoke, 'smoke', 1]])
  })

  it('counts what it cannot read and goes on', () => {
    const { say, reader } = setUp()
    const raw = (payload: Uint8Array) =>
      reader.hear({ topic: 'zigbee2mqtt/door', payload, retained: 'no', atMs: START })
    expect(raw(Uint8Array.of(0x7b, 0xff, 0xfe))).toEqual([])
    expect(raw(new Uint8Array(70_000).fill(0x20))).toEqual([])
    expect(say('door', `${'['.repeat(60_000)}`)).toEqual([])
    expect(say('door', '{"contact":')).toEqual([])
    expect(say('door', '[true]')).toEqual([])
    expect(say('door', { contact: 'ajar', battery: 250, temperature: '20', __proto__: 1, smoke: 1 })).toEqual(
      [[contact, 'online', 1]],
    )
    expect(say('door/set', { state: 'ON' })).toEqual([])
    expect(say('door', { contact: true })).toEqual([[contact, 'door-open', 0]])
    expect(reader.counts()).toMatchObject({
      'not-utf8': 1,
      'too-large': 1,
      'too-deep': 1,
      'not-json': 1,
      malformed: 1,
      valuesRefused: 4,
      commandsSeen: 1,
    })
  })
})
