import {
  type DuplicateFinder,
  definitionOf,
  householdCard,
  type Mergeable,
  mergeDifferences,
  openDuplicates,
  personRow,
  personWarnings,
  type RecordSet,
} from '@doorstep/core'
import type { Language } from '../../voice/language.ts'
import { reasonsText } from '../../voice/merge-text.ts'
import type { MergeFacts, PeopleFacts } from '../facts.ts'
import { typedResident } from '../typed-resident.ts'

/** Who may be one with whom; what it needs to spell is loaded at the first question. */
export class LookAlikes {
  readonly #records: RecordSet
  #finder: DuplicateFinder | null = null
  #opening: Promise<void> | null = null

  constructor(records: RecordSet) {
    this.#records = records
  }

  get isOpen(): boolean {
    return this.#finder !== null
  }

  open(): Promise<void> {
    this.#opening ??= openDuplicates(this.#records).then((finder) => {
      this.#finder = finder
    })
    return this.#opening
  }

  /** Null until it is open. */
  get finder(): DuplicateFinder | null {
    return this.#finder
  }
}

const MOST_ALIKE = 2

/** Everybody of a household, and what is being written about one more, with whom they may be. */
export function peopleFacts(
  set: RecordSet,
  finder: DuplicateFinder | null,
  { household, draft }: { readonly household: string; readonly draft: string | null },
  { day, language }: { readonly day: string; readonly language: Language },
): PeopleFacts {
  const card = householdCard(set, household, { on: day, language, visits: 0 })
  const residents = card?.residents ?? []
  const alikeTo = (person: string) => {
    const [first] = finder?.of('person', person) ?? []
    return first ? { id: first.id, why: reasonsText(first.reasons, language) } : null
  }
  return {
    household,
    rows: residents.map(({ person, fields, relation, age, state, present, categories, mismatch }) => ({
      id: person,
      name: String(fields.name ?? ''),
      phone: String(fields.phone ?? ''),
      ...{ relation, age, state, present, categories, mismatch },
      alike: alikeTo(person),
    })),
    suggestions: card?.suggestions ?? [],
    draft: draft === null ? null : draftFacts(set, finder, household, draft, day, language),
  }
}

function draftFacts(
  set: RecordSet,
  finder: DuplicateFinder | null,
  household: string,
  draft: string,
  day: string,
  language: Language,
): NonNullable<PeopleFacts['draft']> {
  const typed = typedResident(draft)
  const alike =
    typed.fields.name === undefined
      ? []
      : (finder?.like({ type: 'person', fields: typed.fields, at: household }) ?? [])
  return {
    typed,
    warnings: personWarnings(typed.fields, day),
    alike: alike.slice(0, MOST_ALIKE).flatMap(({ id, reasons }) => {
      const person = set.get(id)
      if (!person) return []
      const { name, address } = personRow(set, person, { on: day, language })
      return [`${[name, address].filter(Boolean).join('  ')}  (${reasonsText(reasons, language)})`]
    }),
  }
}

/** Two side by side: what both say differently, to be chosen from. */
export function mergeFacts(
  set: RecordSet,
  { kind, keep, other }: { readonly kind: Mergeable; readonly keep: string; readonly other: string },
  { day, language }: { readonly day: string; readonly language: Language },
): MergeFacts {
  const titleOf = (id: string) => {
    const record = set.get(id)
    if (!record) return id
    const { name, address } = personRow(set, record, { on: day, language })
    return { name: name ?? id, address }
  }
  const side = (id: string) => {
    const title = titleOf(id)
    return typeof title === 'string' ? { name: title, address: '' } : title
  }
  return {
    keep,
    other,
    sides: [side(keep), side(other)],
    rows: mergeDifferences(set, keep, other).map(({ field, keep: ours, other: theirs }) => ({
      id: field,
      label: definitionOf(kind)?.fields[field]?.label ?? ([field, field] as const),
      values: [ours, theirs] as const,
    })),
  }
}
