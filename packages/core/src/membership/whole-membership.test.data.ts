import { toHex } from '../bytes/bytes.ts'
import type { ActNode } from './graph.ts'
import type { Membership } from './resolve.ts'

const hashOf = (node: ActNode) => node.hash

/** Everything a membership says, with acts by their hashes: equal for equal sets of acts. */
export function wholeMembership(membership: Membership) {
  return {
    members: [...membership.members.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    stations: [...membership.stations.values()]
      .map(({ id, member, claim }) => [id, member, claim.node.hash, claim.order])
      .sort(),
    former: [...membership.former.values()]
      .map(({ id, member, state, ends }) => [id, member, state, ends.map(hashOf).sort()])
      .sort(),
    spaces: [...membership.spaces].sort(),
    parents: [...membership.parents].sort(),
    frozen: [...membership.frozen].sort(),
    cuts: [...membership.cuts]
      .map(([id, cut]) => [id, cut.map(({ seq, hash }) => `${seq} ${toHex(hash)}`).sort()])
      .sort(),
    voided: membership.voided.map(hashOf).sort(),
    takings: membership.takings.map(hashOf).sort(),
    generations: membership.generations.map(({ id, space, act, boxes, effective }) => [
      toHex(id),
      space,
      act.hash,
      effective,
      [...boxes]
        .map(([station, list]) => [station, list.map(({ by, boxed }) => `${by} ${toHex(boxed)}`)])
        .sort(),
    ]),
  }
}
