import { type Bits, hasBit } from '../bytes/bits.ts'
import { stationIdOf } from '../ids.ts'
import type { LogDeclaration } from '../log/entry.ts'
import { type Act, communityIdOf, isProvenStation } from './act.ts'
import { isProvenFreeze } from './freeze.ts'
import { type ActGraph, isSeniorStation, type StationClaim } from './graph.ts'
import { type Membership, mayRead, spaceOfGeneration } from './resolve.ts'
import { roles } from './roles.ts'
import { compareRanks } from './seniority.ts'

/** An act that is being judged, with what its author had seen. */
export type Judged = {
  readonly act: Act
  readonly log: LogDeclaration
  readonly seq: number
  readonly past: Bits
  /** Resolved from that past. */
  readonly membership: Membership
}

/** A2: judged by its own past alone, so every station says the same, for ever. Why it is refused, or null. */
export function refuseAct(graph: ActGraph, judged: Judged): string | null {
  const { act, log, seq, past, membership } = judged
  if (act.type === 'genesis')
    return seq === 0 && !hasBit(past, 0) && communityIdOf(log.key, act.nonce) === log.space
      ? null
      : 'false-genesis'
  const station = stationIdOf(log.key)
  if (act.type === 'freeze') return refuseFreeze(graph, act, station, past)
  const member = membership.memberAt(station)
  const author = member && graph.claimIn(station, past)
  if (!author || !member) return 'not-a-member'
  const chief = roles[member.role].acts
  const known = (id: string) => {
    const claim = graph.members.get(id)
    return claim !== undefined && hasBit(past, claim.node.index) ? claim : null
  }
  const outranks = (id: string) => {
    const target = known(id)
    return target !== null && id !== author.member && compareRanks(member.rank, target.rank) < 0
  }
  switch (act.type) {
    case 'space':
      return chief ? null : 'role-may-not'
    case 'member':
      if (!chief) return 'role-may-not'
      if (act.spaces.some((space) => !membership.spaces.has(space))) return 'unknown-space'
      return isProvenStation(act, log.space, station) ? null : 'unproven-station'
    case 'station':
      if (!known(act.member)) return 'unknown-member'
      if (!isProvenStation(act, log.space, act.member)) return 'unproven-station'
      if (act.member === author.member) return null
      return chief && outranks(act.member) ? null : 'role-may-not'
    case 'assign': {
      if (!chief) return 'role-may-not'
      const about = [...act.roles, ...act.spaces].map(([id]) => id)
      if (about.some((id) => !known(id))) return 'unknown-member'
      if (act.spaces.some(([, space]) => !membership.spaces.has(space))) return 'unknown-space'
      return about.every(outranks) ? null : 'not-senior'
    }
    case 'remove':
      if (!chief) return 'role-may-not'
      if (!known(act.member)) return 'unknown-member'
      return outranks(act.member) ? null : 'not-senior'
    case 'remove-station': {
      const target = graph.claimIn(act.station, past)
      if (!target) return 'unknown-station'
      return mayRemoveStation(author, target, chief && outranks(target.member)) ? null : 'not-senior'
    }
    case 'leave':
      return null
    case 'ratify': {
      const target = graph.byHash.get(Buffer.from(act.act).toString('hex'))
      if (!target || !hasBit(past, target.index)) return 'unknown-act'
      const owner = graph.authorOf(target)
      return chief && owner && outranks(owner.member) ? null : 'not-senior'
    }
    case 'generation':
      if (!membership.spaces.has(act.space)) return 'unknown-space'
      return mayRead(membership, member, act.space) ? null : 'role-may-not'
    case 'box': {
      const space = spaceOfGeneration(graph, act.generation, past)
      if (space === null) return 'unknown-generation'
      return mayRead(membership, member, space) ? null : 'role-may-not'
    }
  }
}

const mayRemoveStation = (author: StationClaim, target: StationClaim, outranks: boolean): boolean =>
  author.member === target.member ? isSeniorStation(author, target) : outranks

/**
 * A13: a freeze counts whoever brings it, so it must prove itself. Only a station that was ever let in brings one,
 * about a log of such a station: a stranger could else fork logs of its own without end.
 */
function refuseFreeze(
  graph: ActGraph,
  act: Extract<Act, { type: 'freeze' }>,
  station: string,
  past: Bits,
): string | null {
  if (!graph.claimIn(station, past)) return 'not-a-member'
  if (!graph.claimIn(stationIdOf(act.log), past)) return 'unknown-station'
  return isProvenFreeze(act) ? null : 'unproven-freeze'
}
