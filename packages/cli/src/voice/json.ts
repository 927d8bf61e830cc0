import {
  type CaseCard,
  type CaseClock,
  type ConflictRow,
  type DispatchCard,
  type DueVisit,
  type HouseholdCard,
  type HouseholdRow,
  isMasked,
  type MoveRow,
  type PersonCard,
  type RecordSet,
  type VisitRow,
} from '@doorstep/core'
import { type Language, say } from './language.ts'
import { nextOf } from './move-text.ts'
import { isoTime, isoTimeOrNull } from './time.ts'

/** What scripts get: ids under the plain name, names beside them, times in ISO 8601 UTC, days as YYYY-MM-DD. */

export const householdRowJson = ({ lastVisitAtMs, grid, ...row }: HouseholdRow) => ({
  ...row,
  grid: grid?.name ?? null,
  space: grid?.space ?? null,
  lastVisitAt: isoTimeOrNull(lastVisitAtMs),
})

export const dueJson = ({ policy, grid, ...due }: DueVisit, language: Language) => ({
  ...due,
  grid: grid?.name ?? null,
  space: grid?.space ?? null,
  policy: policy?.id ?? null,
  policyName: policy && (language === 'en' ? (policy.nameEn ?? policy.name) : policy.name),
  intervalDays: policy?.intervalDays ?? null,
  because: policy?.because ?? [],
})

export const visitJson = ({ by, atMs, formVersion, ...visit }: VisitRow) => ({
  ...visit,
  version: formVersion,
  member: by.member,
  memberName: by.name,
  time: isoTime(atMs),
})

export const caseJson = ({ openedBy, openedAtMs, steps, clock, awaiting, ...card }: CaseCard) => ({
  ...card,
  openedBy: openedBy.member,
  openedByName: openedBy.name,
  openedAt: isoTime(openedAtMs),
  deadlineAt: isoTimeOrNull(clock.dueAtMs),
  clock: clockJson(clock),
  awaiting: awaiting.map(({ by, atMs, ...one }) => ({
    ...one,
    by: by.member,
    byName: by.name,
    at: isoTime(atMs),
  })),
  steps: steps.map(({ by, atMs, ...step }) => ({
    ...step,
    by: by.member,
    byName: by.name,
    at: isoTime(atMs),
  })),
})

/** Where the clock stands; `remainingMinutes` is negative once the deadline has passed. */
export const clockJson = ({ startedAtMs, dueAtMs, pausedAtMs, remainingMs, ...clock }: CaseClock) => ({
  ...clock,
  startedAt: isoTimeOrNull(startedAtMs),
  dueAt: isoTimeOrNull(dueAtMs),
  pausedAt: isoTimeOrNull(pausedAtMs),
  remainingMinutes: remainingMs === null ? null : Math.floor(remainingMs / 60_000),
})

export const dispatchJson = ({ steps, told, ...card }: DispatchCard) => ({
  ...card,
  told: Object.fromEntries(told.map(({ field, value }) => [field, value])),
  steps: steps.map(({ by, atMs, ...step }) => ({
    ...step,
    by: by.member,
    byName: by.name,
    at: isoTime(atMs),
  })),
})

export const moveJson = ({ by, atMs, ...row }: MoveRow) => ({
  ...row,
  by: by.member,
  byName: by.name,
  at: isoTime(atMs),
  next: nextOf({ ...row, by, atMs }),
})

export const personCardJson = ({ person, history, bases, ...card }: PersonCard) => ({
  person: {
    ...person.fields,
    id: person.id,
    categories: person.categories,
    age: person.age,
    state: person.state,
  },
  ...card,
  history: history.map(({ by, atMs, ...row }) => ({
    ...row,
    by: by.member,
    byName: by.name,
    at: isoTime(atMs),
  })),
  bases: bases.map(({ by, atMs, ...row }) => ({ ...row, by: by.member, byName: by.name, at: isoTime(atMs) })),
})

export const conflictJson = (set: RecordSet, { label, values, ...row }: ConflictRow, language: Language) => ({
  ...row,
  label: say(language, label),
  masked: isMasked(row.type, row.field, set.viewer),
  values: values.map(({ value, by, atMs }, at) => ({
    choice: at + 1,
    value,
    by: by.member,
    byName: by.name,
    at: isoTime(atMs),
  })),
})

export const householdCardJson = (
  set: RecordSet,
  card: HouseholdCard,
  cases: readonly CaseCard[],
  language: Language,
) => ({
  household: {
    ...card.household.fields,
    id: card.household.id,
    address: card.household.address,
    grid: card.household.grid?.name ?? null,
    space: card.household.grid?.space ?? null,
    categories: card.household.categories,
    tags: card.household.tags,
    minds: card.household.minds,
    movedTo: card.household.movedTo?.name ?? null,
  },
  dwelling: card.dwelling && { ...card.dwelling.fields, id: card.dwelling.id },
  building: card.building && { ...card.building.fields, id: card.building.id },
  residents: card.residents.map(({ fields, ...resident }) => ({ ...fields, ...resident })),
  devices: card.devices.map(({ id, fields, daily }) => ({ ...fields, id, daily })),
  cases: cases.map(caseJson),
  visits: card.visits.map(visitJson),
  conflicts: card.conflicts.map((row) => conflictJson(set, row, language)),
  suggestions: card.suggestions,
  bases: card.bases.map(({ by, atMs, ...row }) => ({ ...row, by, at: isoTime(atMs) })),
  next: card.next && dueJson(card.next, language),
})
