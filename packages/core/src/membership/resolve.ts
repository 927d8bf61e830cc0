import { toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import type { EntryRef, LogDeclaration, LogId } from '../log/entry.ts'
import { logIdOf } from '../log/entry.ts'
import type { Act } from './act.ts'
import { communityIdOf } from './act.ts'
import { type Role, type RoleRights, roles } from './roles.ts'

/** A membership entry that was judged valid, with everything in its past. */
export type ActNode = {
  readonly ref: EntryRef
  readonly hash: string
  readonly log: LogDeclaration
  readonly act: Act
  /** Hex hashes of all acts in its past. */
  readonly past: ReadonlySet<string>
}

export type Member = {
  readonly id: string
  readonly role: Role
  readonly spaces: readonly string[]
  readonly by: string
}
export type StationCard = {
  readonly id: string
  readonly key: Uint8Array
  readonly box: Uint8Array
  readonly member: string
}
export type Generation = {
  readonly id: Uint8Array
  readonly space: string
  readonly boxes: ReadonlyMap<string, Uint8Array>
  /** How many acts are in the past of the act that made it: a later generation knows more. */
  readonly knows: number
}

/** Who belongs and may do what, after a set of acts. Pure: the same set gives the same answer in any order. */
export type Membership = {
  readonly members: ReadonlyMap<string, Member>
  readonly stations: ReadonlyMap<string, StationCard>
  readonly spaces: ReadonlyMap<string, 'community' | 'grid'>
  readonly generations: ReadonlyMap<string, Generation>
  /** First barred sequence of each frozen log (A13). */
  readonly frozen: ReadonlyMap<LogId, number>
}

/** The founding key counts as a member and a station of its own, senior to all. */
export const ROOT_MEMBER = 'me-0000'

export function resolveMembership(nodes: Iterable<ActNode>): Membership {
  const members = new Map<string, Member>()
  const stations = new Map<string, StationCard>()
  const spaces = new Map<string, 'community' | 'grid'>()
  const generations = new Map<string, Generation & { boxes: Map<string, Uint8Array> }>()
  const frozen = new Map<LogId, number>()
  // An id is used once (A3): a claim that another has in its past came first (a past is larger than any within it);
  // of two that do not know each other, one is chosen the same way everywhere.
  const inOrder = [...nodes].sort((a, b) => a.past.size - b.past.size || (a.hash < b.hash ? -1 : 1))
  const boxes: { generation: string; boxes: Extract<Act, { type: 'box' }>['boxes'] }[] = []
  for (const { act, log, past } of inOrder) {
    const by = stationIdOf(log.key)
    switch (act.type) {
      case 'genesis':
        if (!members.has(ROOT_MEMBER))
          members.set(ROOT_MEMBER, { id: ROOT_MEMBER, role: 'chief', spaces: [], by })
        if (!stations.has(by)) stations.set(by, { id: by, key: log.key, box: act.box, member: ROOT_MEMBER })
        break
      case 'space':
        if (!spaces.has(act.space)) spaces.set(act.space, act.kind)
        break
      case 'member':
        if (!members.has(act.member))
          members.set(act.member, { id: act.member, role: act.role, spaces: act.spaces, by })
        break
      case 'station': {
        const id = stationIdOf(act.key)
        if (!stations.has(id)) stations.set(id, { id, key: act.key, box: act.box, member: act.member })
        break
      }
      case 'generation':
        if (!generations.has(toHex(act.generation)))
          generations.set(toHex(act.generation), {
            id: act.generation,
            space: act.space,
            boxes: new Map(act.boxes),
            knows: past.size,
          })
        break
      case 'box':
        boxes.push({ generation: toHex(act.generation), boxes: act.boxes })
        break
      case 'freeze': {
        const id = logIdOf({ key: act.log, epoch: act.epoch, space: act.space })
        frozen.set(id, Math.min(frozen.get(id) ?? act.seq, act.seq))
        break
      }
    }
  }
  for (const { generation, boxes: added } of boxes) {
    const target = generations.get(generation)
    for (const [station, boxed] of added)
      if (target && !target.boxes.has(station)) target.boxes.set(station, boxed)
  }
  return { members, stations, spaces, generations, frozen }
}

/** Standing: added, and its member too. Removal will be a reason not to. */
export function memberAt(membership: Membership, station: string): Member | undefined {
  const card = membership.stations.get(station)
  return card && membership.members.get(card.member)
}

export const isStanding = (membership: Membership, station: string): boolean =>
  memberAt(membership, station) !== undefined

/** Everyone belongs to the community's space; grids are for those given them, or for roles that cover all. */
export function mayRead(membership: Membership, member: Member, space: string): boolean {
  const kind = membership.spaces.get(space)
  if (!kind) return false
  const rights: RoleRights = roles[member.role]
  return kind === 'community' || rights.spaces === 'all' || member.spaces.includes(space)
}

export const mayWrite = (membership: Membership, member: Member, space: string): boolean =>
  roles[member.role].writes && mayRead(membership, member, space)

/** Judged by its own past alone (A2). Returns why not, or null. */
export function refuseAct(act: Act, log: LogDeclaration, seq: number, past: Membership): string | null {
  if (act.type === 'genesis')
    return seq === 0 && past.members.size === 0 && communityIdOf(log.key, act.nonce) === log.space
      ? null
      : 'false-genesis'
  if (act.type === 'freeze') return null
  const author = memberAt(past, stationIdOf(log.key))
  if (!author) return 'not-a-member'
  const chief = roles[author.role].acts
  switch (act.type) {
    case 'space':
    case 'member':
      return chief ? null : 'role-may-not'
    case 'station':
      if (!past.members.has(act.member)) return 'unknown-member'
      // Not even for itself: nothing in the act shows that its author holds the key, so it could be a colleague's.
      return chief ? null : 'role-may-not'
    case 'generation':
      if (!past.spaces.has(act.space)) return 'unknown-space'
      return mayRead(past, author, act.space) ? null : 'role-may-not'
    case 'box': {
      const generation = past.generations.get(toHex(act.generation))
      if (!generation) return 'unknown-generation'
      return mayRead(past, author, generation.space) ? null : 'role-may-not'
    }
  }
}
