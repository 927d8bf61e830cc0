/** Who has claimed which doors on a day. */
import type { Projection } from '../record/project.ts'
import { addressOf, bare } from './address.ts'
import { inCausalOrder } from './case-order.ts'
import { type ClaimScope, competes, type FoldedClaim, foldClaims, madeApart } from './claim-state.ts'
import { addDays, dateOf } from './day.ts'
import { type Author, authorOf, byId } from './lookups.ts'
import { type RecordSet, textOf } from './record-set.ts'
import {
  doorState,
  hidesDoors,
  householdsIn,
  isDone,
  type Sweep,
  sweepDoors,
  sweepOf,
  visitsIn,
} from './sweep.ts'

/** A claim that holds at a door. */
export type DoorClaim = {
  readonly claim: string
  readonly sweep: { readonly id: string; readonly name: string } | null
  readonly scope: ClaimScope
  readonly by: Author
  readonly atMs: number
  readonly on: string
  readonly until: string
  /** Somebody else has claimed this door for the same thing. */
  readonly double: boolean
  /** And neither knew of the other. */
  readonly apart: boolean
}

/** Without a sweep, a claim holds for so many days at most. */
export const MAX_DAYS = 7

export const weekOf = (day: string): string =>
  addDays(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7))

type Known = { readonly sweep: Sweep; readonly doors: ReadonlySet<string> }

/** Made for one record set as it stands and one day; whatever is asked is worked out once. */
export class ClaimBook {
  readonly #set: RecordSet
  readonly #on: string
  readonly #sweeps = new Map<string, Known | null>()
  readonly #covered = new Map<string, readonly string[]>()
  readonly #places = new Map<string, readonly Place[]>()
  readonly #claims = new Map<boolean, readonly FoldedClaim[]>()
  #open: readonly Sweep[] | null = null
  #byDoor: ReadonlyMap<string, readonly FoldedClaim[]> | null = null

  constructor(set: RecordSet, on: string) {
    this.#set = set
    this.#on = on
  }

  /** Every claim that may hold on the day; with `history`, every one there is. */
  claims(history = false): readonly FoldedClaim[] {
    let known = this.#claims.get(history)
    if (!known) {
      known = [...this.#set.ofType('claim')]
        .filter((record) => history || this.#mayHold(record))
        .sort(byId)
        .flatMap(foldClaims)
      this.#claims.set(history, known)
    }
    return known
  }

  #mayHold(record: Projection): boolean {
    const week = dateOf(record, 'week')
    // A colleague's clock may be ahead; what it says is shown all the same.
    return week === null || addDays(week, 6 + MAX_DAYS) >= this.#on
  }

  /** Whether it tells this viewer nothing that is masked. */
  mayBeSeen({ sweep }: Pick<FoldedClaim, 'sweep'>): boolean {
    const record = this.#set.getA('sweep', sweep)
    return !record || !hidesDoors(this.#set, record)
  }

  sweep(id: string): Known | null {
    let known = this.#sweeps.get(id)
    if (known === undefined) {
      const record = this.#set.getA('sweep', id)
      known = record && {
        sweep: sweepOf(this.#set, record, this.#on),
        doors: new Set(sweepDoors(this.#set, record).map((door) => door.id)),
      }
      this.#sweeps.set(id, known)
    }
    return known
  }

  /** The doors a claim takes, whether somebody was there already or not, in walking order of rooms. */
  doorsOf(claim: FoldedClaim): readonly string[] {
    let doors = this.#covered.get(claim.id)
    if (!doors) {
      const among = claim.sweep === null ? null : (this.sweep(claim.sweep)?.doors ?? new Set<string>())
      doors = this.doorsIn(claim, claim.scope)
        .map(({ id }) => id)
        .filter(
          (id) => !this.#set.members(id).some((one) => claim.except.has(one.id)) && (!among || among.has(id)),
        )
      this.#covered.set(claim.id, doors)
    }
    return doors
  }

  doorsIn(
    { building, space }: { readonly building: string | null; readonly space: string },
    scope: ClaimScope,
  ): readonly Projection[] {
    if (scope.door !== null) {
      const household = this.#set.getA('household', scope.door, space)
      return household?.space === space ? [household] : []
    }
    if (building === null) return []
    const unit = scope.unit === null ? null : bare(scope.unit)
    return this.#placesIn(building, space)
      .filter((one) => unit === null || one.unit === unit)
      .filter((one) => scope.floor === null || one.floor === scope.floor)
      .map(({ household }) => household)
  }

  #placesIn(building: string, space: string): readonly Place[] {
    const key = `${space}/${building}`
    let places = this.#places.get(key)
    if (!places) {
      places = householdsIn(this.#set, building, space).map((household) => {
        const { unit, floor } = addressOf(this.#set, household)
        return { household, unit: unit === null ? null : bare(unit), floor }
      })
      this.#places.set(key, places)
    }
    return places
  }

  /** What claiming a door ends with: the visit. Of the sweep it is for, or made from the day of the claim on. */
  isDoneAt(claim: FoldedClaim, household: string): boolean {
    return this.isDoneFor(household, claim.sweep, { from: claim.on, to: claim.until })
  }

  /** Whether somebody was at a door in the days of a sweep, or in these. */
  isDoneFor(household: string, sweep: string | null, days = { from: this.#on, to: this.#on }): boolean {
    const known = sweep === null ? null : this.sweep(sweep)?.sweep
    return isDone(doorState(visitsIn(this.#set, household, known ?? days), known?.form ?? null))
  }

  isOver(claim: FoldedClaim): boolean {
    if (claim.ended !== null || claim.until < this.#on) return true
    return claim.sweep !== null && this.sweep(claim.sweep)?.sweep.state === 'closed'
  }

  /** The claims that hold at a door, in causal order, then by their hashes. */
  at(household: string): readonly FoldedClaim[] {
    this.#byDoor ??= this.#index()
    return this.#byDoor.get(household) ?? []
  }

  /** Every door that somebody has claimed. */
  doors(): readonly string[] {
    this.#byDoor ??= this.#index()
    return [...this.#byDoor.keys()].sort()
  }

  #index(): ReadonlyMap<string, readonly FoldedClaim[]> {
    const byDoor = new Map<string, FoldedClaim[]>()
    for (const claim of this.claims()) {
      if (this.isOver(claim)) continue
      for (const door of this.doorsOf(claim)) {
        if (this.isDoneAt(claim, door)) continue
        const known = byDoor.get(door)
        if (known) known.push(claim)
        else byDoor.set(door, [claim])
      }
    }
    for (const [door, claims] of byDoor) if (claims.length > 1) byDoor.set(door, causally(claims))
    return byDoor
  }

  /** The same, as a screen shows it: without those that would tell what is masked, but to be counted. */
  shownAt(household: string, toCount = false): readonly DoorClaim[] {
    const claims = this.at(household).filter((claim) => toCount || this.mayBeSeen(claim))
    return claims.map((claim) => {
      const others = claims.filter((other) => competes(claim, other))
      const sweep = claim.sweep === null ? null : this.sweep(claim.sweep)?.sweep
      return {
        claim: claim.id,
        sweep: claim.sweep === null ? null : { id: claim.sweep, name: sweep?.name ?? claim.sweep },
        scope: claim.scope,
        by: authorOf(this.#set, claim.by),
        atMs: claim.at,
        on: claim.on,
        until: claim.until,
        double: others.length > 0,
        apart: others.some((other) => madeApart(claim, other)),
      }
    })
  }

  /** The open sweep that a door belongs to: of several the one that ends first. */
  sweepFor(household: Projection): Sweep | null {
    const mine = this.openSweeps().filter(({ id }) => this.sweep(id)!.doors.has(household.id))
    return mine.find(({ space }) => space === household.space) ?? null
  }

  /** Those that end first come first. */
  openSweeps(): readonly Sweep[] {
    this.#open ??= [...this.#set.ofType('sweep')]
      .flatMap(({ id }) => this.sweep(id)?.sweep ?? [])
      .filter(({ state }) => state === 'open')
      .sort((a, b) => (a.to < b.to ? -1 : a.to > b.to ? 1 : a.id < b.id ? -1 : 1))
    return this.#open
  }
}

type Place = {
  readonly household: Projection
  readonly unit: string | null
  readonly floor: number | null
}

/** Claims of several records: who had seen whom goes across them. */
function causally(claims: readonly FoldedClaim[]): FoldedClaim[] {
  const byId = new Map(claims.map((claim) => [claim.id, claim]))
  const items = claims.map(({ id, by, at, saw }) => ({ id, by, at, value: { step: '', saw: [...saw] } }))
  return inCausalOrder(items).map(({ id }) => byId.get(id)!)
}

export const buildingOf = (set: RecordSet, household: Projection): string | null =>
  textOf(set.getA('dwelling', household.fields.dwelling, household.space), 'building')
