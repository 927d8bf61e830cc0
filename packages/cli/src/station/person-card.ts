import {
  addressOf,
  addressText,
  ageOf,
  isMasked,
  type RecordSet,
  shownFields,
  type Value,
} from '@doorstep/core'
import type { Today } from '../voice/time.ts'

export type PersonCard = {
  readonly person: Readonly<Record<string, Value>> & {
    readonly id: string
    readonly categories: readonly string[]
    readonly age: number | null
  }
  readonly homes: readonly {
    readonly residence: string
    readonly household: string | null
    readonly address: string
    readonly from: Value
    readonly to: Value
  }[]
}

/** A person as this member may see them, and where they live and lived. */
export function personCard(set: RecordSet, id: string, { today, language }: Today): PersonCard {
  const person = set.getA('person', id)
  if (!person) throw new Error(`picked person ${id} is not there`)
  return {
    person: {
      ...shownFields(person, set.viewer),
      id,
      categories: [...(person.sets.categories ?? [])].sort(),
      age: isMasked('person', 'birthDate', set.viewer) ? null : ageOf(person, today),
    },
    homes: set.referring('residence', 'person', id).map(({ id: residence, fields }) => {
      const household = set.getA('household', fields.household)
      const dwelling = set.getA('dwelling', fields.dwelling)
      return {
        residence,
        household: household?.id ?? null,
        address: addressText(addressOf(set, dwelling), language),
        from: fields.from ?? null,
        to: fields.to ?? null,
      }
    }),
  }
}
