import { derivedId } from '../ids.ts'
import { countHouseholds } from './desired-records.ts'
import { GridDraft, type HeldGrid } from './grid-plan.ts'
import type { Layout, TextPiece } from './mapping.ts'
import type { RegisterBuilding } from './register.ts'
import { type BuildingDoor, sliceBuilding } from './slice-building.ts'
import { fillTextPattern } from './text-pattern.ts'

type Filling = { number: number; draft: GridDraft | null }

/**
 * Fills the last grid of each name while it has room, then begins the next. Only grids of the mapping's own naming
 * are filled: one that somebody named by hand is somebody's plan.
 */
export class GridFiller {
  readonly #maxHouseholds: number
  readonly #community: { readonly id: string; readonly grids: readonly HeldGrid[] }
  readonly #layout: Layout | null
  readonly #draftOf: (held: HeldGrid) => GridDraft
  readonly #fillings = new Map<string, Filling>()
  readonly begun: GridDraft[] = []

  constructor(
    maxHouseholds: number,
    community: { readonly id: string; readonly grids: readonly HeldGrid[] },
    layout: Layout | null,
    draftOf: (held: HeldGrid) => GridDraft,
  ) {
    this.#maxHouseholds = maxHouseholds
    this.#community = community
    this.#layout = layout
    this.#draftOf = draftOf
  }

  /** Takes a building that fits into a grid. */
  place(building: RegisterBuilding): void {
    const filling = this.#fillingOf(building.gridName)
    this.#withRoom(filling, building.gridName, countHouseholds(building)).add(building)
  }

  /** Takes doors of a building that is too large for any grid: whole grids full of it, then the rest. */
  placeDoors(building: RegisterBuilding, doors: readonly BuildingDoor[], takesRest: boolean): void {
    const filling = this.#fillingOf(building.gridName)
    let ahead = doors
    let rest = takesRest
    while (ahead.length > 0) {
      const all = ahead.reduce((sum, door) => sum + door.households, 0)
      const draft = this.#withRoom(filling, building.gridName, all)
      const { fitting, left } = takeFitting(ahead, this.#maxHouseholds - draft.households)
      // A single door with more households than a grid may have: it must lie somewhere.
      const placed = fitting.length > 0 ? fitting : ahead.slice(0, 1)
      draft.add(sliceBuilding(building, placed, rest))
      rest = false
      ahead = fitting.length > 0 ? left : ahead.slice(1)
    }
  }

  #withRoom(filling: Filling, pattern: readonly TextPiece[], households: number): GridDraft {
    const { draft } = filling
    if (draft && (draft.households === 0 || draft.households + households <= this.#maxHouseholds))
      return draft
    filling.number++
    const name = numberedName(pattern, filling.number)
    filling.draft = new GridDraft({ space: splitSpace(this.#community.id, name), name }, this.#layout)
    this.begun.push(filling.draft)
    return filling.draft
  }

  #fillingOf(pattern: readonly TextPiece[]): Filling {
    const name = JSON.stringify(pattern)
    let filling = this.#fillings.get(name)
    if (!filling) {
      const last = lastGrid(pattern, this.#community.grids)
      filling = { number: last?.number ?? 0, draft: last && this.#draftOf(last.grid) }
      this.#fillings.set(name, filling)
    }
    return filling
  }
}

/** As many doors from the front as there is room for. */
export function takeFitting(
  doors: readonly BuildingDoor[],
  room: number,
): { fitting: readonly BuildingDoor[]; left: readonly BuildingDoor[] } {
  let households = 0
  let count = 0
  for (const door of doors) {
    households += door.households
    if (households > room) break
    count++
  }
  return { fitting: doors.slice(0, count), left: doors.slice(count) }
}

/** Two stations that split the same register before they meet mean the same grids. */
export const splitSpace = (community: string, name: string) => derivedId('sp', [community, 'split', name])

const numberedName = (pattern: readonly TextPiece[], number: number): string =>
  fillTextPattern(pattern, () => '', { n: number })

function lastGrid(
  pattern: readonly TextPiece[],
  grids: readonly HeldGrid[],
): { grid: HeldGrid; number: number } | null {
  const at = pattern.findIndex((piece) => piece.type === 'number')
  const before = fillTextPattern(pattern.slice(0, at), () => '')
  const after = fillTextPattern(pattern.slice(at + 1), () => '')
  let last: { grid: HeldGrid; number: number } | null = null
  for (const grid of grids) {
    if (!grid.name.startsWith(before) || !grid.name.endsWith(after)) continue
    const digits = grid.name.slice(before.length, grid.name.length - after.length)
    if (!/^\d{1,6}$/.test(digits) || numberedName(pattern, Number(digits)) !== grid.name) continue
    if (!last || Number(digits) > last.number) last = { grid, number: Number(digits) }
  }
  return last
}
