/** Units as utilities write them, each as a fraction `[times, per]` of the signal's own: 12349 L are 12.349 m³ exactly. */
import { type Signal, signals } from '../../series/observation.ts'

type Units = Readonly<Record<string, readonly [times: number, per: number]>>

const volume: Units = {
  'm³': [1, 1],
  m3: [1, 1],
  立方米: [1, 1],
  方: [1, 1],
  L: [1, 1000],
  l: [1, 1000],
  升: [1, 1000],
}
const energy: Units = {
  kWh: [1, 1],
  度: [1, 1],
  Wh: [1, 1000],
  MWh: [1000, 1],
  // 1 kWh is 3.6 MJ by definition.
  MJ: [10, 36],
  GJ: [10_000, 36],
}
const known: Readonly<Partial<Record<Signal, Units>>> = {
  // Water is billed by the ton, which is its cubic metre.
  water: { ...volume, 吨: [1, 1], t: [1, 1] },
  gas: volume,
  electricity: energy,
  heat: energy,
  power: { W: [1, 1], kW: [1000, 1] },
  flow: { 'm³/h': [1, 1], 'L/h': [1, 1000], 'L/min': [60, 1000] },
}

const of = (signal: Signal): Units => known[signal] ?? { [signals[signal].unit]: [1, 1] }

export const unitsOf = (signal: Signal): readonly string[] => Object.keys(of(signal))

/** Null where that is no unit of the signal. */
export function toSignalUnit(value: number, unit: string, signal: Signal): number | null {
  const units = of(signal)
  if (!Object.hasOwn(units, unit)) return null
  const [times, per] = units[unit]!
  return (value * times) / per
}
