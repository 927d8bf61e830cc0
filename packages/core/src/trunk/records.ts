import { stationIdOf } from '../ids.ts'
import { type Entry, parseEntry } from '../log/entry.ts'
import { type Membership, mayRead, memberAt } from '../membership/resolve.ts'
import { mayAct } from '../membership/roles.ts'
import { clientOf, RecordDoc, type Stamp } from '../record/fold.ts'
import { projectRecord } from '../record/project.ts'
import { definitionOf, typeOf } from '../records/registry.ts'
import { expectOk } from '../result.ts'
import type { Seen, Store, StoredEntry } from '../store/store.ts'
import { refsOf } from './act-book.ts'
import { isCheckpoint } from './checkpoint-format.ts'
import type { Trunk } from './context.ts'
import { openDeed, openPart } from './part.ts'
import { type SeenBy, seenBy } from './seen.ts'

/** Records kept awake inside one transaction before they are written and put back to sleep. */
const MAX_AWAKE = 4000

export type RecordPort = Pick<Store, 'record' | 'putRecord' | 'putVoid'>

/** Applies accepted entries to records. Lives for one transaction; `flush` puts everything it woke to sleep. */
export class RecordWriter {
  readonly #trunk: Trunk
  readonly #kept: RecordPort
  readonly #awake = new Map<string, { space: string; type: string; doc: RecordDoc }>()

  /** `kept`: where records are read and written, the store's own unless they are folded only to be compared. */
  constructor(trunk: Trunk, kept: RecordPort = trunk.store) {
    this.#trunk = trunk
    this.#kept = kept
  }

  wake(space: string, id: string, type: string): RecordDoc {
    const name = `${space}/${id}`
    const known = this.#awake.get(name)
    if (known) return known.doc
    if (this.#awake.size >= MAX_AWAKE) this.flush()
    const row = this.#kept.record(space, id)
    const doc = new RecordDoc(id, row?.state ?? null)
    // What an id names is in the id: by the first part's word it would depend on which part came first.
    this.#awake.set(name, { space, type: typeOf(id) ?? row?.type ?? type, doc })
    return doc
  }

  /** Validity is per part: what is void is noted with its reason and harms nothing else. */
  apply(stored: StoredEntry, known?: { readonly seen?: SeenBy; readonly entry?: Entry }): null {
    if (stored.raw.blobs.length === 0) return null
    const { store, acts, keyring, identity } = this.#trunk
    const log = store.log(stored.log)!
    // A blind station keeps what it cannot read, and one that lost a space keeps it closed.
    const me = memberAt(acts.now(), identity.station)
    if (!me || !mayRead(acts.now(), me, log.space)) return null
    const entry = known?.entry ?? expectOk(parseEntry(stored.raw))
    if (isCheckpoint(entry.header)) return null
    const seen = known?.seen ?? seenBy(this.#trunk, stored)
    const past = acts.at(refsOf(seen.acts))
    const keyOf = (index: number) => {
      const ref = entry.header.blobs[index]!
      const generation = entry.header.keys[ref.key]
      return generation ? keyring.keyFor(acts.now(), generation, stored.log, log.space) : null
    }
    const voidAll = (reason: string): null => {
      for (let part = 1; part < stored.raw.blobs.length; part++) this.#kept.putVoid(stored.n, part, reason)
      return null
    }
    const key = keyOf(0)
    const sealedDeed = stored.raw.blobs[0]
    if (!key || !sealedDeed) return voidAll(sealedDeed ? 'no-key' : 'erased')
    const deed = openDeed(key, stored.log, stored.seq, sealedDeed)
    if (!deed.ok) return voidAll('unreadable-deed')
    const refusal = refuseDeed(past, stationIdOf(log.key), deed.value)
    if (refusal) return voidAll(refusal)
    for (let index = 1; index < stored.raw.blobs.length; index++) {
      const reason = this.#applyPart(stored, entry, index, keyOf(index), deed.value, log.space, seen.deps)
      if (reason) this.#kept.putVoid(stored.n, index, reason)
    }
    return null
  }

  #applyPart(
    stored: StoredEntry,
    entry: Entry,
    index: number,
    key: Uint8Array | null,
    deed: { member: string; at: number },
    space: string,
    seen: Seen,
  ): string | null {
    const blob = stored.raw.blobs[index]
    if (!blob) return 'erased'
    if (!key) return 'no-key'
    const opened = openPart(key, stored.log, stored.seq, index, blob)
    if (!opened.ok) return `void-${opened.problem.type}`
    const change = opened.value
    const doc = this.wake(space, change.id, change.type)
    const stamp: Stamp = {
      client: clientOf(entry.hash, index),
      member: deed.member,
      at: deed.at,
      log: stored.log,
      seq: stored.seq,
      version: change.version,
    }
    doc.apply(change, stamp, (target) => this.#isPast(stored, seen, target))
    return null
  }

  /** Whether the author had seen a write, by what it declared: the same on every station, whatever arrived first. */
  #isPast(stored: StoredEntry, seen: Seen, target: Stamp): boolean {
    const { store } = this.#trunk
    const refs =
      target.log === stored.log ? [{ seq: stored.seq - 1, hash: stored.prev }] : (seen.get(target.log) ?? [])
    for (const ref of refs) {
      if (ref.seq < target.seq) continue
      if (!store.hasFork(target.log)) return true
      let at = store.entry(ref.hash)
      while (at && at.seq > target.seq) at = store.entry(at.prev)
      if (at?.raw.blobs.some((_, index) => clientOf(at.hash, index) === target.client)) return true
    }
    // A part of the same entry: written together, so seen.
    return (
      target.log === stored.log &&
      target.seq === stored.seq &&
      stored.raw.blobs.some((_, index) => clientOf(stored.hash, index) === target.client)
    )
  }

  flush(): void {
    for (const { space, type, doc } of this.#awake.values()) {
      const projection = projectRecord(doc.id, type, space, doc.live(), definitionOf(type))
      this.#kept.putRecord({
        space,
        id: doc.id,
        type,
        hash: doc.hash(),
        state: doc.state(),
        projection,
      })
    }
    this.#awake.clear()
  }
}

function refuseDeed(
  past: Membership,
  station: string,
  deed: { member: string; action: string },
): string | null {
  const author = memberAt(past, station)
  if (!author || author.id !== deed.member) return 'forged-author'
  return mayAct(author.role, deed.action) ? null : 'role-may-not'
}
