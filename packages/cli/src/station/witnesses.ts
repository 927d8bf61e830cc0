import { type EntryRef, type Station, sameBytes } from '@doorstep/core'

/** This station's newest entry in a space: the one its worker worries about. */
export function lastOwnEntry(station: Station, space: string): EntryRef | null {
  const own = station.trunk.store.logs(space).filter(({ log }) => sameBytes(log.key, station.identity.key))
  let newest: { n: number; ref: EntryRef } | null = null
  for (const { id } of own)
    for (const { ref } of station.trunk.store.tipsOf(id)) {
      const n = station.trunk.store.entry(ref.hash)?.n ?? 0
      if (!newest || n > newest.n) newest = { n, ref }
    }
  return newest?.ref ?? null
}

/** The other stations known to hold an entry, by what each of them said it holds on disk. */
export function witnesses(station: Station, space: string, entry: EntryRef): string[] {
  return station
    .peers()
    .filter(
      (peer) =>
        peer.space === space && peer.heads.some((head) => head.log === entry.log && head.seq >= entry.seq),
    )
    .map((peer) => peer.station)
}
