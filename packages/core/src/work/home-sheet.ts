/** A home's sheet of its water, power and gas, for whoever lives there: from records alone. */
import type { Projection } from '../record/project.ts'
import { type Point, type Signal, signals } from '../series/observation.ts'
import { addressOf, addressText } from './address.ts'
import { type AlarmRow, listAlarms } from './alarm-list.ts'
import { addDays, type Calendar, calendarOf } from './day.ts'
import { type DeviceTask, deviceTasks, standingDevices } from './device-life.ts'
import type { Language } from './language.ts'
import { shown } from './mask.ts'
import {
  type Average,
  averageOf,
  isMetered,
  type MeterDay,
  type Metered,
  meterDays,
  stretch,
} from './meter-days.ts'
import { type PeerBand, peerBand } from './peer-band.ts'
import { mayReadDevice } from './permission.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type UseNotice =
  /** Something ran in every hour of so many nights in a row: `perHour` at least, in the meter's unit. */
  | { readonly type: 'leak'; readonly nights: number; readonly perHour: number }
  /** More than twice the usual day; nothing at all, where there usually is. */
  | { readonly type: 'much' | 'none'; readonly on: string; readonly use: number; readonly usual: number }

/** Four weeks beside the four before them, and those of the year before. */
export type Compared = {
  readonly from: string
  readonly until: string
  readonly now: Average | null
  readonly before: Average | null
  readonly yearBefore: Average | null
}

export type MeterSheet = {
  readonly device: string
  readonly kind: Metered
  readonly name: string | null
  readonly unit: string
  /** Whether the home allows it to be read today. */
  readonly readNow: boolean
  /** Of today so far, as far as this station knows; only a gateway that holds the readings does. */
  readonly today: { readonly use: number; readonly untilMs: number } | null
  /** The newest day whose use is known. */
  readonly last: { readonly on: string; readonly use: number } | null
  /** The last 30 days, yesterday the last, oldest first. */
  readonly days: readonly MeterDay[]
  readonly sum: { readonly use: number; readonly daysKnown: number } | null
  readonly compared: Compared
  /** Its own average over the weeks of the band. */
  readonly own: Average | null
  /** Null: too few of its own days are known. */
  readonly band: PeerBand | null
  readonly notices: readonly UseNotice[]
}

export type HomeSheet = {
  readonly household: string
  readonly name: string | null
  readonly address: string
  readonly on: string
  readonly meters: readonly MeterSheet[]
  /** Nobody has said yet what they were. */
  readonly alarms: readonly Pick<AlarmRow, 'id' | 'rule' | 'state' | 'sinceMs' | 'raisedAtMs'>[]
  readonly tasks: readonly DeviceTask[]
}

export type SheetOptions = {
  /** YYYY-MM-DD in the community's time zone. */
  readonly on: string
  readonly nowMs: number
  readonly language?: Language
  /** What a gateway's readings say of today: the use since midnight, and as of when. */
  readonly today?: (device: string, signal: Signal) => Point | null
}

const DAYS = 30
const WEEKS_DAYS = 28
const LEAST_DAYS = 14
/** The same weekdays. */
const YEAR_DAYS = 364

export function homeSheet(set: RecordSet, id: string, options: SheetOptions): HomeSheet | null {
  const household = set.getA('household', id)
  if (!household) return null
  const { on, nowMs, language = 'zh' } = options
  const calendar = calendarOf(set)
  const meters = standingDevices(set, household, on)
    .filter((device) => isMetered(device.fields.kind))
    .map((device) => meterSheet(set, household, device, { ...options, calendar }))
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.device < b.device ? -1 : 1))
  return {
    household: household.id,
    name: shown('household', 'name', household.fields.name, set.viewer) as string | null,
    address: addressText(addressOf(set, household), language),
    on,
    meters,
    alarms: listAlarms(set, { household: household.id, open: true, nowMs, language }).map(
      ({ id: alarm, rule, state, sinceMs, raisedAtMs }) => ({ id: alarm, rule, state, sinceMs, raisedAtMs }),
    ),
    tasks: deviceTasks(set, household, { on }),
  }
}

const ORDER: readonly Metered[] = ['water', 'electricity', 'gas', 'heat']

function meterSheet(
  set: RecordSet,
  household: Projection,
  device: Projection,
  { on, today, calendar }: SheetOptions & { readonly calendar: Calendar },
): MeterSheet {
  const kind = device.fields.kind as Metered
  const all = meterDays(set, device, calendar)
  const yesterday = addDays(on, -1)
  const days = stretch(all, addDays(on, -DAYS), yesterday)
  const last = days.findLast(({ use }) => use !== null)
  const sum = averageOf(days, 1)
  const band = peerBand(set, household, kind, { on, calendar })
  const soFar = today?.(device.id, kind) ?? null
  return {
    device: device.id,
    kind,
    name: textOf(device, 'name'),
    unit: signals[kind].unit,
    readNow: mayReadDevice(set, device, on).ok,
    today: soFar && { use: soFar.value, untilMs: soFar.atMs },
    last: last ? { on: last.on, use: last.use! } : null,
    days,
    sum: sum && { use: sum.perDay * sum.daysKnown, daysKnown: sum.daysKnown },
    compared: compared(all, yesterday),
    own: band && averageOf(stretch(all, band.from, band.until), 1),
    band,
    notices: noticesOf(kind, all, days),
  }
}

function compared(all: ReadonlyMap<string, MeterDay>, until: string): Compared {
  const from = addDays(until, 1 - WEEKS_DAYS)
  const over = (days: number) =>
    averageOf(stretch(all, addDays(from, -days), addDays(until, -days)), LEAST_DAYS)
  return { from, until, now: over(0), before: over(WEEKS_DAYS), yearBefore: over(YEAR_DAYS) }
}

/** Below this a day is as good as none, and above the double of it nothing is worth a word; a day, in the unit. */
const LITTLE: Readonly<Record<Metered, number>> = { water: 0.01, electricity: 0.1, gas: 0.01, heat: 0.5 }
const TWICE = 2
/** So many nights in a row: one may be a guest, or a tap that somebody forgot. */
const LEAK_NIGHTS = 2

function noticesOf(
  kind: Metered,
  all: ReadonlyMap<string, MeterDay>,
  days: readonly MeterDay[],
): readonly UseNotice[] {
  const notices: UseNotice[] = []
  const nights = kind === 'water' || kind === 'gas' ? runningNights(days) : []
  if (nights.length >= LEAK_NIGHTS)
    notices.push({ type: 'leak', nights: nights.length, perHour: Math.min(...nights) })
  const last = days.slice(-2).findLast(({ use }) => use !== null)
  if (!last || last.use === null) return notices
  const before = stretch(all, addDays(last.on, -WEEKS_DAYS), addDays(last.on, -1)).flatMap(
    ({ use }) => use ?? [],
  )
  if (before.length < LEAST_DAYS) return notices
  const usual = before.sort((a, b) => a - b)[Math.floor(before.length / 2)]!
  const { on, use } = last
  if (use < LITTLE[kind] && usual >= TWICE * LITTLE[kind]) notices.push({ type: 'none', on, use, usual })
  else if (use > TWICE * usual && use - usual > 10 * LITTLE[kind])
    notices.push({ type: 'much', on, use, usual })
  return notices
}

/** The newest nights in a row in which something ran in every hour: what it was at least. A day not known ends it. */
function runningNights(days: readonly MeterDay[]): readonly number[] {
  const nights: number[] = []
  // The night of the last day may not be summed up yet.
  let at = days.length - 1
  if (days[at]?.nightLow == null) at--
  for (; at >= 0; at--) {
    const low = days[at]!.nightLow
    if (low === null || low <= 0) break
    nights.push(low)
  }
  return nights
}
