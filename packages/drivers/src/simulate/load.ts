/** What a home draws: power at a moment, and energy between two moments. */

export interface LoadProfile {
  kilowattsAt(atMs: number): number
  /** Never negative; the sum over adjoining spans is the value over the whole. */
  kilowattHoursBetween(fromMs: number, toMs: number): number
}

const HOUR_MS = 3_600_000
const DAY_HOURS = 24

export function createConstantLoad(kilowatts: number): LoadProfile {
  return {
    kilowattsAt: () => kilowatts,
    kilowattHoursBetween: (fromMs, toMs) => (kilowatts * (toMs - fromMs)) / HOUR_MS,
  }
}

/** An invented weekday: a fridge at night, breakfast, an empty flat, cooking and television. Kilowatts by local hour. */
const HOUSEHOLD_KILOWATTS = [
  0.12, 0.11, 0.11, 0.11, 0.12, 0.15, 0.45, 0.8, 0.4, 0.25, 0.2, 0.45, 0.6, 0.3, 0.22, 0.22, 0.3, 0.7, 1.4,
  1.6, 1.3, 0.9, 0.5, 0.2,
]

/** @param hourlyKilowatts 24 values, local hours 0…23 */
export function createDailyLoad(
  utcOffsetMinutes: number,
  hourlyKilowatts: readonly number[] = HOUSEHOLD_KILOWATTS,
): LoadProfile {
  if (hourlyKilowatts.length !== DAY_HOURS) throw new RangeError('a day has 24 hours')
  const localHours = (atMs: number) => (atMs + utcOffsetMinutes * 60_000) / HOUR_MS
  const hourOf = (hours: number) => ((Math.floor(hours) % DAY_HOURS) + DAY_HOURS) % DAY_HOURS
  const dailyKilowattHours = hourlyKilowatts.reduce((sum, kilowatts) => sum + kilowatts, 0)

  const sinceEpoch = (atMs: number): number => {
    const hours = localHours(atMs)
    const hour = hourOf(hours)
    const earlier = hourlyKilowatts.slice(0, hour).reduce((sum, kilowatts) => sum + kilowatts, 0)
    const inHour = hours - Math.floor(hours)
    return Math.floor(hours / DAY_HOURS) * dailyKilowattHours + earlier + inHour * hourlyKilowatts[hour]!
  }
  return {
    kilowattsAt: (atMs) => hourlyKilowatts[hourOf(localHours(atMs))]!,
    kilowattHoursBetween: (fromMs, toMs) => sinceEpoch(toMs) - sinceEpoch(fromMs),
  }
}
