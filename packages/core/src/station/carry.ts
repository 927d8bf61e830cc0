import { stationIdOf } from '../ids.ts'
import type { EntryRef } from '../log/entry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { SegmentRow } from '../store/store.ts'
import {
  carriedFor as carriedForOthers,
  carriedHeads,
  carriedSpaces,
  carryBudget,
  isHeldByAll,
  mayCarry,
  noteReached,
  setCarry as setCarryIn,
} from '../trunk/carry.ts'
import type { Outgoing } from '../trunk/send.ts'
import { whereThereIsRoom } from './home.ts'
import type { Station } from './station.ts'

/** Segments of some grids' spaces: enough for months of a community's text. */
export const DEFAULT_CARRY_BYTES = 64_000_000
/** Two segments of the largest size: less carries nothing. */
const MIN_CARRY_BYTES = 132_000

export type CarryProblem = Problem & {
  type: 'not-a-member' | 'role-may-not-carry' | 'holds-all' | 'too-little-room'
}

export type CarriedSpace = {
  readonly space: string
  readonly segments: number
  readonly entries: number
  readonly bytes: number
  /** Entries that no station of that space, but their author's, is known to have. */
  readonly undelivered: number
  /** Milliseconds since 1970: when the oldest of it came here. */
  readonly since: number | null
}
export type CarryStatus = {
  readonly isOn: boolean
  readonly budgetBytes: number
  readonly usedBytes: number
  readonly spaces: readonly CarriedSpace[]
}

/** Opts in to carrying sealed segments of spaces this station may not read, or out of it: then all of it is dropped. */
export function setCarry(station: Station, budgetBytes: number | null): Result<CarryStatus, CarryProblem> {
  const { trunk } = station
  const member = station.member()
  if (budgetBytes !== null) {
    if (!member) return fail({ type: 'not-a-member' })
    const others = [...station.membership().spaces.keys()].filter((id) => !station.holdings().includes(id))
    const holdsAll = others.length === 0 && member.role !== 'worker'
    if (holdsAll) return fail({ type: 'holds-all', role: member.role })
    if (member.role !== 'worker') return fail({ type: 'role-may-not-carry', role: member.role })
    if (budgetBytes < MIN_CARRY_BYTES)
      return fail({ type: 'too-little-room', bytes: budgetBytes, minBytes: MIN_CARRY_BYTES })
  }
  trunk.store.transaction(() => setCarryIn(trunk, budgetBytes))
  return ok(carryStatus(station))
}

export function carryStatus(station: Station): CarryStatus {
  const { trunk } = station
  const budget = carryBudget(trunk)
  const bySpace = Map.groupBy(trunk.store.aside.rows({ reason: 'carry' }), ({ space }) => space)
  const spaces = [...bySpace].flatMap(([space, all]) => {
    const rows = all.filter(({ bytes }) => bytes > 0)
    if (rows.length === 0) return []
    const entriesOf = (list: typeof rows) => list.reduce((sum, { first, last }) => sum + last - first + 1, 0)
    return [
      {
        space,
        segments: rows.length,
        entries: entriesOf(rows),
        bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
        undelivered: entriesOf(
          rows.filter(({ n, key }) =>
            trunk.store.aside.reached(n).every((holder) => holder === stationIdOf(key)),
          ),
        ),
        since: Math.min(...rows.map(({ at }) => at)),
      },
    ]
  })
  return {
    isOn: budget !== null,
    budgetBytes: budget ?? 0,
    usedBytes: trunk.store.aside.usedBytes('carry'),
    spaces,
  }
}

/** What this station says of its carrying when it meets somebody; null while it does not carry. */
export function carryOffer(station: Station) {
  const { trunk } = station
  const budget = carryBudget(trunk)
  if (budget === null || !station.isMember()) return null
  const spaces = carriedSpaces(trunk).map((space) => ({ space, heads: carriedHeads(trunk, space) }))
  return { roomBytes: Math.max(0, budget - trunk.store.aside.usedBytes('carry')), spaces }
}

export const spacesCarried = (station: Station): string[] => carriedSpaces(station.trunk)

/** Carried segments of a space, for somebody with these heads. */
export const carriedFor = (station: Station, space: string, theirs: readonly EntryRef[]): Outgoing[] =>
  carriedForOthers(station.trunk, space, theirs)

export const peerMayCarry = (station: Station, peer: string, space: string): boolean =>
  mayCarry(station.membership(), peer, space)

/** A segment that nobody is known to lack needs no carrier. */
export const needsCarrier = (station: Station, space: string, row: SegmentRow): boolean =>
  !isHeldByAll(station.trunk, space, row)

/** A holder of a carried space has said how far it is. On a full disk it is not noted. */
export function noteCarriedReached(
  station: Station,
  peer: string,
  space: string,
  heads: readonly EntryRef[],
): void {
  const { trunk, home } = station
  whereThereIsRoom(home, () => trunk.store.transaction(() => noteReached(trunk, peer, space, heads)))
}
