import { isDate } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import { dateOf, yearsBetween } from './day.ts'
import { byId } from './lookups.ts'
import { plainOf } from './masked-record.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type Resident = {
  readonly residence: Projection
  readonly person: Projection
  /** Lives here on that day: not moved out, not away, not merely registered, alive. */
  readonly present: boolean
}

/**
 * Who belongs to a household on a day: residences that name it, and residences of its dwelling that name no
 * household. A residence that ended before that day is left out.
 */
export function residentsOf(set: RecordSet, household: Projection, day: string): readonly Resident[] {
  const dwelling = textOf(household, 'dwelling')
  const residences = [
    ...set.referring('residence', 'household', household.id),
    ...(dwelling === null
      ? []
      : set
          .referring('residence', 'dwelling', dwelling)
          .filter(
            (residence) => residence.space === household.space && textOf(residence, 'household') === null,
          )),
  ]
  const residents: Resident[] = []
  for (const residence of residences.length > 1 ? residences.sort(byId) : residences) {
    const person = set.getA('person', residence.fields.person, residence.space)
    const { state } = residence.fields
    const to = dateOf(residence, 'to')
    if (!person || (to !== null && to < day) || isWithdrawnResidence(residence)) continue
    const from = dateOf(residence, 'from')
    const died = dateOf(person, 'diedOn')
    const present =
      state !== 'away' &&
      state !== 'nominal' &&
      (from === null || from <= day) &&
      (died === null || died > day)
    residents.push({ residence, person, present })
  }
  return residents.length > 1 ? eachOnce(residents) : residents
}

/** Written by mistake: it never was. */
export const isWithdrawnResidence = (residence: Projection): boolean =>
  textOf(residence, 'withdrawn') !== null

/** Of two residences of one person here, where they are present goes first, then what has no end, then the id. */
function eachOnce(residents: readonly Resident[]): readonly Resident[] {
  const byPerson = new Map<string, Resident>()
  for (const one of residents) {
    const known = byPerson.get(one.person.id)
    if (!known || rank(one) < rank(known)) byPerson.set(one.person.id, one)
  }
  return byPerson.size === residents.length ? residents : [...byPerson.values()]
}
const rank = ({ present, residence }: Resident): number =>
  (present ? 0 : 2) + (dateOf(residence, 'to') === null ? 0 : 1)

/** The household's own categories and those of everybody who lives there that day, sorted. */
export function categoriesOf(set: RecordSet, household: Projection, day: string): readonly string[] {
  const categories = new Set(plainOf(household).sets.categories ?? [])
  for (const { person, present } of residentsOf(set, household, day))
    if (present) for (const category of plainOf(person).sets.categories ?? []) categories.add(category)
  return [...categories].sort()
}

/** Whole years on a day, from the birth date or the identity number (digits 7–14, GB 11643); null when unknown. */
export function ageOf(record: Projection, day: string): number | null {
  const person = plainOf(record)
  const birth = birthOf(person)
  return birth === null ? null : yearsBetween(birth, day)
}

const birthOf = (person: Projection): string | null =>
  dateOf(person, 'birthDate') ?? birthOfIdNumber(textOf(person, 'idNumber'))

/** Of a number whose check character is wrong too: a register that was typed by hand has such. */
function birthOfIdNumber(idNumber: string | null): string | null {
  const digits = /^\d{6}(\d{4})(\d{2})(\d{2})\d{3}[\dXx]$/.exec(idNumber ?? '')
  const birth = digits && `${digits[1]}-${digits[2]}-${digits[3]}`
  return birth && isDate(birth) ? birth : null
}
