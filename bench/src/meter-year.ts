/** A year of hourly water registers, made by arithmetic: both sides and every process count the same. */
export type Year = { readonly homes: number; readonly hours: number; readonly startMs: number }

export const HOUR_MS = 3_600_000

/** Each meter reads at a minute of its own, with seconds that wander; registers in m³ to the litre. */
export function readingOf(
  { startMs }: Year,
  meter: number,
  hour: number,
): { readonly atMs: number; readonly value: number } {
  const atMs = startMs + hour * HOUR_MS + (meter % 55) * 60_000 + ((hour * 7 + meter) % 60) * 1000
  return { atMs, value: (litresBy(meter, hour) + meter * 137) / 1000 }
}

/** In a day of 24 hours, morning and evening; some homes use more. */
const DAY_LITRES = [0, 0, 0, 0, 0, 1, 24, 30, 12, 0, 3, 0, 15, 4, 0, 0, 2, 9, 28, 31, 12, 40, 7, 2]
const DAY_SUM = DAY_LITRES.reduce((sum, litres) => sum + litres, 0)
const SO_FAR = DAY_LITRES.map((_, hour) => DAY_LITRES.slice(0, hour + 1).reduce((sum, one) => sum + one, 0))

function litresBy(meter: number, hour: number): number {
  const day = Math.floor(hour / 24)
  return (day * DAY_SUM + SO_FAR[hour % 24]!) * (1 + (meter % 3)) + Math.floor(day / 7) * (meter % 11)
}
