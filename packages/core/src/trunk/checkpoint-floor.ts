import { sameBytes } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import type { LogId } from '../log/entry.ts'
import { mayHold, memberAt } from '../membership/resolve.ts'
import type { Store, StoredEntry } from '../store/store.ts'
import type { Trunk } from './context.ts'
import { acceptedHeads } from './heads.ts'
import { seenBy } from './seen.ts'

/**
 * Of each log of a space, the last entry that is in the past of an entry of every standing station: no removal of
 * some of them takes it back (A18). 0 where somebody has not said that it saw any. A log that has branches stays
 * from where they part.
 */
export function floorsOf(trunk: Trunk, space: string): Map<LogId, number> {
  const { store, acts } = trunk
  const membership = acts.now()
  const seenOf = new Map<string, Map<LogId, number>>()
  for (const { id, claim } of membership.stations.values()) {
    // The founding key lies on paper: it appoints and removes, and holds no entries to name.
    if (claim.node.act.type === 'genesis') continue
    const member = memberAt(membership, id)
    if (member && mayHold(membership, member, space)) seenOf.set(id, new Map())
  }
  for (const [log, heads] of Map.groupBy(acceptedHeads(store, space), (head) => head.log)) {
    const seen = seenOf.get(stationIdOf(store.log(log)!.key))
    if (!seen) continue
    raise(seen, log, Math.min(...heads.map(({ seq }) => seq)))
    for (const head of heads)
      for (const [named, refs] of seenBy(trunk, store.entry(head.hash)!).deps)
        raise(seen, named, Math.min(...refs.map(({ seq }) => seq)))
  }
  const floors = new Map<LogId, number>()
  for (const { id } of store.logs(space)) {
    let floor = store.hasFork(id) ? partingOf(store, id) : Number.POSITIVE_INFINITY
    for (const seen of seenOf.values()) floor = Math.min(floor, seen.get(id) ?? 0)
    floors.set(id, Number.isFinite(floor) ? floor : 0)
  }
  return floors
}

const raise = (seen: Map<LogId, number>, log: LogId, seq: number): void => {
  seen.set(log, Math.max(seen.get(log) ?? 0, seq))
}

/** The sequence of the last entry that all branches of a log share, held ones too; 0 when they share none. */
function partingOf(store: Store, log: LogId): number {
  const ends: StoredEntry[] = []
  for (const tip of store.tipsOf(log)) {
    const entry = store.entry(tip.ref.hash)
    if (entry) ends.push(entry)
  }
  while (ends.length > 1) {
    ends.sort((a, b) => b.seq - a.seq)
    const highest = ends.shift()!
    const before = highest.seq > 0 ? store.entry(highest.prev) : null
    if (!before) return highest.seq
    if (!ends.some((end) => sameBytes(end.hash, before.hash))) ends.push(before)
  }
  return ends[0]?.seq ?? 0
}
