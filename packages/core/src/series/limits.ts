/** What of a signal can be true in a home, and what else stands of it: data, with its sources. */
import { type Observation, type Signal, signals } from './observation.ts'

export type RegisterLimits = {
  /** More than this in an hour has not flowed, in the register's unit: it was read wrongly. */
  readonly mostInAnHour: number
  /** What one step of its own counting may add at once. */
  readonly slack: number
  /** So little a register goes back by itself: water that runs back, a last digit that trembles. */
  readonly mostBack: number
  /** Where registers of this kind start again from 0. */
  readonly widths: readonly number[]
}

/** 2³² of a thousandth, as counters of 32 bits have it that count litres or watt-hours. */
const BITS_32 = 4_294_967.296

/**
 * Water: the overload flow Q4 of DN 25, the largest of a dwelling (ISO 4064-1: Q3 6.3 × 1.25 = 7.9 m³/h). Gas: G6, 10 m³/h
 * (GB/T 6968). Electricity: three phases of 100 A, 66 kW, with room. Widths: 4 to 6 digits of mechanical registers;
 * DL/T 645 and CJ/T 188 have XXXXXX.XX.
 */
export const registerLimits: Readonly<Partial<Record<Signal, RegisterLimits>>> = {
  water: { mostInAnHour: 8, slack: 0.1, mostBack: 0.01, widths: [1e4, 1e5, 1e6, BITS_32] },
  gas: { mostInAnHour: 10, slack: 0.1, mostBack: 0.01, widths: [1e4, 1e5, 1e6, BITS_32] },
  electricity: { mostInAnHour: 100, slack: 1, mostBack: 0.1, widths: [1e4, 1e5, 1e6, BITS_32] },
  heat: { mostInAnHour: 100, slack: 1, mostBack: 1, widths: [1e5, 1e6, 1e7] },
}

/** Beyond these a gauge is broken, or its bytes were: −327.68 °C, 65,535 W. Not a limit of what is well. */
const gaugeRanges: Readonly<Partial<Record<Signal, readonly [least: number, most: number]>>> = {
  power: [-100_000, 100_000],
  current: [-400, 400],
  voltage: [0, 1_000],
  flow: [-20, 20],
  temperature: [-60, 125],
  humidity: [0, 100],
  'gas-density': [0, 100],
  battery: [0, 100],
}

export const canBe = (signal: Signal, value: number): boolean => {
  const range = gaugeRanges[signal]
  return range === undefined || (value >= range[0] && value <= range[1])
}

/** Before this nothing here was read: clocks that were never set say 1970 or 2000-01-01. */
export const EARLIEST_MS = Date.UTC(2000, 0, 2)
/** A clock that runs ahead of ours by more is not right. */
export const MOST_AHEAD_MS = 10 * 60_000

/** `time`: no clock can have said it; `value`: nothing of this signal. */
export type RefusedBecause = 'device' | 'signal' | 'time' | 'value'

/** What cannot be kept at all; null for all else, however odd: what is raw stays raw. */
export function whyRefused(one: Observation, nowMs: number): RefusedBecause | null {
  if (typeof one.device !== 'string' || one.device === '' || one.device.length > 100) return 'device'
  if (!Object.hasOwn(signals, one.signal)) return 'signal'
  const { atMs, value } = one
  if (!Number.isSafeInteger(atMs) || atMs < EARLIEST_MS || atMs > nowMs + MOST_AHEAD_MS) return 'time'
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'value'
  const { form } = signals[one.signal]
  if (form === 'condition' && value !== 0 && value !== 1) return 'value'
  if (form === 'event' && value !== 1) return 'value'
  return null
}
