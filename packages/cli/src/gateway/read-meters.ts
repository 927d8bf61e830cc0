import {
  fail,
  ok,
  type Problem,
  type Projection,
  type Result,
  readingOf,
  recordReading,
  type Station,
  stationCalendar,
} from '@doorstep/core'
import { createBus, openTcpPort, readMeter } from '@doorstep/drivers'

/** Forward active energy, the register that a household pays by (DL/T 645-2007, table A.1). */
const ENERGY = '00010000'

export type MetersRead = {
  /** Registers read, and how many of them were the first of their day and so were recorded. */
  readonly read: number
  readonly recorded: number
  readonly failed: readonly { readonly device: string; readonly problem: Problem }[]
}

/**
 * Reads every DL/T 645 meter among the records over one line, one after the other. The first reading of a day goes
 * into the device's record; the line is opened and closed each time, since converters drop idle connections.
 */
export async function readMetersOnce(
  station: Station,
  line: { host: string; port: number },
  options: { signal?: AbortSignal } = {},
): Promise<Result<MetersRead>> {
  const devices = [...station.records({ type: 'device' })].filter(
    (device) => device.fields.protocol === 'dlt645',
  )
  if (devices.length === 0) return ok({ read: 0, recorded: 0, failed: [] })
  const port = await openTcpPort({ ...line, ...options })
  if (!port.ok) return fail(port.problem)
  const bus = createBus(port.value)
  const failed: { device: string; problem: Problem }[] = []
  let read = 0
  let recorded = 0
  try {
    for (const device of devices) {
      const taken = await readOne(station, bus, device, options.signal)
      if (!taken.ok) failed.push({ device: device.id, problem: taken.problem })
      else {
        read++
        if (taken.value) recorded++
      }
    }
  } finally {
    bus.close()
  }
  return ok({ read, recorded, failed })
}

/** True when it was the first reading of the day, and so was recorded. */
async function readOne(
  station: Station,
  bus: ReturnType<typeof createBus>,
  device: Projection,
  signal: AbortSignal | undefined,
): Promise<Result<boolean>> {
  const readings = await readMeter(
    bus,
    String(device.fields.address ?? ''),
    [ENERGY],
    signal ? { signal } : {},
  )
  if (!readings.ok) return fail(readings.problem)
  const [reading] = readings.value
  if (!reading || reading.value === null)
    return fail({ type: 'meter-gave-no-value', device: device.id, missing: reading?.missing ?? 'absent' })
  const on = stationCalendar(station).dayOf(station.now)
  if (readingOf(device, on, ENERGY)) return ok(false)
  const written = await recordReading(station, {
    device: device.id,
    on,
    item: ENERGY,
    value: reading.value as number,
    unit: reading.unit,
    readAt: reading.at,
  })
  return written.ok ? ok(true) : written
}
