/** What a home used on each day, from the records of its meter and of those that hung in its place before. */
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { type Signal, signals } from '../series/observation.ts'
import { addDays, type Calendar, dateOf } from './day.ts'
import { predecessorsOf } from './device-life.ts'
import type { RecordSet } from './record-set.ts'

/** Kinds of devices that count something up, by what they count. */
export const METERED = ['water', 'electricity', 'gas', 'heat'] as const satisfies readonly Signal[]
export type Metered = (typeof METERED)[number]
export const isMetered = (kind: unknown): kind is Metered => METERED.some((one) => one === kind)

export type MeterDay = {
  /** YYYY-MM-DD. */
  readonly on: string
  /** In the signal's unit; null where the records do not tell. */
  readonly use: number | null
  /** The register where it last stood on that day. */
  readonly register: number | null
  /** The least of an hour between midnight and six; null where no gateway summed the day up. */
  readonly nightLow: number | null
}

/** By day, in no promised order; a meter that was changed goes on where the old one ended. `from`: no day before it. */
export function meterDays(
  set: RecordSet,
  device: Projection,
  calendar: Calendar,
  from = '',
): ReadonlyMap<string, MeterDay> {
  const days = new Map<string, MeterDay>()
  if (!isMetered(device.fields.kind)) return days
  for (const one of predecessorsOf(set, device))
    for (const day of daysOf(one, device.fields.kind, calendar, from)) {
      const known = days.get(day.on)
      days.set(day.on, known ? bothOf(known, day) : day)
    }
  return days
}

/** The day of the change: what each of them counted. */
const bothOf = (newer: MeterDay, older: MeterDay): MeterDay => ({
  ...newer,
  use: newer.use === null || older.use === null ? null : newer.use + older.use,
  nightLow: null,
})

type Reading = {
  readonly on: string
  readonly atMs: number
  readonly value: number
  readonly of: Readonly<Record<string, Value>>
}

function daysOf(device: Projection, kind: Metered, calendar: Calendar, from: string): readonly MeterDay[] {
  // A reading of the day before may be about the first day.
  const byItem = Map.groupBy(readingsOf(device, from === '' ? '' : addDays(from, -1)), ({ of }) =>
    String(of.item),
  )
  const told = new Map<string, MeterDay>()
  // What somebody read off the dial, where no gateway summed the day up.
  const [main = []] = [...byItem.entries()]
    .filter(([item, [first]]) => item !== kind && first?.of.unit === signals[kind].unit)
    .sort(([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1))
    .map(([, list]) => list)
  for (const day of betweenReadings(main, calendar)) told.set(day.on, day)
  const retiredOn = dateOf(device, 'retiredOn')
  for (const { on, value, of } of byItem.get(kind) ?? [])
    told.set(on, { on, use: numberOf(of.use), register: value, nightLow: numberOf(of.nightLow) })
  return [...told.values()].filter(({ on }) => retiredOn === null || on <= retiredOn)
}

/** Of each day and item the newest; of the same instant the one with the greater id, as on every station. */
function readingsOf(device: Projection, from: string): readonly Reading[] {
  const newest = new Map<string, Reading & { readonly id: string }>()
  for (const { id, value: of } of device.timelines.daily ?? []) {
    if (typeof of !== 'object' || of === null || Array.isArray(of)) continue
    const { on, item, value, readAt } = of
    if (typeof on === 'string' && on < from) continue
    const atMs = typeof readAt === 'string' ? Date.parse(readAt) : Number.NaN
    if (typeof on !== 'string' || typeof item !== 'string' || typeof value !== 'number' || Number.isNaN(atMs))
      continue
    const known = newest.get(`${on} ${item}`)
    if (known && (known.atMs > atMs || (known.atMs === atMs && known.id > id))) continue
    newest.set(`${on} ${item}`, { id, on, atMs, value, of })
  }
  return [...newest.values()].sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1))
}

const HOUR_MS = 3_600_000

/**
 * A register read once a day tells the use between two readings; it belongs to the day in which most of that time lies.
 * Where the readings are further apart, or the register went back, nothing is made up.
 */
function* betweenReadings(readings: readonly Reading[], calendar: Calendar): Generator<MeterDay> {
  for (const [at, { on, value, atMs }] of readings.entries()) {
    yield { on, use: null, register: value, nightLow: null }
    const next = readings[at + 1]
    if (!next) continue
    const apart = next.atMs - atMs
    if (apart < 12 * HOUR_MS || apart > 36 * HOUR_MS || next.value < value) continue
    const day = calendar.dayOf(atMs + apart / 2)
    const register = day === on ? value : (readings.find((one) => one.on === day)?.value ?? null)
    yield { on: day, use: next.value - value, register, nightLow: null }
  }
}

const numberOf = (value: Value | undefined): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null

/** Days from one to another, both included; what nobody knows of is there, with nulls. */
export function stretch(days: ReadonlyMap<string, MeterDay>, from: string, until: string): MeterDay[] {
  const all: MeterDay[] = []
  for (let on = from; on <= until; on = addDays(on, 1))
    all.push(days.get(on) ?? { on, use: null, register: null, nightLow: null })
  return all
}

export type Average = { readonly perDay: number; readonly daysKnown: number }

/** Over the days that are known; null where fewer than `least` are. */
export function averageOf(days: readonly MeterDay[], least: number): Average | null {
  const known = days.flatMap(({ use }) => use ?? [])
  if (known.length < least || known.length === 0) return null
  return { perDay: known.reduce((sum, use) => sum + use, 0) / known.length, daysKnown: known.length }
}
