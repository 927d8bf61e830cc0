import { toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import type { EntryRef } from '../log/entry.ts'
import type { Act } from '../membership/act.ts'
import { type ActNode, isSeniorStation } from '../membership/graph.ts'
import { type Member, type Membership, mayRead } from '../membership/resolve.ts'
import { type Role, roles } from '../membership/roles.ts'
import { compareRanks } from '../membership/seniority.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { missingBoxes, newGeneration, sealingGeneration } from '../trunk/generation.ts'
import { acceptedHeads } from '../trunk/heads.ts'
import type { Station } from './station.ts'

export type BelongingProblem = Problem & {
  type: 'unknown-member' | 'unknown-station' | 'unknown-act' | 'role-may-not' | 'not-senior' | 'is-self'
}

export type Removed = {
  readonly member: string
  readonly stations: readonly string[]
  /** Entries of theirs that count, up to and with these. */
  readonly cut: readonly EntryRef[]
  /** Spaces that got a new key at once; others get theirs at the next write there. */
  readonly rekeyed: readonly string[]
}

/**
 * Removes a member with all its stations, for good: what this station accepted of theirs stays, what comes later is
 * held for a person to look at, and new keys are made that they do not get. It cannot take back what they hold.
 */
export async function removeMember(
  station: Station,
  member: string,
): Promise<Result<Removed, BelongingProblem>> {
  const judged = outranks(station, member)
  if (!judged.ok) return judged
  const stations = [...station.membership().stations.values()].filter((card) => card.member === member)
  const ids = stations.map(({ id }) => id)
  const cut = cutOf(station, [...ids, ...formerOf(station.membership(), member)])
  return takeAway(station, judged.value, ids, cut, { type: 'remove', member, cut })
}

/** Removes one station: a member's own junior one, or, by a chief, one of somebody it outranks. */
export async function removeStation(
  station: Station,
  id: string,
): Promise<Result<Removed, BelongingProblem>> {
  // One that left, too: leaving voids nothing, and its key may not be gone.
  const { stations, former } = station.membership()
  const left = former.get(id)?.state === 'left' ? former.get(id) : undefined
  const card = stations.get(id) ?? left
  if (!card) return fail({ type: 'unknown-station', station: id })
  if (id === station.identity.station) return fail({ type: 'is-self', station: id })
  const me = station.member()
  const target = station.membership().members.get(card.member)
  if (!me || !target) return fail({ type: 'role-may-not', role: me?.role ?? null })
  if (card.member === me.id) {
    const own = station.membership().stations.get(station.identity.station)
    if (!own || !isSeniorStation(own.claim, card.claim)) return fail({ type: 'not-senior', member: me.id })
  } else {
    const judged = outranks(station, card.member)
    if (!judged.ok) return judged
  }
  const cut = cutOf(station, [id])
  return takeAway(station, target, [id], cut, { type: 'remove-station', station: id, cut })
}

async function takeAway(
  station: Station,
  member: Member,
  stations: readonly string[],
  cut: readonly EntryRef[],
  act: Act,
): Promise<Result<Removed, BelongingProblem>> {
  const before = station.membership()
  const read = [...before.spaces.keys()].filter((space) => mayRead(before, member, space))
  const done = await station.act((write) => {
    write(act)
    return ok(rekey(station, write, read))
  })
  if (!done.ok) return done as Result<never, BelongingProblem>
  return ok({ member: member.id, stations, cut, rekeyed: done.value })
}

/** New keys for the spaces that need them, of those that this station reads itself (A17). */
function rekey(station: Station, write: (act: Act) => EntryRef, spaces: readonly string[]): string[] {
  const rekeyed: string[] = []
  const mine = new Set(station.spaces().map(({ id }) => id))
  for (const space of spaces) {
    if (!mine.has(space) || sealingGeneration(station.trunk, station.membership(), space)) continue
    write(newGeneration(station.membership(), space))
    rekeyed.push(space)
  }
  return rekeyed
}

/** Ends of logs that an act has room for. */
const MAX_CUTS = 900

/** A8: the end of each of their logs as far as this station accepted it; a log not named is cut at nothing. */
export function cutOf(station: Station, stations: readonly string[]): EntryRef[] {
  const { store, identity } = station.trunk
  const theirs = new Set(stations)
  const spaces = new Set(
    store
      .logs()
      .filter(({ log }) => log.space !== identity.community && theirs.has(stationIdOf(log.key)))
      .map(({ log }) => log.space),
  )
  const heads = [...spaces].flatMap((space) =>
    acceptedHeads(store, space).filter((head) => theirs.has(stationIdOf(store.log(head.log)!.key))),
  )
  // Who started logs by the thousand shall not be past removing: what is cut here, this station stands by (A10).
  return heads.sort((a, b) => b.seq - a.seq).slice(0, MAX_CUTS)
}

export const formerOf = (membership: Membership, member: string): string[] =>
  [...membership.former.values()].filter((card) => card.member === member).map(({ id }) => id)

function outranks(station: Station, member: string): Result<Member, BelongingProblem> {
  const me = station.member()
  const target = station.membership().members.get(member)
  if (!target) return fail({ type: 'unknown-member', member })
  if (!me || !roles[me.role].acts) return fail({ type: 'role-may-not', role: me?.role ?? null })
  if (me.id === target.id) return fail({ type: 'is-self', member })
  return compareRanks(me.rank, target.rank) < 0 ? ok(target) : fail({ type: 'not-senior', member })
}

/** Changes what a member may do. What it wrote before it heard stands; to stop somebody at once, remove. */
export async function assignRole(
  station: Station,
  member: string,
  role: Role,
): Promise<Result<void, BelongingProblem>> {
  const judged = outranks(station, member)
  if (!judged.ok) return judged
  const before = station.membership()
  const read = [...before.spaces.keys()].filter((space) => mayRead(before, judged.value, space))
  const done = await station.act((write) => {
    write({ type: 'assign', roles: [[member, role]], spaces: [] })
    boxFor(station, write, member)
    rekey(station, write, read)
    return ok(undefined)
  })
  return done as Result<void, BelongingProblem>
}

/** Gives a grid from one worker to another: one signed act with two facts, right in any order of arrival (A6). */
export async function handOver(
  station: Station,
  input: { readonly from: string | null; readonly to: string | null; readonly spaces: readonly string[] },
): Promise<Result<{ readonly rekeyed: readonly string[] }, BelongingProblem>> {
  for (const member of [input.from, input.to]) {
    const judged = member === null ? null : outranks(station, member)
    if (judged && !judged.ok) return judged
  }
  const facts = input.spaces.flatMap((space) => [
    ...(input.from === null ? [] : [[input.from, space, false] as const]),
    ...(input.to === null ? [] : [[input.to, space, true] as const]),
  ])
  const done = await station.act((write) => {
    write({ type: 'assign', roles: [], spaces: facts })
    const { parents } = station.membership()
    const desks = [...parents].filter(([, grid]) => input.spaces.includes(grid)).map(([desk]) => desk)
    const rekeyed = rekey(station, write, [...input.spaces, ...desks])
    if (input.to !== null) boxFor(station, write, input.to)
    return ok({ rekeyed })
  })
  return done as Result<{ readonly rekeyed: readonly string[] }, BelongingProblem>
}

function boxFor(station: Station, write: (act: Act) => EntryRef, member: string): void {
  for (const card of station.membership().stations.values())
    if (card.member === member) for (const act of missingBoxes(station.trunk, card.id).acts) write(act)
}

/** Boxes for one station whatever it lacks; `byHand`: also what only a chief may decide to give (A17). */
export async function giveKeys(
  station: Station,
  to: string,
  options: { readonly byHand?: boolean } = {},
): Promise<Result<{ readonly given: number; readonly refused: number }>> {
  // Most meetings need none: looked at before a transaction is made for it.
  const plan = missingBoxes(station.trunk, to, options)
  if (plan.acts.length === 0) return ok({ given: 0, refused: plan.refused })
  return station.act((write) => {
    const { acts, refused } = missingBoxes(station.trunk, to, options)
    for (const act of acts) write(act)
    return ok({ given: acts.length, refused })
  })
}

export type VoidedAct = {
  /** Hex of the act's hash: what `ratifyAct` takes. */
  readonly act: string
  readonly type: Act['type']
  readonly by: { readonly station: string; readonly member: string }
  /** Whether this station's member may make it count again. */
  readonly mayRatify: boolean
}

/** A7: acts that a removal or a demotion voided, because their author had not heard of it. */
export function listVoided(station: Station): readonly VoidedAct[] {
  const graph = station.trunk.acts.graph()
  const me = station.member()
  return station.membership().voided.flatMap((node: ActNode) => {
    const member = graph.authorOf(node)?.member ?? ''
    const rank = graph.members.get(member)?.rank
    const mayRatify =
      me !== null && roles[me.role].acts && rank !== undefined && compareRanks(me.rank, rank) < 0
    return [{ act: node.hash, type: node.act.type, by: { station: node.station, member }, mayRatify }]
  })
}

/** A7: makes a voided act count again; nobody has to be invited twice. */
export async function ratifyAct(station: Station, act: string): Promise<Result<void, BelongingProblem>> {
  const found = listVoided(station).filter((voided) => voided.act.startsWith(act))
  if (act.length < 4 || found.length !== 1) return fail({ type: 'unknown-act', act })
  if (!found[0]!.mayRatify) return fail({ type: 'not-senior', member: found[0]!.by.member })
  const hash = Buffer.from(found[0]!.act, 'hex')
  const done = await station.act((write) => {
    write({ type: 'ratify', act: new Uint8Array(hash) })
    for (const card of station.membership().stations.values())
      for (const boxes of missingBoxes(station.trunk, card.id).acts) write(boxes)
    return ok(undefined)
  })
  return done as Result<void, BelongingProblem>
}

/** This station ends itself: after this it can write nothing. What it wrote counts up to here. */
export async function leave(station: Station): Promise<Result<void>> {
  if (!station.isMember()) return fail({ type: 'not-a-member' })
  return station.act((write) => {
    write({ type: 'leave', cut: cutOf(station, [station.identity.station]) })
    return ok(undefined)
  })
}

export type Standing =
  | { readonly state: 'standing' }
  /** Has a home and is not let in yet, or has not heard of it. */
  | { readonly state: 'newcomer' }
  | { readonly state: 'left' }
  /** The invitation was voided, and a senior chief may make it count again: nothing is destroyed. */
  | { readonly state: 'void' }
  | { readonly state: 'removed'; readonly by: string; readonly act: string }

/** Whether this station belongs, and if not, why. */
export function standingOf(station: Station): Standing {
  const membership = station.membership()
  const { station: id } = station.identity
  if (membership.stations.has(id)) return { state: 'standing' }
  const former = membership.former.get(id)
  if (!former) return { state: 'newcomer' }
  const [end] = former.ends.filter(({ act }) => act.type !== 'leave')
  if (former.state !== 'removed' || !end) return { state: former.state === 'left' ? 'left' : 'void' }
  return { state: 'removed', by: end.station, act: toHex(end.ref.hash) }
}
