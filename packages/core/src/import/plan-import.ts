import { fail, ok, type Result } from '../result.ts'
import { countHouseholds } from './desired-records.ts'
import { type GridChoice, GridDraft, type HeldGrid, type PlannedGrid, type PlanProblem } from './grid-plan.ts'
import type { Mapping } from './mapping.ts'
import { importedId } from './natural-key.ts'
import { compareKeysNaturally, compareNaturally } from './natural-order.ts'
import type { Register, RegisterBuilding, Rejection } from './register.ts'
import { type BuildingDoor, doorsOf, sliceBuilding } from './slice-building.ts'
import { GridFiller, takeFitting } from './split-grids.ts'

export type ImportPlan = {
  /** In natural order of their names, which is the order to write them in. */
  readonly grids: readonly PlannedGrid[]
  readonly rejected: readonly Rejection[]
}

/**
 * Decides which building lies in which grid. A building that was imported before stays where it is; the others are
 * taken in the natural order of their keys. So the answer depends on the file's content and not on its order, and an
 * import that was cut off goes on as it would have.
 */
export function planImport(
  register: Register,
  mapping: Mapping,
  choice: GridChoice,
  community: { readonly id: string; readonly grids: readonly HeldGrid[] },
): Result<ImportPlan, PlanProblem> {
  const { grids } = community
  const names = grids.map(({ name }) => name)
  const target =
    choice.type === 'grid' && grids.find(({ space, name }) => space === choice.grid || name === choice.grid)
  if (choice.type === 'grid' && !target)
    return fail({ type: 'unknown-grid', grid: choice.grid, grids: names })
  const countsHouseholds = mapping.layout !== null || mapping.records.household !== undefined
  if (choice.type === 'split' && !countsHouseholds) return fail({ type: 'no-households-to-split' })

  const drafts = new Map<string, GridDraft>()
  const draftOf = (held: HeldGrid): GridDraft => {
    let draft = drafts.get(held.space)
    if (!draft) {
      draft = new GridDraft(held, mapping.layout)
      drafts.set(held.space, draft)
    }
    return draft
  }
  const rejected: Rejection[] = []
  const fresh: { building: RegisterBuilding; homes: readonly HeldGrid[] }[] = []
  const maxHouseholds = choice.type === 'split' ? choice.maxHouseholds : Number.POSITIVE_INFINITY
  const homesOf = createFinder(grids)
  for (const building of inNaturalOrder(register.buildings)) {
    const homes = homesOf(building)
    const elsewhere = target ? homes.filter((home) => home !== target) : []
    if (elsewhere.length > 0)
      rejected.push(...rejectAll(building, 'in-another-grid', { grid: elsewhere[0]!.name }))
    else if (target) draftOf(target).add(building)
    else if (homes.length === 1 && countHouseholds(building) <= maxHouseholds)
      draftOf(homes[0]!).add(building)
    else if (homes.length > 0) fresh.push({ building, homes })
    else if (choice.type === 'known') rejected.push(...rejectAll(building, 'no-grid-yet', {}))
    else fresh.push({ building, homes })
  }
  if (choice.type === 'known' && drafts.size + fresh.length === 0 && rejected.length > 0)
    return fail({ type: 'no-grid-chosen', grids: names })
  const filler = new GridFiller(maxHouseholds, community, mapping.layout, draftOf)
  for (const { building, homes } of fresh)
    if (countHouseholds(building) <= maxHouseholds && homes.length === 0) filler.place(building)
    else placeInParts(building, homes, maxHouseholds, mapping, draftOf, filler)
  const planned = [...drafts.values(), ...filler.begun].filter((draft) => draft.buildings.length > 0)
  return ok({
    rejected: rejected.sort((a, b) => a.row - b.row),
    grids: planned
      .sort((a, b) => compareNaturally(a.name, b.name) || compareNaturally(a.space, b.space))
      .map((draft) => ({
        space: draft.space,
        name: draft.name,
        isNew: draft.held === null,
        buildings: draft.buildings,
        households: draft.households,
      })),
  })
}

const inNaturalOrder = (buildings: readonly RegisterBuilding[]): RegisterBuilding[] =>
  [...buildings].sort(
    (a, b) =>
      compareNaturally(JSON.stringify(a.gridName), JSON.stringify(b.gridName)) ||
      compareKeysNaturally(a.record.key, b.record.key),
  )

const rejectAll = ({ rows }: RegisterBuilding, reason: string, detail: object): Rejection[] =>
  rows.map((row) => ({ row, column: null, reason, ...detail }))

/** The grids that hold a building: one, or several when it was too large for any. */
function createFinder(grids: readonly HeldGrid[]): (building: RegisterBuilding) => readonly HeldGrid[] {
  const holding = grids
    .filter((grid) => grid.buildings.size > 0)
    .sort((a, b) => compareNaturally(a.name, b.name))
  return ({ record }) =>
    holding.filter((grid) => grid.buildings.has(importedId(grid.space, 'building', record.key)))
}

/** A building larger than any grid, or one that lies in several: doors stay where they are, new ones follow the last. */
function placeInParts(
  building: RegisterBuilding,
  homes: readonly HeldGrid[],
  maxHouseholds: number,
  mapping: Mapping,
  draftOf: (held: HeldGrid) => GridDraft,
  filler: GridFiller,
): void {
  let ahead: readonly BuildingDoor[] = doorsOf(building, mapping.layout)
  for (const [at, home] of homes.entries()) {
    const draft = draftOf(home)
    const isThere = (door: BuildingDoor) => home.records().has(importedId(home.space, 'dwelling', door.key))
    draft.add(sliceBuilding(building, ahead.filter(isThere), at === 0))
    ahead = ahead.filter((door) => !isThere(door))
    if (at < homes.length - 1) continue
    const { fitting, left } = takeFitting(ahead, maxHouseholds - draft.households)
    draft.add(sliceBuilding(building, fitting, false))
    ahead = left
  }
  if (ahead.length > 0) filler.placeDoors(building, ahead, homes.length === 0)
}
