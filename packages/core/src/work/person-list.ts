/** People, and where they are: for lists, and for one person's own page. */
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { addressOf, addressText, walkingKey } from './address.ts'
import { type BasisRow, basesOf } from './category-basis.ts'
import { dateOf } from './day.ts'
import type { Language } from './language.ts'
import { type Author, authorOf, byId } from './lookups.ts'
import { isMasked, maskedFor, shown, shownFields, shownSet } from './mask.ts'
import { plainOf } from './masked-record.ts'
import { type Mismatch, mismatchAt } from './mismatch.ts'
import { type PersonWarning, personWarnings } from './person-checks.ts'
import { type RecordSet, textOf } from './record-set.ts'
import { actsOf, type ResidenceAct } from './residence-acts.ts'
import { ageOf, isWithdrawnResidence } from './residents.ts'

/** `gone`: moved out of everywhere that is known here. `nowhere`: no residence says where. */
export type WhereState = 'present' | 'away' | 'nominal' | 'gone' | 'died' | 'nowhere'

export type PersonRow = {
  readonly id: string
  readonly name: string | null
  readonly household: string | null
  readonly address: string
  readonly state: WhereState
  readonly relation: string | null
  readonly age: number | null
  readonly phone: string | null
  readonly categories: readonly string[]
  readonly mismatch: Mismatch['state'] | null
}

/** Where somebody is on a day, and the residence that says so. */
export function whereIs(
  set: RecordSet,
  person: Projection,
  on: string,
): { readonly state: WhereState; readonly residence: Projection | null } {
  const all = set.referring('residence', 'person', person.id).filter((one) => !isWithdrawnResidence(one))
  const open = all.filter((one) => (dateOf(one, 'to') ?? '9999-12-31') >= on)
  const order = ['present', 'away', 'nominal']
  const stateOf = (one: Projection) => textOf(one, 'state') ?? 'present'
  const ended = (one: Projection) => dateOf(one, 'to') ?? '9999'
  const [best] = [...(open.length > 0 ? open : all)].sort(
    (a, b) =>
      (open.length > 0
        ? order.indexOf(stateOf(a)) - order.indexOf(stateOf(b))
        : ended(a) < ended(b)
          ? 1
          : ended(a) > ended(b)
            ? -1
            : 0) || byId(a, b),
  )
  const died = dateOf(person, 'diedOn')
  if (died !== null && died <= on) return { state: 'died', residence: best ?? null }
  if (!best) return { state: 'nowhere', residence: null }
  const state = stateOf(best)
  const isKnown = state === 'present' || state === 'away' || state === 'nominal'
  return { state: open.length === 0 ? 'gone' : isKnown ? state : 'present', residence: best }
}

/** The home a residence names: its household, else the dwelling. */
export const homeIn = (set: RecordSet, residence: Projection | null): Projection | null =>
  residence &&
  (set.getA('household', residence.fields.household) ?? set.getA('dwelling', residence.fields.dwelling))

export type PersonFilter = {
  readonly on: string
  /** A grid's space. */
  readonly space?: string
  readonly state?: WhereState
  readonly category?: string
  readonly language?: Language
}

/** In walking order of their homes; those without one last. */
export function listPeople(set: RecordSet, filter: PersonFilter): readonly PersonRow[] {
  const rows: { readonly walk: string; readonly row: PersonRow }[] = []
  for (const person of set.ofType('person')) {
    if (filter.space !== undefined && person.space !== filter.space) continue
    if (
      filter.category !== undefined &&
      !shownSet(person, 'categories', set.viewer).includes(filter.category)
    )
      continue
    const where = whereIs(set, person, filter.on)
    if (filter.state !== undefined && where.state !== filter.state) continue
    const home = homeIn(set, where.residence)
    const walk = `${home?.type === 'household' ? walkingKey(set, home) : '\uffff'}\u0000${person.id}`
    rows.push({ walk, row: personRow(set, person, filter, where) })
  }
  return rows.sort((a, b) => (a.walk < b.walk ? -1 : 1)).map(({ row }) => row)
}

export function personRow(
  set: RecordSet,
  person: Projection,
  { on, language = 'zh' }: { readonly on: string; readonly language?: Language },
  where: ReturnType<typeof whereIs> = whereIs(set, person, on),
): PersonRow {
  const home = homeIn(set, where.residence)
  const dwelling = textOf(where.residence, 'dwelling')
  const seen = (field: string) => shown('person', field, person.fields[field], set.viewer) as string | null
  return {
    id: person.id,
    name: seen('name'),
    household: home?.type === 'household' ? home.id : null,
    address: addressText(addressOf(set, home), language),
    state: where.state,
    relation: textOf(where.residence, 'relation'),
    age: isMasked('person', 'birthDate', set.viewer) ? null : ageOf(person, on),
    phone: seen('phone'),
    categories: shownSet(person, 'categories', set.viewer),
    mismatch: dwelling === null ? null : (mismatchAt(set, person, dwelling, on)?.state ?? null),
  }
}

export type PersonHistoryRow = {
  readonly residence: string
  readonly address: string
  readonly household: string | null
  readonly act: ResidenceAct
  readonly on: string
  readonly destination: string | null
  readonly reason: string | null
  readonly undone: boolean
  readonly by: Author
  readonly atMs: number
}

export type PersonCard = {
  readonly person: {
    readonly id: string
    /** Masked for the viewer. */
    readonly fields: Readonly<Record<string, Value>>
    readonly categories: readonly string[]
    readonly age: number | null
    readonly state: WhereState
  }
  readonly homes: readonly {
    readonly residence: string
    readonly household: string | null
    readonly address: string
    readonly from: Value
    readonly to: Value
    readonly state: string | null
    readonly kind: string | null
    readonly relation: string | null
    readonly destination: string | null
    readonly withdrawn: boolean
    readonly mismatch: Mismatch | null
  }[]
  /** What happened, the oldest first; empty for whom notes are masked. */
  readonly history: readonly PersonHistoryRow[]
  readonly bases: readonly (Omit<BasisRow, 'by'> & { readonly by: Author })[]
  readonly warnings: readonly PersonWarning[]
}

/** A person as this viewer may see them, where they live and lived, and what happened. */
export function personCard(
  set: RecordSet,
  id: string,
  { on, language = 'zh' }: { readonly on: string; readonly language?: Language },
): PersonCard | null {
  const person = set.getA('person', id)
  if (!person) return null
  const hidesNotes = maskedFor[set.viewer].note
  const residences = [...set.referring('residence', 'person', person.id)].sort(
    (a, b) => ((dateOf(a, 'from') ?? '') < (dateOf(b, 'from') ?? '') ? -1 : 1) || byId(a, b),
  )
  const at = (residence: Projection) => addressText(addressOf(set, homeIn(set, residence)), language)
  const { movedTo: _, ...fields } = shownFields(person, set.viewer)
  return {
    person: {
      id: person.id,
      fields,
      categories: shownSet(person, 'categories', set.viewer),
      age: hidesNotes ? null : ageOf(person, on),
      state: whereIs(set, person, on).state,
    },
    homes: residences.map((residence) => ({
      residence: residence.id,
      household: set.getA('household', residence.fields.household)?.id ?? null,
      address: at(residence),
      from: residence.fields.from ?? null,
      to: residence.fields.to ?? null,
      state: textOf(residence, 'state'),
      kind: textOf(residence, 'kind'),
      relation: textOf(residence, 'relation'),
      destination: shown('residence', 'destination', residence.fields.destination, set.viewer) as
        | string
        | null,
      withdrawn: isWithdrawnResidence(residence),
      mismatch: mismatchAt(set, person, String(residence.fields.dwelling), on),
    })),
    history: hidesNotes
      ? []
      : residences
          .flatMap((residence) =>
            actsOf(residence).map((act) => ({
              residence: residence.id,
              address: at(residence),
              household: textOf(residence, 'household'),
              ...{ act: act.act, on: act.on, reason: act.reason, undone: act.undone },
              destination: typeof act.after.destination === 'string' ? act.after.destination : null,
              by: authorOf(set, act.by),
              atMs: act.at,
            })),
          )
          .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.atMs - b.atMs)),
    bases: basesOf(person).map((row) => ({ ...row, by: authorOf(set, row.by) })),
    warnings: hidesNotes ? [] : personWarnings(plainOf(person).fields, on),
  }
}
