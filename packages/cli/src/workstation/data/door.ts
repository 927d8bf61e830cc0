import {
  addressOf,
  type DeviceRow,
  definitionOf,
  type HouseholdCard,
  householdCard,
  isMasked,
  listAlarms,
  listErrands,
  listLeaves,
  type RecordSet,
  shortAddress,
  type Value,
} from '@doorstep/core'
import type { Language } from '../../voice/language.ts'
import type { DoorFacts, MaskedThing, MeterLine } from '../facts.ts'
import { diaryLines } from './day.ts'

/** Everything the door screen shows; null for a household that is not here. */
export function doorFacts(
  set: RecordSet,
  household: string,
  { day, language, nowMs }: { readonly day: string; readonly language: Language; readonly nowMs: number },
): DoorFacts | null {
  const card = householdCard(set, household, { on: day, language, visits: 3 })
  const record = set.get(household)
  if (!card || !record) return null
  return {
    card,
    door: shortAddress(addressOf(set, record)),
    visitedToday: card.visits.some(
      (one) => one.on === day && one.outcome === 'met' && one.withdrawn === null,
    ),
    errands: listErrands(set, { on: day, household, live: true, language }),
    alarms: listAlarms(set, { household, open: true, nowMs, language }),
    leave: listLeaves(set, { on: day, household, language })[0] ?? null,
    todos: diaryLines(set, household, 'open', { day, language }),
    meters: card.devices.flatMap((device) => meterOf(device) ?? []),
    masked: maskedThings(set, card),
  }
}

const FIRST = ['healthMind', 'emergencyPhone', 'phone']

/** What stands there and is hidden from this member, of the household and of everybody in it. */
function maskedThings(set: RecordSet, { household, residents }: HouseholdCard): MaskedThing[] {
  const of = (type: string, record: string, whose: string, fields: Readonly<Record<string, Value>>) =>
    Object.entries(fields)
      .filter(([field, value]) => value !== null && isMasked(type, field, set.viewer))
      .map(([field, value]) => ({
        record,
        field,
        whose,
        label: definitionOf(type)?.fields[field]?.label ?? ([field, field] as const),
        shown: String(value),
      }))
      .sort((a, b) => placeOf(a.field) - placeOf(b.field) || (a.field < b.field ? -1 : 1))
  return [
    ...of('household', household.id, '', household.fields),
    ...residents.flatMap(({ person, fields }) => of('person', person, String(fields.name ?? ''), fields)),
  ]
}
const placeOf = (field: string): number => (FIRST.indexOf(field) + FIRST.length + 1) % (FIRST.length + 1)

type Reading = {
  readonly on: string
  readonly item: string
  readonly value: number | string
  readonly unit: string
}

/** What a day's use is compared with: the days before it, at most two weeks. */
const USUAL_DAYS = 13

/**
 * One meter as a line. Of several items the one with most days is shown. A meter that counts up shows what each day
 * used; anything else, and a meter that was changed, shows its readings.
 */
export function meterOf({ fields, daily }: Pick<DeviceRow, 'fields' | 'daily'>): MeterLine | null {
  const about = {
    kind: String(fields.kind ?? 'other'),
    name: typeof fields.name === 'string' ? fields.name : null,
    expiresOn: typeof fields.expiresOn === 'string' ? fields.expiresOn : null,
  }
  const readings = newestPerDay(mainItem(daily.flatMap(readingOf)))
  const last = readings.at(-1)
  if (!last) return { ...about, days: [], lastText: '', lastOn: '', lastDay: null, usual: null, unit: '' }
  const numbers = readings.flatMap(({ value }) => (typeof value === 'number' ? value : []))
  const whole = numbers.length === readings.length
  const counts =
    whole && numbers.length > 1 && numbers.every((value, at) => at === 0 || value >= numbers[at - 1]!)
  const days = counts ? numbers.slice(1).map((value, at) => value - numbers[at]!) : whole ? numbers : []
  const before = days.slice(-1 - USUAL_DAYS, -1)
  return {
    ...about,
    days: days.slice(-14),
    lastText: `${last.value} ${last.unit}`.trim(),
    lastOn: last.on,
    lastDay: counts ? days.at(-1)! : null,
    usual: counts && before.length >= 3 ? before.reduce((sum, one) => sum + one, 0) / before.length : null,
    unit: last.unit,
  }
}

function readingOf(value: unknown): Reading[] {
  if (typeof value !== 'object' || value === null) return []
  const { on, item, value: read, unit } = value as Record<string, unknown>
  if (typeof on !== 'string' || typeof item !== 'string' || NOT_READ.has(item)) return []
  if (typeof read !== 'number' && typeof read !== 'string') return []
  return [{ on, item, value: read, unit: typeof unit === 'string' ? unit : '' }]
}

/** What a gateway says of the device itself. */
const NOT_READ: ReadonlySet<string> = new Set(['online', 'battery'])

function mainItem(readings: readonly Reading[]): readonly Reading[] {
  const byItem = Map.groupBy(readings, (one) => one.item)
  const [most = []] = [...byItem.entries()]
    .sort(([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1))
    .map(([, list]) => list)
  return most
}

const newestPerDay = (readings: readonly Reading[]): readonly Reading[] => [
  ...new Map(readings.map((one) => [one.on, one])).values(),
]
