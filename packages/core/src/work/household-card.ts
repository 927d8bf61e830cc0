import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { addressOf, addressText } from './address.ts'
import { type CaseRow, listCases } from './case-list.ts'
import { type BasisRow, basesOf } from './category-basis.ts'
import { type Suggestion, suggestCategories } from './category-suggestions.ts'
import { expiryOf, isRetired } from './device-life.ts'
import { normsOf } from './device-norms.ts'
import { type DueVisit, nextVisit } from './due.ts'
import type { Language } from './language.ts'
import { byId, type GridRef, gridName, gridOf } from './lookups.ts'
import { maskedFor, shownFields, shownSet } from './mask.ts'
import { type Mismatch, mismatchAt } from './mismatch.ts'
import { type ConflictRow, listConflicts, listVisits, type VisitRow } from './queries.ts'
import { type RecordSet, textOf } from './record-set.ts'
import { ageOf, residentsOf } from './residents.ts'

export type ResidentRow = {
  readonly person: string
  readonly residence: string
  /** Fields of the person, masked. */
  readonly fields: Readonly<Record<string, Value>>
  readonly categories: readonly string[]
  /** To the head of the household: a choice of residence.relation. */
  readonly relation: string | null
  /** Whole years on the day asked about; null when unknown or not for this viewer. */
  readonly age: number | null
  readonly present: boolean
  /** A choice of residence.state, and of residence.kind. */
  readonly state: string | null
  readonly kind: string | null
  /** Whether they live where the household register has them; null where that is not to be asked. */
  readonly mismatch: Mismatch['state'] | null
  readonly from: string | null
  readonly to: string | null
}

export type DeviceRow = {
  readonly id: string
  readonly fields: Readonly<Record<string, Value>>
  /** The last days, oldest first: `{on, item, value, unit, readAt}`. */
  readonly daily: readonly Value[]
}

/** Everything to know before knocking, in one answer. */
export type HouseholdCard = {
  readonly household: {
    readonly id: string
    readonly address: string
    readonly grid: GridRef | null
    readonly fields: Readonly<Record<string, Value>>
    readonly categories: readonly string[]
    readonly tags: readonly string[]
    /** What to mind: words of minds.ts, or a community's own. */
    readonly minds: readonly string[]
    /** Where it is kept now, when that is not here. */
    readonly movedTo: { readonly space: string; readonly name: string } | null
  }
  readonly dwelling: { readonly id: string; readonly fields: Readonly<Record<string, Value>> } | null
  readonly building: { readonly id: string; readonly fields: Readonly<Record<string, Value>> } | null
  readonly residents: readonly ResidentRow[]
  readonly devices: readonly DeviceRow[]
  /** Open ones; those that ended are `listCases(set, {household})`. */
  readonly cases: readonly CaseRow[]
  readonly visits: readonly VisitRow[]
  /** Of the household, its dwelling, and everybody in it. */
  readonly conflicts: readonly ConflictRow[]
  /** Categories that the register speaks for, or against: a person decides. */
  readonly suggestions: readonly Suggestion[]
  /** Why categories of the household hold; those of its people are on their cards. */
  readonly bases: readonly BasisRow[]
  readonly next: DueVisit | null
}

export type CardOptions = {
  /** YYYY-MM-DD: ages, who lives there, what is late. */
  readonly on: string
  /** How many of the last visits; 10 when not given. */
  readonly visits?: number
  /** How many daily readings of each device; 14 when not given. */
  readonly days?: number
  readonly language?: Language
}

export function householdCard(set: RecordSet, id: string, options: CardOptions): HouseholdCard | null {
  const household = set.getA('household', id)
  if (!household) return null
  const { on, language = 'zh' } = options
  const dwelling = set.getA('dwelling', household.fields.dwelling, household.space)
  const building = set.getA('building', dwelling?.fields.building, dwelling?.space)
  const residents = residentsOf(set, household, on)
  const movedTo = textOf(household, 'movedTo')
  const about = [household, dwelling, ...residents.flatMap(({ person, residence }) => [person, residence])]
  return {
    household: {
      id: household.id,
      address: addressText(addressOf(set, household), language),
      grid: gridOf(set, household.space),
      fields: withoutPlace(shownFields(household, set.viewer)),
      categories: shownSet(household, 'categories', set.viewer),
      tags: shownSet(household, 'tags', set.viewer),
      minds: shownSet(household, 'minds', set.viewer),
      movedTo:
        movedTo === null || set.isKept(household.id)
          ? null
          : { space: movedTo, name: gridName(set, movedTo) },
    },
    dwelling: dwelling && { id: dwelling.id, fields: shownFields(dwelling, set.viewer) },
    building: building && { id: building.id, fields: shownFields(building, set.viewer) },
    residents: residents.map(({ person, residence, present }) => ({
      person: person.id,
      residence: residence.id,
      fields: shownFields(person, set.viewer),
      categories: shownSet(person, 'categories', set.viewer),
      relation: textOf(residence, 'relation'),
      age: maskedFor[set.viewer].note ? null : ageOf(person, on),
      present,
      state: textOf(residence, 'state'),
      kind: textOf(residence, 'kind'),
      mismatch: dwelling ? (mismatchAt(set, person, dwelling.id, on)?.state ?? null) : null,
      from: textOf(residence, 'from'),
      to: textOf(residence, 'to'),
    })),
    devices: dwelling ? devicesOf(set, dwelling, options) : [],
    cases: listCases(set, { on, household: household.id, open: true, language }),
    visits: listVisits(set, { household: household.id, language }).slice(0, options.visits ?? 10),
    conflicts: about.flatMap((record) => (record ? listConflicts(set, { record: record.id, language }) : [])),
    suggestions: suggestCategories(set, household, on),
    bases: basesOf(household),
    next: nextVisit(set, household, { on, language }),
  }
}

/** Those in use; when one expires is told by the life of its kind where it is not printed on it. */
function devicesOf(
  set: RecordSet,
  dwelling: Projection,
  { on, days = 14 }: CardOptions,
): readonly DeviceRow[] {
  const norms = normsOf(set)
  return [...set.referring('device', 'dwelling', dwelling.id)]
    .filter((device) => device.space === dwelling.space && !isRetired(device, on))
    .sort(byId)
    .map((device) => ({
      id: device.id,
      fields: { ...shownFields(device, set.viewer), expiresOn: expiryOf(device, norms)?.on ?? null },
      daily: dailyOf(device).slice(-days),
    }))
}

/** Sorted by the day they state; of two readings of one day both are there. */
const dailyOf = (device: Projection): readonly Value[] =>
  [...(device.timelines.daily ?? [])]
    .sort((a, b) => {
      const [dayA, dayB] = [onOf(a.value), onOf(b.value)]
      return dayA < dayB ? -1 : dayA > dayB ? 1 : a.id < b.id ? -1 : 1
    })
    .map((item) => item.value)

const withoutPlace = ({ movedTo: _, ...fields }: Record<string, Value>) => fields

const onOf = (value: Value): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && typeof value.on === 'string'
    ? value.on
    : ''
