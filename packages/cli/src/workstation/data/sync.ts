import { addressOf, type RecordSet, type Station, sameBytes, shortAddress } from '@doorstep/core'
import type { SessionState } from '@doorstep/sync'
import { spacesOf, stationName } from '../../station/names.ts'
import { shortDigest } from '../../voice/digest.ts'
import type { PeerLine, QuarantineLine, SyncFacts, SyncTruth } from '../facts.ts'

/** What is known about others, from what they said they hold on disk. Nothing is assumed. */

/** How far each station is known to hold each log. */
type Known = ReadonlyMap<string, ReadonlyMap<string, number>>

function knownHeads(station: Station): Known {
  const known = new Map<string, Map<string, number>>()
  for (const peer of station.peers()) {
    if (peer.station === station.identity.station) continue
    let logs = known.get(peer.station)
    if (!logs) {
      logs = new Map()
      known.set(peer.station, logs)
    }
    // Of a forked log only a head that is here too proves anything.
    for (const { log, seq, hash } of peer.heads)
      if (station.has(hash) && seq > (logs.get(log) ?? -1)) logs.set(log, seq)
  }
  return known
}

const spacesHere = (station: Station): readonly string[] => [
  station.identity.community,
  ...station.spaces().map((space) => space.id),
]

/** Entries of this station's own logs beyond what any other station has said it holds. */
export function countOnlyHere(station: Station): number {
  const known = [...knownHeads(station).values()]
  const { store } = station.trunk
  let alone = 0
  for (const space of spacesHere(station))
    for (const { id, log } of store.logs(space)) {
      if (!sameBytes(log.key, station.identity.key)) continue
      const head = Math.max(-1, ...store.tipsOf(id).map(({ ref }) => ref.seq))
      const elsewhere = Math.max(-1, ...known.map((logs) => logs.get(id) ?? -1))
      alone += Math.max(0, head - elsewhere)
    }
  return alone
}

/** `metMs`: when this process last had somebody on the wire, ahead of what the store has noted. */
export function truthOf(
  station: Station,
  sessions: readonly SessionState[],
  metMs: number | null,
): SyncTruth {
  const live = sessions.filter((one) => one.closed === null)
  const met = station.peers().filter((peer) => peer.station !== station.identity.station)
  return {
    onlyHere: countOnlyHere(station),
    lastMetMs:
      met.length === 0 && metMs === null ? null : Math.max(metMs ?? 0, ...met.map((peer) => peer.at)),
    meeting: live.map((one) => one.name || stationName(station, one.station)),
    equal: live.length > 0 && live.every((one) => one.equal),
    toSend: live.reduce((sum, one) => sum + one.toSend, 0),
    toReceive: live.reduce((sum, one) => sum + one.toReceive, 0),
  }
}

export function syncFacts(
  station: Station,
  set: RecordSet,
  sessions: readonly SessionState[],
  listening: string | null,
): SyncFacts {
  const grids = station.spaces().filter((space) => space.kind !== 'community')
  const newest = grids
    .flatMap((space) => {
      const last = station.lastOwnEntry(space.id)
      return last ? [{ ...last, n: station.trunk.store.entry(last.entry.hash)?.n ?? 0 }] : []
    })
    .sort((a, b) => b.n - a.n)[0]
  const { held, refused } = station.quarantine()
  const me = stationName(station, station.identity.station)
  return {
    station: station.identity.station,
    name: me,
    listening,
    members: summaryOf(station, station.identity.community),
    spaces: spacesOf(station).map(({ id, name }) => ({ name, ...summaryOf(station, id) })),
    peers: peerLines(station, sessions),
    lastVisit: lastVisitOf(station, set),
    holders: newest ? [me, ...newest.witnesses.map((one) => stationName(station, one))] : [],
    held: held.length,
    refused: refused.length,
  }
}

function summaryOf(station: Station, space: string) {
  const { entries, digest } = station.digest(space)
  return { id: space, entries, digest: shortDigest(digest) }
}

function peerLines(station: Station, sessions: readonly SessionState[]): PeerLine[] {
  const own = station.identity.station
  const known = knownHeads(station)
  const rows = Map.groupBy(
    station.peers().filter((peer) => peer.station !== own),
    (peer) => peer.station,
  )
  const live = new Map(sessions.filter((one) => one.closed === null).map((one) => [one.station, one]))
  const digests = new Map(spacesHere(station).map((space) => [space, station.digest(space).digest]))
  const ids = new Set([...rows.keys(), ...live.keys(), ...station.membership().stations.keys()])
  ids.delete(own)
  return [...ids]
    .map((id): PeerLine => {
      const said = rows.get(id) ?? []
      const session = live.get(id)
      const metMs = session ? station.now : said.length > 0 ? Math.max(...said.map((one) => one.at)) : null
      return {
        id,
        name: stationName(station, id),
        metMs,
        equal: said.length > 0 && said.every((one) => one.equal && digests.get(one.space) === one.digest),
        behind: behindOf(
          station,
          known.get(id),
          said.map((one) => one.space),
        ),
        live: session
          ? {
              via: session.via,
              sent: session.sent,
              toSend: session.toSend,
              received: session.received,
              toReceive: session.toReceive,
            }
          : null,
      }
    })
    .filter((one) => one.name !== one.id || one.metMs !== null)
    .sort((a, b) => (b.metMs ?? 0) - (a.metMs ?? 0) || (a.id < b.id ? -1 : 1))
}

/** Entries here, of the spaces we share, that it is not known to hold. */
function behindOf(
  station: Station,
  logs: ReadonlyMap<string, number> | undefined,
  spaces: readonly string[],
): number {
  let behind = 0
  for (const space of spaces)
    for (const { log, seq } of station.heads(space)) behind += Math.max(0, seq - (logs?.get(log) ?? -1))
  return behind
}

function lastVisitOf(station: Station, set: RecordSet): SyncFacts['lastVisit'] {
  let last: { readonly household: unknown; readonly atMs: number } | null = null
  for (const visit of set.ofType('visit'))
    if (visit.createdBy === station.identity.member && visit.createdAt > (last?.atMs ?? 0))
      last = { household: visit.fields.household, atMs: visit.createdAt }
  if (!last) return null
  return { address: shortAddress(addressOf(set, set.getA('household', last.household))), atMs: last.atMs }
}

export function quarantineLines(station: Station): readonly QuarantineLine[] {
  const { held, refused } = station.quarantine()
  const role = station.member()?.role
  const releases = role === 'chief' || role === 'steward'
  return [
    ...held.map((one) => ({
      ...one,
      fromName: stationName(station, one.from),
      releasable: releases,
      refusedForGood: false,
    })),
    ...refused.map((one) => ({
      ...one,
      fromName: stationName(station, one.from),
      releasable: false,
      refusedForGood: true,
    })),
  ]
}
