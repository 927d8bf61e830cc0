import { sameBytes } from '../bytes/bytes.ts'
import type { EntryRef } from '../log/entry.ts'
import type { Trunk } from '../trunk/context.ts'
import { isAtOrBefore } from '../trunk/heads.ts'

/** This station's newest entry in a space: the one its worker worries about. */
export function lastOwnEntry(trunk: Trunk, space: string): EntryRef | null {
  const { store, identity } = trunk
  let newest: { n: number; ref: EntryRef } | null = null
  for (const { id, log } of store.logs(space)) {
    if (!sameBytes(log.key, identity.signing.publicKey)) continue
    for (const { ref } of store.tipsOf(id)) {
      const n = store.entry(ref.hash)!.n
      if (!newest || n > newest.n) newest = { n, ref }
    }
  }
  return newest?.ref ?? null
}

/** The other stations that stand and are known to hold an entry, by what each of them said it has on disk. */
export function witnessesOf(trunk: Trunk, space: string, entry: EntryRef): string[] {
  const { stations } = trunk.acts.now()
  return trunk.store
    .peers()
    .filter((peer) => stations.has(peer.station))
    .filter(
      (peer) => peer.space === space && peer.heads.some((head) => isAtOrBefore(trunk.store, entry, head)),
    )
    .map((peer) => peer.station)
}
