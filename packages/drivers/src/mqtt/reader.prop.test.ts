import { signals } from '@doorstep/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMqttReader } from './reader.ts'
import { parseTemplate } from './template.ts'
import { isCommandTopic, isPlainTopic, matchesFilter } from './topic.ts'
import { zigbeeNumbers, zigbeeStates } from './zigbee-keys.ts'

const START = Date.UTC(2026, 0, 1)
const text = new TextEncoder()

const keys = [
  ...zigbeeStates.keys(),
  ...zigbeeNumbers.keys(),
  'action',
  'last_seen',
  'device',
  '__proto__',
  'state',
  'linkquality',
]
const state = fc
  .dictionary(
    fc.oneof(fc.constantFrom(...keys), fc.string()),
    fc.oneof(fc.boolean(), fc.double(), fc.string(), fc.jsonValue()),
  )
  .map((value) => text.encode(JSON.stringify(value)))
const config = fc
  .record(
    {
      unique_id: fc.oneof(fc.constant('u'), fc.jsonValue()),
      device_class: fc.oneof(fc.constantFrom('smoke', 'power', 'battery', 'constructor'), fc.jsonValue()),
      state_topic: fc.oneof(fc.constantFrom('a/b', '~/s', '+/x'), fc.jsonValue()),
      '~': fc.oneof(fc.constant('base'), fc.jsonValue()),
      value_template: fc.oneof(fc.constantFrom('{{ value_json.x }}', '{{ value }}'), fc.jsonValue()),
      unit_of_measurement: fc.oneof(fc.constant('W'), fc.jsonValue()),
      device: fc.jsonValue(),
      availability: fc.jsonValue(),
      components: fc.jsonValue(),
      expire_after: fc.jsonValue(),
    },
    { requiredKeys: [] },
  )
  .map((value) => text.encode(JSON.stringify(value)))
const devices = fc
  .array(
    fc.oneof(
      fc.jsonValue(),
      fc.record({
        ieee_address: fc.constant('0x00158d0001a2b3c4'),
        friendly_name: fc.string(),
        definition: fc.jsonValue(),
      }),
    ),
  )
  .map((value) => text.encode(JSON.stringify(value)))
const message = fc.record({
  topic: fc.oneof(
    fc.constantFrom(
      'zigbee2mqtt/bridge/devices',
      'zigbee2mqtt/bridge/state',
      'zigbee2mqtt/a',
      'zigbee2mqtt/a/availability',
      'zigbee2mqtt/a/action',
      'homeassistant/binary_sensor/a/config',
      'homeassistant/sensor/n/a/config',
      'homeassistant/device/a/config',
      'a/b',
      'base/s',
    ),
    fc.string(),
  ),
  payload: fc.oneof(
    state,
    config,
    devices,
    fc.uint8Array({ maxLength: 64 }),
    fc.constantFrom(...['online', '{"state":1}', '', 'ON', '5'].map((word) => text.encode(word))),
  ),
  retained: fc.constantFrom('no' as const, 'kept' as const, 'repeated' as const),
  atMs: fc.integer({ min: START, max: START + 86_400_000 }),
})

describe('whatever a broker says', () => {
  it('is read or counted, gives only values that the signal can have, and disturbs nothing after it', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 30 }), (messages) => {
        const reader = createMqttReader()
        for (const [index, one] of messages.entries()) {
          for (const heard of [...reader.hear(one), ...(index % 7 === 0 ? reader.tick(one.atMs) : [])]) {
            const { form } = signals[heard.signal]
            expect(Number.isFinite(heard.value) && Number.isFinite(heard.atMs)).toBe(true)
            if (form === 'condition') expect([0, 1]).toContain(heard.value)
            if (form === 'event') expect(heard.value).toBe(1)
            expect(heard.address.length).toBeGreaterThan(0)
          }
        }
        reader.devices()
        reader.tick(START + 2 * 86_400_000)
        const topic = 'zigbee2mqtt/0x00158d00000000ff'
        const payload = text.encode('{"smoke":true,"test":false}')
        const last = { topic, payload, retained: 'no', atMs: START + 3 * 86_400_000 } as const
        expect(reader.hear(last)).toMatchObject([{ signal: 'smoke', value: 1 }])
      }),
      { numRuns: 500 },
    )
  })

  it('a template parses or is refused, and gives a plain value', () => {
    const part = fc.constantFrom(
      'value_json',
      'value',
      '.x',
      '[0]',
      "['y']",
      '|',
      'float',
      '(',
      ')',
      '0',
      '/',
      '*',
      "'ON'",
      'if',
      'else',
      '==',
      ' ',
      '-',
      '.',
      '%',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 14 }), fc.oneof(fc.string(), fc.json()), (parts, payload) => {
        const parsed = parseTemplate(`{{ ${parts.join(' ')} }}`)
        if (parsed.ok)
          expect(['string', 'number', 'boolean', 'object']).toContain(typeof parsed.value(payload))
      }),
      { numRuns: 1500 },
    )
  })

  it('filters take in what MQTT 3.1.1 says they do', () => {
    const cases: [string, string, boolean][] = [
      ['a/+/c', 'a/b/c', true],
      ['a/+', 'a', false],
      ['a/#', 'a', true],
      ['a/#', 'a/b/c', true],
      ['#', '$SYS/x', false],
      ['$SYS/#', '$SYS/x', true],
      ['a/b', 'a/b/c', false],
      ['+', 'a', true],
      ['+/+', '/a', true],
      ['a/+', 'a/', true],
    ]
    for (const [filter, topic, taken] of cases)
      expect([filter, topic, matchesFilter(filter, topic)]).toEqual([filter, topic, taken])
    expect(['a/b', 'a/+', 'a\u0000', '', '$SYS/a', 'a'.repeat(513)].map(isPlainTopic)).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ])
  })

  it('knows where devices take commands', () => {
    const operate = [
      'zigbee2mqtt/x/set',
      'zigbee2mqtt/x/set/state',
      'zigbee2mqtt/x/get',
      'zigbee2mqtt/bridge/request/permit_join',
      'zigbee2mqtt/bridge/config/permit_join',
      'cmnd/plug/POWER',
      'esp/relay/command',
      'shellies/x/relay/0/command',
      'a/SET',
      'shelly/rpc',
      'x/mode_command',
    ]
    expect(operate.filter((topic) => !isCommandTopic(topic))).toEqual([])
    expect(
      [
        'zigbee2mqtt/x',
        'zigbee2mqtt/settings',
        'zigbee2mqtt/bridge/devices',
        'homeassistant/sensor/x/config',
        'tele/x/STATE',
        'zigbee2mqtt/x/availability',
      ].filter(isCommandTopic),
    ).toEqual([])
  })
})
