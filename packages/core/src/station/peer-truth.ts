import type { EntryRef, LogId } from '../log/entry.ts'
import { mayRead } from '../membership/resolve.ts'
import type { PeerRow, Store } from '../store/store.ts'
import { acceptedHeads, countAccepted, countUpTo, entriesDigest, isAtOrBefore } from '../trunk/heads.ts'
import type { Station } from './station.ts'
import { mayWitness } from './witnesses.ts'

/**
 * `equal`: both digests were compared in a meeting and found the same, and what is here is still what was compared.
 * `says-same`: it says it holds exactly what is here, by its word alone. `differs`: one of the two lacks something,
 * as far as it told. `unheard`: it never told.
 */
export type PeerState = 'equal' | 'says-same' | 'differs' | 'unheard'

/** What is known of one other station about one space. The community's own id stands for its membership log. */
export type PeerTruth = {
  readonly station: string
  readonly space: string
  readonly state: PeerState
  /** Entries it was known to hold. */
  readonly entries: number
  /** Entries here that it is not known to hold. */
  readonly lacks: number
  /** Entries it told of that are not here. */
  readonly ahead: number
  /** When it told, in milliseconds since 1970 by this station's clock; of a bundle, when that was written. */
  readonly atMs: number | null
  readonly via: PeerRow['via'] | null
  /** When both were last found the same, whatever was written since. */
  readonly equalAtMs: number | null
  /** False: one of the two keeps what it cannot open, and they were compared by entries alone. */
  readonly reads: boolean
}

/** Of every station that may hold it, or of one, for each space held here, the membership log first. */
export function peerTruths(station: Station, of?: string): PeerTruth[] {
  const { community } = station.identity
  const membership = station.membership()
  const readHere = new Set([community, ...station.spaces().map(({ id }) => id)])
  const rows = new Map(station.peers(of).map((row) => [`${row.station}/${row.space}`, row]))
  return [community, ...station.holdings()].flatMap((space) =>
    [...membership.stations.keys()]
      .filter((id) => (of === undefined || id === of) && mayWitness(station.trunk, id, space))
      .map((id) => {
        const member = membership.memberAt(id)!
        const reads = readHere.has(space) && (space === community || mayRead(membership, member, space))
        return truthOf(station, id, space, rows.get(`${id}/${space}`), reads)
      }),
  )
}

function truthOf(
  { trunk: { store } }: Station,
  station: string,
  space: string,
  row: PeerRow | undefined,
  reads: boolean,
): PeerTruth {
  const about = { station, space, reads }
  if (!row) {
    const lacks = countAccepted(store, space)
    return { ...about, state: 'unheard', entries: 0, lacks, ahead: 0, atMs: null, via: null, equalAtMs: null }
  }
  const { at: atMs, via, equalAt: equalAtMs } = row
  const mine = acceptedHeads(store, space)
  const told = { ...about, atMs, via, equalAtMs }
  if (row.equal && row.digest === entriesDigest(mine))
    return { ...told, state: 'equal', entries: countAccepted(store, space), lacks: 0, ahead: 0 }
  const { entries, lacks, ahead } = compareHeads(store, mine, row.heads)
  const state = lacks + ahead === 0 && !isKnownToDiffer(row, mine) ? 'says-same' : 'differs'
  return { ...told, state, entries, lacks, ahead }
}

/** It told a digest, and that is another one: what it counts is not what counts here, whatever lies on its disk. */
const isKnownToDiffer = (row: PeerRow, mine: readonly EntryRef[]): boolean =>
  row.digest !== '' && row.digest !== entriesDigest(mine)

/** Entries up to what was told, and what each of two lacks, as far as heads say. */
function compareHeads(
  store: Store,
  mine: readonly EntryRef[],
  theirs: readonly EntryRef[],
): { entries: number; lacks: number; ahead: number } {
  const ours = Map.groupBy(mine, ({ log }) => log)
  const said = Map.groupBy(theirs, ({ log }) => log)
  let entries = 0
  let lacks = 0
  let ahead = 0
  for (const log of new Set<LogId>([...ours.keys(), ...said.keys()])) {
    const here = ours.get(log) ?? []
    const there = said.get(log) ?? []
    const common = commonOf(store, here, there)
    const unknown = there.filter(({ hash }) => store.entry(hash) === null)
    const shared = countUpTo(store, common)
    lacks += countUpTo(store, here) - shared
    const beyond = unknown.reduce((most, { seq }) => Math.max(most, seq + 1), 0)
    const counted = Math.max(shared, beyond, countUpTo(store, knownOf(store, there)))
    entries += counted
    if (beyond > 0) ahead += Math.max(1, beyond - Math.max(0, ...here.map(({ seq }) => seq + 1)))
  }
  return { entries, lacks, ahead }
}

const knownOf = (store: Store, refs: readonly EntryRef[]): EntryRef[] =>
  refs.filter(({ hash }) => store.entry(hash) !== null)

/** The ends of what both hold of a log. Further along a log that has one end here, they hold what is here. */
function commonOf(store: Store, here: readonly EntryRef[], there: readonly EntryRef[]): EntryRef[] {
  return here.flatMap((end) => {
    if (there.some((ref) => isAtOrBefore(store, end, ref))) return [end]
    if (here.length === 1 && there.some((ref) => ref.seq > end.seq && store.entry(ref.hash) === null))
      return [end]
    const behind = there.filter((ref) => isAtOrBefore(store, ref, end))
    const furthest = behind.sort((a, b) => b.seq - a.seq)[0]
    return furthest ? [furthest] : []
  })
}
