/**
 * The keys of zigbee2mqtt's payloads that say something a neighbourhood watches for, as data. Names, kinds and units are
 * those of zigbee-herdsman-converters 26; what is not here (colours, sensitivities, link quality) is passed over.
 */
import type { Signal } from '@doorstep/core'

export type ZigbeeKey =
  /** `one`: the boolean that means 1. */
  | { readonly form: 'condition'; readonly signal: Signal; readonly one: boolean }
  /** A boolean whose becoming true happened once. */
  | { readonly form: 'edge'; readonly signal: Signal }
  /** A finite number from `min` to `max`, in `units[0]` unless the device's description says another of them. */
  | {
      readonly form: 'number'
      readonly signal: Signal
      readonly min: number
      readonly max: number
      readonly units: Readonly<Record<string, number>>
    }

const condition = (signal: Signal, one = true): ZigbeeKey => ({ form: 'condition', signal, one })
const number = (
  signal: Signal,
  min: number,
  max: number,
  units: Readonly<Record<string, number>>,
): ZigbeeKey => ({ form: 'number', signal, min, max, units })

export const zigbeeKeys: ReadonlyMap<string, ZigbeeKey> = new Map(
  Object.entries({
    smoke: condition('smoke'),
    gas: condition('gas-leak'),
    // No signal of its own: what to do is the same, at once and by the same people.
    carbon_monoxide: condition('gas-leak'),
    water_leak: condition('water-leak'),
    // The magnet is at the contact: closed.
    contact: condition('door-open', false),
    occupancy: condition('motion'),
    presence: condition('motion'),
    tamper: condition('tamper'),
    battery_low: condition('battery-low'),
    trouble: condition('fault'),
    fault_alarm: condition('fault'),
    test: { form: 'edge', signal: 'test' },
    sos: { form: 'edge', signal: 'sos' },
    battery: number('battery', 0, 100, { '%': 1 }),
    gas_density: number('gas-density', 0, 100, { '%LEL': 1, LEL: 1 }),
    temperature: number('temperature', -50, 120, { '°C': 1 }),
    humidity: number('humidity', 0, 100, { '%': 1 }),
    power: number('power', -100_000, 100_000, { W: 1, kW: 1000 }),
    current: number('current', 0, 1000, { A: 1, mA: 0.001 }),
    // Of the mains. A battery's is told in mV, and says no more than `battery` does.
    voltage: number('voltage', 50, 500, { V: 1 }),
    energy: number('electricity', 0, 10_000_000, { kWh: 1, Wh: 0.001 }),
    flow: number('flow', 0, 100, { 'm³/h': 1 }),
    water_consumed: number('water', 0, 1_000_000, { 'm³': 1, L: 0.001 }),
  } satisfies Record<string, ZigbeeKey>),
)

/** Presses that call for help whatever the button is; other presses only where the configuration says so. */
export const CALLS_FOR_HELP: ReadonlySet<string> = new Set(['emergency', 'sos', 'panic', 'help'])
