import type { EntryRef, LogDeclaration, LogId, RawEntry } from '../log/entry.ts'
import type { WorkedDigest } from '../record/digest.ts'
import type { Projection } from '../record/project.ts'
import type { AsideShelf } from './aside-shelf.ts'
import type { BlobShelf } from './blob-shelf.ts'
import type { BaseRow, CheckpointShelf } from './checkpoint-shelf.ts'

/** Accepted entries count; held ones are kept, forwarded, and shown in quarantine (D6). */
export type EntryStatus = 'accepted' | 'held'

export type StoredEntry = {
  /** Local number: a causal order, different on every station. */
  readonly n: number
  readonly log: LogId
  readonly seq: number
  readonly hash: Uint8Array
  readonly prev: Uint8Array
  readonly status: EntryStatus
  readonly raw: RawEntry
  readonly arrivedAt: number
  /** Set when the entry itself is not here and a checkpoint stands for it: it counts, and has no header or bytes. */
  readonly base?: BaseRow
}

/** What an author had seen of each other log at a point of its own: several refs where that log has branches. */
export type Seen = ReadonlyMap<LogId, readonly EntryRef[]>
export type Tip = { readonly ref: EntryRef; readonly seen: Seen; readonly acts: Seen }
export type SegmentRow = {
  readonly log: LogId
  readonly first: number
  readonly last: number
  readonly head: Uint8Array
  readonly signature: Uint8Array
  /** Its number there, when it is kept aside. */
  readonly aside?: number
}

/** What lies beside the store and is sealed under a key of its own. */
export type KeyUse = 'series' | 'series-names'

export type RecordRow = {
  readonly space: string
  readonly id: string
  readonly type: string
  readonly hash: Uint8Array
  readonly state: Uint8Array
  readonly projection: Projection
}
/** Records packed as `encodePage` does, with the entries that their parts stand in, in the order of the page. */
export type RecordPage = { readonly packed: Uint8Array; readonly entries: readonly EntryRef[] }
export type PagedRow = {
  readonly id: string
  readonly type: string
  readonly hash: Uint8Array
  readonly isInConflict: boolean
}
export type Refusal = {
  readonly hash: Uint8Array
  readonly log: LogId
  readonly seq: number
  readonly reason: string
  readonly source: string
  readonly at: number
}
/** What another station told of a space: how far it holds it on disk, and what counts there. */
export type PeerRow = {
  readonly station: string
  readonly space: string
  readonly heads: readonly EntryRef[]
  /** Of its accepted entries; empty when it did not say. */
  readonly digest: string
  /** Both digests were compared and found the same. */
  readonly equal: boolean
  /** When, by this station's clock; of a bundle, when that was written, and no later than it was read. */
  readonly at: number
  /** How it told. */
  readonly via: 'lan' | 'mesh' | 'memory' | 'bundle'
  /** When both were last found the same, this time or earlier; null when they never were. */
  readonly equalAt: number | null
}
/** Parts of one entry that an erasure names, by their index, ascending. */
export type ErasedName = EntryRef & { readonly parts: readonly number[] }
export type Stripped = Omit<Refusal, 'reason'>
export type VoidPart = {
  readonly n: number
  readonly hash: Uint8Array
  readonly log: LogId
  readonly seq: number
  readonly part: number
  readonly reason: string
}
export type Draft = { readonly id: string; readonly at: number; readonly value: unknown }

/** The store can be read, and holds what was never written. */
export class DamagedStoreError extends Error {}

/**
 * The port to durable storage. `transaction` is the only lock, between processes too: heads and record states are
 * read inside it, and when it returns, what it wrote is on disk.
 */
export interface Store {
  transaction<T>(work: () => T): T
  /**
   * A transaction that does not wait for the disk: a killed process keeps what it wrote, a power cut may take it with all
   * that was committed after it, until it was flushed. For what others have: nothing of it may be told to anybody before
   * then. Within another transaction it is part of that.
   */
  relaxed<T>(work: () => T): T
  /** In a transaction: what it writes is on the disk when it ends, relaxed or not. */
  flushAtEnd(): void
  /** Resolves when all that was committed by now is on the disk. */
  flush(): Promise<void>
  /** The same at once, and what other processes of this home committed too. */
  flushNow(): void
  /** Undoes `work` alone when it throws; the transaction around it goes on. */
  savepoint<T>(work: () => T): T
  /**
   * Whether another process has written is asked once for all of `work`, instead of at every read of what is kept in
   * memory: what it writes meanwhile is seen by whoever comes next.
   */
  steadily<T>(work: () => T): T
  /** Changes when another process has written. */
  dataVersion(): number
  /** Changes whenever a space's entries may have: added, accepted, undone, by this process or another. */
  entryMark(space: string): string
  /** Changes whenever what is here may count no more, or again; not by what is added. */
  statusMark(): string
  /** Equal exactly for the same records: see `digestOfHashes`. */
  recordsDigest(space: string): Uint8Array
  /** Spares reading them: what the caller has worked out of all records of a space, as it has just put them. */
  keepRecordsDigest(space: string, worked: WorkedDigest): void

  setting(name: string): Uint8Array | null
  putSetting(name: string, value: Uint8Array): void
  dropSetting(name: string): void
  /** Gives the key to a store that was opened for its settings alone. */
  unlock(key: Uint8Array): void
  /** The store's own key, sealed by `wrap` for somebody: it leaves the store in no other way. */
  wrapKey(wrap: (key: Uint8Array) => Uint8Array): Uint8Array
  /** A key of 32 bytes for one use beside the store, derived from its own, which it does not tell. */
  keyFor(use: KeyUse): Uint8Array

  logs(space?: string): readonly { id: LogId; log: LogDeclaration }[]
  log(id: LogId): LogDeclaration | null
  putLog(log: LogDeclaration): void
  /** Of a log that is here: what it is named by was damaged on the disk. */
  mendLog(id: LogId, log: LogDeclaration): void

  readonly shelf: CheckpointShelf
  readonly aside: AsideShelf
  readonly blobs: BlobShelf

  /** One that a checkpoint stands for too. */
  entry(hash: Uint8Array): StoredEntry | null
  entriesAt(log: LogId, seq: number): readonly StoredEntry[]
  /** In causal order, after local number `afterN`. */
  entriesOf(space: string, afterN: number, limit: number): readonly StoredEntry[]
  held(): readonly StoredEntry[]
  putEntry(
    log: LogId,
    entry: {
      seq: number
      hash: Uint8Array
      prev: Uint8Array
      status: EntryStatus
      raw: RawEntry
      at: number
    },
  ): number
  accept(hash: Uint8Array): void
  /** The other way round, at a station that does not stand (A11). */
  hold(hash: Uint8Array): void
  countEntries(space: string, status: EntryStatus): number
  /** Held entries in all logs of one station. */
  countHeldFrom(station: string): number
  hasFork(log: LogId): boolean
  /** The first sequence of a log that is here itself. */
  lowestEntry(log: LogId): number | null
  /** Entries of a log that are before a sequence, with the segments that hold no others: they leave no bytes. */
  pruneEntries(log: LogId, before: number): number
  /** Forgets all that is known of a space, its records included. */
  dropSpace(space: string): void

  tips(space: string): readonly Tip[]
  tipsOf(log: LogId): readonly Tip[]
  putTip(log: LogId, replaces: Uint8Array | null, tip: Tip): void
  dropTip(log: LogId, hash: Uint8Array): void

  /** With the local number of each segment's first entry, which orders segments causally. */
  segmentsOf(log: LogId, fromSeq: number): readonly (SegmentRow & { readonly firstN: number })[]
  putSegment(segment: SegmentRow): void
  /** What the entries of a stretch of a log take up, in bytes, without reading them; of all branches there. */
  bytesBetween(log: LogId, first: number, last: number): number
  lastSigned(log: LogId): number

  record(space: string, id: string): RecordRow | null
  recordsById(id: string): readonly RecordRow[]
  records(filter?: { space?: string; type?: string; inConflict?: boolean }): IterableIterator<Projection>
  /** Records of one type that changed since. */
  recordsSince(type: string, rev: number): IterableIterator<Projection>
  /**
   * The records changed after `rev`, those erased since, and the newest rev. Read when they are looked at, at once:
   * later they may have changed again.
   */
  changedSince(rev: number): {
    readonly rev: number
    readonly records: readonly Projection[]
    readonly erased: readonly { readonly space: string; readonly id: string }[]
  }
  rev(): number
  putRecord(row: RecordRow): void
  /** Puts records as a checkpoint brought them, none of which is there: packed together until one changes. */
  putPage(space: string, page: RecordPage, rows: readonly PagedRow[]): void
  /** Forgets a space's records, which of them were erased, and void parts, to fold them again. */
  dropRecords(space: string): void
  countRecords(space: string): number
  recordHashes(space: string): readonly { id: string; hash: Uint8Array }[]
  /** Those of the types given; null: all. */
  reproject(project: (row: RecordRow) => Projection, types?: readonly string[] | null): void

  dropVoid(entryN: number, part: number): void
  voids(filter?: { space?: string; reason?: string }): readonly VoidPart[]
  putVoid(entryN: number, part: number, reason: string, missingKey?: Uint8Array | null): void
  /** Ids of generations that void parts are sealed under and this station could not open. */
  missingKeys(): readonly { readonly space: string; readonly key: Uint8Array }[]
  refusal(hash: Uint8Array): Refusal | null
  /** The newest are kept: a bounded number. */
  putRefusal(refusal: Refusal): void
  refusals(): readonly Refusal[]

  /** Keeps what an erasure names, whether its entry is here or only announced. */
  putErasure(space: string, by: Uint8Array, names: readonly ErasedName[]): void
  /** Whether anything of a space was ever named or erased. */
  hasErasures(space: string): boolean
  /** Entries that erase something of a space, known or only announced. */
  erasures(space: string): readonly Uint8Array[]
  erasureNames(by: Uint8Array): readonly ErasedName[]
  /** The parts of an entry that erasures name, refused ones aside; true where one of those is accepted. */
  erasedParts(space: string, hash: Uint8Array): ReadonlyMap<number, boolean>
  /** The erasures that name something in a stretch of a log, by hash. */
  erasuresOf(log: LogId, first: number, last: number): readonly Uint8Array[]
  /** Erasures that are announced, held or refused, and not accepted, with how many parts they name. */
  unconfirmedErasures(): readonly { by: Uint8Array; space: string; parts: number }[]
  /** Entries that count, by hash, of which a part is named by an erasure that does not. */
  namedInVain(space: string): readonly Uint8Array[]
  /** Puts null where parts were: what was there is gone from the file once `settleErased` has said so. */
  strike(hash: Uint8Array, parts: readonly number[]): void
  /** Puts back parts that were lost without an erasure that counts. */
  refill(hash: Uint8Array, parts: ReadonlyMap<number, Uint8Array>): void
  /** Takes records away for good; `changedSince` tells of them. */
  eraseRecords(space: string, ids: Iterable<string>): void
  isErasedRecord(space: string, id: string): boolean
  putStripped(stripped: Stripped): void
  stripped(): readonly Stripped[]
  /** Outside a transaction: after an erasure, empties the write-ahead log of what it still held. False: to be tried again. */
  settleErased(): boolean

  /** Of one station, or of all. */
  peers(of?: string): readonly PeerRow[]
  /** When both were last the same is kept from row to row. */
  putPeer(peer: Omit<PeerRow, 'equalAt'>): void
  addresses(): readonly { station: string; address: string; at: number }[]
  putAddress(station: string, address: string, at: number): void

  draft(id: string): Draft | null
  /** Those whose id begins so, by id. */
  drafts(prefix: string): readonly Draft[]
  /** Of those too that do not open any more. */
  draftIds(prefix: string): readonly string[]
  putDraft(draft: Draft): void
  dropDraft(id: string): void

  /** Integrity of the file itself: an empty list, or what is wrong. */
  integrity(): readonly string[]
  /**
   * Moves what the write-ahead log holds into the file and empties it, so that the file alone is whole and what was
   * taken out of it lies nowhere else. False when another process's reading kept it from being emptied.
   */
  checkpoint(): boolean
  /** The key is wiped. The log is emptied too, unless another process is busy with it. */
  close(): void
}
