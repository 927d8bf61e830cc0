/**
 * The keys of zigbee2mqtt's payloads that say something a neighbourhood watches for, as data. Names, kinds and units are
 * those of the 4,516 models in zigbee-herdsman-converters 26.112; what is not here (colours, sensitivities, link quality)
 * is passed over.
 */
import type { Signal } from '@doorstep/core'

export type ZigbeeState =
  /** `one`: the boolean that means 1. */
  | { readonly form: 'condition'; readonly signal: Signal; readonly one: boolean }
  /** A boolean whose becoming true happened once. */
  | { readonly form: 'edge'; readonly signal: Signal }
  /** A word; others than these say nothing. */
  | {
      readonly form: 'word'
      readonly signal: Signal
      readonly one: readonly string[]
      readonly zero: readonly string[]
    }

/** A finite number from `min` to `max` in the unit told; `bare`: what one of it is where no unit is told, null: nobody knows. */
export type ZigbeeNumber = {
  readonly signal: Signal
  readonly min: number
  readonly max: number
  /** What one of each unit is in the signal's. */
  readonly units: Readonly<Record<string, number>>
  readonly bare: number | null
}

const condition = (signal: Signal, one = true): ZigbeeState => ({ form: 'condition', signal, one })
const edge = (signal: Signal): ZigbeeState => ({ form: 'edge', signal })

export const zigbeeStates: ReadonlyMap<string, ZigbeeState> = new Map(
  Object.entries({
    smoke: condition('smoke'),
    smoke_alarm_1: condition('smoke'),
    smoke_alarm_2: condition('smoke'),
    smoke_state: {
      form: 'word',
      signal: 'smoke',
      one: ['alarm'],
      zero: ['normal', 'none', 'detecting'],
    },
    gas: condition('gas-leak'),
    gas_sensor_state: { form: 'word', signal: 'gas-leak', one: ['alarm'], zero: ['normal'] },
    co_state: { form: 'word', signal: 'gas-leak', one: ['alarm'], zero: ['normal'] },
    gas_alarm_1: condition('gas-leak'),
    gas_alarm_2: condition('gas-leak'),
    // No signal of its own: what to do is the same, at once and by the same people.
    carbon_monoxide: condition('gas-leak'),
    carbon_monoxide_alarm_1: condition('gas-leak'),
    carbon_monoxide_alarm_2: condition('gas-leak'),
    water_leak: condition('water-leak'),
    water_leak_alarm_1: condition('water-leak'),
    water_leak_alarm_2: condition('water-leak'),
    // The magnet is at the contact: closed.
    contact: condition('door-open', false),
    occupancy: condition('motion'),
    presence: condition('motion'),
    tamper: condition('tamper'),
    battery_low: condition('battery-low'),
    trouble: condition('fault'),
    fault: condition('fault'),
    fault_alarm: condition('fault'),
    test: edge('test'),
    self_test: edge('test'),
    sos: edge('sos'),
  } satisfies Record<string, ZigbeeState>),
)

const number = (
  signal: Signal,
  min: number,
  max: number,
  units: Readonly<Record<string, number>>,
  bare: number | null = 1,
): ZigbeeNumber => ({ signal, min, max, units, bare })

export const zigbeeNumbers: ReadonlyMap<string, ZigbeeNumber> = new Map(
  Object.entries({
    battery: number('battery', 0, 100, { '%': 1 }),
    gas_density: number('gas-density', 0, 100, { '%LEL': 1, LEL: 1 }),
    temperature: number('temperature', -50, 120, { '°C': 1 }),
    humidity: number('humidity', 0, 100, { '%': 1 }),
    power: number('power', -100_000, 100_000, { W: 1, kW: 1000 }),
    current: number('current', 0, 1_000_000, { A: 1, mA: 0.001 }),
    // Of the mains. A battery's is told in mV, and says no more than `battery` does.
    voltage: number('voltage', 50, 500, { V: 1 }),
    energy: number('electricity', 0, 10_000_000, { kWh: 1, Wh: 0.001 }),
    flow: number('flow', 0, 100, { 'm³/h': 1 }, null),
    water_consumed: number('water', 0, 1e9, { 'm³': 1, L: 0.001 }, null),
    // Of a meter; of a detector it is a boolean, or a density.
    gas: number('gas', 0, 1e9, { 'm³': 1 }, null),
  } satisfies Record<string, ZigbeeNumber>),
)

export const isZigbeeKey = (key: string): boolean => zigbeeStates.has(key) || zigbeeNumbers.has(key)

/** Presses that call for help whatever the button is; other presses only where the configuration says so. */
export const CALLS_FOR_HELP: ReadonlySet<string> = new Set(['emergency', 'sos', 'panic', 'help'])
