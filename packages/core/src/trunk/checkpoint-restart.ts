import { sameBytes } from '../bytes/bytes.ts'
import { parseSegment } from '../log/segment.ts'
import type { Admission } from './admit.ts'
import { wholePages } from './checkpoint.ts'
import { onTrust } from './checkpoint-base.ts'
import type { Trunk } from './context.ts'
import { readSegment } from './send.ts'
import { signTails } from './sign.ts'
import { startEpoch } from './write.ts'

/**
 * The records of a space stand on a checkpoint that somebody who has every entry does not find true: it is never
 * used again, and the space starts anew from entries. What was written here since is parked, on disk, until its past
 * is here again, and goes on in a fresh epoch. Inside the caller's transaction; how many segments were parked.
 */
export function restartSpace(trunk: Trunk, space: string, foundBy: string): number {
  const { store, identity } = trunk
  signTails(trunk, space)
  const rows = store
    .logs(space)
    .flatMap(({ id }) => store.segmentsOf(id, 0))
    .sort((a, b) => a.firstN - b.firstN)
  for (const row of rows) store.shelf.park(space, readSegment(store, row))
  for (const row of onTrust(trunk, space)) {
    store.shelf.setState(row.entry.hash, 'differs', foundBy)
    const pages = wholePages(trunk, row)
    for (const { hash } of pages ?? []) store.shelf.dropBlob(hash)
    store.shelf.dropBlob(row.manifest)
  }
  const wrote = store.logs(space).some(({ log }) => sameBytes(log.key, identity.signing.publicKey))
  store.dropSpace(space)
  if (wrote) startEpoch(trunk)
  return rows.length
}

/** Entries stand on a checkpoint whose pages are gone. */
export const lacksBase = ({ store }: Trunk, space: string): boolean =>
  store.shelf.baseTops(space).length > 0 && store.shelf.basePages(space).length === 0

/** Tries again what is parked; a refused one goes too, with what the gate said of it. */
export function admitParked(trunk: Trunk, admission: Admission): void {
  const { shelf } = trunk.store
  for (const { n, bytes } of shelf.parked()) {
    const before = admission.report.refused.length
    admission.segments([bytes], 'parked')
    const parsed = parseSegment(bytes)
    const isHere = parsed.ok && trunk.store.entry(parsed.value.entries.at(-1)!.hash) !== null
    if (isHere || admission.report.refused.length > before) shelf.unpark(n)
  }
}
