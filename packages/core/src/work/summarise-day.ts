import type { Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Result } from '../result.ts'
import { type DaySummary, daySummaries } from '../series/day-summary.ts'
import type { SeriesStore } from '../series/series-store.ts'
import type { Station } from '../station/station.ts'
import { addDays, calendarOf, startOfDay } from './day.ts'
import { mayReadDevice } from './permission.ts'
import { openRecordSet, type RecordSet } from './record-set.ts'

export type SummarisedDay = {
  readonly day: string
  /** Devices something was written of. */
  readonly written: readonly string[]
  /** Said already, to the number. */
  readonly unchanged: number
  /** Nobody allows it, or no longer. */
  readonly withoutConsent: number
}

/** Devices of one write: its entries stay small, and others wait for none of them long. */
const AT_ONCE = 50

/**
 * Writes what a community day (YYYY-MM-DD) says of every device onto its record, item by signal, where the home allows
 * it. Called again it writes only what has changed since, as by a reading that came late. `set`, where the caller
 * holds one.
 */
export async function summariseDay(
  station: Station,
  series: SeriesStore,
  day: string,
  set: RecordSet = openRecordSet(station, { follow: false }),
): Promise<Result<SummarisedDay>> {
  if (!isDate(day))
    return fail({ type: 'invalid-field', record: 'device', field: 'daily', rule: 'date', value: day })
  const calendar = calendarOf(set)
  const fromMs = startOfDay(calendar, day)
  const untilMs = startOfDay(calendar, addDays(day, 1))
  let withoutConsent = 0
  let unchanged = 0
  const toWrite: { readonly device: Projection; readonly summaries: readonly DaySummary[] }[] = []
  for (const id of series.devices()) {
    const device = set.getA('device', id)
    if (!device) continue
    const summaries = daySummaries(series, id, fromMs, untilMs)
    if (summaries.length === 0) continue
    if (!mayReadDevice(set, device, day).ok) withoutConsent++
    else if (summaries.every((one) => isSaid(device, day, one))) unchanged++
    else toWrite.push({ device, summaries })
  }
  const written: string[] = []
  for (let at = 0; at < toWrite.length; at += AT_ONCE) {
    const some = toWrite.slice(at, at + AT_ONCE)
    const done = await station.write<string[]>('device.read', (book) => {
      const readAt = new Date(station.now).toISOString()
      const edited: string[] = []
      for (const { device, summaries } of some) {
        const known = book.get(device.id) ?? device
        const items = summaries
          .filter((one) => !isSaid(known, day, one))
          .map((one) => ({ ...itemOf(day, one), readAt }))
        const done = items.length > 0 ? book.edit(device.id, { append: { daily: items } }) : ok(undefined)
        if (!done.ok) return done
        if (items.length > 0) edited.push(device.id)
      }
      return ok(edited)
    })
    if (!done.ok) return done
    written.push(...done.value.value)
  }
  return ok({ day, written, unchanged, withoutConsent })
}

/** `{on, item, value, unit, …}`, as `daily` of a device has it; `item` is the signal. */
function itemOf(on: string, { signal, unit, ...numbers }: DaySummary): { readonly [key: string]: Value } {
  return { on, item: signal, unit, ...numbers }
}

/** Whether the newest of that day and signal says the same. */
function isSaid(device: Projection, day: string, summary: DaySummary): boolean {
  const newest = newestOf(device, day, summary.signal)
  const wanted = Object.entries(itemOf(day, summary))
  return newest !== null && wanted.every(([key, value]) => newest[key] === value)
}

function newestOf(device: Projection, day: string, item: string): { readonly [key: string]: Value } | null {
  let newest: { readonly [key: string]: Value } | null = null
  for (const { value } of device.timelines.daily ?? []) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue
    if (value.on !== day || value.item !== item || typeof value.readAt !== 'string') continue
    if (!newest || value.readAt >= String(newest.readAt)) newest = value
  }
  return newest
}
