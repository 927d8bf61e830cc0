import {
  hasMonitoringEnded,
  isRetired,
  noteErased,
  ok,
  type RecordSet,
  type Result,
  type SeriesStore,
  type Station,
  stationCalendar,
} from '@doorstep/core'

/**
 * Erases what this gateway read of devices that were retired, or whose home took back its consent or let it run out, and
 * writes on each record that it did. A gateway that
 * holds nothing of one says nothing: another may.
 */
export async function forgetReadings(
  station: Station,
  series: Pick<SeriesStore, 'devices' | 'signalsOf' | 'raw' | 'erase'>,
  set: RecordSet,
): Promise<Result<{ readonly devices: number }>> {
  const today = stationCalendar(station).dayOf(station.now)
  let devices = 0
  for (const id of series.devices()) {
    const device = set.getA('device', id)
    if (!device) continue
    if (!isRetired(device, today) && !hasMonitoringEnded(set, device, today)) continue
    const observations = series
      .signalsOf(id)
      .reduce((count, { signal, newest }) => count + series.raw(id, signal, 0, newest.atMs + 1).length, 0)
    const erased = await series.erase(id)
    if (!erased.ok) return erased
    const noted = await noteErased(station, { device: id, observations })
    if (!noted.ok) return noted
    devices++
  }
  return ok({ devices })
}
