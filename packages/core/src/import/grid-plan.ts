import type { Problem } from '../result.ts'
import { countHouseholds, householdIds } from './desired-records.ts'
import type { Layout } from './mapping.ts'
import type { RegisterBuilding } from './register.ts'

/** Where new buildings go: into one grid, into grids of at most so many households, or nowhere but where they are. */
export type GridChoice =
  | { readonly type: 'grid'; readonly grid: string }
  | { readonly type: 'split'; readonly maxHouseholds: number }
  | { readonly type: 'known' }

export type PlanProblem = Problem & {
  type: 'unknown-grid' | 'no-grid-chosen' | 'no-households-to-split'
}

/** A grid as this station holds it. */
export type HeldGrid = {
  readonly space: string
  readonly name: string
  readonly buildings: ReadonlySet<string>
  /** Ids of all its records; asked for only where it matters, since a town holds many. */
  readonly records: () => ReadonlySet<string>
}

export type PlannedGrid = {
  readonly space: string
  readonly name: string
  readonly isNew: boolean
  readonly buildings: readonly RegisterBuilding[]
  /** Those it holds and those it will get. */
  readonly households: number
}

/** A grid while it is being filled. */
export class GridDraft {
  readonly held: HeldGrid | null
  readonly space: string
  readonly name: string
  readonly buildings: RegisterBuilding[] = []
  readonly #layout: Layout | null
  #ids: Set<string> | null = null
  #added = 0

  constructor(grid: HeldGrid | { readonly space: string; readonly name: string }, layout: Layout | null) {
    this.held = 'buildings' in grid ? grid : null
    this.space = grid.space
    this.name = grid.name
    this.#layout = layout
  }

  add(building: RegisterBuilding): void {
    this.buildings.push(building)
    if (this.held && this.held.buildings.size > 0) {
      // A household that is there already is not counted twice.
      const counted = this.#counted()
      for (const id of householdIds(this.space, building, this.#layout)) counted.add(id)
    } else this.#added += countHouseholds(building)
  }

  get households(): number {
    return this.#added + this.#counted().size
  }

  #counted(): Set<string> {
    this.#ids ??= new Set([...(this.held?.records() ?? [])].filter((id) => id.startsWith('hh-')))
    return this.#ids
  }
}
