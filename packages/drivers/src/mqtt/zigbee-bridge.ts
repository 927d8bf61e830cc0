/**
 * One zigbee2mqtt bridge, told topic by topic. Its names for devices are resolved to addresses; states that arrive
 * before the list of names are held for a moment.
 */
import type { Heard } from '../heard.ts'
import { addressOf, isIeee } from './address.ts'
import { type BridgeClock, createBridgeClock } from './bridge-clock.ts'
import type { DeviceMemory, Moment } from './device-memory.ts'
import type { MqttMessage } from './message.ts'
import { decodeJson, decodeText, isObject, type JsonObject, own, parseJson } from './payload.ts'
import type { Said } from './said.ts'
import { isCommandTopic } from './topic.ts'
import { readZigbeeDevices, type ZigbeeDevice } from './zigbee-devices.ts'
import { isZigbeeKey, zigbeeStates } from './zigbee-keys.ts'
import { callsForHelp, readZigbeeState } from './zigbee-state.ts'

export type ZigbeeBridgeOptions = {
  /** Topic that all others begin with: `zigbee2mqtt`. */
  readonly base: string
  /** By IEEE address: presses that call for help besides those that always do. */
  readonly buttons?: ReadonlyMap<string, ReadonlySet<string>>
}

/** A list for 200 devices is a megabyte and a half: each describes everything it can do. */
const MAX_LIST_BYTES = 8 << 20
const MAX_STATE_BYTES = 64 << 10
const MAX_HELD = 2000
/** A bridge that comes back gives its list again after two seconds. */
const HOLD_MS = 6000
/** After it started a bridge gives the states it had kept, as if they were new. */
const STARTING_MS = 10_000
/** A detector under test raises its alarm some seconds after it told of the button. */
const TESTING_MS = 30_000

export function createZigbeeBridge(
  { base, buttons = new Map() }: ZigbeeBridgeOptions,
  memory: DeviceMemory,
  count: (what: string) => void,
) {
  const clock: BridgeClock = createBridgeClock()
  let byName: ReadonlyMap<string, ZigbeeDevice> | null = null
  /** Of bridges that give every key a topic of its own; keys of the tables alone. */
  const attributes = new Map<string, Map<string, unknown>>()
  let held: MqttMessage[] = []
  let online: boolean | null = null
  let startedMs = Number.NEGATIVE_INFINITY
  const prefix = `${base}/`

  return {
    base,
    filters: [`${base}/bridge/devices`, `${base}/bridge/state`, `${base}/#`],
    takes: (topic: string): boolean => topic.startsWith(prefix),
    /** The bridge's own word (its last will when it broke off); null: nothing heard of it. */
    get online() {
      return online
    },
    get clockBehindMs() {
      return clock.behindMs
    },
    hear,
    /** Call now and then: what waited for names that never came is told by the names it has. */
    tick(nowMs: number): readonly Heard[] {
      const first = held[0]
      return first !== undefined && nowMs - first.atMs >= HOLD_MS ? release() : []
    },
  }

  function hear(message: MqttMessage): readonly Heard[] {
    const rest = message.topic.slice(prefix.length)
    if (rest === 'bridge/devices') return hearList(message)
    if (rest === 'bridge/state') return hearBridge(message)
    if (rest.startsWith('bridge/')) return []
    const device = byName?.get(rest)
    if (device !== undefined) return hearState(device, rest, message)
    const cut = rest.lastIndexOf('/')
    const last = rest.slice(cut + 1)
    if (cut > 0 && last === 'availability') return hearAvailability(rest.slice(0, cut), message)
    const owner = cut > 0 ? byName?.get(rest.slice(0, cut)) : undefined
    if (owner !== undefined && (isZigbeeKey(last) || last === 'action'))
      return hearAttribute(owner, last, message)
    if (isCommandTopic(message.topic)) return skip('commandsSeen')
    return hearState(undefined, rest, message)
  }

  function hearList({ payload }: MqttMessage): readonly Heard[] {
    const json = decodeJson(payload, MAX_LIST_BYTES)
    if (!json.ok) return skip(json.problem.reason)
    const list = readZigbeeDevices(json.value)
    if (list === null) return skip('malformed')
    for (let left = list.refused; left > 0; left -= 1) count('devicesRefused')
    byName = new Map(list.devices.map((device) => [device.name, device]))
    for (const { ieee, name, model, vendor, signals, notUsed } of list.devices) {
      memory.describe(ieee, { via: 'zigbee2mqtt', name, model, vendor, signals, notUsed })
      if (addressOf(name) !== ieee) memory.forget(addressOf(name))
    }
    return release()
  }

  function hearBridge({ payload, retained, atMs }: MqttMessage): readonly Heard[] {
    const state = stateWord(payload)
    if (state === null) return skip('malformed')
    if (state && retained !== 'kept') startedMs = atMs
    online = state
    return []
  }

  function hearAvailability(name: string, message: MqttMessage): readonly Heard[] {
    if (byName === null) return hold(message)
    const state = stateWord(message.payload)
    if (state === null) return skip('malformed')
    const moment: Moment = { atMs: message.atMs, told: message.retained === 'no' ? 'when-heard' : 'unknown' }
    return memory.keep(
      addressBehind(name),
      'zigbee2mqtt',
      [{ signal: 'online', value: state ? 1 : 0 }],
      moment,
    )
  }

  /** `online`, or `{"state":"online"}`. */
  function stateWord(payload: Uint8Array): boolean | null {
    const text = decodeText(payload, 256)
    if (!text.ok) return null
    const json = text.value.trimStart().startsWith('{') ? parseJson(text.value) : null
    const word =
      json === null ? text.value.trim() : json.ok && isObject(json.value) ? own(json.value, 'state') : null
    return word === 'online' ? true : word === 'offline' ? false : null
  }

  function hearState(device: ZigbeeDevice | undefined, name: string, message: MqttMessage): readonly Heard[] {
    // Empty: somebody cleared what the broker kept.
    if (message.payload.length === 0) return []
    if (device === undefined && byName === null && !isIeee(name)) return hold(message)
    const json = decodeJson(message.payload, MAX_STATE_BYTES)
    if (!json.ok) return skip(json.problem.reason)
    if (!isObject(json.value)) return skip('malformed')
    return keepState(device, device?.ieee ?? ieeeIn(json.value) ?? addressBehind(name), json.value, message)
  }

  /** With `output: attribute` every key has a topic of its own. */
  function hearAttribute(device: ZigbeeDevice, key: string, message: MqttMessage): readonly Heard[] {
    const text = decodeText(message.payload, 1024)
    if (!text.ok) return skip(text.problem.reason)
    const json = key === 'action' ? null : parseJson(text.value)
    if (json !== null && !json.ok) return skip(json.problem.reason)
    if (json === null) return keepState(device, device.ieee, { action: text.value }, message)
    // Several keys may say one signal: what the others said last still holds.
    const others = attributes.get(device.ieee) ?? new Map<string, unknown>()
    attributes.set(device.ieee, others.set(key, json.value))
    const signal = zigbeeStates.get(key)?.signal
    const alike = [...others].filter(([other]) => other === key || zigbeeStates.get(other)?.signal === signal)
    return keepState(
      device,
      device.ieee,
      Object.fromEntries(signal === undefined ? [[key, json.value]] : alike),
      message,
    )
  }

  function keepState(
    device: ZigbeeDevice | undefined,
    address: string,
    state: JsonObject,
    message: MqttMessage,
  ): readonly Heard[] {
    const read = readZigbeeState(state, (key) => device?.keys.get(key))
    for (const _ of read.refused) count('valuesRefused')
    const moment = momentOf(read.lastSeenMs, message)
    const said = withoutTested(address, read.said, read.test, message.atMs)
    // Of now, or of no use: a kept message says that somebody once pressed.
    const now: Moment = { atMs: message.atMs, told: message.retained === 'no' ? 'when-heard' : 'unknown' }
    const risen = read.edges.filter((edge) => memory.rises(address, 'zigbee2mqtt', edge))
    if (read.action !== null && callsForHelp(read.action, buttons.get(address)))
      risen.push({ signal: 'sos', value: 1 })
    // Nothing that we keep, and yet the device was heard.
    if (said.length === 0 && risen.length === 0) said.push({ signal: 'online', value: 1 })
    return [
      ...memory.keep(address, 'zigbee2mqtt', said, moment),
      ...memory.keep(address, 'zigbee2mqtt', risen, now, read.action ?? ''),
    ]
  }

  function momentOf(lastSeenMs: number | null, { retained, atMs }: MqttMessage): Moment {
    const seenMs = lastSeenMs === null ? null : clock.when(lastSeenMs, atMs)
    if (seenMs !== null) return { atMs: seenMs, told: 'when-heard' }
    if (lastSeenMs !== null) count('clockOff')
    const starting = atMs - startedMs < STARTING_MS
    return { atMs, told: retained !== 'no' || starting ? 'unknown' : 'when-heard' }
  }

  /** Under test an alarm is none: by the same message's word, or, where it has no such word, shortly after one. */
  function withoutTested(address: string, said: readonly Said[], test: boolean | null, atMs: number): Said[] {
    const testedMs = memory.testedMs(address)
    const testing = test ?? (testedMs !== null && atMs - testedMs < TESTING_MS && atMs >= testedMs)
    if (!testing) return [...said]
    const kept = said.filter(
      ({ signal, value }) => value !== 1 || (signal !== 'smoke' && signal !== 'gas-leak'),
    )
    if (kept.length < said.length) count('alarmsUnderTest')
    return kept
  }

  function addressBehind(name: string): string {
    return byName?.get(name)?.ieee ?? addressOf(name)
  }

  function hold(message: MqttMessage): readonly Heard[] {
    if (message.payload.length > MAX_STATE_BYTES) return skip('too-large')
    if (held.length >= MAX_HELD) return skip('heldTooMany')
    held.push(message)
    return []
  }

  function release(): readonly Heard[] {
    const waiting = held
    held = []
    byName ??= new Map()
    return waiting.flatMap(hear)
  }

  function skip(what: string): readonly Heard[] {
    count(what)
    return []
  }
}

/** With `include_device_information` the state says whose it is. */
function ieeeIn(state: JsonObject): string | null {
  const device = own(state, 'device')
  const ieee = isObject(device) ? (own(device, 'ieeeAddr') ?? own(device, 'ieee_address')) : null
  return typeof ieee === 'string' && isIeee(ieee) ? ieee.toLowerCase() : null
}

export type ZigbeeBridge = ReturnType<typeof createZigbeeBridge>
