/** What a register shows over time: counted from a load, or as it was recorded. */
import type { LoadProfile } from './load.ts'
import { createDailyLoad } from './load.ts'

/** In the counter's own unit; negative steps are possible where they were recorded. */
export interface Counter {
  at(atMs: number): number
}

/** An invented home of two: m³ of water by local hour, 0.25 a day. */
const WATER = [0, 0, 0, 0, 0, 0.002, 0.02, 0.03, 0.015, 0.008, 0.006, 0.015]
const WATER_LATER = [0.018, 0.006, 0.004, 0.004, 0.008, 0.016, 0.03, 0.03, 0.018, 0.012, 0.006, 0.002]
/** m³ of gas: three meals and a shower. */
const GAS = [0, 0, 0, 0, 0, 0, 0.08, 0.06, 0, 0, 0.02, 0.12]
const GAS_LATER = [0.06, 0, 0, 0, 0.02, 0.14, 0.16, 0.08, 0.1, 0.04, 0, 0]
/** kWh of heat, a flat in winter. */
const HEAT = Array.from({ length: 24 }, (_, hour) => (hour >= 6 && hour < 23 ? 1.2 : 0.7))

const USES = { water: [...WATER, ...WATER_LATER], gas: [...GAS, ...GAS_LATER], heat: HEAT } as const
export type Counted = keyof typeof USES

const BEIJING_MINUTES = 480

/** @param start what it shows at `startMs`, in m³ or kWh */
export const createDailyCounter = (counted: Counted, start: number, startMs: number): Counter =>
  counterOf(createDailyLoad(BEIJING_MINUTES, USES[counted]), start, startMs)

export function counterOf(load: LoadProfile, start: number, startMs: number): Counter {
  return {
    at: (atMs) =>
      atMs >= startMs
        ? start + load.kilowattHoursBetween(startMs, atMs)
        : Math.max(0, start - load.kilowattHoursBetween(atMs, startMs)),
  }
}

/** The other way round, for meters that ask for a load. Power is what the last hour drew. */
export function loadOf(counter: Counter): LoadProfile {
  return {
    kilowattsAt: (atMs) => Math.max(0, counter.at(atMs) - counter.at(atMs - 3_600_000)),
    kilowattHoursBetween: (fromMs, toMs) => counter.at(toMs) - counter.at(fromMs),
  }
}
