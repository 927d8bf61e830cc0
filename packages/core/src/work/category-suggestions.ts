/** What the register says of a household that its categories do not: a person confirms, nothing is set by itself. */
import type { Projection } from '../record/project.ts'
import { maskedFor } from './mask.ts'
import { plainOf } from './masked-record.ts'
import { type RecordSet, textOf } from './record-set.ts'
import { ageOf, categoriesOf, residentsOf } from './residents.ts'

export type Suggestion = {
  readonly category: string
  /** `add`: the facts fit a category that is not set. `remove`: one is set that they do not fit any more. */
  readonly what: 'add' | 'remove'
  readonly because:
    | 'lives-alone'
    | 'all-elderly'
    | 'not-alone'
    | 'floating'
    | 'dwelling-rented'
    | 'dwelling-business'
  /** Whom it is about; null where it is the home. */
  readonly person: string | null
  /** Whole years. */
  readonly age: number | null
}

/** Elderly: 60 years (Law on the Rights of the Elderly, art. 2). The visiting rules know 80 besides (domain A.4). */
const ELDERLY_YEARS = 60
const VERY_OLD_YEARS = 80

export function suggestCategories(set: RecordSet, household: Projection, on: string): readonly Suggestion[] {
  const { category, note } = maskedFor[set.viewer]
  if (category || note) return []
  const residents = residentsOf(set, household, on).filter(({ present }) => present)
  const ages = residents.map(({ person }) => ageOf(person, on))
  const has = new Set(categoriesOf(set, household, on))
  const found: Suggestion[] = []
  const add = (name: string, because: Suggestion['because'], at?: number) => {
    if (has.has(name)) return
    const person = at === undefined ? null : residents[at]!.person.id
    found.push({
      category: name,
      what: 'add',
      because,
      person,
      age: at === undefined ? null : (ages[at] ?? null),
    })
  }
  const [only] = ages
  if (residents.length === 1 && only !== undefined && only !== null) {
    if (only >= VERY_OLD_YEARS) add('elderly-alone-80', 'lives-alone', 0)
    else if (only >= ELDERLY_YEARS) add('elderly-alone', 'lives-alone', 0)
  }
  if (residents.length > 1) {
    if (ages.every((age) => age !== null && age >= ELDERLY_YEARS)) add('empty-nest', 'all-elderly')
    // Whoever has no age is somebody all the same.
    for (const name of ['elderly-alone-80', 'elderly-alone'])
      if (has.has(name))
        found.push({ category: name, what: 'remove', because: 'not-alone', person: null, age: null })
  }
  const floating = residents.findIndex(({ person }) => plainOf(person).fields.population === 'floating')
  if (floating >= 0) add('floating', 'floating', floating)
  const use = textOf(set.getA('dwelling', household.fields.dwelling, household.space), 'use')
  if (use === 'rented') add('rental', 'dwelling-rented')
  if (use === 'business') add('business', 'dwelling-business')
  return found
}
