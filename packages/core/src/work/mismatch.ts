/** 人户一致, 人在户不在, 户在人不在: whether people live where the household register has them. Derived, never kept. */
import type { Projection } from '../record/project.ts'
import { dateOf } from './day.ts'
import { byId } from './lookups.ts'
import { plainOf } from './masked-record.ts'
import { type RecordSet, textOf } from './record-set.ts'
import { isWithdrawnResidence } from './residents.ts'

export type Mismatch = {
  /**
   * `match`: lives where the register has them. `unregistered`: lives here, is registered elsewhere (人在户不在).
   * `absent`: is registered here, and lives elsewhere (户在人不在). `unknown`: nobody wrote down where.
   */
  readonly state: 'match' | 'unregistered' | 'absent' | 'unknown'
  /** What it follows from: a dwelling or an address of the register, a residence that is registered only, or the kind of population. */
  readonly because: 'registered-dwelling' | 'registered-address' | 'nominal' | 'population' | 'nothing-known'
}

/** Of a person at one dwelling, on a day; of somebody who left it and is not registered there, null. */
export function mismatchAt(
  set: RecordSet,
  person: Projection,
  dwelling: string,
  on: string,
): Mismatch | null {
  const here = residencesOn(set, person, on).filter((one) => one.fields.dwelling === dwelling)
  const lives = here.some((one) => (textOf(one, 'state') ?? 'present') === 'present')
  const nominal = here.some((one) => one.fields.state === 'nominal')
  const { fields } = plainOf(person)
  const registered = fields.registeredDwelling
  if (dateOf(person, 'diedOn') !== null && dateOf(person, 'diedOn')! <= on) return null
  const says = (isHere: boolean, because: Mismatch['because']): Mismatch | null => {
    if (isHere) return { state: lives ? 'match' : 'absent', because }
    return lives ? { state: 'unregistered', because } : null
  }
  if (typeof registered === 'string') return says(registered === dwelling, 'registered-dwelling')
  if (nominal) return says(true, 'nominal')
  if (here.length === 0) return null
  if (typeof fields.registeredAddress === 'string' && fields.registeredAddress !== '')
    return says(false, 'registered-address')
  if (fields.population === 'floating' || fields.population === 'overseas') return says(false, 'population')
  if (fields.population === 'registered') return says(true, 'population')
  return { state: 'unknown', because: 'nothing-known' }
}

const residencesOn = (set: RecordSet, person: Projection, on: string): readonly Projection[] =>
  set
    .referring('residence', 'person', person.id)
    .filter(
      (one) =>
        !isWithdrawnResidence(one) &&
        (dateOf(one, 'to') ?? '9999') >= on &&
        (dateOf(one, 'from') ?? '') <= on,
    )

export type MismatchRow = Mismatch & {
  readonly person: string
  readonly dwelling: string
  readonly household: string | null
}

/** Everybody at every dwelling where the two are known to differ; with `all`, those that agree and the unknown too. */
export function listMismatches(
  set: RecordSet,
  { on, space, all = false }: { readonly on: string; readonly space?: string; readonly all?: boolean },
): readonly MismatchRow[] {
  const rows: MismatchRow[] = []
  for (const person of [...set.ofType('person')].sort(byId)) {
    if (space !== undefined && person.space !== space) continue
    const homes = new Map<string, string | null>()
    for (const residence of [...residencesOn(set, person, on)].sort(byId)) {
      const dwelling = textOf(residence, 'dwelling')
      if (dwelling !== null)
        homes.set(dwelling, textOf(residence, 'household') ?? homes.get(dwelling) ?? null)
    }
    const registered = textOf(person, 'registeredDwelling')
    if (registered !== null && !homes.has(registered)) homes.set(registered, null)
    for (const [dwelling, household] of homes) {
      const mismatch = mismatchAt(set, person, dwelling, on)
      if (!mismatch || (!all && (mismatch.state === 'match' || mismatch.state === 'unknown'))) continue
      rows.push({ ...mismatch, person: person.id, dwelling, household })
    }
  }
  return rows
}
