import { stationIdOf } from '../ids.ts'
import type { EntryRef } from '../log/entry.ts'
import { type Membership, mayHold, memberAt } from '../membership/resolve.ts'
import { type RoleRights, roles } from '../membership/roles.ts'
import type { AsideRow } from '../store/aside-shelf.ts'
import type { SegmentRow } from '../store/store.ts'
import { asideFor, asideHeads, reachedBy } from './aside.ts'
import type { Trunk } from './context.ts'
import { isAtOrBefore } from './heads.ts'
import type { Outgoing } from './send.ts'

const SETTING = 'carry'

/** Whether a station may carry a space for others (D14): one that it does not hold, if its role carries at all. */
export function mayCarry(membership: Membership, station: string, space: string): boolean {
  const member = memberAt(membership, station)
  const rights: RoleRights | undefined = member && roles[member.role]
  return rights?.carries === true && membership.spaces.has(space) && !mayHold(membership, member!, space)
}

/** The room this station gives to what it carries, in bytes; null while it does not carry. */
export function carryBudget({ store }: Trunk): number | null {
  const setting = store.setting(SETTING)
  return setting ? Number(Buffer.from(setting).toString()) : null
}

/** Spaces that this station carries now. */
export function carriedSpaces(trunk: Trunk): string[] {
  const { acts, identity } = trunk
  if (carryBudget(trunk) === null) return []
  const membership = acts.now()
  return [...membership.spaces.keys()].filter((space) => mayCarry(membership, identity.station, space)).sort()
}

/** Opts in, with so much room; less room than is used drops what has arrived elsewhere, and then the newest. */
export function setCarry(trunk: Trunk, budgetBytes: number | null): void {
  const { store } = trunk
  if (budgetBytes === null) {
    store.dropSetting(SETTING)
    for (const { n } of store.aside.rows({ reason: 'carry' })) store.aside.remove(n)
    return
  }
  store.putSetting(SETTING, Buffer.from(String(budgetBytes)))
  makeRoom(trunk, 0)
  for (const row of store.aside.rows({ reason: 'carry' }).toReversed()) {
    if (store.aside.usedBytes('carry') <= budgetBytes) return
    if (row.bytes > 0) store.aside.remove(row.n)
  }
}

/** Drops, until so many bytes fit, what is known to be at a station that holds everything. */
export function makeRoom(trunk: Trunk, bytes: number): void {
  const { store, acts } = trunk
  const budget = carryBudget(trunk) ?? 0
  if (store.aside.usedBytes('carry') + bytes <= budget) return
  const membership = acts.now()
  const holdsAll = (station: string) => {
    const member = memberAt(membership, station)
    return member !== undefined && roles[member.role].holds === 'all'
  }
  for (const row of store.aside.rows({ reason: 'carry' })) {
    if (store.aside.usedBytes('carry') + bytes <= budget) return
    if (row.bytes > 0 && store.aside.reached(row.n).some(holdsAll)) store.aside.drop(row.n)
  }
}

/** A holder of a space has said how far it is: what every holder has needs no carrying any more. */
export function noteReached(trunk: Trunk, station: string, space: string, heads: readonly EntryRef[]): void {
  const { store, acts } = trunk
  const membership = acts.now()
  const rows = store.aside.rows({ space, reason: 'carry' })
  const reached = reachedBy(rows, heads)
  const holders = holdersOf(membership, space)
  for (const row of rows) {
    if (row.bytes === 0 || !reached.has(row.n)) continue
    store.aside.reach(row.n, station)
    const there = new Set([stationIdOf(row.key), ...store.aside.reached(row.n)])
    if (holders.every((holder) => there.has(holder))) store.aside.drop(row.n)
  }
  forgetOldPlaces(trunk, space)
}

/** Of what was dropped only the end of each log is remembered, so that it is not taken again. */
function forgetOldPlaces(trunk: Trunk, space: string): void {
  const { store } = trunk
  const ends = new Set(carriedHeads(trunk, space).map(({ hash }) => Buffer.from(hash).toString('hex')))
  for (const row of store.aside.rows({ space, reason: 'carry' }))
    if (row.bytes === 0 && !ends.has(Buffer.from(row.head).toString('hex'))) store.aside.remove(row.n)
}

function holdersOf(membership: Membership, space: string): string[] {
  return [...membership.stations.values()].flatMap(({ id, claim }) => {
    // The founding key lies on paper, and keeps nothing.
    if (claim.node.act.type === 'genesis') return []
    const member = memberAt(membership, id)
    return member !== undefined && mayHold(membership, member, space) ? [id] : []
  })
}

/** What this station carries of a space, for somebody with these heads who may hold it, or carries it too. */
export const carriedFor = (trunk: Trunk, space: string, theirs: readonly EntryRef[]): Outgoing[] =>
  asideFor(trunk.store, space, 'carry', theirs)

export const carriedHeads = ({ store, acts }: Trunk, space: string): EntryRef[] =>
  asideHeads(store, space, 'carry', acts.now().frozen)

/** Whether every other holder of a space is known to have a segment: nobody needs it carried. */
export function isHeldByAll(trunk: Trunk, space: string, row: SegmentRow): boolean {
  const { store, acts, identity } = trunk
  if (row.aside !== undefined) return false
  const author = stationIdOf(store.log(row.log)!.key)
  const others = holdersOf(acts.now(), space).filter((id) => id !== identity.station && id !== author)
  const ref = { log: row.log, seq: row.last, hash: row.head }
  const rows = store.peers().filter((peer) => peer.space === space)
  return (
    others.length > 0 &&
    others.every((id) =>
      rows.some((peer) => peer.station === id && peer.heads.some((head) => isAtOrBefore(store, ref, head))),
    )
  )
}

/** Carried segments of spaces that this station holds by now: they belong through the gate. */
export function carriedHere({ store, acts, identity }: Trunk): AsideRow[] {
  const membership = acts.now()
  const member = memberAt(membership, identity.station)
  return store.aside
    .rows({ reason: 'carry' })
    .filter(({ space }) => member !== undefined && mayHold(membership, member, space))
}
