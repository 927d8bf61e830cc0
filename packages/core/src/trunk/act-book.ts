import { addBits, type Bits, emptyBits, setBit } from '../bytes/bits.ts'
import { sameBytes, toHex } from '../bytes/bytes.ts'
import type { EntryRef, LogId } from '../log/entry.ts'
import { parseEntry } from '../log/entry.ts'
import { parseAct } from '../membership/act.ts'
import type { ActGraph, ActNode } from '../membership/graph.ts'
import { createActGraph, type Membership, resolveMembership } from '../membership/resolve.ts'
import { DamagedStoreError, type Seen, type Store, type StoredEntry } from '../store/store.ts'

const MAX_MEMOS = 512

/** All acts this station accepted, and who belongs after any set of them. Rebuilt from the store when in doubt. */
export class ActBook {
  readonly #store: Store
  readonly #community: string
  #graph: ActGraph | null = null
  #lastN = 0
  #mark = ''
  #memo = new Map<string, Membership>()
  #bySeen = new WeakMap<Seen, Membership>()
  #now: Membership | null = null

  constructor(store: Store, community: string) {
    this.#store = store
    this.#community = community
  }

  #load(): ActGraph {
    const mark = this.#store.entryMark(this.#community)
    if (this.#graph && mark === this.#mark) return this.#graph
    this.#graph ??= createActGraph()
    for (;;) {
      const page = this.#store.entriesOf(this.#community, this.#lastN, 1000)
      for (const stored of page) {
        this.#add(this.#graph, stored)
        this.#lastN = stored.n
      }
      if (page.length < 1000) break
    }
    // Only now: half of the acts must never pass for all of them.
    this.#mark = mark
    return this.#graph
  }

  #add(graph: ActGraph, stored: StoredEntry): void {
    const entry = parseEntry(stored.raw)
    const act = parseAct(stored.raw.blobs[0] ?? new Uint8Array())
    const log = this.#store.log(stored.log)
    if (!entry.ok || !act.ok || !log)
      throw new DamagedStoreError(`the act ${stored.log.slice(0, 8)}/${stored.seq} cannot be read`)
    const { header } = entry.value
    const named = header.deps.map((dep) => dep.hash)
    if (header.seq > 0) named.push(header.prev)
    const parents = named.map((hash) => {
      const node = graph.byHash.get(toHex(hash))
      if (!node)
        throw new DamagedStoreError(
          `act ${toHex(hash)} is in the past of an accepted act and is not in the store`,
        )
      return node
    })
    graph.add({
      ref: { log: stored.log, seq: stored.seq, hash: stored.hash },
      log,
      act: act.value,
      parents,
    })
    this.#now = null
  }

  /** Call after a rolled-back transaction. */
  forget(): void {
    this.#graph = null
    this.#lastN = 0
    this.#now = null
    this.#memo.clear()
    this.#bySeen = new WeakMap()
  }

  has(ref: EntryRef): boolean {
    const node = this.node(ref.hash)
    return node !== undefined && node.ref.log === ref.log && node.ref.seq === ref.seq
  }

  node(hash: Uint8Array): ActNode | undefined {
    return this.#load().byHash.get(toHex(hash))
  }

  graph(): ActGraph {
    return this.#load()
  }

  /** Who belongs now, after everything accepted here. */
  now(): Membership {
    const graph = this.#load()
    this.#now ??= resolveMembership(graph, graph.all())
    return this.#now
  }

  /** All acts at or before these. */
  pastOf(heads: readonly EntryRef[]): Bits {
    const graph = this.#load()
    const past = emptyBits(graph.nodes.length)
    for (const ref of heads) {
      const node = graph.byHash.get(toHex(ref.hash))
      if (!node) continue
      addBits(past, node.past)
      setBit(past, node.index)
    }
    return past
  }

  /** As `at`; entries of one log share what their author had seen, until it saw more. */
  atSeen(seen: Seen): Membership {
    const known = this.#bySeen.get(seen)
    if (known) return known
    const resolved = this.at(refsOf(seen))
    this.#bySeen.set(seen, resolved)
    return resolved
  }

  /** Who belonged in the past of an entry whose author had seen these acts. */
  at(heads: readonly EntryRef[]): Membership {
    const graph = this.#load()
    const memoName = heads
      .map((ref) => toHex(ref.hash))
      .sort()
      .join()
    const known = this.#memo.get(memoName)
    if (known) return known
    const resolved = resolveMembership(graph, this.pastOf(heads))
    if (this.#memo.size >= MAX_MEMOS) this.#memo.clear()
    this.#memo.set(memoName, resolved)
    return resolved
  }
}

/** A later list of dependencies replaces what was known of each log it names. */
export function mergeSeen(before: Seen, deps: readonly EntryRef[]): Seen {
  if (deps.length === 0) return before
  const merged = new Map(before)
  const fresh = new Map<LogId, EntryRef[]>()
  for (const ref of deps) {
    const refs = fresh.get(ref.log)
    if (refs) refs.push(ref)
    else fresh.set(ref.log, [ref])
  }
  for (const [log, refs] of fresh) merged.set(log, refs)
  return merged
}

export const refsOf = (seen: Seen): EntryRef[] => [...seen.values()].flat()

/** What of `heads` is news to somebody who had seen `seen`: every head of each log that differs. */
export function news(heads: readonly EntryRef[], seen: Seen): EntryRef[] {
  const byLog = new Map<LogId, EntryRef[]>()
  for (const head of heads) {
    const refs = byLog.get(head.log)
    if (refs) refs.push(head)
    else byLog.set(head.log, [head])
  }
  const fresh: EntryRef[] = []
  for (const [log, refs] of byLog) {
    const known = seen.get(log) ?? []
    const same =
      known.length === refs.length && refs.every((ref) => known.some((old) => sameBytes(old.hash, ref.hash)))
    if (!same) fresh.push(...refs)
  }
  return fresh
}
