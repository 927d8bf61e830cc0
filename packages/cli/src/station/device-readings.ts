import {
  addDays,
  calendarOf,
  type DirtKind,
  fail,
  isSignal,
  mayReadDevice,
  ok,
  type Projection,
  type RecordSet,
  type Result,
  type SeriesStore,
  type Signal,
  signals,
  startOfDay,
} from '@doorstep/core'

export const readingSteps = ['day', 'hour', 'raw'] as const
export type ReadingStep = (typeof readingSteps)[number]

export type DeviceReadings = {
  readonly device: string
  readonly signal: Signal
  readonly unit: string
  readonly timeZone: string
  readonly step: ReadingStep
  /** Days, both included. */
  readonly from: string
  readonly until: string
  /** Of registers by steps: null where the readings do not tell. */
  readonly uses: readonly { readonly from: string; readonly use: number | null }[]
  /** Otherwise: what was said. */
  readonly readings: readonly { readonly at: string; readonly value: number }[]
  readonly total: number | null
  readonly untoldSteps: number
  readonly dirt: Readonly<Partial<Record<DirtKind, number>>>
  /** Days whose readings do not open any more. */
  readonly damagedDays: readonly string[]
}

const HOUR_MS = 3_600_000
const DAYS_BACK: Readonly<Record<ReadingStep, number>> = { day: 29, hour: 1, raw: 0 }

/** Only as long as the home allows it: afterwards a gateway erases them anyway. */
export function readingsOf(
  set: RecordSet,
  series: SeriesStore,
  asked: {
    readonly device: Projection
    readonly nowMs: number
    readonly step: ReadingStep
    readonly signal?: string
    readonly from?: string
    readonly until?: string
  },
): Result<DeviceReadings> {
  const { device, nowMs, step } = asked
  const calendar = calendarOf(set)
  const may = mayReadDevice(set, device, calendar.dayOf(nowMs))
  if (!may.ok) return may
  const known = series.signalsOf(device.id)
  const signal = asked.signal ?? isKindOf(device, known) ?? known[0]?.signal
  const newest = known.find((one) => one.signal === signal)?.newest
  if (!isSignal(signal) || !newest)
    return fail({
      type: 'no-such-signal',
      device: device.id,
      signal: signal ?? '',
      signals: known.map((one) => one.signal),
    })
  const until = asked.until ?? later(asked.from, calendar.dayOf(newest.atMs))
  const from = asked.from ?? addDays(until, -DAYS_BACK[step])
  const fromMs = startOfDay(calendar, from)
  const untilMs = startOfDay(calendar, addDays(until, 1))
  const { form, unit } = signals[signal]
  const isRegister = form === 'register'
  const byDays = isRegister && step === 'day' ? dayUses() : []
  const uses = isRegister && step === 'hour' ? hourUses() : byDays
  const readings =
    isRegister && step !== 'raw'
      ? []
      : (step === 'raw' ? series.raw : series.points)
          .call(series, device.id, signal, fromMs, untilMs)
          .map(({ atMs, value }) => ({ at: iso(atMs), value }))
  const dirt: Partial<Record<DirtKind, number>> = {}
  for (const { kind, atMs } of series.cleaned(device.id, signal, fromMs, untilMs).dirt)
    if (atMs >= fromMs && atMs < untilMs) dirt[kind] = (dirt[kind] ?? 0) + 1
  const told = uses.flatMap(({ use }) => use ?? [])
  return ok({
    device: device.id,
    signal,
    unit,
    timeZone: calendar.timeZone,
    step,
    from,
    until,
    uses,
    readings,
    total: told.length > 0 ? Math.round(told.reduce((sum, use) => sum + use, 0) * 1e6) / 1e6 : null,
    untoldSteps: uses.length - told.length,
    dirt,
    damagedDays: [...new Set(series.damaged().flatMap((one) => (one.device === device.id ? one.day : [])))],
  })

  /** A day at a time: clocks that are put forward make one shorter. */
  function dayUses() {
    const days: { from: string; use: number | null }[] = []
    for (let day = from; day <= until; day = addDays(day, 1)) {
      const [start, end] = [startOfDay(calendar, day), startOfDay(calendar, addDays(day, 1))]
      const [use = null] = series.uses(device.id, signal as Signal, start, end, end - start)
      days.push({ from: iso(start), use })
    }
    return days
  }
  function hourUses() {
    return series
      .uses(device.id, signal as Signal, fromMs, untilMs, HOUR_MS)
      .map((use, hour) => ({ from: iso(fromMs + hour * HOUR_MS), use }))
  }
}

const iso = (ms: number): string => new Date(ms).toISOString()
const later = (a: string | undefined, b: string): string => (a !== undefined && a > b ? a : b)

/** A water meter's water, before its battery. */
function isKindOf(device: Projection, known: readonly { readonly signal: Signal }[]): Signal | undefined {
  return known.find(({ signal }) => signal === device.fields.kind)?.signal
}
