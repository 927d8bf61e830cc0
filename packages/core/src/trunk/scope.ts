import { stationIdOf } from '../ids.ts'
import type { EntryRef } from '../log/entry.ts'
import { mayHold, mayRead, memberAt } from '../membership/resolve.ts'
import { type Role, roleHolds } from '../membership/roles.ts'
import { refsOf } from './act-book.ts'
import { lacksBase, restartSpace } from './checkpoint-restart.ts'
import type { Trunk } from './context.ts'
import { rebuildSpace } from './rebuild.ts'

/** A space that is here and whose records are not, for this station lost the right to read it. */
const closedSetting = (space: string) => `closed/${space}`

/**
 * A station holds the records of the spaces its member works in and no others (D14): those of a space that was
 * handed on are taken off the disk, and folded again from the entries should the space come back. Entries stay,
 * sealed, until a peer has them.
 */
export function settleScope(trunk: Trunk): void {
  const { store, identity, acts } = trunk
  const membership = acts.now()
  const member = memberAt(membership, identity.station)
  // Those too of which nothing has come yet: what comes while they are closed is read when they open.
  for (const space of new Set([...heldSpaces(trunk), ...membership.spaces.keys()])) {
    const reads = member !== undefined && mayRead(membership, member, space)
    const closed = store.setting(closedSetting(space)) !== null
    if (reads && closed) {
      store.dropSetting(closedSetting(space))
      // What a checkpoint stands for may have gone with an erasure while nothing could be read: then it comes anew.
      if (lacksBase(trunk, space)) restartSpace(trunk, space, identity.station)
      else rebuildSpace(trunk, space)
    } else if (!reads && !closed) {
      store.dropRecords(space)
      store.putSetting(closedSetting(space), new Uint8Array([1]))
    }
  }
}

const heldSpaces = ({ store, identity }: Trunk): string[] =>
  [...new Set(store.logs().map(({ log }) => log.space))].filter((space) => space !== identity.community)

/** Spaces of which something is here, and which this station may not hold any more. */
export function spacesLost(trunk: Trunk): string[] {
  const { identity, acts } = trunk
  const membership = acts.now()
  const member = memberAt(membership, identity.station)
  return heldSpaces(trunk).filter((space) => !(member && mayHold(membership, member, space)))
}

/**
 * What to tell a station that wrote in a space and may not hold it any more, so that it can hand over what is
 * missing here: how far its own logs are held, and of others only what it said itself to have seen.
 */
export function headsOwedBy(trunk: Trunk, peer: string): { space: string; heads: EntryRef[] }[] {
  const { store, identity, acts } = trunk
  const membership = acts.now()
  const me = memberAt(membership, identity.station)
  const member = memberAt(membership, peer)
  if (!me || (!member && !membership.former.has(peer))) return []
  return [...membership.spaces.keys()].flatMap((space) => {
    if (!mayHold(membership, me, space) || (member && mayHold(membership, member, space))) return []
    if (!wasGiven(trunk, peer, space)) return []
    const wasTheirs = store.logs(space).filter(({ log }) => stationIdOf(log.key) === peer)
    const heads = new Map<string, EntryRef>()
    for (const { id } of wasTheirs)
      for (const tip of store.tipsOf(id)) {
        heads.set(`${tip.ref.log}/${tip.ref.seq}`, tip.ref)
        for (const ref of refsOf(tip.seen)) heads.set(`${ref.log}/${ref.seq}`, ref)
      }
    return [{ space, heads: [...heads.values()] }]
  })
}

/** Whether any act, whatever became of it, let a station's member hold a space. */
function wasGiven({ acts }: Trunk, station: string, space: string): boolean {
  const graph = acts.graph()
  const member = acts.now().stations.get(station)?.member ?? acts.now().former.get(station)?.member
  if (member === undefined) return false
  const { parents } = acts.now()
  const names = (named: string) => named === space || named === parents.get(space)
  const kind = acts.now().spaces.get(space)
  const holds = (role: Role) => kind !== undefined && roleHolds(role, kind, false)
  const added = graph.members.get(member)?.node.act
  if (added?.type === 'member' && (holds(added.role) || added.spaces.some(names))) return true
  return (graph.assigns.get(member) ?? []).some(
    ({ act }) =>
      act.type === 'assign' &&
      (act.spaces.some(([id, named, has]) => id === member && names(named) && has) ||
        act.roles.some(([id, role]) => id === member && holds(role))),
  )
}
