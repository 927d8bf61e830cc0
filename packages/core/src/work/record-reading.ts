import type { Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import type { RecordType } from '../records/registry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { type EntryPlace, findRecord, withEntries } from './command.ts'
import { mayReadDevice } from './permission.ts'
import { RecordSet } from './record-set.ts'

/** A reading of one item of a device for one day; raw readings stay where they were read. */
export type DailyReading = {
  readonly device: string
  /** The day it belongs to, YYYY-MM-DD in the community's time zone. */
  readonly on: string
  /** The signal: `electricity`, `water`, … */
  readonly item: string
  readonly value: number | string
  /** `kWh`, `m³`, …; '' where there is none. */
  readonly unit: string
  /** ISO 8601, UTC. */
  readonly readAt: string
  /** `monitoring` when not given: a gateway reads by itself. `visit`: somebody stands at the door. */
  readonly source?: 'monitoring' | 'visit'
}

export type RecordedReading = {
  readonly device: string
  /** False when that day's reading says so already: nothing was written. */
  readonly changed: boolean
  readonly entries: readonly EntryPlace[]
}

export type RecordReadingProblem = Problem & {
  readonly type: 'no-such-record' | 'invalid-field' | 'no-consent' | 'device-retired'
}

/**
 * Appends a reading to the device's days, if whoever lives there allows it on that day. A timeline only grows, so a day and item is appended to again only when
 * its value differs from the newest there: who reads every minute does not fill the log with one number.
 */
export async function recordReading(
  station: Station,
  reading: DailyReading,
): Promise<Result<RecordedReading, RecordReadingProblem | Problem>> {
  const wrong = brokenField(reading)
  if (wrong) return fail({ type: 'invalid-field', record: 'device', field: 'daily', ...wrong })
  const { device: id, on, item, value, unit, readAt, source } = reading
  return withEntries(
    await station.write<{ device: string; changed: boolean }>('device.read', (book) => {
      const device = findRecord(book, 'device', id)
      if (!device.ok) return device
      const allowed = mayReadDevice(whoIsAsked(book, device.value, source), device.value, on, source)
      if (!allowed.ok) return allowed
      const known = readingOf(device.value, on, item)
      if (known && (known.value === value || known.readAt > readAt)) return ok({ device: id, changed: false })
      const edited = book.edit(id, { append: { daily: [{ on, item, value, unit, readAt }] } })
      return edited.ok ? ok({ device: id, changed: true }) : edited
    }),
  )
}

/**
 * What decides whether this home may be read. A grid has thousands of people: they are looked at only where one of
 * them spoke for themselves, or where no household is written down; visits only where they count.
 */
function whoIsAsked(book: Draftbook, device: Projection, source: DailyReading['source']): RecordSet {
  const { space, fields } = device
  const of = (type: RecordType) => [...book.records({ space, type })]
  const consents = of('consent')
  const merges = of('merge')
  // What was merged is one with what is elsewhere: then all of them are looked at.
  const households = of('household').filter(
    (one) => merges.length > 0 || one.fields.dwelling === fields.dwelling,
  )
  const people =
    merges.length > 0 ||
    households.length === 0 ||
    consents.some(({ fields: { subject } }) => String(subject).startsWith('pe-'))
  return new RecordSet([
    ...consents,
    ...merges,
    ...(merges.length > 0 ? of('dwelling') : []),
    ...households,
    ...(people ? [...of('residence'), ...of('person')] : []),
    ...(source === 'visit' ? of('visit') : []),
  ])
}

function brokenField({ on, value, readAt }: DailyReading): { rule: string; value: Value } | null {
  if (!isDate(on)) return { rule: 'date', value: on }
  if (typeof value === 'number' && !Number.isFinite(value)) return { rule: 'number', value: String(value) }
  const instant = new Date(readAt)
  if (Number.isNaN(instant.getTime()) || instant.toISOString() !== readAt)
    return { rule: 'instant', value: readAt }
  return null
}

/** The newest reading of a day and item, by when it was read; of the same instant by the item's id. */
export function readingOf(
  device: Projection,
  on: string,
  item: string,
): { readonly value: Value; readonly unit: string; readonly readAt: string } | null {
  let newest: { value: Value; unit: string; readAt: string; id: string } | null = null
  for (const { id, value } of device.timelines.daily ?? []) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue
    if (value.on !== on || value.item !== item || typeof value.readAt !== 'string') continue
    const { readAt } = value
    if (newest && (newest.readAt > readAt || (newest.readAt === readAt && newest.id > id))) continue
    newest = { value: value.value ?? null, unit: String(value.unit ?? ''), readAt, id }
  }
  return newest && { value: newest.value, unit: newest.unit, readAt: newest.readAt }
}
