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
  type Signal,
  type Station,
  signals,
  stationCalendar,
} from '@doorstep/core'
import {
  type Bus,
  createBus,
  type Heard,
  hearAnswer,
  isInVain,
  type LineAddress,
  openLine,
  READABLE_PROTOCOLS,
  type ReadInterrupted,
  type Reading,
  type ReadingPlan,
  readingPlans,
  readMeter,
  splitAddress,
} from '@doorstep/drivers'

/** `protocol`: as it answered, with the edition that it speaks. `heard`: all that the answer said. */
export type DeviceAnswer = DailyReading & { readonly protocol: string; readonly heard: readonly Heard[] }
export type DeviceReading = DeviceAnswer & RecordedReading

export type ReadDeviceProblem = Problem & {
  readonly type:
    | 'not-supported'
    | 'device-without-address'
    | 'meter-gave-no-value'
    | 'meter-counts-other'
    | 'no-consent'
}

/** Asks the meter, where somebody was met that day or the home allows it, and keeps the answer as the reading of the community's day it was read on. */
export async function readDevice(
  station: Station,
  device: Projection,
  at: LineAddress,
  signal: AbortSignal,
): Promise<Result<DeviceReading>> {
  const calendar = stationCalendar(station)
  const set = openRecordSet(station, { follow: false, spaces: [device.space] })
  const may = mayReadDevice(set, device, calendar.dayOf(station.now), 'visit')
  if (!may.ok) return may
  const line = await openLine(at, signal)
  if (!line.ok) return line
  const bus = createBus(line.value, at.type === 'serial' ? { baud: at.baud } : {})
  const asked = await askDevice(station, bus, device, signal)
  await bus.close()
  if (!asked.ok) return asked
  const { protocol: _protocol, heard: _heard, ...daily } = asked.value
  const recorded = await recordReading(station, { ...daily, source: 'visit' })
  return recorded.ok ? ok({ ...asked.value, ...recorded.value }) : recorded
}

/** What a device record says, asked of one meter on an open line; nothing is kept yet. */
export async function askDevice(
  station: Station,
  bus: Bus,
  device: Projection,
  signal: AbortSignal,
): Promise<Result<DeviceAnswer>> {
  const { protocol, address, kind } = device.fields
  if (typeof protocol !== 'string' || typeof address !== 'string')
    return fail({ type: 'device-without-address', device: device.id })
  const plans = readingPlans(protocol)
  if (plans.length === 0) return fail({ type: 'not-supported', protocol, supported: READABLE_PROTOCOLS })
  const asked = await askInTurn(bus, splitAddress(address).address, plans, signal)
  // Why the line failed says more than that it did.
  if (!asked.ok) return fail({ ...asked.problem.cause, item: asked.problem.item })
  const { plan, readings } = asked.value
  const { heard, unheard } = hearAnswer(plan.driver, readings)
  const said = theUse(heard, kind)
  if (said === null) {
    const [other] = heard
    if (other && isRegister(other.signal))
      return fail({ type: 'meter-counts-other', device: device.id, kind: String(kind), counts: other.signal })
    const item = plan.items[0]!
    const why = unheard.find((one) => one.reason !== 'no-signal')?.reason ?? 'not-answered'
    return fail({ type: 'meter-gave-no-value', device: device.id, item, missing: why })
  }
  return ok({
    device: device.id,
    on: stationCalendar(station).dayOf(said.atMs),
    item: said.signal,
    value: said.value,
    unit: signals[said.signal].unit,
    readAt: new Date(said.atMs).toISOString(),
    protocol: plan.variant === '' ? plan.driver.protocol : `${plan.driver.protocol}:${plan.variant}`,
    heard,
  })
}

/** One way after another, until one is answered with more than a refusal. */
async function askInTurn(
  bus: Bus,
  address: string,
  plans: readonly ReadingPlan[],
  signal: AbortSignal,
): Promise<Result<{ plan: ReadingPlan; readings: readonly Reading[] }, ReadInterrupted>> {
  let first: Result<{ plan: ReadingPlan; readings: readonly Reading[] }, ReadInterrupted> | null = null
  for (const plan of plans) {
    const read = await readMeter(bus, address, plan.items, { signal, driver: plan.driver, urgent: true })
    if (read.ok && !isInVain(read.value)) return ok({ plan, readings: read.value })
    first ??= read.ok ? ok({ plan, readings: read.value }) : read
    if (!read.ok && read.problem.cause.type !== 'no-reply') return read
  }
  return first!
}

const isRegister = (signal: Signal): boolean => signals[signal].form === 'register'

/** What a device of this kind is there to say: a meter its count, anything else what it says first. */
function theUse(heard: readonly Heard[], kind: unknown): Heard | null {
  if (typeof kind === 'string' && Object.hasOwn(signals, kind) && isRegister(kind as Signal))
    return heard.find(({ signal }) => signal === kind) ?? null
  return heard.find(({ signal }) => isRegister(signal)) ?? heard[0] ?? null
}
