import { ok, type Result } from '../result.ts'
import type { SeriesView } from '../series/observation.ts'
import type { Station } from '../station/station.ts'
import { learnLimits } from '../watch/learn.ts'
import { DAY_MS, type WatchedDevice } from '../watch/watched.ts'
import { stationCalendar } from './command.ts'
import { adjustDevice } from './set-rule.ts'
import { rulesOf } from './watch-rules.ts'

/** Later nobody tries any more: what a home used in its first week is being thinned out. */
const TRIED_FOR_DAYS = 30
const REASON = '第一周的用量 · Use of the first week'

/** Notes on devices what their first week taught, once. Gives back how many were taught something. */
export async function learnDevices(
  station: Station,
  view: SeriesView,
  devices: Iterable<WatchedDevice>,
): Promise<Result<{ readonly learned: number }>> {
  const now = { nowMs: station.now, calendar: stationCalendar(station) }
  const rules = rulesOf({ ofType: (type) => station.records({ type }) })
  let learned = 0
  for (const device of devices) {
    if (now.nowMs - device.learnedMs > TRIED_FOR_DAYS * DAY_MS) continue
    for (const rule of rules) {
      const limits = learnLimits(rule, device, view, now)
      if (!limits) continue
      const adjusted = await adjustDevice(station, {
        device: device.id,
        rule: rule.id,
        limits,
        reason: REASON,
        learned: true,
      })
      if (!adjusted.ok) return adjusted
      learned++
    }
  }
  return ok({ learned })
}
