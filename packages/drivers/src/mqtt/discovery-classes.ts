/** Home Assistant's device classes that say something a neighbourhood watches for, as data. */
import type { Signal } from '@doorstep/core'

/** Of a `binary_sensor`: on means the signal's 1. */
export const binaryClasses: Readonly<Record<string, Signal>> = {
  smoke: 'smoke',
  gas: 'gas-leak',
  carbon_monoxide: 'gas-leak',
  moisture: 'water-leak',
  door: 'door-open',
  opening: 'door-open',
  window: 'door-open',
  garage_door: 'door-open',
  motion: 'motion',
  occupancy: 'motion',
  presence: 'motion',
  tamper: 'tamper',
  problem: 'fault',
  battery: 'battery-low',
  connectivity: 'online',
}

/** Of a `sensor`: the signal, and what one of each unit is in the signal's. */
export const sensorClasses: Readonly<
  Record<string, { readonly signal: Signal; readonly units: Readonly<Record<string, number>> }>
> = {
  battery: { signal: 'battery', units: { '%': 1 } },
  temperature: { signal: 'temperature', units: { '°C': 1 } },
  humidity: { signal: 'humidity', units: { '%': 1 } },
  power: { signal: 'power', units: { W: 1, kW: 1000 } },
  current: { signal: 'current', units: { A: 1, mA: 0.001 } },
  // A battery's, in mV, says no more than its percentage.
  voltage: { signal: 'voltage', units: { V: 1 } },
  energy: { signal: 'electricity', units: { Wh: 0.001, kWh: 1, MWh: 1000 } },
  water: { signal: 'water', units: { L: 0.001, 'm³': 1 } },
  gas: { signal: 'gas', units: { L: 0.001, 'm³': 1 } },
  volume_flow_rate: { signal: 'flow', units: { 'm³/h': 1, 'L/min': 0.06, 'L/h': 0.001 } },
}
