import type { Projection } from '../record/project.ts'
import { addressOf, addressText, walkingKey } from '../work/address.ts'
import { type RecordSet, textOf } from '../work/record-set.ts'
import { CARD_OF, type CardKind, type Cards, cardOf, conflictsOf } from './cards.ts'

export type CardChanges = {
  readonly upserts: { readonly [K in CardKind]: readonly Cards[K][] }
  /** Ids of conflicts that were settled. */
  readonly settled: readonly string[]
  /** Ids of records that were erased, or moved to a space that is not here: no collection keeps a card of theirs. */
  readonly gone: readonly string[]
}

/**
 * Which cards a change of records touches, collected until they are asked for. A building's new name is on every
 * card of its doors; a person's phone on one.
 */
export class CardFeed {
  readonly #set: RecordSet
  readonly #touched = new Set<string>()
  /** As last shown, so that a door that did not move does not rewrite its whole history. */
  readonly #doors = new Map<string, string>()
  readonly #conflicts = new Map<string, readonly string[]>()

  constructor(set: RecordSet) {
    this.#set = set
    this.touchAll()
  }

  get isEmpty(): boolean {
    return this.#touched.size === 0
  }

  touchAll(): void {
    for (const type of Object.keys(CARD_OF) as (keyof typeof CARD_OF)[])
      for (const record of this.#set.ofType(type)) this.#touched.add(record.id)
    for (const record of this.#set.inConflict()) this.#touched.add(record.id)
    for (const id of this.#conflicts.keys()) this.#touched.add(id)
  }

  touch(record: Projection): void {
    const set = this.#set
    const { id, type, fields } = record
    if (Object.hasOwn(CARD_OF, type) || this.#conflicts.has(id) || Object.keys(record.conflicts).length > 0)
      this.#touched.add(id)
    switch (type) {
      case 'household':
        if (this.#doors.get(id) !== this.#doorOf(record)) this.#touchDoor(record)
        break
      case 'visit':
      case 'case':
        if (typeof fields.household === 'string') this.#touched.add(fields.household)
        break
      case 'residence':
        if (typeof fields.person === 'string') this.#touched.add(fields.person)
        break
      case 'dwelling':
        this.#touchDwelling(id)
        break
      case 'building':
        for (const dwelling of set.referring('dwelling', 'building', id)) this.#touchDwelling(dwelling.id)
        break
      // Names that stand on many cards, and change once in a year.
      case 'member':
      case 'grid':
        this.touchAll()
        break
    }
  }

  #touchDwelling(id: string): void {
    const set = this.#set
    for (const household of set.referring('household', 'dwelling', id)) {
      this.#touched.add(household.id)
      this.#touchDoor(household)
    }
    for (const device of set.referring('device', 'dwelling', id)) this.#touched.add(device.id)
    for (const residence of set.referring('residence', 'dwelling', id)) this.#touchPersonOf(residence)
  }

  #touchDoor(household: Projection): void {
    const set = this.#set
    for (const type of ['visit', 'case'] as const)
      for (const record of set.referring(type, 'household', household.id)) this.#touched.add(record.id)
    for (const residence of set.referring('residence', 'household', household.id))
      this.#touchPersonOf(residence)
  }

  #touchPersonOf(residence: Projection): void {
    const person = textOf(residence, 'person')
    if (person !== null) this.#touched.add(person)
  }

  #doorOf = (household: Projection): string =>
    `${walkingKey(this.#set, household)}\u0000${addressText(addressOf(this.#set, household))}`

  /** Every touched card as it is now. */
  take(): CardChanges {
    const upserts = { households: [], persons: [], cases: [], visits: [], devices: [], conflicts: [] } as {
      [K in CardKind]: Cards[K][]
    }
    const settled: string[] = []
    const gone: string[] = []
    for (const id of this.#touched) {
      const record = this.#set.get(id)
      // Merged into another: what they say together is a card of that one.
      if (!record || record.id !== id) {
        gone.push(id)
        settled.push(...(this.#conflicts.get(id) ?? []))
        this.#conflicts.delete(id)
        this.#doors.delete(id)
        continue
      }
      if (this.#set.isKept(id)) this.#put(upserts, record)
      else gone.push(id)
      const before = this.#conflicts.get(id) ?? []
      const now = conflictsOf(this.#set, id)
      upserts.conflicts.push(...now)
      settled.push(...before.filter((one) => !now.some((conflict) => conflict.id === one)))
      if (now.length > 0)
        this.#conflicts.set(
          id,
          now.map((conflict) => conflict.id),
        )
      else this.#conflicts.delete(id)
    }
    this.#touched.clear()
    return { upserts, settled, gone }
  }

  #put(upserts: { [K in CardKind]: Cards[K][] }, record: Projection): void {
    const set = this.#set
    switch (record.type) {
      case 'household':
        this.#doors.set(record.id, this.#doorOf(record))
        upserts.households.push(cardOf.households(set, record))
        break
      case 'person':
        upserts.persons.push(cardOf.persons(set, record))
        break
      case 'case':
        upserts.cases.push(cardOf.cases(set, record))
        break
      case 'visit':
        upserts.visits.push(cardOf.visits(set, record))
        break
      case 'device':
        upserts.devices.push(cardOf.devices(set, record))
        break
    }
  }
}
