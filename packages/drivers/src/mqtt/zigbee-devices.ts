/** `bridge/devices`: who is on a zigbee2mqtt bridge, by which name, and what it can say. */
import type { Signal } from '@doorstep/core'
import { isObject, type JsonObject, own, shortText } from './payload.ts'
import { isZigbeeKey, zigbeeNumbers, zigbeeStates } from './zigbee-keys.ts'
import type { KeyDescription } from './zigbee-state.ts'

export type ZigbeeDevice = {
  /** `0x00158d0001a2b3c4`: given by the maker, the same after any renaming. */
  readonly ieee: string
  /** What its topics end in; people change it. */
  readonly name: string
  readonly model: string | null
  readonly vendor: string | null
  readonly keys: ReadonlyMap<string, KeyDescription>
  /** Has presses, told as `action`. */
  readonly actions: readonly string[]
  readonly signals: readonly Signal[]
  /** Alarms that it seems to tell and that are not understood here. */
  readonly notUsed: readonly string[]
}

/** More than any bridge holds by radio. */
const MAX_DEVICES = 2000
const MAX_KEYS = 200

/** Entries that cannot be read are left out and counted. Null: this is no list of devices. */
export function readZigbeeDevices(
  list: unknown,
): { devices: readonly ZigbeeDevice[]; refused: number } | null {
  if (!Array.isArray(list)) return null
  const devices: ZigbeeDevice[] = []
  let refused = Math.max(0, list.length - MAX_DEVICES)
  for (const entry of list.slice(0, MAX_DEVICES)) {
    if (isObject(entry) && own(entry, 'type') === 'Coordinator') continue
    const device = isObject(entry) ? readDevice(entry) : null
    if (device === null) refused += 1
    else devices.push(device)
  }
  return { devices, refused }
}

function readDevice(entry: JsonObject): ZigbeeDevice | null {
  const ieee = own(entry, 'ieee_address')
  const name = shortText(own(entry, 'friendly_name'))
  if (typeof ieee !== 'string' || !/^0x[0-9a-fA-F]{16}$/.test(ieee) || name === null) return null
  const definition = own(entry, 'definition')
  const described = isObject(definition) ? definition : {}
  const keys = new Map<string, KeyDescription>()
  const actions: string[] = []
  collect(own(described, 'exposes'), keys, actions)
  return {
    ieee: ieee.toLowerCase(),
    name,
    model: shortText(own(described, 'model')) ?? shortText(own(entry, 'model_id')),
    vendor: shortText(own(described, 'vendor')) ?? shortText(own(entry, 'manufacturer')),
    keys,
    actions,
    signals: signalsOf(keys, actions),
    notUsed: notUsedOf(keys),
  }
}

/** Features are described where they are, or one level down in what groups them. */
function collect(exposes: unknown, keys: Map<string, KeyDescription>, actions: string[], depth = 0): void {
  if (!Array.isArray(exposes) || depth > 3) return
  for (const feature of exposes) {
    if (!isObject(feature)) continue
    collect(own(feature, 'features'), keys, actions, depth + 1)
    const property = shortText(own(feature, 'property'), 64)
    if (property === null || keys.size >= MAX_KEYS) continue
    keys.set(property, {
      kind: shortText(own(feature, 'type'), 16),
      unit: shortText(own(feature, 'unit'), 16),
      on: plain(own(feature, 'value_on')),
      off: plain(own(feature, 'value_off')),
    })
    const values = own(feature, 'values')
    if (property === 'action' && Array.isArray(values))
      actions.push(...values.filter((value) => typeof value === 'string').slice(0, 100))
  }
}

const plain = (value: unknown): string | number | boolean | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null

function signalsOf(keys: ReadonlyMap<string, KeyDescription>, actions: readonly string[]): readonly Signal[] {
  const signals = new Set<Signal>()
  for (const [key, { kind, unit }] of keys) {
    const number = kind === 'numeric' ? zigbeeNumbers.get(key) : undefined
    const state = kind === 'numeric' ? undefined : zigbeeStates.get(key)
    if (number !== undefined && (unit === null ? number.bare : own(number.units, unit)) != null)
      signals.add(number.signal)
    if (state !== undefined && kind === (state.form === 'word' ? 'enum' : 'binary')) signals.add(state.signal)
  }
  if (actions.length > 0) signals.add('sos')
  return [...signals]
}

/** `alarm_1`, `alarm_status`, `co`: an installer must see that a detector would alarm in vain. */
function notUsedOf(keys: ReadonlyMap<string, KeyDescription>): readonly string[] {
  const seems = /^(?:\w+_)?(?:alarm|smoke|gas|co|leak|sos)(?:_\d|_state|_status)?$/
  return [...keys]
    .filter(
      ([key, { kind }]) => seems.test(key) && (kind === 'binary' || kind === 'enum') && !isZigbeeKey(key),
    )
    .map(([key]) => `${key}: what it says is not known here`)
}
