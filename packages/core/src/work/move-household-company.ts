/** Who and what goes along when a household moves. */
import type { Value } from '../record/change.ts'
import { isMovedAway } from '../record/place.ts'
import type { Projection } from '../record/project.ts'
import type { Draftbook } from '../station/edit.ts'
import { foldCaseRecord } from './case-state.ts'
import { clustersOf, pairOf } from './merge-state.ts'
import { contentOf } from './move-household-content.ts'
import { textOf } from './record-set.ts'

export type Company = {
  /** Copies in the household's space that belong to it, whether they are still there or went before. */
  readonly goes: readonly Projection[]
  /** What others there need as well: it is kept in both spaces. */
  readonly stays: readonly Projection[]
  readonly withDwelling: boolean
  /** What a record says in the new space: of a building that is there already under another id, that id. */
  contentThere(record: Projection): ReturnType<typeof contentOf>
}

/** Records that name a household, or somebody in it, and go where it goes. */
const ABOUT: readonly {
  readonly type: string
  readonly field: string
  goes?(record: Projection): boolean
}[] = [
  { type: 'visit', field: 'household' },
  { type: 'diary', field: 'household' },
  { type: 'errand', field: 'household' },
  { type: 'attachment', field: 'household' },
  { type: 'alarm', field: 'household' },
  { type: 'leave', field: 'household' },
  { type: 'consent', field: 'subject' },
  // One that ended is history of the grid that handled it.
  { type: 'case', field: 'household', goes: (one) => isMovedAway(one) || foldCaseRecord(one).open },
]

export function companyOf(
  book: Pick<Draftbook, 'records' | 'copies'>,
  household: Projection,
  to: string,
  wantsDwelling: boolean | undefined,
): Company {
  const here = [...book.records({ space: household.space })]
  const find = (id: Value | undefined) => here.find((record) => record.id === id)
  const ofType = (type: string) => here.filter((record) => record.type === type)
  const dwelling = find(household.fields.dwelling)
  const building = find(dwelling?.fields.building)
  const buildingThere = building && sameBuilding(book, building, to)
  const clusters = clustersOf(ofType('merge').flatMap((one) => pairOf([one]) ?? []))
  const sameAs = (id: string): readonly string[] => clusters.get(id)?.members ?? [id]
  const homes: ReadonlySet<unknown> = new Set(sameAs(household.id))
  const alone = !ofType('household').some(
    (one) => !homes.has(one.id) && one.fields.dwelling === dwelling?.id && !isMovedAway(one),
  )
  const dwellingWent = dwelling !== undefined && isMovedAway(dwelling)
  // After it has gone, what is found in the dwelling it left is somebody else's.
  const emptied = alone && (!isMovedAway(household) || dwellingWent)
  const inDwelling = (one: Projection) => dwelling !== undefined && one.fields.dwelling === dwelling.id
  const residences = ofType('residence').filter(
    (one) =>
      homes.has(one.fields.household) || (emptied && inDwelling(one) && textOf(one, 'household') === null),
  )
  const leaving = new Set(residences.map(({ id }) => id))
  const needed = new Set(
    ofType('residence')
      .filter((one) => !leaving.has(one.id) && !isMovedAway(one) && textOf(one, 'to') === null)
      .map(({ fields }) => fields.person),
  )
  // Whoever is one with somebody, or with the household itself, goes along.
  const persons = [...new Set(residences.flatMap(({ fields }) => sameAs(String(fields.person))))].flatMap(
    (id) => find(id) ?? [],
  )
  const others = sameAs(household.id).flatMap((id) => (id === household.id ? [] : (find(id) ?? [])))
  const devices = emptied ? ofType('device').filter(inDwelling) : []
  // What they raised while nobody was written down to live there goes along.
  const raised = ofType('alarm').filter(
    (one) => textOf(one, 'household') === null && devices.some(({ id }) => id === one.fields.device),
  )
  const reviews = ofType('review').filter((one) => devices.some(({ id }) => id === one.fields.device))
  const named = new Set<Value | undefined>([household, ...others, ...persons].map(({ id }) => id))
  const about = ABOUT.flatMap(({ type, field, goes = () => true }) =>
    ofType(type).filter((one) => named.has(one.fields[field]) && goes(one)),
  )
  const withDwelling =
    dwelling !== undefined &&
    alone &&
    (dwellingWent || (!isMovedAway(household) && (wantsDwelling ?? buildingThere !== undefined)))
  // Said of two, it is kept with each of them.
  const merges = ofType('merge').filter(({ fields }) => named.has(fields.one) || named.has(fields.other))
  const isLeft = (one: Projection) => needed.has(one.id) && !isMovedAway(one)
  return {
    goes: [
      household,
      ...others,
      ...residences,
      ...persons.filter((one) => !isLeft(one)),
      ...devices,
      ...raised,
      ...reviews,
      ...about,
      ...(withDwelling ? [dwelling] : []),
    ],
    stays: [
      ...persons.filter(isLeft),
      ...merges,
      ...(dwelling && !withDwelling ? [dwelling] : []),
      ...(building && !buildingThere ? [building] : []),
    ],
    withDwelling,
    contentThere(record) {
      const content = contentOf(record)
      if (record.type !== 'dwelling' || !buildingThere || record.fields.building !== building?.id)
        return content
      return { ...content, fields: new Map(content.fields).set('building', [buildingThere.id]) }
    },
  }
}

/** The building as the other grid has it: under the same id, or, from a register of its own, by name and street. */
function sameBuilding(
  book: Pick<Draftbook, 'records' | 'copies'>,
  building: Projection,
  space: string,
): Projection | undefined {
  const there = book.copies(building.id).find((copy) => copy.space === space && !isMovedAway(copy))
  if (there) return there
  const street = textOf(building, 'street')
  const isSame = (one: Projection) =>
    street !== null && textOf(one, 'street') === street && textOf(one, 'name') === textOf(building, 'name')
  return [...book.records({ space, type: 'building' as const })]
    .filter((one) => !isMovedAway(one) && isSame(one))
    .sort((a, b) => (a.id < b.id ? -1 : 1))[0]
}
