import {
  mayReadDevice,
  ok,
  openRecordSet,
  type Problem,
  type Projection,
  type Result,
  readingOf,
  recordReading,
  type Station,
  stationCalendar,
} from '@doorstep/core'
import {
  type Bus,
  createBus,
  type LineAddress,
  openLine,
  readingPlans,
  splitAddress,
} from '@doorstep/drivers'
import { askDevice } from '../station/read-device.ts'

export type MetersRead = {
  /** Registers read, and how many of them were the first of their day and so were recorded. */
  readonly read: number
  readonly recorded: number
  readonly failed: readonly { readonly device: string; readonly problem: Problem }[]
  /** Not asked at all: nobody there allows it, or no longer. */
  readonly skipped: readonly { readonly device: string; readonly problem: Problem }[]
}

/**
 * Reads every meter among the records whose home allows it over one line, one after the other. The line is opened and
 * closed each time, since converters drop idle connections.
 */
export async function readMetersOnce(
  station: Station,
  line: LineAddress,
  signal: AbortSignal,
): Promise<Result<MetersRead>> {
  const { allowed: devices, skipped } = allowedDevices(station)
  if (devices.length === 0) return ok({ read: 0, recorded: 0, failed: [], skipped })
  const port = await openLine(line, signal)
  if (!port.ok) return port
  const bus = createBus(port.value)
  const failed: { device: string; problem: Problem }[] = []
  let recorded = 0
  for (const device of devices) {
    const kept = await readAndKeep(station, bus, device, signal)
    if (!kept.ok) failed.push({ device: device.id, problem: kept.problem })
    else if (kept.value) recorded++
  }
  await bus.close()
  return ok({ read: devices.length - failed.length, recorded, failed, skipped })
}

function allowedDevices(station: Station) {
  const set = openRecordSet(station, { follow: false })
  const today = stationCalendar(station).dayOf(station.now)
  const allowed: Projection[] = []
  const skipped: { device: string; problem: Problem }[] = []
  for (const device of set.ofType('device')) {
    if (readingPlans(String(device.fields.protocol)).length === 0) continue
    // This line has no name, so a device whose line has one is not known to be on it.
    if (splitAddress(String(device.fields.address)).line !== null) continue
    const may = mayReadDevice(set, device, today)
    if (may.ok) allowed.push(device)
    else skipped.push({ device: device.id, problem: may.problem })
  }
  return { allowed, skipped }
}

/** Only the day's first reading goes into the record, whose timeline travels to every laptop; true when it was that. */
async function readAndKeep(
  station: Station,
  bus: Bus,
  device: Projection,
  signal: AbortSignal,
): Promise<Result<boolean>> {
  const asked = await askDevice(station, bus, device, signal)
  if (!asked.ok) return asked
  const { protocol: _protocol, heard: _heard, ...daily } = asked.value
  if (readingOf(device, daily.on, daily.item)) return ok(false)
  const written = await recordReading(station, daily)
  return written.ok ? ok(true) : written
}
