import { toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import type { EntryRef, LogId } from '../log/entry.ts'
import { parseEntry } from '../log/entry.ts'
import { isStanding, type Membership } from '../membership/resolve.ts'
import { expectOk } from '../result.ts'
import type { Store, StoredEntry } from '../store/store.ts'
import { refsOf } from './act-book.ts'
import type { Admission } from './admit.ts'
import type { Trunk } from './context.ts'
import { acceptedHeads, isAtOrBefore } from './heads.ts'
import { rebuildSpace } from './rebuild.ts'
import { ownLog, startEpoch, writeStandBy } from './write.ts'

/** A bar keeps an entry from counting by itself; it comes in when an entry that counts has it in its past (A9). */
export function barOf(
  store: Store,
  membership: Membership,
  entry: { readonly log: LogId; readonly seq: number; readonly hash: Uint8Array },
): 'log-frozen' | 'station-not-standing' | null {
  const frozenAt = membership.frozen.get(entry.log)
  if (frozenAt !== undefined && entry.seq >= frozenAt) return 'log-frozen'
  const station = stationIdOf(store.log(entry.log)!.key)
  if (isStanding(membership, station)) return null
  const within = membership.cuts.get(station)?.some((ref) => isAtOrBefore(store, entry, ref)) ?? false
  return within ? null : 'station-not-standing'
}

/** Changes exactly when some bar may have: who stands, what is frozen, where the cuts are. */
export function barsMark(membership: Membership): string {
  const cuts = [...membership.cuts]
    .map(([station, refs]) => `${station}:${refs.map((ref) => toHex(ref.hash)).sort()}`)
    .sort()
  const frozen = [...membership.frozen].map(([log, seq]) => `${log}:${seq}`).sort()
  return [[...membership.stations.keys()].sort(), cuts, frozen].join('|')
}

/** Set while this station does not stand, so that what counts was found anew. */
const LAPSED = 'lapsed'

/**
 * After acts arrived; `changed`: some bar may have. A standing station first stands by what it would lose (A10), so
 * what it accepted stays; what was held and is no longer barred comes in. One that does not stand says nothing, and
 * what counts is found anew (A11), again when it comes back.
 */
export function settleBars(trunk: Trunk, admission: Admission, changed: boolean): void {
  const { store, identity } = trunk
  const stands = isStanding(trunk.acts.now(), identity.station)
  const lapsed = store.setting(LAPSED) !== null
  if (!changed && stands !== lapsed) return
  if (!stands || lapsed) for (const space of spacesHeld(trunk)) recomputeAccepted(trunk, space)
  if (!stands) return store.putSetting(LAPSED, new Uint8Array([1]))
  if (lapsed) store.dropSetting(LAPSED)
  leaveFrozenEpoch(trunk, trunk.acts.now())
  for (const space of spacesHeld(trunk)) standByWhatWouldBeLost(trunk, admission, space)
  for (const entry of store.held())
    if (barOf(store, trunk.acts.now(), entry) === null) admission.acceptHeld(entry)
}

const spacesHeld = ({ store, identity }: Trunk): string[] =>
  [...new Set(store.logs().map(({ log }) => log.space))].filter((space) => space !== identity.community)

/** A15: a station that sees its own log frozen goes on in a fresh one. */
function leaveFrozenEpoch(trunk: Trunk, { frozen }: Membership): void {
  for (const log of frozen.keys()) {
    const declared = trunk.store.log(log)
    const isOurs =
      declared &&
      stationIdOf(declared.key) === trunk.identity.station &&
      toHex(declared.epoch) === toHex(trunk.epoch)
    if (isOurs) return startEpoch(trunk)
  }
}

function standByWhatWouldBeLost(trunk: Trunk, admission: Admission, space: string): void {
  const { store } = trunk
  const membership = trunk.acts.now()
  const atRisk = acceptedHeads(store, space).filter((head) => barOf(store, membership, head) !== null)
  if (atRisk.length === 0) return
  const own = ownLog(trunk, space)
  const vouched = own.tip ? refsOf(own.tip.seen) : []
  const unvouched = atRisk.some((head) => !vouched.some((ref) => isAtOrBefore(store, head, ref)))
  if (unvouched) writeStandBy(trunk, admission, space)
}

/** A15: a station stands by its own entries of every branch: those of a copy of its home that were held here. */
export function standByOwnHeld(trunk: Trunk, admission: Admission): void {
  const { store, identity } = trunk
  const ends = new Map<string, EntryRef[]>()
  for (const entry of store.held()) {
    const { key, space } = store.log(entry.log)!
    if (stationIdOf(key) !== identity.station) continue
    const refs = (ends.get(space) ?? []).filter((ref) => toHex(ref.hash) !== toHex(entry.prev))
    ends.set(space, [...refs, { log: entry.log, seq: entry.seq, hash: entry.hash }])
  }
  for (const [space, refs] of ends) writeStandBy(trunk, admission, space, refs)
}

/** The accepted set from its definition (A9): the past of everything that is not barred. Rebuilds what lost some. */
export function recomputeAccepted(trunk: Trunk, space: string): void {
  const { store } = trunk
  const membership = trunk.acts.now()
  const entries: StoredEntry[] = []
  for (let after = 0; ; ) {
    const page = store.entriesOf(space, after, 1000)
    entries.push(...page)
    if (page.length < 1000) break
    after = page.at(-1)!.n
  }
  const counts = new Set<string>()
  let changed = false
  for (const entry of entries.toReversed()) {
    const name = toHex(entry.hash)
    if (!counts.has(name) && barOf(store, membership, entry) !== null) {
      if (entry.status === 'accepted') {
        store.hold(entry.hash)
        changed = true
      }
      continue
    }
    counts.add(name)
    if (entry.status === 'held') {
      store.accept(entry.hash)
      changed = true
    }
    if (entry.seq > 0) counts.add(toHex(entry.prev))
    for (const dep of expectOk(parseEntry(entry.raw)).header.deps) counts.add(toHex(dep.hash))
  }
  if (changed) rebuildSpace(trunk, space)
}
