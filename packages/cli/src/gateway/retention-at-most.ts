import { type RetentionBySignal, retentionOf, type Signal, signals } from '@doorstep/core'

const DAY_MS = 86_400_000

/** As usual, and nothing longer than that. */
export function retentionAtMost(keepMs: number | null): RetentionBySignal {
  if (keepMs === null) return {}
  const most = Math.floor(keepMs / DAY_MS)
  return Object.fromEntries(
    (Object.keys(signals) as Signal[]).map((signal) => {
      const { rawDays, hourDays, dayDays } = retentionOf(signal)
      return [
        signal,
        {
          rawDays: Math.min(rawDays, most),
          hourDays: Math.min(hourDays, most),
          dayDays: Math.min(dayDays, most),
        },
      ]
    }),
  )
}
