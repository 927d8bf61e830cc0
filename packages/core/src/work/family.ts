/** Which records are about one household or one person. */
import type { Projection } from '../record/project.ts'
import { dispatchesOf } from './dispatch.ts'
import { byId } from './lookups.ts'
import { type RecordSet, textOf } from './record-set.ts'

/** A person: where they lived, what they allowed, who looked, what was copied. The person first. */
export const personFamily = (set: RecordSet, person: Projection): readonly Projection[] => [
  ...withMerged(set, person),
  ...[...set.referring('residence', 'person', person.id)].sort(byId),
  ...about(set, person.id),
]

/** A household with everybody who ever belonged to it, its visits and cases, and the devices of its dwelling. */
export function householdFamily(set: RecordSet, household: Projection): readonly Projection[] {
  const dwelling = String(household.fields.dwelling)
  const records = new Map<string, Projection>()
  const add = (found: Iterable<Projection>) => {
    for (const record of [...found].sort(byId)) records.set(record.id, record)
  }
  add(withMerged(set, household))
  add(about(set, household.id))
  for (const residence of residencesOf(set, household)) {
    add([residence])
    const person = set.getA('person', residence.fields.person)
    if (person) add(personFamily(set, person))
  }
  for (const type of ['visit', 'case', 'alarm', 'leave', 'diary', 'errand'] as const)
    for (const record of set.referring(type, 'household', household.id))
      add([
        record,
        ...about(set, record.id),
        ...dispatchesOf(record).flatMap((one) => set.get(one.dispatch) ?? []),
      ])
  for (const device of set.referring('device', 'dwelling', dwelling))
    add([device, ...homelessAlarms(set, device), ...set.referring('review', 'device', device.id)])
  return [...records.values()]
}

/** Raised when nobody was written down to live there: they go where the device goes. */
export const homelessAlarms = (set: RecordSet, device: Projection): readonly Projection[] =>
  set.referring('alarm', 'device', device.id).filter((one) => textOf(one, 'household') === null)

/** Residences that name the household, or name no household and its dwelling. */
export const residencesOf = (set: RecordSet, household: Projection): readonly Projection[] => [
  ...set.referring('residence', 'household', household.id),
  ...set
    .referring('residence', 'dwelling', String(household.fields.dwelling))
    .filter(({ fields }) => fields.household === undefined || fields.household === null),
]

/** The record with all that are one with it, each by itself, and what was said of their being one. */
export const withMerged = (set: RecordSet, { id }: Projection): readonly Projection[] => [
  ...set.members(id),
  ...new Set(set.mergesOf(id)),
]

const about = (set: RecordSet, id: string): readonly Projection[] =>
  [
    ...set.referring('consent', 'subject', id),
    ...set.referring('reveal', 'record', id),
    ...set.referring('export', 'subject', id),
    ...set.referring('diary', 'person', id),
    ...set.referring('errand', 'person', id),
    ...set
      .referring('attachment', 'about', id)
      .flatMap((one) => [one, ...set.referring('reveal', 'record', one.id)]),
  ].sort(byId)
