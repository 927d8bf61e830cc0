/** Each unit as `[times, per]` of the base of its quantity: a fraction, so that 12349 L are 12.349 m³ exactly. */
const QUANTITIES: readonly Readonly<Record<string, readonly [times: number, per: number]>>[] = [
  { 'm³': [1, 1], L: [1, 1000], hL: [1, 10], mL: [1, 1_000_000] },
  {
    kWh: [1, 1],
    Wh: [1, 1000],
    MWh: [1000, 1],
    // 1 kWh is 3.6 MJ by definition.
    J: [1, 3_600_000],
    kJ: [1, 3600],
    MJ: [10, 36],
    GJ: [10_000, 36],
  },
  { W: [1, 1], kW: [1000, 1], MW: [1_000_000, 1], 'J/h': [1, 3600] },
  { 'm³/h': [1, 1], 'L/h': [1, 1000], 'L/min': [60, 1000], 'm³/min': [60, 1], 'm³/s': [3600, 1] },
  { A: [1, 1], mA: [1, 1000] },
  { V: [1, 1], mV: [1, 1000], kV: [1000, 1] },
  { '°C': [1, 1] },
  { '%': [1, 1] },
  { '%LEL': [1, 1] },
  { '': [1, 1] },
]

/** Null where one is not the other in another size. */
export function convertUnit(value: number, from: string, to: string): number | null {
  const quantity = QUANTITIES.find((units) => Object.hasOwn(units, from) && Object.hasOwn(units, to))
  const [times, per] = quantity?.[from] ?? []
  const [toTimes, toPer] = quantity?.[to] ?? []
  if (times === undefined || per === undefined || toTimes === undefined || toPer === undefined) return null
  return (value * times * toPer) / (per * toTimes)
}
