import type { Projection } from '../record/project.ts'
import type { RecordSet } from './record-set.ts'

/** No list of households asks for these. Whatever else changes, and touches no household by name, makes all anew. */
const NEVER_ASKED: ReadonlySet<string> = new Set([
  'claim',
  'consent',
  'diary',
  'dispatch',
  'erasure',
  'export',
  'member',
  'reveal',
  'review',
  'station',
  'sweep',
])

type Kept = { readonly as: string; readonly values: Map<string, unknown> }

/**
 * What was worked out of a household and of the records around it (its dwelling, who lives there, its visits, and what
 * is the same for all), kept until one of those changes. A list of ten thousand doors is asked for after every save.
 */
export class HouseholdMemo {
  readonly #set: RecordSet
  readonly #kept = new Map<string, Kept>()

  constructor(set: RecordSet) {
    this.#set = set
  }

  /** `as`: what else it depends on, a day or a language; of each name the last alone is kept. */
  of<T>(name: string, as: string, household: Projection, make: () => T): T {
    let kept = this.#kept.get(name)
    if (kept?.as !== as) {
      kept = { as, values: new Map() }
      this.#kept.set(name, kept)
    }
    // Whoever asks by one name makes one kind of thing.
    if (kept.values.has(household.id)) return kept.values.get(household.id) as T
    const value = make()
    kept.values.set(household.id, value)
    return value
  }

  clear(): void {
    this.#kept.clear()
  }

  /** A record as it was, or as it is now. */
  touch(record: Projection): void {
    if (this.#kept.size === 0) return
    const { type, fields } = record
    if (type === 'household') this.#drop(record.id)
    else if (type === 'dwelling') this.#dropAllIn(record.id)
    else if (type === 'device') this.#dropAllIn(fields.dwelling)
    else if (type === 'residence') this.#dropAround(record)
    else if (type === 'person')
      for (const residence of this.#set.referring('residence', 'person', record.id))
        this.#dropAround(residence)
    else if (typeof fields.household === 'string') this.#drop(fields.household)
    else if (!NEVER_ASKED.has(type)) this.clear()
  }
  #dropAround({ fields: { household, dwelling } }: Projection): void {
    this.#drop(household)
    this.#dropAllIn(dwelling)
  }
  #dropAllIn(dwelling: unknown): void {
    if (typeof dwelling === 'string')
      for (const { id } of this.#set.referring('household', 'dwelling', dwelling)) this.#drop(id)
  }
  #drop(household: unknown): void {
    if (typeof household === 'string') for (const { values } of this.#kept.values()) values.delete(household)
  }
}
