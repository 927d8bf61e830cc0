import { type Bits, hasBit } from '../bytes/bits.ts'
import { toHex } from '../bytes/bytes.ts'
import type { EntryRef, LogId } from '../log/entry.ts'
import { logIdOf } from '../log/entry.ts'
import type { Act } from './act.ts'
import { ActGraph, type ActNode, isConcurrent, type StationClaim } from './graph.ts'
import {
  leastRole,
  type Role,
  roleCoversDesks,
  roleHolds,
  roleReads,
  roles,
  type SpaceKind,
} from './roles.ts'
import type { MemberRank } from './seniority.ts'

export type Member = {
  readonly id: string
  readonly role: Role
  readonly spaces: readonly string[]
  /** The station that invited it. */
  readonly by: string
  readonly rank: MemberRank
}
export type StationCard = {
  readonly id: string
  readonly key: Uint8Array
  readonly box: Uint8Array
  readonly member: string
  readonly claim: StationClaim
}
/** Why a station that was added does not stand. `void`: its invitation, or its member's, was taken back. */
export type FormerStation = StationCard & {
  readonly state: 'removed' | 'left' | 'void'
  /** The acts that ended it; none when its invitation is void. */
  readonly ends: readonly ActNode[]
}
/** `by`: the member who gave it. */
export type GivenBox = { readonly by: string; readonly boxed: Uint8Array }
/** One act that made or repeated a generation. The same secret may be announced by several. */
export type Generation = {
  readonly id: Uint8Array
  readonly space: string
  readonly act: ActNode
  /** The boxes for each station, of the act and those added since: a false one beside a true one does no harm. */
  readonly boxes: ReadonlyMap<string, readonly GivenBox[]>
  readonly effective: boolean
}

/** Who belongs and may do what, after a set of acts. Pure: the same set gives the same answer in any order. */
export type Membership = {
  readonly members: ReadonlyMap<string, Member>
  /** Those that stand: added, their member too, and neither removed, by effective acts. */
  readonly stations: ReadonlyMap<string, StationCard>
  readonly former: ReadonlyMap<string, FormerStation>
  readonly spaces: ReadonlyMap<string, SpaceKind>
  /** The grid whose cases come to a desk. */
  readonly parents: ReadonlyMap<string, string>
  /** First barred sequence of each frozen log (A13). */
  readonly frozen: ReadonlyMap<LogId, number>
  /** Of each removed station, how far its logs count by themselves (A8). */
  readonly cuts: ReadonlyMap<string, readonly EntryRef[]>
  /** Acts that are valid and do not count, for somebody took from their author what they needed (A5). */
  readonly voided: readonly ActNode[]
  /** Effective acts that took something, and those that made such an act count again (A17). */
  readonly takings: readonly ActNode[]
  readonly generations: readonly Generation[]
  /** The member a standing station belongs to. */
  memberAt(station: string): Member | undefined
  isEffective(node: ActNode): boolean
}

/** What an author must have for an act (A5): a chief's right, a station that stands, the reading of a space. */
type Need = { type: 'chief' } | { type: 'standing' } | { type: 'read'; space: string } | { type: 'nothing' }

export function needOf(graph: ActGraph, node: ActNode): Need {
  const { act } = node
  switch (act.type) {
    case 'genesis':
    case 'freeze':
      return { type: 'nothing' }
    case 'space':
    case 'member':
    case 'assign':
    case 'remove':
    case 'ratify':
      return { type: 'chief' }
    case 'station':
      return { type: graph.authorOf(node)?.member === act.member ? 'standing' : 'chief' }
    case 'remove-station': {
      const own = graph.claimIn(act.station, node.past)?.member === graph.authorOf(node)?.member
      return { type: own ? 'standing' : 'chief' }
    }
    case 'leave':
      return { type: 'standing' }
    case 'generation':
      return { type: 'read', space: act.space }
    case 'box': {
      const space = spaceOfGeneration(graph, act.generation, node.past)
      return space === null ? { type: 'standing' } : { type: 'read', space }
    }
  }
}

export function spaceOfGeneration(graph: ActGraph, generation: Uint8Array, past: Bits): string | null {
  let first: ActNode | null = null
  // One name may be said of two spaces; which came first must not depend on what arrived first.
  for (const node of graph.generations.get(toHex(generation)) ?? [])
    if (hasBit(past, node.index) && (!first || inPastOrder(node, first) < 0)) first = node
  return first?.act.type === 'generation' ? first.act.space : null
}

/** The members whose powers an act takes, and the station; a leave takes its own only, and voids nothing. */
const isTaking = (act: Act): boolean =>
  act.type === 'remove' || act.type === 'remove-station' || act.type === 'leave' || act.type === 'assign'

/** Of claims of one key, the first that counts: a removed inviter, who holds its proof, could else back-date another. */
export const createActGraph = (): ActGraph =>
  new ActGraph((graph, acts, claims) => {
    const resolver = new Resolver(graph, acts)
    return claims.find((claim) => resolver.isAdded(claim)) ?? claims[0]!
  })

export function resolveMembership(graph: ActGraph, known: Bits): Membership {
  const resolver = new Resolver(graph, known)
  return resolver.resolve()
}

class Resolver {
  readonly #graph: ActGraph
  readonly #known: Bits
  readonly #memo = new Map<ActNode, boolean>()
  readonly #spaces = new Map<string, SpaceKind>()
  readonly #parents = new Map<string, string>()
  #spacesFound = false

  constructor(graph: ActGraph, known: Bits) {
    this.#graph = graph
    this.#known = known
  }

  #has(node: ActNode): boolean {
    return hasBit(this.#known, node.index)
  }

  /** A5. It ends: every question it asks is about acts of somebody more senior, or earlier in the act's past. */
  isEffective(node: ActNode): boolean {
    const known = this.#memo.get(node)
    if (known !== undefined) return known
    const effective = this.#has(node) && this.#counts(node)
    this.#memo.set(node, effective)
    return effective
  }

  #counts(node: ActNode): boolean {
    const { type } = node.act
    if (type === 'genesis' || type === 'freeze') return true
    for (const ratify of this.#graph.ratifies.get(node.hash) ?? [])
      if (this.#has(ratify) && this.isEffective(ratify)) return true
    const author = this.#graph.authorOf(node)
    if (!author || !this.isAdded(author)) return false
    if (this.#removalsOf(author).some((act) => hasBit(node.past, act.index) && this.isEffective(act)))
      return false
    const need = needOf(this.#graph, node)
    if (!this.#suffices(need, this.#roleIn(author.member, node.past), author.member, node.past)) return false
    return !this.#isTakenFrom(node, author, need)
  }

  /** Its station and its member were added by effective acts. */
  isAdded(claim: StationClaim): boolean {
    const member = this.#graph.members.get(claim.member)
    return member !== undefined && this.isEffective(claim.node) && this.isEffective(member.node)
  }

  /** Acts that take away a station: itself, its member, or its own leaving. */
  #removalsOf(claim: StationClaim): ActNode[] {
    const { removals } = this.#graph
    return [...(removals.get(claim.id) ?? []), ...(removals.get(claim.member) ?? [])]
  }

  #isTakenFrom(node: ActNode, author: StationClaim, need: Need): boolean {
    for (const act of this.#removalsOf(author))
      if (act.act.type !== 'leave' && this.#has(act) && isConcurrent(act, node) && this.isEffective(act))
        return true
    if (need.type !== 'chief' && need.type !== 'read') return false
    for (const act of this.#graph.assigns.get(author.member) ?? [])
      if (
        this.#has(act) &&
        isConcurrent(act, node) &&
        this.#lowers(act, author.member, need, node.past) &&
        this.isEffective(act)
      )
        return true
    return false
  }

  /** Whether a member, by what an act says of it in place of what it had, is left without what it needed. */
  #lowers({ act }: ActNode, member: string, need: Need, past: Bits): boolean {
    if (act.type !== 'assign') return false
    const said = act.roles.find(([id]) => id === member)?.[1]
    if (need.type === 'chief') return said !== undefined && !roles[said].acts
    if (need.type !== 'read') return false
    const gifts = act.spaces.filter(([id, space]) => id === member && this.#covers(space, need.space))
    if (said === undefined && gifts.length === 0) return false
    const role = said ?? this.#roleIn(member, past)
    const isGiven =
      gifts.some(([, space, has]) => has && (space === need.space || roleCoversDesks(role))) ||
      (gifts.length === 0 && this.#isGiven(member, role, need.space, past))
    return !this.#reads(role, need.space, isGiven)
  }

  /** A grid covers its desks. */
  #covers(named: string, space: string): boolean {
    this.#kindOf(space)
    return named === space || named === this.#parents.get(space)
  }

  #suffices(need: Need, role: Role, member: string, past: Bits): boolean {
    if (need.type === 'chief') return roles[role].acts
    if (need.type === 'read')
      return this.#reads(role, need.space, this.#isGiven(member, role, need.space, past))
    return true
  }

  #reads(role: Role, space: string, isGiven: boolean): boolean {
    const kind = this.#kindOf(space)
    return kind !== undefined && roleReads(role, kind, isGiven)
  }

  #kindOf(space: string): SpaceKind | undefined {
    this.#findSpaces()
    return this.#spaces.get(space)
  }

  /**
   * A space stays what the first effective act made it; one whose maker was voided stays too, for people have written
   * in it, but gives way to an effective one of its name.
   */
  #findSpaces(): void {
    if (this.#spacesFound) return
    this.#spacesFound = true
    const acts = this.#graph.spaces.filter((node) => this.#has(node))
    acts.sort((a, b) => Number(this.isEffective(b)) - Number(this.isEffective(a)) || inPastOrder(a, b))
    for (const { act } of acts) {
      if (act.type !== 'space' || this.#spaces.has(act.space)) continue
      this.#spaces.set(act.space, act.kind)
      if (act.parent) this.#parents.set(act.space, act.parent)
    }
  }

  /** The latest effective acts that say something of a member: those no other such act has in its past (A6). */
  #latest(member: string, acts: Bits, says: (node: ActNode) => boolean): ActNode[] {
    const found = (this.#graph.assigns.get(member) ?? []).filter(
      (node) => this.#has(node) && hasBit(acts, node.index) && says(node) && this.isEffective(node),
    )
    return found.filter((node) => !found.some((later) => hasBit(later.past, node.index)))
  }

  /** A6: the least of what the latest effective acts say, else what the invitation said. */
  #roleIn(member: string, acts: Bits): Role {
    const roleBy = ({ act }: ActNode): Role | undefined =>
      act.type === 'assign' ? act.roles.find(([id]) => id === member)?.[1] : undefined
    const said = this.#latest(member, acts, (node) => roleBy(node) !== undefined).map((node) => roleBy(node)!)
    if (said.length > 0) return leastRole(said)
    const added = this.#graph.members.get(member)?.node.act
    return added?.type === 'member' ? added.role : 'chief'
  }

  /** A desk is given with its grid, to roles that read grids: who reads the cases reads what becomes of them. */
  #isGiven(member: string, role: Role, space: string, acts: Bits): boolean {
    if (this.#isNamed(member, space, acts)) return true
    this.#kindOf(space)
    const parent = this.#parents.get(space)
    return parent !== undefined && roleCoversDesks(role) && this.#isNamed(member, parent, acts)
  }

  #isNamed(member: string, space: string, acts: Bits): boolean {
    const givenBy = ({ act }: ActNode): boolean | undefined =>
      act.type === 'assign'
        ? act.spaces.find(([id, named]) => id === member && named === space)?.[2]
        : undefined
    const said = this.#latest(member, acts, (node) => givenBy(node) !== undefined)
    if (said.length > 0) return said.every((node) => givenBy(node))
    const added = this.#graph.members.get(member)?.node.act
    return added?.type === 'member' && added.spaces.includes(space)
  }

  /** Most of it is worked out when it is asked for: judging an entry asks for one station and its member. */
  resolve(): Membership {
    const known = lazily(() => this.#graph.nodes.filter((node) => this.#has(node)))
    const effective = lazily(() => known().filter((node) => this.isEffective(node)))
    const members = lazily(() => this.#members())
    const stations = lazily(() => this.#stations())
    const frozen = lazily(() => frozenLogs(known()))
    const generations = lazily(() => generationsOf(this.#graph, known(), effective()))
    const takings = lazily(() => effective().filter(({ act }) => this.#isTakingOrBack(act)))
    const memberAt = (station: string) => {
      const card = this.#stationAt(station)
      return card && 'state' in card ? undefined : card && this.#memberAt(card.member)
    }
    const parents = this.#parents
    const spaces = lazily(() => {
      this.#findSpaces()
      return this.#spaces
    })
    return {
      get members() {
        return members()
      },
      get stations() {
        return stations().standing
      },
      get former() {
        return stations().former
      },
      get cuts() {
        return stations().cuts
      },
      get spaces() {
        return spaces()
      },
      get parents() {
        spaces()
        return parents
      },
      get frozen() {
        return frozen()
      },
      get voided() {
        const counts = new Set(effective())
        return known().filter((node) => !counts.has(node))
      },
      get takings() {
        return takings()
      },
      get generations() {
        return generations()
      },
      memberAt,
      isEffective: (node) => this.isEffective(node),
    }
  }

  #isTakingOrBack(act: Act): boolean {
    if (act.type !== 'ratify') return isTaking(act)
    const target = this.#graph.byHash.get(toHex(act.act))
    return target !== undefined && isTaking(target.act)
  }

  #memberAt(id: string): Member | undefined {
    const claim = this.#graph.members.get(id)
    if (!claim || !this.#has(claim.node) || !this.isEffective(claim.node)) return undefined
    for (const act of this.#graph.removals.get(id) ?? [])
      if (this.#has(act) && this.isEffective(act)) return undefined
    this.#findSpaces()
    const { node, rank } = claim
    const named = new Set(node.act.type === 'member' ? node.act.spaces : [])
    for (const { act } of this.#graph.assigns.get(id) ?? [])
      if (act.type === 'assign') for (const [member, space] of act.spaces) if (member === id) named.add(space)
    for (const [desk, parent] of this.#parents) if (named.has(parent)) named.add(desk)
    const role = this.#roleIn(id, this.#known)
    const spaces = [...named].filter((space) => this.#isGiven(id, role, space, this.#known)).sort()
    return { id, role, spaces, by: node.station, rank }
  }

  #members(): Map<string, Member> {
    const members = new Map<string, Member>()
    for (const id of this.#graph.members.keys()) {
      const member = this.#memberAt(id)
      if (member) members.set(id, member)
    }
    return members
  }

  #stationAt(id: string): StationCard | FormerStation | undefined {
    const claim = this.#graph.claimIn(id, this.#known)
    if (!claim) return undefined
    const card = { id, key: claim.key, box: claim.box, member: claim.member, claim }
    const ends = this.#removalsOf(claim).filter((node) => this.#has(node) && this.isEffective(node))
    if (ends.length > 0) {
      const isRemoved = ends.some(({ act }) => act.type !== 'leave')
      return { ...card, ends, state: isRemoved ? 'removed' : 'left' }
    }
    return this.isAdded(claim) ? card : { ...card, ends, state: 'void' }
  }

  #stations() {
    const standing = new Map<string, StationCard>()
    const former = new Map<string, FormerStation>()
    const cuts = new Map<string, EntryRef[]>()
    for (const id of this.#graph.claimsOf.keys()) {
      const card = this.#stationAt(id)
      if (!card) continue
      if (!('state' in card)) {
        standing.set(id, card)
        continue
      }
      former.set(id, card)
      if (card.ends.length === 0) continue
      cuts.set(
        id,
        card.ends.flatMap(({ act }) => ('cut' in act ? act.cut : [])),
      )
    }
    return { standing, former, cuts }
  }
}

function lazily<T>(find: () => T): () => T {
  let found: { readonly value: T } | null = null
  return () => {
    found ??= { value: find() }
    return found.value
  }
}

/** A past is larger than any within it, so who came first comes first; of two that did not know each other, by hash. */
const inPastOrder = (a: ActNode, b: ActNode): number =>
  a.pastCount - b.pastCount || (a.hash < b.hash ? -1 : 1)

/** Freezes prove themselves, so every one counts. */
function frozenLogs(effective: readonly ActNode[]): Map<LogId, number> {
  const frozen = new Map<LogId, number>()
  for (const { act } of effective) {
    if (act.type !== 'freeze') continue
    const id = logIdOf({ key: act.log, epoch: act.epoch, space: act.space })
    frozen.set(id, Math.min(frozen.get(id) ?? act.seq, act.seq))
  }
  return frozen
}

/** Boxes of one generation that one member may give one station: with false ones without end it could bury a true one. */
const MAX_GIVEN = 2

/** Void ones too: what was sealed under a generation must stay readable when its author's rights are taken. */
function generationsOf(
  graph: ActGraph,
  known: readonly ActNode[],
  effective: readonly ActNode[],
): Generation[] {
  const counts = new Set(effective)
  const boxes = new Map<string, Map<string, GivenBox[]>>()
  const inOrder = [...known].sort(inPastOrder)
  for (const node of inOrder) {
    const { act } = node
    if (act.type !== 'generation' && act.type !== 'box') continue
    const by = graph.authorOf(node)?.member ?? ''
    const name = toHex(act.generation)
    const held = boxes.get(name) ?? new Map<string, GivenBox[]>()
    boxes.set(name, held)
    for (const [station, boxed] of act.boxes) {
      const given = held.get(station) ?? []
      if (given.filter((box) => box.by === by).length < MAX_GIVEN)
        held.set(station, [...given, { by, boxed }])
    }
  }
  return inOrder.flatMap((node) =>
    node.act.type === 'generation'
      ? [
          {
            id: node.act.generation,
            space: node.act.space,
            act: node,
            boxes: boxes.get(toHex(node.act.generation))!,
            effective: counts.has(node),
          },
        ]
      : [],
  )
}

/** Standing: added, and its member too, and neither removed. */
export const memberAt = (membership: Membership, station: string): Member | undefined =>
  membership.memberAt(station)
export const isStanding = (membership: Membership, station: string): boolean =>
  membership.memberAt(station) !== undefined

const isGivenTo = (member: Member, space: string) => member.spaces.includes(space)

/** Whether a member gets a space's keys. */
export function mayRead(membership: Membership, member: Member, space: string): boolean {
  const kind = membership.spaces.get(space)
  return kind !== undefined && roleReads(member.role, kind, isGivenTo(member, space))
}

/** Whether a member's stations keep a space's sealed entries: those of a blind gateway hold what they cannot read. */
export function mayHold(membership: Membership, member: Member, space: string): boolean {
  const kind = membership.spaces.get(space)
  return kind !== undefined && roleHolds(member.role, kind, isGivenTo(member, space))
}

export const mayWrite = (membership: Membership, member: Member, space: string): boolean =>
  roles[member.role].writes && mayRead(membership, member, space)
