import type { OwnWork, Station } from '@doorstep/core'
import { stationNames } from '../station/names.ts'
import type { PeerOfSpace, Unheard, VisitTruth } from '../station/sync-truth.ts'
import { isoTime, isoTimeOrNull } from './time.ts'

/** What scripts read of the truth about sync. */

export const peerJson = (peer: PeerOfSpace) => ({
  station: peer.station,
  name: peer.name,
  gateway: peer.gateway,
  state: peer.state,
  /** Both digests were compared in a meeting, and nothing was written here since. */
  equal: peer.state === 'equal',
  /** False: it cannot read this space, and was compared by entries alone. */
  reads: peer.reads,
  entries: peer.entries,
  lacks: peer.lacks,
  ahead: peer.ahead,
  via: peer.via,
  asOf: isoTimeOrNull(peer.atMs),
  equalAsOf: isoTimeOrNull(peer.equalAtMs),
})

/** The newest entry of this station in a space, and which other stations hold it. */
export function lastOwnJson(station: Station, space: string) {
  const last = station.lastOwnEntry(space)
  const names = stationNames(station)
  return {
    lastOwnEntry: last && { log: last.entry.log, seq: last.entry.seq },
    /** Stations that hold the last local entry, this one included. */
    holdLastOwnEntry: last ? 1 + last.witnesses.length : 0,
    holders: (last?.witnesses ?? []).map((id) => ({ station: id, name: names.get(id) ?? id })),
  }
}

export const workJson = ({ onlyHere, sinceMs }: OwnWork, nowMs: number) => ({
  entriesOnlyHere: onlyHere,
  since: isoTimeOrNull(sinceMs),
  days: sinceMs === null ? null : Math.max(0, Math.floor((nowMs - sinceMs) / 86_400_000)),
})

export const visitJson = ({ atMs, ...visit }: VisitTruth) => ({ ...visit, at: isoTime(atMs) })

export const unheardJson = ({ atMs, clockSaysMs, by, ...one }: Unheard) => ({
  ...one,
  knownBy: by,
  lastHeardAt: isoTimeOrNull(atMs),
  clockSays: isoTimeOrNull(clockSaysMs),
})
