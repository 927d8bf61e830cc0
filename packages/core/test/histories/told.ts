/** What real stations hold, in the words of the oracle. */
import { bitsOf } from '../../src/bytes/bits.ts'
import { toHex } from '../../src/bytes/bytes.ts'
import { stationIdOf } from '../../src/ids.ts'
import {
  type Entry,
  type EntryHeader,
  type LogDeclaration,
  logIdOf,
  parseEntry,
} from '../../src/log/entry.ts'
import { parseAct } from '../../src/membership/act.ts'
import type { ActGraph, ActNode } from '../../src/membership/graph.ts'
import { ROOT_MEMBER } from '../../src/membership/graph.ts'
import { spaceOfGeneration } from '../../src/membership/resolve.ts'
import { expectOk } from '../../src/result.ts'
import type { Station } from '../../src/station/station.ts'
import type { StoredEntry } from '../../src/store/store.ts'
import { refsOf } from '../../src/trunk/act-book.ts'
import { isCheckpoint } from '../../src/trunk/checkpoint-format.ts'
import { seenBy } from '../../src/trunk/seen.ts'
import type { ProductStation } from '../oracle/check.ts'
import type { EntryKind, OracleAct, OracleBody, OracleEntry, Role } from '../oracle/shape.ts'

const graphOf = (station: Station): ActGraph => station.trunk.acts.graph()

/** Everything that any of the stations holds. */
export function tell(stations: readonly Station[]): { acts: OracleAct[]; entries: OracleEntry[] } {
  const acts = new Map<string, OracleAct>()
  const entries = new Map<string, OracleEntry>()
  for (const station of stations) {
    const graph = graphOf(station)
    const spaces = spaceNames(graph)
    for (const node of graph.nodes)
      if (!acts.has(node.hash)) acts.set(node.hash, toldAct(graph, node, spaces))
    for (const stored of dataOf(station)) {
      const id = toHex(stored.hash)
      if (!entries.has(id)) entries.set(id, toldEntry(station, stored, spaces))
    }
  }
  // A past comes before what stands on it: the oracle asks for acts by name.
  return {
    acts: [...acts.values()].sort((a, b) => a.past.size - b.past.size),
    entries: [...entries.values()],
  }
}

export function tellStation(station: Station, name: string): ProductStation {
  const graph = graphOf(station)
  const membership = station.membership()
  const data = dataOf(station)
  const memberAct = (id: string) => graph.members.get(id)!.node.hash
  const roles = new Map<string, Role | null>()
  for (const id of graph.members.keys()) roles.set(memberAct(id), membership.members.get(id)?.role ?? null)
  const names = spaceNames(graph)
  return {
    name,
    acts: new Set(graph.byHash.keys()),
    entries: new Set(data.map(({ hash }) => toHex(hash))),
    accepted: new Set(data.filter(({ status }) => status === 'accepted').map(({ hash }) => toHex(hash))),
    held: new Set(data.filter(({ status }) => status === 'held').map(({ hash }) => toHex(hash))),
    standing: new Set([...membership.stations.values()].map(({ claim }) => claim.node.hash)),
    effective: new Set(graph.nodes.filter((node) => membership.isEffective(node)).map(({ hash }) => hash)),
    roles,
    frozen: membership.frozen,
    spaces: [...membership.members.values()].flatMap((member) =>
      [...names].map(([space, act]) => [memberAct(member.id), act, member.spaces.includes(space)] as const),
    ),
  }
}

export function dataOf(station: Station): StoredEntry[] {
  const { store, identity } = station.trunk
  const spaces = new Set(store.logs().map(({ log }) => log.space))
  spaces.delete(identity.community)
  return [...spaces].flatMap((space) => [...store.entriesOf(space, 0, 100_000)])
}

/**
 * A forged entry as the oracle would see it, from where all that it names is held; null when something of that is
 * not, for then it stands on what was refused.
 */
export function tellForged(
  station: Station,
  log: LogDeclaration,
  entry: Entry,
): { act: OracleAct } | { entry: OracleEntry } | null {
  const { store, acts, identity } = station.trunk
  const graph = acts.graph()
  const { header } = entry
  const prev = header.seq > 0 ? store.entry(header.prev) : null
  const hasAll = [...header.deps, ...header.acts].every((ref) => store.entry(ref.hash))
  if ((header.seq > 0 && !prev) || !hasAll) return null
  const isAct = log.space === identity.community
  const before = prev ? refsOf(seenBy(station.trunk, prev).acts) : []
  const past = acts.pastOf(isAct ? header.deps : [...before, ...header.acts])
  const by = graph.claimIn(stationIdOf(log.key), past)?.node.hash ?? null
  const pastHashes = new Set([...bitsOf(past)].map((index) => graph.nodes[index]!.hash))
  const spaces = spaceNames(graph)
  if (isAct) {
    const act = expectOk(parseAct(entry.raw.blobs[0]!))
    const node = {
      act,
      past,
      hash: toHex(entry.hash),
      ref: { seq: header.seq },
      by: null,
    } as unknown as ActNode
    return { act: { ...toldAct(graph, node, spaces), by } }
  }
  if (by === null) return null
  return {
    entry: {
      id: toHex(entry.hash),
      by,
      log: logIdOf(log),
      space: spaces.get(log.space)!,
      seq: header.seq,
      prev: header.seq > 0 ? toHex(header.prev) : null,
      deps: new Set(header.deps.map(({ hash }) => toHex(hash))),
      acts: pastHashes,
      kind: kindOf(header),
    },
  }
}

/** The oracle names a space by the act that made it. */
function spaceNames(graph: ActGraph): Map<string, string> {
  const names = new Map<string, string>()
  for (const { act, hash } of graph.nodes)
    if (act.type === 'space' && !names.has(act.space)) names.set(act.space, hash)
  return names
}

function toldAct(graph: ActGraph, node: ActNode, spaces: ReadonlyMap<string, string>): OracleAct {
  const past = new Set([...bitsOf(node.past)].map((index) => graph.nodes[index]!.hash))
  return {
    id: node.hash,
    by: node.act.type === 'genesis' ? null : (node.by?.hash ?? null),
    past,
    seq: node.ref.seq,
    body: bodyOf(graph, node, spaces),
  }
}

function bodyOf(graph: ActGraph, node: ActNode, spaces: ReadonlyMap<string, string>): OracleBody {
  const { act } = node
  const member = (id: string) =>
    id === ROOT_MEMBER ? graph.nodes[0]!.hash : graph.members.get(id)!.node.hash
  const space = (id: string) => spaces.get(id) ?? id
  switch (act.type) {
    case 'genesis':
      return { type: 'genesis' }
    case 'space':
      return { type: 'space', kind: act.kind }
    case 'member':
      return { type: 'member', role: act.role, spaces: act.spaces.map(space) }
    case 'station':
      return { type: 'station', member: member(act.member) }
    case 'assign':
      return {
        type: 'assign',
        roles: act.roles.map(([id, role]) => [member(id), role]),
        spaces: act.spaces.map(([id, named, has]) => [member(id), space(named), has]),
      }
    case 'remove':
      return { type: 'remove', target: member(act.member), cut: act.cut.map(({ hash }) => toHex(hash)) }
    case 'remove-station':
      return {
        type: 'remove-station',
        target: graph.claimIn(act.station, node.past)!.node.hash,
        cut: act.cut.map(({ hash }) => toHex(hash)),
      }
    case 'leave':
      return { type: 'leave', cut: act.cut.map(({ hash }) => toHex(hash)) }
    case 'ratify':
      return { type: 'ratify', act: toHex(act.act) }
    case 'generation':
      return { type: 'generation', space: space(act.space) }
    case 'box':
      return { type: 'box', space: space(spaceOfGeneration(graph, act.generation, node.past) ?? '') }
    case 'freeze': {
      const log = { key: act.log, epoch: act.epoch, space: act.space }
      return { type: 'freeze', log: logIdOf(log), seq: act.seq }
    }
  }
}

function toldEntry(station: Station, stored: StoredEntry, spaces: ReadonlyMap<string, string>): OracleEntry {
  const { acts, store } = station.trunk
  const graph = acts.graph()
  const log = store.log(stored.log)!
  const past = acts.pastOf(refsOf(seenBy(station.trunk, stored).acts))
  const { header } = expectOk(parseEntry(stored.raw))
  return {
    id: toHex(stored.hash),
    by: graph.claimIn(stationIdOf(log.key), past)!.node.hash,
    log: stored.log,
    space: spaces.get(log.space)!,
    seq: stored.seq,
    prev: stored.seq > 0 ? toHex(stored.prev) : null,
    deps: new Set(header.deps.map(({ hash }) => toHex(hash))),
    acts: new Set([...bitsOf(past)].map((index) => graph.nodes[index]!.hash)),
    kind: kindOf(header),
  }
}

function kindOf(header: EntryHeader): EntryKind {
  if (isCheckpoint(header)) return 'checkpoint'
  return header.blobs.length === 0 ? 'stand-by' : header.blobs.length === 1 ? 'release' : 'data'
}
