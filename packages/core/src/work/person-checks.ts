/** What does not fit together in what is being written about a person: shown, never changed, never refused. */
import type { Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import { factsOfIdNumber } from '../records/person.ts'
import { yearsBetween } from './day.ts'
import { phoneKind } from './phone.ts'

/** `field` is what to look at again. No value is in it: warnings are printed and logged. */
export type PersonWarning = {
  readonly warning: /** The identity number says another day of birth, or another gender. */
    | 'id-says-other-birth'
    | 'id-says-other-gender'
    | 'birth-ahead'
    /** Nobody has reached that age. */
    | 'age-unlikely'
    /** No number that is dialled here. */
    | 'phone-unusual'
  readonly field: string
}

/** The oldest anybody was known to be, in years. */
const OLDEST_YEARS = 122

export function personWarnings(
  fields: Readonly<Record<string, Value>>,
  on: string,
): readonly PersonWarning[] {
  const warnings: PersonWarning[] = []
  const facts = factsOfIdNumber(fields.idNumber)
  const { birthDate, gender } = fields
  if (facts && typeof birthDate === 'string' && birthDate !== facts.birthDate)
    warnings.push({ warning: 'id-says-other-birth', field: 'birthDate' })
  if (facts && typeof gender === 'string' && gender !== facts.gender)
    warnings.push({ warning: 'id-says-other-gender', field: 'gender' })
  const birth = typeof birthDate === 'string' ? birthDate : facts?.birthDate
  if (birth !== undefined && isDate(birth)) {
    const years = yearsBetween(birth, on)
    if (years === null) warnings.push({ warning: 'birth-ahead', field: 'birthDate' })
    else if (years > OLDEST_YEARS) warnings.push({ warning: 'age-unlikely', field: 'birthDate' })
  }
  return [...warnings, ...phoneWarnings(fields)]
}

/** Of a household too. */
export const phoneWarnings = (fields: Readonly<Record<string, Value>>): readonly PersonWarning[] =>
  ['phone', 'emergencyPhone'].flatMap((field) => {
    const value = fields[field]
    return typeof value === 'string' && value !== '' && phoneKind(value) === null
      ? [{ warning: 'phone-unusual' as const, field }]
      : []
  })

/** What an identity number says and nobody has written yet. */
export function filledFromId(fields: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  const facts = factsOfIdNumber(fields.idNumber)
  if (!facts) return {}
  return {
    ...((fields.birthDate ?? null) === null ? { birthDate: facts.birthDate } : {}),
    ...((fields.gender ?? null) === null ? { gender: facts.gender } : {}),
  }
}
