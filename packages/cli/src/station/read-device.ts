import {
  type DailyReading,
  fail,
  mayReadDevice,
  ok,
  openRecordSet,
  type Problem,
  type Projection,
  type RecordedReading,
  type Result,
  recordReading,
  type Station,
  stationCalendar,
} from '@doorstep/core'
import { type Bus, createBus, drivers, openTcpPort, type Reading, readMeter } from '@doorstep/drivers'

export type DeviceReading = DailyReading & RecordedReading & { readonly reading: Reading }

export type ReadDeviceProblem = Problem & {
  readonly type: 'not-supported' | 'device-without-address' | 'meter-gave-no-value' | 'no-consent'
}

/** What is read of a meter to say how much was used: DL/T 645-2007, forward active energy, total. */
const DAILY_ITEM: Readonly<Record<string, string>> = { dlt645: '00010000' }

/** Asks the meter over TCP, where somebody was met that day or the home allows it, and keeps the answer as the reading of the community's day it was read on. */
export async function readDevice(
  station: Station,
  device: Projection,
  at: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Result<DeviceReading>> {
  const calendar = stationCalendar(station)
  const set = openRecordSet(station, { follow: false, spaces: [device.space] })
  const may = mayReadDevice(set, device, calendar.dayOf(station.now), 'visit')
  if (!may.ok) return may
  const line = await openTcpPort({ ...at, signal })
  if (!line.ok) return line
  const bus = createBus(line.value)
  const asked = await askDevice(station, bus, device, signal)
  await bus.close()
  if (!asked.ok) return asked
  const { reading, ...daily } = asked.value
  const recorded = await recordReading(station, { ...daily, source: 'visit' })
  return recorded.ok ? ok({ ...daily, ...recorded.value, reading }) : recorded
}

/** One question to one meter on an open line; nothing is kept yet. */
export async function askDevice(
  station: Station,
  bus: Bus,
  device: Projection,
  signal: AbortSignal,
): Promise<Result<DailyReading & { readonly reading: Reading }>> {
  const { protocol, address } = device.fields
  if (typeof protocol !== 'string' || typeof address !== 'string')
    return fail({ type: 'device-without-address', device: device.id })
  const driver = drivers.find((one) => one.protocol === protocol)
  const item = DAILY_ITEM[protocol]
  if (!driver || item === undefined)
    return fail({ type: 'not-supported', protocol, supported: Object.keys(DAILY_ITEM) })
  const read = await readMeter(bus, address, [item], { signal, driver })
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
  const { id, value, unit, at: readAt } = reading
  return ok({ device: device.id, on, item: id, value, unit, readAt, reading })
}
