import type { Projection } from '../record/project.ts'
import { addressOf, addressText, stairText } from './address.ts'
import { ClaimBook } from './claim-book.ts'
import { type ClaimScope, competes, type FoldedClaim, madeApart } from './claim-state.ts'
import type { Language } from './language.ts'
import { type Author, authorOf, type GridRef, gridOf } from './lookups.ts'
import type { RecordSet } from './record-set.ts'

export type ClaimState =
  | 'live'
  /** Somebody was at every door of it. */
  | 'done'
  | 'released'
  /** By a chief. */
  | 'cleared'
  | 'expired'

export type DoubleDoor = {
  readonly household: string
  readonly address: string
  readonly with: readonly {
    readonly claim: string
    readonly by: Author
    readonly atMs: number
    readonly on: string
    /** Neither knew of the other. */
    readonly apart: boolean
  }[]
}

export type ClaimRow = {
  readonly id: string
  readonly grid: GridRef | null
  readonly sweep: { readonly id: string; readonly name: string } | null
  readonly building: string | null
  readonly scope: ClaimScope
  /** The doors of it in words: `1幢2单元`, `1幢2单元301室`. */
  readonly place: string
  readonly by: Author
  /** The chief who gave it to them, or null where they took it. */
  readonly givenBy: Author | null
  readonly atMs: number
  readonly on: string
  readonly until: string
  readonly state: ClaimState
  readonly ended: {
    readonly why: 'released' | 'cleared'
    readonly by: Author
    readonly atMs: number
    readonly on: string
  } | null
  /** Households it takes, and those of them where it still holds. */
  readonly doors: readonly string[]
  readonly open: readonly string[]
  readonly doubles: readonly DoubleDoor[]
}

export type ClaimFilter = {
  /** YYYY-MM-DD: the day on which they hold or not. */
  readonly on: string
  /** Ids of sweeps. */
  readonly sweeps?: readonly string[]
  /** A space. */
  readonly grid?: string
  /** A member's id. */
  readonly by?: string
  /** Those with a door that somebody else has claimed too. */
  readonly double?: boolean
  /** With those that are done, given up or expired. */
  readonly all?: boolean
  readonly language?: Language
}

/** By place, then in causal order. */
export function listClaims(set: RecordSet, filter: ClaimFilter): readonly ClaimRow[] {
  const book = new ClaimBook(set, filter.on)
  return book
    .claims(filter.all === true)
    .filter((claim) => book.mayBeSeen(claim))
    .filter(({ sweep }) => filter.sweeps === undefined || filter.sweeps.includes(sweep ?? ''))
    .filter(({ space }) => filter.grid === undefined || space === filter.grid)
    .filter(({ by }) => filter.by === undefined || by === filter.by)
    .map((claim) => claimRow(set, book, claim, filter))
    .filter(({ state, doubles }) => (filter.double ? doubles.length > 0 : filter.all || state === 'live'))
}

function claimRow(
  set: RecordSet,
  book: ClaimBook,
  claim: FoldedClaim,
  { on, language = 'zh' }: ClaimFilter,
): ClaimRow {
  const doors = book.doorsOf(claim)
  const open = doors.filter((door) => book.at(door).includes(claim))
  const { ended } = claim
  const isVisited = doors.length > 0 && doors.every((door) => book.isDoneAt(claim, door))
  return {
    id: claim.id,
    grid: gridOf(set, claim.space),
    sweep: sweepRef(book, claim),
    building: claim.building,
    scope: claim.scope,
    place: placeText(set, claim, language),
    by: authorOf(set, claim.by),
    givenBy: claim.givenBy === null ? null : authorOf(set, claim.givenBy),
    atMs: claim.at,
    on: claim.on,
    until: claim.until,
    state: ended
      ? ended.why
      : isVisited
        ? 'done'
        : book.isOver(claim) || claim.until < on
          ? 'expired'
          : 'live',
    ended: ended && { why: ended.why, by: authorOf(set, ended.by), atMs: ended.at, on: ended.on },
    doors,
    open,
    doubles: open.flatMap((door) => doubleAt(set, book, claim, door, language) ?? []),
  }
}

const sweepRef = (book: ClaimBook, { sweep }: FoldedClaim) =>
  sweep === null ? null : { id: sweep, name: book.sweep(sweep)?.sweep.name ?? sweep }

function doubleAt(
  set: RecordSet,
  book: ClaimBook,
  claim: FoldedClaim,
  household: string,
  language: Language,
): DoubleDoor | null {
  const others = book.at(household).filter((other) => competes(claim, other) && book.mayBeSeen(other))
  if (others.length === 0) return null
  return {
    household,
    address: addressText(addressOf(set, set.getA('household', household)), language),
    with: others.map((other) => ({
      claim: other.id,
      by: authorOf(set, other.by),
      atMs: other.at,
      on: other.on,
      apart: madeApart(claim, other),
    })),
  }
}

/** The doors that are meant, in words. */
export function placeText(
  set: RecordSet,
  { building, space, scope }: Pick<FoldedClaim, 'building' | 'space' | 'scope'>,
  language: Language = 'zh',
): string {
  if (scope.door !== null) {
    const household: Projection | null = set.getA('household', scope.door, space)
    return addressText(addressOf(set, household), language) || scope.door
  }
  const house = addressOf(set, set.getA('building', building, space))
  const stair = stairText({ ...house, unit: scope.unit }, language)
  if (scope.floor === null) return stair
  return language === 'zh' ? `${stair}${scope.floor}层` : `${stair}, Floor ${scope.floor}`
}
