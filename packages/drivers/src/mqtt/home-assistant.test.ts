import { describe, expect, it } from 'vitest'
import { createMqttReader } from './reader.ts'

const START = Date.UTC(2026, 0, 1)
const text = new TextEncoder()

function setUp() {
  const reader = createMqttReader()
  let atMs = START
  const say = (topic: string, payload: unknown, retained: 'no' | 'kept' | 'repeated' = 'no') =>
    reader
      .hear({
        topic,
        payload: text.encode(typeof payload === 'string' ? payload : JSON.stringify(payload)),
        retained,
        atMs,
      })
      .map(({ address, signal, value }) => [address, signal, value])
  const announce = (at: string, config: unknown) => say(`homeassistant/${at}/config`, config, 'kept')
  const device = (address: string) => reader.devices().find((one) => one.address === address)
  return { reader, say, announce, device, pass: (ms: number) => (atMs += ms), now: () => atMs }
}

describe('announcements for Home Assistant', () => {
  it('in long keys: a detector, its words, its device', () => {
    const { reader, say, announce, device } = setUp()
    announce('binary_sensor/hall/smoke', {
      unique_id: 'hall_smoke',
      name: 'Smoke',
      device_class: 'smoke',
      state_topic: 'esp/hall/smoke',
      payload_on: 'ALARM',
      payload_off: 'CLEAR',
      device: { identifiers: ['esp-hall'], name: 'Hall', model: 'ESP-1', manufacturer: 'Maker' },
    })
    expect(reader.topics()).toEqual(['esp/hall/smoke'])
    expect(say('esp/hall/smoke', 'ALARM')).toEqual([['esp-hall', 'smoke', 1]])
    expect(say('esp/hall/smoke', 'CLEAR')).toEqual([['esp-hall', 'smoke', 0]])
    expect(say('esp/hall/smoke', 'WARMING UP')).toEqual([])
    expect(say('esp/hall/smoke', 'ALARM', 'kept')).toEqual([['esp-hall', 'smoke', 1]])
    expect(device('esp-hall')).toMatchObject({
      via: 'home-assistant',
      name: 'Hall',
      model: 'ESP-1',
      vendor: 'Maker',
      signals: ['smoke'],
    })
    expect(reader.counts()).toMatchObject({ valuesRefused: 1 })
  })

  it('in short keys, with a base topic, templates, units and a shared payload', () => {
    const { say, announce } = setUp()
    const common = { '~': 'tele/plug', stat_t: '~/SENSOR', dev: { ids: 'plug-1', mf: 'Sonoff', mdl: 'S31' } }
    announce('sensor/plug_p', {
      ...common,
      uniq_id: 'p',
      dev_cla: 'power',
      unit_of_meas: 'kW',
      val_tpl: "{{value_json['ENERGY']['Power'] | float(0) / 1000}}",
    })
    announce('sensor/plug_e', {
      ...common,
      uniq_id: 'e',
      dev_cla: 'energy',
      unit_of_meas: 'Wh',
      val_tpl: '{{ value_json.ENERGY.Total }}',
    })
    announce('sensor/plug_t', {
      ...common,
      uniq_id: 't',
      dev_cla: 'temperature',
      unit_of_meas: '°F',
      val_tpl: '{{ value_json.Temp }}',
    })
    expect(say('tele/plug/SENSOR', { ENERGY: { Power: '1500', Total: 2500 }, Temp: 212 })).toEqual([
      ['plug-1', 'power', 1500],
      ['plug-1', 'electricity', 2.5],
      ['plug-1', 'temperature', 100],
    ])
    expect(say('tele/plug/SENSOR', { ENERGY: {} })).toEqual([['plug-1', 'power', 0]])
  })

  it('a whole device at once, with its components', () => {
    const { say, announce } = setUp()
    announce('device/box', {
      dev: { ids: ['box'] },
      stat_t: 'box/state',
      cmps: {
        door: {
          p: 'binary_sensor',
          dev_cla: 'door',
          pl_on: true,
          pl_off: false,
          val_tpl: '{{ value_json.open }}',
          uniq_id: 'b1',
        },
        damp: {
          p: 'sensor',
          dev_cla: 'humidity',
          unit_of_meas: '%',
          val_tpl: '{{ value_json.rh | round(1) }}',
          uniq_id: 'b2',
        },
        light: { p: 'light', cmd_t: 'box/light/on', uniq_id: 'b3' },
      },
    })
    expect(say('box/state', { open: true, rh: 55.55 })).toEqual([
      ['box', 'door-open', 1],
      ['box', 'humidity', 55.6],
    ])
  })

  it('says why an entity cannot be used, and keeps the others', () => {
    const { reader, announce, device } = setUp()
    const dev = { identifiers: ['d'] }
    const base = { device: dev, unique_id: 'u', state_topic: 'd/s' }
    announce('binary_sensor/d/1', {
      ...base,
      device_class: 'smoke',
      value_template: '{% if value %}ON{% endif %}',
    })
    announce('binary_sensor/d/2', { ...base, device_class: 'light' })
    announce('sensor/d/3', { ...base, device_class: 'power', unit_of_measurement: 'hp' })
    announce('switch/d/4', { ...base, command_topic: 'd/turn' })
    announce('sensor/d/5', { ...base, device_class: 'power', unit_of_measurement: 'W', state_topic: 'd/+' })
    announce('sensor/d/6', { state_topic: 'd/x' })
    announce('sensor/d/7', { ...base, device_class: 'battery', unit_of_measurement: '%' })
    expect(device('d')).toMatchObject({
      signals: ['battery'],
      notUsed: [
        'value_template: statements {% %} are not supported',
        'device_class light of a binary_sensor is no signal here',
        'unit hp of power is not supported',
        'switch: only sensors are read',
        'no state_topic that can be followed',
      ],
    })
    expect(device('homeassistant/sensor/d/6/config')?.notUsed).toEqual([
      'no unique_id and no device identifiers',
    ])
    expect(reader.operates('d/turn')).toBe(true)
    expect(reader.operates('d/s')).toBe(false)
  })

  it('a sensor that sleeps wakes up, connects and tells: that is news, kept by the broker or not', () => {
    const { say, announce } = setUp()
    announce('binary_sensor/leak', { unique_id: 'leak', device_class: 'moisture', state_topic: 'l' })
    expect(say('l', 'ON', 'kept')).toEqual([])
    expect(say('l', 'ON', 'repeated')).toEqual([['leak', 'water-leak', 1]])
  })

  it('an address has a form that a record takes', () => {
    const { reader, announce } = setUp()
    const base = { device_class: 'smoke', state_topic: 's' }
    announce('binary_sensor/a', { ...base, device: { identifiers: [' My  sensor '] } })
    announce('binary_sensor/b', { ...base, unique_id: 'x'.repeat(100) })
    announce('binary_sensor/c', { ...base, unique_id: '  ' })
    const addresses = reader.devices().map(({ address }) => address)
    expect(addresses[0]).toBe('My-sensor')
    expect(addresses[1]).toMatch(/^x{27}-[0-9a-f]{12}$/)
    expect(addresses.every((address) => /^\S{1,40}$/.test(address))).toBe(true)
  })

  it('is withdrawn by an empty announcement, and replaced by another', () => {
    const { reader, say, announce } = setUp()
    const config = { unique_id: 'u', device_class: 'gas', state_topic: 'a/b' }
    announce('binary_sensor/g', config)
    announce('binary_sensor/g', { ...config, state_topic: 'a/c' })
    expect(say('a/b', 'ON')).toEqual([])
    expect(say('a/c', 'ON')).toEqual([['u', 'gas-leak', 1]])
    say('homeassistant/binary_sensor/g/config', '', 'kept')
    expect(say('a/c', 'ON')).toEqual([])
    expect(reader.topics()).toEqual([])
  })

  it('what is behind zigbee2mqtt is read there alone, and two outlets are two devices', () => {
    const { reader, say, announce } = setUp()
    announce('binary_sensor/0x1/smoke', {
      unique_id: 'z',
      device_class: 'smoke',
      state_topic: 'zigbee2mqtt/x',
    })
    const outlet = (id: string) => ({
      unique_id: id,
      device: { identifiers: 'two' },
      device_class: 'power',
      unit_of_measurement: 'W',
      state_topic: `two/${id}`,
    })
    announce('sensor/two/l1', outlet('l1'))
    announce('sensor/two/l2', outlet('l2'))
    expect(reader.topics()).toEqual(['two/l1', 'two/l2'])
    expect(say('two/l1', '5')).toEqual([['two', 'power', 5]])
    expect(say('two/l2', '6')).toEqual([['l2', 'power', 6]])
    announce('sensor/two/l1', outlet('l1'))
    expect(say('two/l1', '7')).toEqual([['two', 'power', 7]])
  })

  it.each([
    [
      'all',
      [
        ['1', null],
        ['0', 0],
        ['1', 1],
      ],
    ],
    [
      'any',
      [
        ['1', 1],
        ['0', 1],
        ['1', 1],
      ],
    ],
    [
      'latest',
      [
        ['1', 1],
        ['0', 0],
        ['1', 1],
      ],
    ],
  ] as const)('availability, mode %s', (mode, expected) => {
    const { say, announce } = setUp()
    announce('binary_sensor/w', {
      unique_id: 'w',
      device_class: 'moisture',
      state_topic: 'w/s',
      availability_mode: mode,
      availability: [
        { topic: 'w/lwt', payload_available: '1', payload_not_available: '0' },
        { t: 'w/net', val_tpl: '{{ value_json.state }}' },
      ],
    })
    const first = say('w/lwt', '1')
    expect(first).toEqual(expected[0][1] === null ? [] : [['w', 'online', expected[0][1]]])
    say('w/net', { state: mode === 'any' ? 'online' : 'online' })
    expect(say('w/lwt', '0')).toEqual([['w', 'online', expected[1][1]]])
    expect(say('w/lwt', '1')).toEqual([['w', 'online', expected[2][1]]])
  })

  it('expire_after: silence longer than the device promised is a word of its own, once', () => {
    const { reader, say, announce, pass, now } = setUp()
    announce('binary_sensor/e', {
      unique_id: 'e',
      device_class: 'smoke',
      state_topic: 'e/s',
      expire_after: 60,
    })
    expect(reader.tick(now() + 3_600_000)).toEqual([])
    say('e/s', 'OFF')
    expect(reader.tick(now() + 59_999)).toEqual([])
    expect(reader.tick(now() + 61_000)).toMatchObject([
      { address: 'e', signal: 'online', value: 0, atMs: START + 60_000 },
    ])
    expect(reader.tick(now() + 99_000)).toEqual([])
    pass(100_000)
    expect(say('e/s', 'OFF')).toEqual([['e', 'smoke', 0]])
    expect(reader.tick(now() + 61_000)).toHaveLength(1)
  })
})
