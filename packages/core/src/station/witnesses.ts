import { sameBytes, toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import type { EntryRef, LogId } from '../log/entry.ts'
import { ROOT_MEMBER } from '../membership/graph.ts'
import { mayHold } from '../membership/resolve.ts'
import type { PeerRow, Store, StoredEntry } from '../store/store.ts'
import type { Trunk } from '../trunk/context.ts'
import { isAtOrBefore } from '../trunk/heads.ts'
import { spacesLost } from '../trunk/scope.ts'

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

/** Whether a station's word about a space counts (S4): it stands, may hold the space, and is not this one. */
export function mayWitness({ acts, identity }: Trunk, station: string, space: string): boolean {
  const membership = acts.now()
  const member = station === identity.station ? undefined : membership.memberAt(station)
  // The founding key is on paper: it holds nothing.
  if (!member || member.id === ROOT_MEMBER) return false
  return space === identity.community || mayHold(membership, member, space)
}

/**
 * Who else holds what, by what each said or acknowledged that it has on disk. Made once for many questions; what a
 * peer says afterwards is not in it.
 */
export class Witnesses {
  readonly #store: Store
  readonly #heads = new Map<string, { readonly station: string; readonly heads: readonly EntryRef[] }[]>()

  constructor(trunk: Trunk) {
    this.#store = trunk.store
    for (const row of trunk.store.peers()) if (mayWitness(trunk, row.station, row.space)) this.#add(row)
  }

  #add({ station, space, heads }: PeerRow): void {
    const byLog = Map.groupBy(heads, ({ log }) => log)
    for (const [log, refs] of byLog) {
      const name = nameOf(space, log)
      const known = this.#heads.get(name)
      if (known) known.push({ station, heads: refs })
      else this.#heads.set(name, [{ station, heads: refs }])
    }
  }

  /** The stations that are known to hold an entry, this one not among them. */
  of(space: string, entry: EntryRef): string[] {
    return (this.#heads.get(nameOf(space, entry.log)) ?? [])
      .filter(({ heads }) => heads.some((head) => isAtOrBefore(this.#store, entry, head)))
      .map(({ station }) => station)
  }

  /** How far along the chain of a head that is here others are known to hold it, as sequences. */
  heldUpTo(space: string, head: EntryRef): number[] {
    return (this.#heads.get(nameOf(space, head.log)) ?? []).flatMap(({ heads }) =>
      heads.flatMap((said) => {
        if (isAtOrBefore(this.#store, head, said)) return [head.seq]
        return isAtOrBefore(this.#store, said, head) ? [said.seq] : []
      }),
    )
  }

  /** Those that are known to hold every one of these. */
  ofAll(space: string, entries: readonly EntryRef[]): string[] {
    const [first, ...rest] = entries
    if (!first) return []
    return this.of(space, first).filter((station) =>
      rest.every((one) => this.of(space, one).includes(station)),
    )
  }
}

const nameOf = (space: string, log: LogId): string => `${space}/${log}`

/** The other stations that stand and are known to hold an entry, by what each of them said it has on disk. */
export const witnessesOf = (trunk: Trunk, space: string, entry: EntryRef): string[] =>
  new Witnesses(trunk).of(space, entry)

/** Whether of some end of what others wrote in a space no station is known to hold it, of those that count for it. */
function isAloneWith(
  trunk: Trunk,
  space: string,
  counts: (witness: string, author: string) => boolean,
): boolean {
  const { store, identity } = trunk
  const witnesses = new Witnesses(trunk)
  return store.logs(space).some(({ id, log }) => {
    const author = stationIdOf(log.key)
    if (author === identity.station) return false
    return store
      .tipsOf(id)
      .some(({ ref }) => !witnesses.of(space, ref).some((witness) => counts(witness, author)))
  })
}

/** Whether something of what others wrote in a space is known to be nowhere else: its author does not stand any more. */
export const holdsAlone = (trunk: Trunk, space: string): boolean => isAloneWith(trunk, space, () => true)

/**
 * Spaces that this station may not hold any more and owes something of: what it wrote there itself, and what is known
 * to be with nobody but it and its author. That author's disk may have been put back to an earlier day since.
 */
export const spacesOwed = (trunk: Trunk): string[] =>
  spacesLost(trunk).filter(
    (space) =>
      lastOwnEntry(trunk, space) !== null ||
      isAloneWith(trunk, space, (witness, author) => witness !== author),
  )

/** What this station wrote and no other is known to hold. */
export type OwnWork = {
  /** Entries. */
  readonly onlyHere: number
  /**
   * When the oldest of them was written, in milliseconds since 1970, by the times of which this machine's clock now
   * says that they can be true; null without any.
   */
  readonly sinceMs: number | null
}

export function ownWorkOf(trunk: Trunk): OwnWork {
  const { store, identity } = trunk
  const witnesses = new Witnesses(trunk)
  let onlyHere = 0
  let sinceMs: number | null = null
  for (const { id, log } of store.logs()) {
    if (!sameBytes(log.key, identity.signing.publicKey)) continue
    const counted = new Set<string>()
    for (const { ref } of store.tipsOf(id)) {
      const elsewhere = Math.max(-1, ...witnesses.heldUpTo(log.space, ref))
      const since = oldestTime(trunk, id, elsewhere + 1, ref.seq)
      if (since !== null) sinceMs = Math.min(sinceMs ?? since, since)
      if (store.tipsOf(id).length === 1) onlyHere += ref.seq - elsewhere
      // Branches share what is before they part.
      else
        for (let at = store.entry(ref.hash); at && at.seq > elsewhere; at = before(store, at))
          counted.add(toHex(at.hash))
    }
    onlyHere += counted.size
  }
  return { onlyHere, sinceMs }
}

/** How many of the oldest are asked for a time that can be true: a clock that was ahead for a while. */
const MAX_LOOKED_AT = 32

function oldestTime({ store, now }: Trunk, log: LogId, first: number, last: number): number | null {
  for (let seq = first; seq <= Math.min(last, first + MAX_LOOKED_AT); seq++)
    for (const { arrivedAt } of store.entriesAt(log, seq)) if (arrivedAt <= now()) return arrivedAt
  return null
}

const before = (store: Store, { seq, prev }: StoredEntry): StoredEntry | null =>
  seq > 0 ? store.entry(prev) : null
