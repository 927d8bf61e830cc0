/** The simulated meter's own arithmetic: registers over time, and local calendar moments. */
import type { MeterState } from './meter.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** Registers show what is full: hundredths are cut, never rounded up. */
const cut = (kilowattHours: number): number => Math.floor(kilowattHours * 100 + 1e-6) / 100

/** @returns kWh at that time, before the start as well (never under zero) */
export function energyAt({ startKilowattHours, startMs, load }: MeterState, atMs: number): number {
  const change =
    atMs >= startMs ? load.kilowattHoursBetween(startMs, atMs) : -load.kilowattHoursBetween(atMs, startMs)
  return cut(Math.max(0, startKilowattHours + change))
}

/** [total, tariff 1…4]; the last tariff takes what rounding leaves, so the sum is the total. */
export function tariffsOf({ tariffShares }: MeterState, total: number): number[] {
  const first = tariffShares.slice(0, -1).map((share) => cut(total * share))
  const rest = Math.round((total - first.reduce((sum, part) => sum + part, 0)) * 100) / 100
  return [total, ...first, rest]
}

export function localDateTime({ utcOffsetMinutes }: Pick<MeterState, 'utcOffsetMinutes'>, atMs: number) {
  const local = new Date(atMs + utcOffsetMinutes * MINUTE_MS)
  const iso = local.toISOString()
  return { date: iso.slice(0, 10), time: iso.slice(11, 19), weekday: local.getUTCDay() }
}

/** Local midnight `daysAgo` days before the day of `atMs`. */
export function dayStart({ utcOffsetMinutes }: MeterState, atMs: number, daysAgo: number): number {
  const localMs = atMs + utcOffsetMinutes * MINUTE_MS
  return (Math.floor(localMs / DAY_MS) - daysAgo) * DAY_MS - utcOffsetMinutes * MINUTE_MS
}

/** Midnight of the first of the month `monthsAgo` months before. */
export function monthStart({ utcOffsetMinutes }: MeterState, atMs: number, monthsAgo: number): number {
  const local = new Date(atMs + utcOffsetMinutes * MINUTE_MS)
  return Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - monthsAgo, 1) - utcOffsetMinutes * MINUTE_MS
}
