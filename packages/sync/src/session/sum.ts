import { type EntryRef, type Station, sha256 } from '@doorstep/core'
import type { PeerScope } from './peer-scope.ts'
import { ownDigest, refName } from './proof.ts'

/**
 * All that this station holds of these spaces, in one hash: heads, count and digest of entries, digest of records, of
 * each. Whoever has the same holds the same, as proved by the digests one by one. Null where records are not read or
 * stand on trust, for of those each space is compared by itself.
 */
export function sumOf(station: Station, spaces: readonly string[]): Uint8Array | null {
  const pieces: (string | Uint8Array)[] = []
  for (const space of [...spaces].sort()) {
    const { entries, digest, records, onTrust } = ownDigest(station, space)
    if (onTrust || (records === null && space !== station.identity.community)) return null
    pieces.push(space, String(entries), digest, records ?? '', headsOf(station.heads(space)))
  }
  return sha256('doorstep/sum/1', ...pieces)
}

const headsOf = (heads: readonly EntryRef[]): Uint8Array => sha256(...heads.map(refName).sort())

/** Whether nothing is known to have changed since both were last equal, and neither owes the other a space it lost. */
export function wasEqual(station: Station, peer: string, scope: PeerScope): boolean {
  if (!scope.bothBelong() || station.spacesOwed().length > 0) return false
  if (station.headsOwedBy(peer).length > 0) return false
  const digests = new Map(station.peers(peer).map(({ space, equal, digest }) => [space, equal ? digest : '']))
  return scope.shared().every((space) => digests.get(space) === station.entriesDigest(space))
}
