/**
 * Simulated Zigbee sensors behind a simulated zigbee2mqtt: what such a bridge would publish of them, and how they fail in
 * homes. A sensor is a state and a list of behaviours; it says what to publish when, and knows no broker.
 */
import { isCommandTopic } from './topic.ts'

export type SensorKind = 'smoke' | 'gas' | 'door' | 'motion' | 'leak' | 'sos' | 'button' | 'plug'

type State = Readonly<Record<string, unknown>>
type Profile = {
  readonly model: string
  readonly vendor: string
  readonly state: State
  /** What it tells when what it is for happens; null: a press or an alarm is not for it. */
  readonly alarm: State | null
  readonly units: Readonly<Record<string, string>>
  readonly actions?: readonly string[]
}

export const sensorProfiles: Readonly<Record<SensorKind, Profile>> = {
  smoke: {
    model: 'JTYJ-GD-01LM/BW',
    vendor: 'Aqara',
    state: {
      smoke: false,
      battery_low: false,
      tamper: false,
      smoke_density: 0,
      test: false,
      battery: 100,
      voltage: 3015,
    },
    alarm: { smoke: true, smoke_density: 38 },
    units: { battery: '%', voltage: 'mV' },
  },
  gas: {
    model: 'JT-BZ-01AQ/A',
    vendor: 'Aqara',
    state: {
      gas: false,
      gas_density: 0,
      gas_sensitivity: '15%LEL',
      test: false,
      state: 'work',
      linkage_alarm: true,
    },
    alarm: { gas: true, gas_density: 16 },
    units: { gas_density: '%LEL' },
  },
  door: {
    model: 'MCCGQ11LM',
    vendor: 'Aqara',
    state: { contact: true, battery: 98, voltage: 3025, trigger_count: 0 },
    alarm: { contact: false, trigger_count: 1 },
    units: { battery: '%', voltage: 'mV' },
  },
  motion: {
    model: 'RTCGQ11LM',
    vendor: 'Aqara',
    state: { occupancy: false, illuminance: 40, battery: 91 },
    alarm: { occupancy: true },
    units: { battery: '%', illuminance: 'lx' },
  },
  leak: {
    model: 'SJCGQ11LM',
    vendor: 'Aqara',
    state: { water_leak: false, battery: 95 },
    alarm: { water_leak: true },
    units: { battery: '%' },
  },
  sos: {
    model: 'TS0215A_sos',
    vendor: 'Tuya',
    state: { battery: 88 },
    alarm: { action: 'emergency' },
    units: { battery: '%' },
    actions: ['emergency'],
  },
  button: {
    model: 'HS1EB-E',
    vendor: 'Heiman',
    state: { battery: 90 },
    alarm: { action: 'single' },
    units: { battery: '%' },
    actions: ['off', 'single', 'double', 'hold'],
  },
  plug: {
    model: 'TS011F_plug_1',
    vendor: 'Tuya',
    state: { state: 'ON', power: 40, current: 0.18, voltage: 229, energy: 12.4 },
    alarm: { power: 2400, current: 10.5 },
    units: { power: 'W', current: 'A', voltage: 'V', energy: 'kWh' },
  },
}

export const sensorBehaviours = [
  /** What it is for happens once, and ends after a while. */
  'alarm',
  /** … and the message that it ended is lost: the state stays. */
  'stuck',
  /** Says nothing more after a while; the bridge tells so. */
  'offline',
  /** Its battery is low, and says 100 %. */
  'battery',
  /** Its alarm bit is set by a fault of its firmware, with nothing in the air. */
  'false-bit',
  /** Every message comes twice. */
  'twice',
  /** Somebody presses its test button. */
  'test',
  /** Its bridge's clock is an hour ahead. */
  'clock-ahead',
  /** Its bridge's clock is an hour behind. */
  'clock-behind',
] as const
export type SensorBehaviour = (typeof sensorBehaviours)[number]

export type Publication = { readonly topic: string; readonly payload: string; readonly retain: boolean }

export type SensorOptions = {
  readonly kind: SensorKind
  readonly name: string
  /** Its place on the bridge, from which its IEEE address is made. */
  readonly index: number
  readonly base?: string
  readonly behaviours?: readonly SensorBehaviour[]
  /** Between two messages with nothing new. Default 60,000. */
  readonly everyMs?: number
  /** From its start until something happens. Default 10,000. */
  readonly afterMs?: number
  /** How long that lasts. Default 20,000. */
  readonly lastsMs?: number
}

const HOUR_MS = 3_600_000

export type SimulatedSensor = {
  readonly ieee: string
  readonly name: string
  /** Its entry in `bridge/devices`. */
  readonly description: object
  /** What it published since the last call, in order. Times in ms since its start. */
  at(elapsedMs: number, nowMs: number): readonly Publication[]
}

export function createSimulatedSensor({
  kind,
  name,
  index,
  base = 'zigbee2mqtt',
  behaviours = [],
  everyMs = 60_000,
  afterMs = 10_000,
  lastsMs = 20_000,
}: SensorOptions): SimulatedSensor {
  const profile = sensorProfiles[kind]
  const does = (behaviour: SensorBehaviour) => behaviours.includes(behaviour)
  const topic = `${base}/${name}`
  // What operates a device is no name of one, here as everywhere.
  if (isCommandTopic(topic)) throw new RangeError(`${topic} would take commands`)
  const ieee = `0x00158d00${(0x10000000 + index).toString(16).padStart(8, '0')}`
  const happens = does('alarm') || does('stuck')
  const skewMs = does('clock-ahead') ? HOUR_MS : does('clock-behind') ? -HOUR_MS : 0
  let state: Record<string, unknown> = {
    ...profile.state,
    ...(does('battery') ? { battery: 100, battery_low: true } : {}),
  }
  let nextMs = 0
  let stage: 'before' | 'during' | 'after' = 'before'
  let gone = false

  return {
    ieee,
    name,
    description: {
      ieee_address: ieee,
      type: kind === 'plug' ? 'Router' : 'EndDevice',
      friendly_name: name,
      supported: true,
      definition: {
        model: profile.model,
        vendor: profile.vendor,
        exposes: [
          ...Object.entries(profile.state).map(([property, value]) => ({
            type: typeof value === 'boolean' ? 'binary' : typeof value === 'number' ? 'numeric' : 'enum',
            name: property,
            property,
            ...(profile.units[property] === undefined ? {} : { unit: profile.units[property] }),
          })),
          ...(profile.actions === undefined
            ? []
            : [{ type: 'enum', name: 'action', property: 'action', values: profile.actions }]),
        ],
      },
    },
    at(elapsedMs, nowMs) {
      if (gone) return []
      const told: Publication[] = []
      if (does('offline') && elapsedMs >= afterMs) {
        gone = true
        return [{ topic: `${topic}/availability`, payload: '{"state":"offline"}', retain: true }]
      }
      if (stage === 'before' && elapsedMs >= afterMs) {
        stage = 'during'
        told.push(...begin(nowMs))
      } else if (stage === 'during' && elapsedMs >= afterMs + lastsMs) {
        stage = 'after'
        told.push(...end(nowMs))
      }
      if (elapsedMs >= nextMs) {
        nextMs = elapsedMs + everyMs
        if (told.length === 0) told.push(say({}, nowMs))
      }
      return does('twice') ? told.flatMap((one) => [one, one]) : told
    },
  }

  function begin(nowMs: number): readonly Publication[] {
    const told: Publication[] = []
    if (does('test') && 'test' in profile.state)
      told.push(say({ test: true, ...(profile.alarm ?? {}) }, nowMs))
    if (does('false-bit') && profile.alarm !== null) {
      const bit = Object.entries(profile.alarm).filter(([, value]) => value === true)
      told.push(say(Object.fromEntries(bit), nowMs))
    }
    // A press is sent by radio three times.
    const times = profile.alarm !== null && 'action' in profile.alarm ? 3 : 1
    if (happens && profile.alarm !== null)
      for (let time = 0; time < times; time += 1) told.push(say(profile.alarm, nowMs))
    return told
  }

  function end(nowMs: number): readonly Publication[] {
    const began = happens || does('test') || does('false-bit')
    if (!began || does('stuck') || profile.actions !== undefined) return []
    return [say({ ...profile.state, ...(does('battery') ? { battery_low: true } : {}) }, nowMs)]
  }

  function say(change: State, nowMs: number): Publication {
    const { action, ...kept } = change
    state = { ...state, ...kept }
    const payload = {
      ...state,
      ...(action === undefined ? {} : { action }),
      linkquality: 60 + (index % 90),
      last_seen: new Date(nowMs + skewMs).toISOString(),
    }
    return { topic, payload: JSON.stringify(payload), retain: false }
  }
}
