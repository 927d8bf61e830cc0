import {
  type DailyReading,
  fail,
  ok,
  type Problem,
  type Projection,
  type RecordedReading,
  type Result,
  recordReading,
  type Station,
  stationCalendar,
} from '@doorstep/core'
import { createBus, drivers, openTcpPort, type Reading, readMeter } from '@doorstep/drivers'

export type DeviceReading = DailyReading & RecordedReading & { readonly reading: Reading }

export type ReadDeviceProblem = Problem & {
  readonly type: 'not-supported' | 'device-without-address' | 'meter-gave-no-value'
}

/** What is read of a meter to say how much was used: DL/T 645-2007, forward active energy, total. */
const DAILY_ITEM: Readonly<Record<string, string>> = { dlt645: '00010000' }

/** Asks the meter over TCP and keeps the answer as the reading of the community's day it was read on. */
export async function readDevice(
  station: Station,
  device: Projection,
  at: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Result<DeviceReading>> {
  const { protocol, address } = device.fields
  if (typeof protocol !== 'string' || typeof address !== 'string')
    return fail({ type: 'device-without-address', device: device.id })
  const driver = drivers.find((one) => one.protocol === protocol)
  const item = DAILY_ITEM[protocol]
  if (!driver || item === undefined)
    return fail({ type: 'not-supported', protocol, supported: Object.keys(DAILY_ITEM) })
  const line = await openTcpPort({ ...at, signal })
  if (!line.ok) return line
  const bus = createBus(line.value)
  const read = await readMeter(bus, address, [item], { signal, driver })
  await bus.close()
  // Why the line failed says more than that it did.
  if (!read.ok) return fail({ ...read.problem.cause, item })
  const [reading] = read.value
  if (!reading || reading.value === null)
    return fail({
      type: 'meter-gave-no-value',
      device: device.id,
      item,
      missing: reading?.missing ?? 'not-answered',
    })
  const on = stationCalendar(station).dayOf(Date.parse(reading.at))
  const daily = {
    device: device.id,
    on,
    item: reading.id,
    value: reading.value,
    unit: reading.unit,
    readAt: reading.at,
  }
  const recorded = await recordReading(station, daily)
  return recorded.ok ? ok({ ...daily, ...recorded.value, reading }) : recorded
}
