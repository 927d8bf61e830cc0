import type { RecordDefinition } from '../record/define.ts'
import { alarm } from './alarm.ts'
import { attachment } from './attachment.ts'
import { building } from './building.ts'
import { calendar } from './calendar.ts'
import { caseRecord } from './case.ts'
import { claim } from './claim.ts'
import { community } from './community.ts'
import { consent } from './consent.ts'
import { desk } from './desk.ts'
import { device } from './device.ts'
import { diary } from './diary.ts'
import { dispatch } from './dispatch.ts'
import { dwelling } from './dwelling.ts'
import { erasure } from './erasure.ts'
import { errand } from './errand.ts'
import { exportRecord } from './export.ts'
import { form } from './form.ts'
import { grid } from './grid.ts'
import { household } from './household.ts'
import { caseKind } from './kind.ts'
import { leave } from './leave.ts'
import { member } from './member.ts'
import { merge } from './merge.ts'
import { norm } from './norm.ts'
import { person } from './person.ts'
import { piece } from './piece.ts'
import { policy } from './policy.ts'
import { residence } from './residence.ts'
import { reveal } from './reveal.ts'
import { review } from './review.ts'
import { rule } from './rule.ts'
import { station } from './station.ts'
import { sweep } from './sweep.ts'
import { template } from './template.ts'
import { visit } from './visit.ts'

/** Every record type. A new one is a new file and a line here; a test holds the two together. */
export const recordTypes = {
  community,
  grid,
  member,
  station,
  policy,
  calendar,
  kind: caseKind,
  norm,
  rule,
  building,
  dwelling,
  household,
  person,
  residence,
  merge,
  device,
  alarm,
  case: caseRecord,
  visit,
  sweep,
  claim,
  diary,
  errand,
  attachment,
  desk,
  dispatch,
  consent,
  leave,
  reveal,
  review,
  export: exportRecord,
  template,
  erasure,
  form,
  piece,
} as const

export type RecordType = keyof typeof recordTypes

export const definitionOf = (type: string): RecordDefinition | undefined =>
  Object.hasOwn(recordTypes, type) ? recordTypes[type as RecordType] : undefined

const byPrefix = new Map<string, RecordType>(
  Object.values(recordTypes).map(({ prefix, type }) => [prefix, type]),
)

/** What kind of record an id names. Undefined for types this version does not know. */
export const typeOf = (id: string): RecordType | undefined => byPrefix.get(id.slice(0, id.indexOf('-')))

/** `type@version` of each, a space between: kept projections of a type whose version changed are made anew. */
export const registryVersion = (): string =>
  Object.entries(recordTypes)
    .map(([type, definition]) => `${type}@${definition.version}`)
    .join(' ')
