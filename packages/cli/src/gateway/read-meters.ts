import {
  ok,
  type Problem,
  type Projection,
  type Result,
  readingOf,
  recordReading,
  type Station,
} from '@doorstep/core'
import { type Bus, createBus, openTcpPort } from '@doorstep/drivers'
import { askDevice } from '../station/read-device.ts'

export type MetersRead = {
  /** Registers read, and how many of them were the first of their day and so were recorded. */
  readonly read: number
  readonly recorded: number
  readonly failed: readonly { readonly device: string; readonly problem: Problem }[]
}

/**
 * Reads every DL/T 645 meter among the records over one line, one after the other. The line is opened and closed
 * each time, since converters drop idle connections.
 */
export async function readMetersOnce(
  station: Station,
  line: { host: string; port: number },
  signal: AbortSignal,
): Promise<Result<MetersRead>> {
  const devices = [...station.records({ type: 'device' })].filter(
    (device) => device.fields.protocol === 'dlt645',
  )
  if (devices.length === 0) return ok({ read: 0, recorded: 0, failed: [] })
  const port = await openTcpPort({ ...line, signal })
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
  return ok({ read: devices.length - failed.length, recorded, failed })
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
  const { reading: _, ...daily } = asked.value
  if (readingOf(device, daily.on, daily.item)) return ok(false)
  const written = await recordReading(station, daily)
  return written.ok ? ok(true) : written
}
