import { parseNames } from '../blob/blob-names.ts'
import { toHex } from '../bytes/bytes.ts'
import { SEAL_OVERHEAD_BYTES } from '../crypto/seal.ts'
import { stationIdOf } from '../ids.ts'
import { type Entry, parseEntry } from '../log/entry.ts'
import { mayRead, memberAt } from '../membership/resolve.ts'
import { mayAct, type Role } from '../membership/roles.ts'
import { isKnownAction, mayTouch } from '../membership/touches.ts'
import type { Change } from '../record/change.ts'
import { RecordDoc, type Stamp } from '../record/fold.ts'
import { projectRecord } from '../record/project.ts'
import { writeTagOf } from '../record/tag.ts'
import { definitionOf, typeOf } from '../records/registry.ts'
import { expectOk } from '../result.ts'
import type { Seen, Store, StoredEntry } from '../store/store.ts'
import { ancestorOf } from './ancestors.ts'
import { dropCheckpointsWithout, eraseFromBase } from './checkpoint-erase.ts'
import { isCheckpoint } from './checkpoint-format.ts'
import type { Trunk } from './context.ts'
import {
  dropDraftsNaming,
  ERASE_ACTION,
  erasedBy,
  isLeft,
  partOf,
  readPart,
  type Struck,
  strike,
} from './erase.ts'
import { isErasure } from './erased-list.ts'
import { openDeed, openPart, readDeed, readPartText } from './part.ts'
import { type SeenBy, seenBy } from './seen.ts'

/** Records kept awake inside one transaction before they are written and put back to sleep. */
const MAX_AWAKE = 4000
const NOTHING_NAMED: ReadonlyMap<number, boolean> = new Map()
const MAX_TAGGED = 512

/** Applies accepted entries to records. Lives for one transaction; `flush` puts everything it woke to sleep. */
export class RecordWriter {
  readonly #trunk: Trunk
  /** Tags of the parts of entries that were asked for, by the entry. */
  readonly #tags = new Map<string, ReadonlySet<string>>()
  readonly #awake = new Map<string, { space: string; type: string; doc: RecordDoc }>()
  /** Spaces with records that hold what no longer counts, or lack what came back; folded again at the next flush. */
  readonly #unsound = new Set<string>()
  readonly #rebuild: (space: string) => void
  #late = false

  constructor(trunk: Trunk, rebuild: (space: string) => void) {
    this.#trunk = trunk
    this.#rebuild = rebuild
  }

  /** Whether parts about records that are erased already have come: somebody who may should erase them too. */
  get lateParts(): boolean {
    return this.#late
  }

  foldAgain(space: string): void {
    this.#unsound.add(space)
  }

  wake(space: string, id: string, type: string): RecordDoc {
    const name = `${space}/${id}`
    const known = this.#awake.get(name)
    if (known) return known.doc
    if (this.#awake.size >= MAX_AWAKE) this.flush()
    const row = this.#trunk.store.record(space, id)
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
    // Whoever cannot read erases all the same: what an erasure names is no secret.
    const struck = strike(this.#trunk, log.space, stored.hash)
    const entry = known?.entry ?? expectOk(parseEntry(stored.raw))
    const me = memberAt(acts.now(), identity.station)
    const reads = me !== undefined && mayRead(acts.now(), me, log.space)
    if (isErasure(entry.header)) {
      dropCheckpointsWithout(this.#trunk, log.space, stored)
      if (!reads) eraseFromBase(this.#trunk, log.space, null)
    }
    // A blind station keeps what it cannot read, and one that lost a space keeps it closed.
    if (!reads) return me === undefined ? null : nameBlindly(store, log.space, stored, entry)
    if (isCheckpoint(entry.header)) return null
    const seen = known?.seen ?? seenBy(this.#trunk, stored)
    const past = acts.atSeen(seen.acts)
    const erases = isErasure(entry.header)
    // The list at the end of an erasure is no part.
    const end = stored.raw.blobs.length - (erases ? 1 : 0)
    const named =
      !erases && store.hasErasures(log.space) ? store.erasedParts(log.space, entry.hash) : NOTHING_NAMED
    const isHere = (part: number) => Boolean(stored.raw.blobs[part]) && named.get(part) !== true
    const generationOf = (index: number) => entry.header.keys[entry.header.blobs[index]!.key] ?? null
    let last: { readonly generation: Uint8Array; readonly key: Uint8Array | null } | null = null
    const keyOf = (index: number) => {
      const generation = generationOf(index)
      if (!generation) return null
      // Most entries have one key for all their parts.
      if (last?.generation !== generation)
        last = { generation, key: keyring.keyFor(acts.now(), generation, stored.log, log.space) }
      return last.key
    }
    const voidOne = (part: number, reason: string, sealedLike: number) =>
      store.putVoid(stored.n, part, reason, reason === 'no-key' ? generationOf(sealedLike) : null)
    const voidAll = (reason: string): null => {
      for (let part = 1; part < end; part++)
        if (isHere(part) && !this.#isLate(log.space, stored, entry, part, reason)) voidOne(part, reason, 0)
      this.#afterStriking(log.space, struck)
      return null
    }
    const key = keyOf(0)
    const sealedDeed = stored.raw.blobs[0]
    if (!key || !sealedDeed) return voidAll('no-key')
    const deed = entry.texts ? readDeed(entry.texts[0]!) : openDeed(key, stored.log, stored.seq, sealedDeed)
    if (!deed.ok) return voidAll('unreadable-deed')
    const author = memberAt(past, stationIdOf(log.key))
    if (!author || author.id !== deed.value.member) return voidAll('forged-author')
    const { role } = author
    if (!mayAct(role, deed.value.action))
      return voidAll(isKnownAction(deed.value.action) ? 'role-may-not' : 'unknown-action')
    if (erases && deed.value.action !== ERASE_ACTION) return voidAll('not-an-erasure')
    const gone = new Set<string>()
    for (let index = 1; index < end; index++) {
      if (!isHere(index)) continue
      const result = this.#applyPart(
        stored,
        entry,
        index,
        keyOf(index),
        { ...deed.value, role },
        log.space,
        seen.deps,
        erases,
      )
      if (result.type === 'void') voidOne(index, result.reason, index)
      else if (result.erased !== null) gone.add(result.erased)
    }
    if (gone.size > 0) this.#erase(log.space, gone)
    this.#afterStriking(log.space, struck)
    return null
  }

  #applyPart(
    stored: StoredEntry,
    entry: Entry,
    index: number,
    key: Uint8Array | null,
    deed: { role: Role; member: string; action: string; at: number },
    space: string,
    seen: Seen,
    erases: boolean,
  ): { type: 'void'; reason: string } | { type: 'applied'; erased: string | null } {
    if (!key) return { type: 'void', reason: 'no-key' }
    const part = stored.raw.blobs[index]!
    const text = entry.texts?.[index]
    const opened = text
      ? readPartText(text, part.subarray(0, part.length - text.length - SEAL_OVERHEAD_BYTES))
      : openPart(key, stored.log, stored.seq, index, part)
    if (!opened.ok) return { type: 'void', reason: `void-${opened.problem.type}` }
    const change = opened.value
    const erased = erasedBy(change)
    if (erases !== (typeOf(change.id) === 'erasure') || erases !== (erased !== null))
      return { type: 'void', reason: 'not-an-erasure' }
    if (!mayChange(deed.role, deed.action, change))
      return { type: 'void', reason: typeOf(change.id) ? 'action-may-not-touch' : 'unknown-record-type' }
    if (this.#isErased(space, change)) {
      this.#late = true
      return { type: 'void', reason: 'record-erased' }
    }
    const doc = this.wake(space, change.id, change.type)
    const stamp: Stamp = {
      tag: writeTagOf(entry.hash, index),
      member: deed.member,
      at: deed.at,
      log: stored.log,
      seq: stored.seq,
      version: change.version,
    }
    doc.apply(change, stamp, (target) => this.#isPast(stored, seen, target))
    return { type: 'applied', erased }
  }

  #isErased(space: string, change: Change): boolean {
    return this.#trunk.store.isErasedRecord(space, change.id)
  }

  /** What is void for another reason too may be about a record that is erased: then it is noted, for it must go as well. */
  #isLate(space: string, stored: StoredEntry, entry: Entry, part: number, reason: string): boolean {
    const change = reason === 'no-key' ? null : readPart(this.#trunk, space, stored, entry.header, part)
    if (!change || !this.#isErased(space, change)) return false
    this.#late = true
    this.#trunk.store.putVoid(stored.n, part, 'record-erased')
    return true
  }

  /** A19: the records are gone, whatever else is written about them; what nobody has named yet is noted for the next erasure. */
  #erase(space: string, records: ReadonlySet<string>): void {
    const { store } = this.#trunk
    const isKnown = (record: string) =>
      this.#awake.has(`${space}/${record}`) || store.record(space, record) !== null
    if ([...records].some(isKnown)) eraseFromBase(this.#trunk, space, records)
    for (const record of records) {
      for (const stamp of this.#stampsOf(space, record)) {
        const found = partOf(store, stamp)
        if (!found || !isLeft(store, space, found.entry, found.part)) continue
        store.putVoid(found.entry.n, found.part, 'record-erased')
        this.#late = true
      }
      this.#awake.delete(`${space}/${record}`)
    }
    store.eraseRecords(space, records)
    for (const { n, hash, part, reason } of store.voids({ space })) {
      if (reason === 'no-key' || reason === 'record-erased') continue
      const entry = store.entry(hash)!
      const change = readPart(this.#trunk, space, entry, expectOk(parseEntry(entry.raw)).header, part)
      if (!change || !records.has(change.id)) continue
      store.dropVoid(n, part)
      store.putVoid(n, part, 'record-erased')
      this.#late = true
    }
    dropDraftsNaming(store, records)
  }

  #stampsOf(space: string, record: string): readonly Stamp[] {
    const awake = this.#awake.get(`${space}/${record}`)
    const row = awake ? null : this.#trunk.store.record(space, record)
    const doc = awake?.doc ?? (row && new RecordDoc(record, row.state))
    return doc ? [...doc.live().stamps.values()] : []
  }

  /** A part may be struck out of a record that stays, where its tombstone cannot be read or was left out. */
  #afterStriking(space: string, struck: readonly Struck[]): void {
    const tags = new Map<string, ReadonlySet<string>>()
    for (const { record, tag } of struck) {
      let folded = tags.get(record)
      if (!folded) {
        folded = new Set(this.#stampsOf(space, record).map((stamp) => stamp.tag))
        tags.set(record, folded)
      }
      if (folded.has(tag)) return this.foldAgain(space)
    }
  }

  /** Whether the author had seen a write, by what it declared: the same on every station, whatever arrived first. */
  #isPast(stored: StoredEntry, seen: Seen, target: Stamp): boolean {
    const { store } = this.#trunk
    const refs =
      target.log === stored.log ? [{ seq: stored.seq - 1, hash: stored.prev }] : (seen.get(target.log) ?? [])
    for (const ref of refs) {
      if (ref.seq < target.seq) continue
      if (!store.hasFork(target.log)) return true
      const at = ancestorOf(store, { ...ref, log: target.log }, target.seq)
      if (at && this.#isTagOf(target.tag, at)) return true
    }
    // A part of the same entry: written together, so seen.
    return target.log === stored.log && target.seq === stored.seq && this.#isTagOf(target.tag, stored.hash)
  }

  #isTagOf(tag: string, entry: Uint8Array): boolean {
    const name = toHex(entry)
    let tags = this.#tags.get(name)
    if (!tags) {
      const blobs = this.#trunk.store.entry(entry)?.raw.blobs ?? []
      tags = new Set(blobs.map((_, index) => writeTagOf(entry, index)))
      if (this.#tags.size >= MAX_TAGGED) this.#tags.clear()
      this.#tags.set(name, tags)
    }
    return tags.has(tag)
  }

  flush(): void {
    for (const { space, type, doc } of this.#awake.values()) {
      const { hash, state, live } = doc.asleep()
      const projection = projectRecord(doc.id, type, space, live, definitionOf(type))
      this.#trunk.store.putRecord({ space, id: doc.id, type, hash, state, projection })
    }
    this.#awake.clear()
    const unsound = [...this.#unsound]
    this.#unsound.clear()
    for (const space of unsound) this.#rebuild(space)
  }
}

/** What reads nothing goes by what stands in the clear before each part; an erasure's list, and a deed, are none. */
function nameBlindly(store: Store, space: string, stored: StoredEntry, entry: Entry): null {
  for (const [part, blob] of stored.raw.blobs.entries()) {
    if (part === 0 || !blob || entry.header.blobs[part]!.key < 0) continue
    if (store.erasedParts(space, stored.hash).get(part) === true) continue
    for (const name of parseNames(blob)?.names ?? [])
      store.blobs.putName(name, { entry: stored.hash, part }, space, stored.arrivedAt)
  }
  return null
}

/** By what the id names, as `wake` reads it, and not by what the part calls it. */
export const mayChange = (role: Role, action: string, change: Change): boolean =>
  mayTouch(
    role,
    action,
    typeOf(change.id) ?? change.type,
    [...change.writes, ...change.unwrites].map(({ name }) => name),
  )
