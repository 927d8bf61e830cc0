/**
 * One card for each thing a list shows: lean, masked for the viewer, made from records alone. What a card leaves
 * out is asked of the records when somebody opens the thing itself.
 */
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { addressOf, addressText, stairText, walkingKey } from '../work/address.ts'
import { foldCaseRecord } from '../work/case-state.ts'
import type { CaseState } from '../work/case-steps.ts'
import { dateOf } from '../work/day.ts'
import { authorOf, gridName } from '../work/lookups.ts'
import { isMasked, shown, shownSet } from '../work/mask.ts'
import { householdRow, listConflicts } from '../work/queries.ts'
import { type RecordSet, textOf } from '../work/record-set.ts'
import { homeOf } from '../work/search-entry.ts'

export type ListedHousehold = {
  readonly id: string
  readonly space: string
  readonly gridName: string
  readonly address: string
  /** The heading it stands under: `1幢2单元`. */
  readonly stair: string
  /** Sorts in walking order. */
  readonly walk: string
  readonly name: string | null
  readonly phone: string | null
  readonly categories: readonly string[]
  readonly tags: readonly string[]
  readonly mind: string | null
  readonly promise: string | null
  /** Of the last visit that met somebody. */
  readonly lastVisitOn: string | null
  readonly openCases: number
  /** Fields of the household itself with more than one living value. */
  readonly conflicts: number
}

export type ListedPerson = {
  readonly id: string
  /** '' where no residence says. */
  readonly household: string
  readonly address: string
  readonly name: string | null
  readonly gender: string | null
  readonly birthDate: string | null
  readonly idNumber: string | null
  readonly phone: string | null
  readonly categories: readonly string[]
  readonly diedOn: string | null
}

export type ListedCase = {
  readonly id: string
  readonly household: string
  readonly address: string
  readonly visit: string | null
  readonly kind: string | null
  readonly title: string | null
  readonly grade: string | null
  readonly state: CaseState
  readonly open: boolean
  readonly deadline: string | null
  readonly with: string | null
  readonly flagged: boolean
}

export type ListedVisit = {
  readonly id: string
  readonly household: string
  readonly address: string
  /** YYYY-MM-DD; '' where it is none. */
  readonly on: string
  readonly outcome: string | null
  readonly mode: string | null
  readonly form: string | null
  readonly nextOn: string | null
  readonly withdrawn: string | null
  readonly by: string
  readonly byName: string
  /** Milliseconds since 1970, by the author's clock. */
  readonly atMs: number
}

export type ListedDevice = {
  readonly id: string
  readonly dwelling: string
  readonly address: string
  readonly name: string | null
  readonly kind: string | null
  readonly protocol: string | null
  readonly deviceAddress: string | null
  readonly expiresOn: string | null
  /** Of the newest daily reading; '' before there is one. */
  readonly readAt: string
  readonly readings: number
}

export type ListedConflict = {
  /** `record/field`. */
  readonly id: string
  readonly record: string
  readonly type: string
  readonly title: string
  readonly field: string
  readonly label: readonly [zh: string, en: string]
  /** `write` names a value for `settleConflict`. */
  readonly values: readonly {
    readonly value: Value
    readonly write: string
    readonly by: string
    readonly byName: string
    readonly atMs: number
  }[]
}

export type Cards = {
  readonly households: ListedHousehold
  readonly persons: ListedPerson
  readonly cases: ListedCase
  readonly visits: ListedVisit
  readonly devices: ListedDevice
  readonly conflicts: ListedConflict
}
export type CardKind = keyof Cards

/** Which record type becomes which card. */
export const CARD_OF = {
  household: 'households',
  person: 'persons',
  case: 'cases',
  visit: 'visits',
  device: 'devices',
} as const satisfies Readonly<Record<string, CardKind>>

export const cardOf = {
  households: (set: RecordSet, record: Projection): ListedHousehold => {
    const { name, address, categories, tags, lastVisitOn } = householdRow(set, record)
    return {
      id: record.id,
      space: record.space,
      gridName: gridName(set, record.space),
      address,
      stair: stairText(addressOf(set, record)),
      walk: walkingKey(set, record),
      name,
      phone: seen(set, record, 'phone'),
      categories,
      tags,
      mind: seen(set, record, 'mind'),
      promise: seen(set, record, 'promise'),
      lastVisitOn,
      openCases: set.referring('case', 'household', record.id).filter((one) => foldCaseRecord(one).open)
        .length,
      conflicts: Object.keys(record.conflicts).length,
    }
  },
  persons: (set: RecordSet, record: Projection): ListedPerson => {
    const home = homeOf(set, record)
    return {
      id: record.id,
      household: home?.type === 'household' ? home.id : '',
      address: addressText(addressOf(set, home)),
      name: seen(set, record, 'name'),
      gender: textOf(record, 'gender'),
      birthDate: isMasked('person', 'birthDate', set.viewer) ? null : dateOf(record, 'birthDate'),
      idNumber: seen(set, record, 'idNumber'),
      phone: seen(set, record, 'phone'),
      categories: shownSet(record, 'categories', set.viewer),
      diedOn: dateOf(record, 'diedOn'),
    }
  },
  cases: (set: RecordSet, record: Projection): ListedCase => {
    const fold = foldCaseRecord(record)
    return {
      id: record.id,
      household: textOf(record, 'household') ?? '',
      address: addressAt(set, record.fields.household),
      visit: textOf(record, 'visit'),
      kind: textOf(record, 'kind'),
      title: textOf(record, 'title'),
      grade: textOf(record, 'grade'),
      state: fold.state,
      open: fold.open,
      deadline: fold.deadline,
      with: fold.with,
      flagged: fold.flagged,
    }
  },
  visits: (set: RecordSet, record: Projection): ListedVisit => ({
    id: record.id,
    household: textOf(record, 'household') ?? '',
    address: addressAt(set, record.fields.household),
    on: dateOf(record, 'on') ?? '',
    outcome: textOf(record, 'outcome'),
    mode: textOf(record, 'mode'),
    form: textOf(record, 'form'),
    nextOn: dateOf(record, 'nextOn'),
    withdrawn: textOf(record, 'withdrawn'),
    by: record.createdBy,
    byName: authorOf(set, record.createdBy).name,
    atMs: record.createdAt,
  }),
  devices: (set: RecordSet, record: Projection): ListedDevice => ({
    id: record.id,
    dwelling: textOf(record, 'dwelling') ?? '',
    address: addressText(addressOf(set, set.getA('dwelling', record.fields.dwelling))),
    name: textOf(record, 'name'),
    kind: textOf(record, 'kind'),
    protocol: textOf(record, 'protocol'),
    deviceAddress: textOf(record, 'address'),
    expiresOn: dateOf(record, 'expiresOn'),
    readAt: newestReading(record),
    readings: record.timelines.daily?.length ?? 0,
  }),
} as const

export const conflictsOf = (set: RecordSet, record: string): readonly ListedConflict[] =>
  listConflicts(set, { record }).map(({ values, ...row }) => ({
    id: `${row.record}/${row.field}`,
    ...row,
    values: values.map(({ by, ...value }) => ({ ...value, by: by.member, byName: by.name })),
  }))

const seen = (set: RecordSet, record: Projection, field: string): string | null => {
  const value = shown(record.type, field, record.fields[field], set.viewer)
  return typeof value === 'string' ? value : null
}

const addressAt = (set: RecordSet, household: Value | undefined): string =>
  addressText(addressOf(set, set.getA('household', household)))

function newestReading(device: Projection): string {
  let newest = ''
  for (const { value } of device.timelines.daily ?? []) {
    const readAt = typeof value === 'object' && value !== null && !Array.isArray(value) ? value.readAt : null
    if (typeof readAt === 'string' && readAt > newest) newest = readAt
  }
  return newest
}
