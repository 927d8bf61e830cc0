import { setImmediate as nextTurn } from 'node:timers/promises'
import { ok, type Result } from '../result.ts'
import type { Calendar } from '../work/day.ts'
import { hourOf, type RetentionBySignal, retentionOf, type Thinned, thin } from './retention.ts'
import { dayOfMs, type SeriesFile, type SeriesRow } from './series-file.ts'
import { merged, type SeriesMemory } from './series-memory.ts'
import { onFile, type SeriesProblem } from './series-problem.ts'

/** Days of readings that were thinned out, and that are gone. */
export type PrunedSeries = { readonly thinned: number; readonly dropped: number }

/** Days dealt with in one transaction: others wait meanwhile. */
const AT_ONCE = 500

/** Goes by age alone, so it may stop anywhere and go on another time. The journal is sorted already. */
export async function pruneSeries(
  home: string,
  file: SeriesFile,
  memory: SeriesMemory,
  options: { readonly nowMs: number; readonly retention: RetentionBySignal; readonly calendar: Calendar },
): Promise<Result<PrunedSeries, SeriesProblem>> {
  const { nowMs, retention, calendar } = options
  const today = dayOfMs(nowMs)
  const all = onFile(home, () => file.allSeries())
  if (!all.ok) return all
  let thinned = 0
  let dropped = 0
  let done = 0
  for (const row of all.value) {
    const { rawDays, hourDays, dayDays } = retentionOf(row.signal, retention)
    const one = onFile(home, () =>
      file.db.transaction(() => {
        const gone = file.dropBlocksBefore(row.n, today - dayDays)
        const byDays = file.daysToThin(row.n, 2, today - dayDays, today - hourDays)
        const byHours = file.daysToThin(row.n, 1, today - hourDays, today - rawDays)
        for (const day of byDays) thinDay(file, row, day, 2, calendar)
        for (const day of byHours) thinDay(file, row, day, 1, calendar)
        const changed = gone + byDays.length + byHours.length
        if (changed > 0) {
          file.nextEpoch()
          file.db.noteErased()
        }
        return { gone, fewer: byDays.length + byHours.length }
      }),
    )
    memory.doubt()
    if (!one.ok) return one
    dropped += one.value.gone
    thinned += one.value.fewer
    done += one.value.gone + one.value.fewer
    if (done < AT_ONCE) continue
    done = 0
    await nextTurn()
    if (!file.db.isOpen) break
  }
  if (thinned + dropped > 0 && file.db.isOpen) {
    const settled = onFile(home, () => file.db.settleErased())
    if (!settled.ok) return settled
  }
  return ok({ thinned, dropped })
}

function thinDay(
  file: SeriesFile,
  { n, signal }: SeriesRow,
  day: number,
  to: Thinned,
  calendar: Calendar,
): void {
  const beside = file.blocks(n, day - 1, day + 1)
  const points = beside.find((one) => one.day === day)?.points
  // One that does not open is left for whoever looks after it.
  if (!points) return
  const around = merged(beside.map((one) => one.points ?? []))
  const bucketOf = to === 1 ? hourOf : (atMs: number) => calendar.dayOf(atMs)
  file.putBlock(n, day, thin(signal, points, bucketOf, around), to)
}
