import { type EntryRef, isOnTrust, type PeerRow, peerTruths, type Station } from '@doorstep/core'
import type { Wire } from '../wire.ts'
import type { SpaceDigestWire } from './message.ts'
import type { PeerView } from './peer-view.ts'

export type SpaceState = {
  readonly space: string
  readonly entries: number
  readonly digest: string
  /** Only true when both digests, of entries and of readable records, were compared and found the same. */
  readonly equal: boolean
}

/** What a meeting knows for sure about its peer. */
export type Met = {
  readonly station: Station
  readonly peer: string
  readonly via: Wire['via']
  /** What it said or acknowledged to have on its disk (S4). */
  readonly proved: PeerView
}

export function ownDigest(station: Station, space: string): SpaceDigestWire {
  const { entries, digest, recordsDigest } = station.digest(space)
  return { space, entries, digest, records: recordsDigest, onTrust: isOnTrust(station, space) }
}

/** Blind stations have no digest of records; two that have one must agree on it too. */
export const isSame = (a: SpaceDigestWire, b: SpaceDigestWire): boolean =>
  a.entries === b.entries &&
  a.digest === b.digest &&
  (a.records === null || b.records === null || a.records === b.records)

/**
 * What the peer holds of a space, for the store: what it said or acknowledged; when both were found equal, all that
 * counts here, and what it said beside.
 */
export function peerRow(
  { station, peer, via, proved }: Met,
  space: string,
  digest: string,
  equal: boolean,
): Omit<PeerRow, 'equalAt'> {
  const said = proved.heads(space)
  const counts = equal ? station.acceptedHeads(space) : []
  const named = new Set(counts.map(refName))
  const heads = equal
    ? [...counts, ...said.filter((ref) => !named.has(refName(ref)) && !station.isAccepted(ref.hash))]
    : said
  return { station: peer, space, heads, digest, equal, at: station.now, via }
}

/** What is news at the end of a meeting that was cut short. */
export function rowsAtEnd(
  met: Met,
  shared: readonly string[],
  theirs: readonly SpaceDigestWire[],
  compared: ReadonlyMap<string, SpaceState>,
): Omit<PeerRow, 'equalAt'>[] {
  const { station, peer, proved } = met
  const digests = new Map(theirs.map(({ space, digest }) => [space, digest]))
  // Where what it said is what was found equal before, that stays proved, as of then.
  const wasEqual = new Set(
    peerTruths(station, peer)
      .filter(({ state }) => state === 'equal')
      .map(({ space }) => space),
  )
  const isNews = (space: string) => {
    const said = new Set(proved.heads(space).map(refName))
    const isAsBefore =
      station.acceptedHeads(space).every((head) => said.delete(refName(head))) &&
      proved.heads(space).every(({ hash }) => station.has(hash))
    return !wasEqual.has(space) || !isAsBefore
  }
  return shared
    .filter((space) => proved.knows(space) && isNews(space))
    .map((space) => {
      const before = compared.get(space)
      const equal = before?.equal === true && before.digest === station.digest(space).digest
      return peerRow(met, space, digests.get(space) ?? '', equal)
    })
}

const refName = ({ log, seq, hash }: EntryRef): string =>
  `${log}/${seq}/${Buffer.from(hash).toString('latin1')}`
