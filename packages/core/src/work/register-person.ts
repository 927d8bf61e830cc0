/** Somebody, or a home, that is not on the register yet: put there by whoever stands at the door. */
import { derivedId } from '../ids.ts'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { bare } from './address.ts'
import { basisFor, type CategoryBasis } from './category-basis.ts'
import { type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { looksMasked } from './mask.ts'
import { naturalKey } from './natural-key.ts'
import { filledFromId, type PersonWarning, personWarnings, phoneWarnings } from './person-checks.ts'
import { openResidence, type ResidenceDetails } from './residence-acts.ts'

export type AddPerson = {
  readonly household: string
  /** Fields of a person; `name` at least. What an identity number says of birth and gender is filled in. */
  readonly fields: Readonly<Record<string, Value>>
  readonly categories?: readonly string[]
  readonly basis?: CategoryBasis
} & ResidenceDetails

export type AddedPerson = {
  readonly person: string
  readonly residence: string
  /** Fields that were filled in from the identity number. */
  readonly filled: readonly string[]
  readonly warnings: readonly PersonWarning[]
  readonly entries: readonly EntryPlace[]
}

export async function addPerson(station: Station, input: AddPerson): Promise<Result<AddedPerson>> {
  const today = stationCalendar(station).dayOf(station.now)
  const filled = filledFromId(input.fields)
  const fields = { ...input.fields, ...filled }
  for (const [field, value] of Object.entries(fields))
    if (looksMasked('person', field, value))
      return fail({ type: 'invalid-field', record: 'person', field, rule: 'masked' })
  const categories = [...new Set((input.categories ?? []).map((one) => one.trim()).filter(Boolean))]
  const basis = basisFor(null, categories, input.basis, today)
  if (!basis.ok) return basis
  return withEntries(
    await station.write('person.add', (book) => {
      const household = findRecord(book, 'household', input.household)
      if (!household.ok) return household
      const created = book.create('person', household.value.space, {
        set: fields,
        add: { categories },
        ...(basis.value === null ? {} : { append: { basis: [basis.value] } }),
      })
      if (!created.ok) return created
      const residence = openResidence(book, created.value, household.value, input, today)
      if (!residence.ok) return residence
      return ok({
        person: created.value,
        residence: residence.value,
        filled: Object.keys(filled).sort(),
        warnings: personWarnings(fields, today),
      })
    }),
  )
}

export type AddHousehold = {
  /** A building that is on the register; a new one is added by name, in a grid. */
  readonly building: string | { readonly name: string; readonly street?: string; readonly space: string }
  readonly unit?: string
  readonly room: string
  readonly floor?: number
  /** Fields of the household. */
  readonly fields?: Readonly<Record<string, Value>>
  /** A dwelling that has a household already gets another one only when this is said. */
  readonly another?: boolean
}

export type AddedHousehold = {
  readonly household: string
  readonly dwelling: string
  readonly building: string
  readonly warnings: readonly PersonWarning[]
  readonly entries: readonly EntryPlace[]
}

export type AddHouseholdProblem = Problem & {
  readonly type: 'no-such-record' | 'household-there' | 'no-such-grid' | 'invalid-field'
}

/**
 * The id of a dwelling that is added follows from its door: two who add the same one apart add one dwelling. Their
 * households are two until somebody merges them, for in one dwelling there may be two.
 */
export async function addHousehold(station: Station, input: AddHousehold): Promise<Result<AddedHousehold>> {
  const { building: at, fields = {} } = input
  const unit = input.unit?.trim() || null
  const room = input.room.trim()
  return withEntries(
    await station.write('household.add', (book) => {
      const building =
        typeof at === 'string' ? findRecord(book, 'building', at) : newBuilding(station, book, at)
      if (!building.ok) return building
      const { id, space } = building.value
      const there = sameDoor(book, building.value, unit, room)
      const dwelling = there?.id ?? derivedId('dw', [space, id, 'door', doorWord(unit ?? ''), doorWord(room)])
      const homes = [...book.records({ space, type: 'household' })].filter(
        (one) => one.fields.dwelling === dwelling && one.fields.movedTo === undefined,
      )
      if (homes.length > 0 && input.another !== true)
        return fail({ type: 'household-there', household: homes[0]!.id, dwelling })
      if (!there) {
        const set = { building: id, unit, room, floor: input.floor ?? null }
        const made = book.create('dwelling', space, { set }, dwelling)
        if (!made.ok) return made
      }
      for (const [field, value] of Object.entries(fields))
        if (looksMasked('household', field, value))
          return fail({ type: 'invalid-field', record: 'household', field, rule: 'masked' })
      const household = book.create('household', space, { set: { ...fields, dwelling } })
      if (!household.ok) return household
      return ok({ household: household.value, dwelling, building: id, warnings: phoneWarnings(fields) })
    }),
  )
}

function newBuilding(
  station: Station,
  book: Draftbook,
  { name, street, space }: Exclude<AddHousehold['building'], string>,
): Result<{ readonly id: string; readonly space: string }> {
  if (station.membership().spaces.get(space) !== 'grid') return fail({ type: 'no-such-grid', grid: space })
  const id = derivedId('bu', [space, 'added', doorWord(street ?? ''), doorWord(name)])
  // Somebody was quicker: the same building is there already.
  if (book.copies(id).some((copy) => copy.space === space)) return ok({ id, space })
  const made = book.create(
    'building',
    space,
    { set: { name: name.trim(), street: street?.trim() || null } },
    id,
  )
  return made.ok ? ok({ id, space }) : made
}

/** 301 and ３０１室 are one room. */
const doorWord = (text: string): string => naturalKey(bare(text.trim()))

function sameDoor(
  book: Pick<Draftbook, 'records'>,
  { id, space }: { readonly id: string; readonly space: string },
  unit: string | null,
  room: string,
): Projection | undefined {
  const word = (value: Value | undefined) => (typeof value === 'string' ? doorWord(value) : '')
  return [...book.records({ space, type: 'dwelling' })].find(
    ({ fields }) =>
      fields.building === id &&
      word(fields.unit) === doorWord(unit ?? '') &&
      word(fields.room) === doorWord(room),
  )
}
