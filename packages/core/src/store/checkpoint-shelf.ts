import type { EntryRef, LogId } from '../log/entry.ts'

/** An entry that a checkpoint stands for: where it is, and what its author had seen. */
export type BaseRow = {
  readonly log: LogId
  readonly seq: number
  readonly hash: Uint8Array
  readonly prev: Uint8Array
  /** Blobs it had, the deed included: writes are told apart by their place among them. */
  readonly parts: number
  /** What it names, as its header did. */
  readonly deps: readonly EntryRef[]
  readonly acts: readonly EntryRef[]
}

/**
 * `entry`: the checkpoint that the page came with. `isCompared`: it was found true, here or by a second station.
 * `entries`: those that its parts stand in, in the page's own order.
 */
export type BasePage = {
  readonly hash: Uint8Array
  readonly generation: Uint8Array
  readonly entry: Uint8Array
  readonly isCompared: boolean
  readonly entries: readonly EntryRef[]
}

/**
 * `unverified`: nobody has compared yet. `equal`: the records were found the same here, or by a second station.
 * `differs`: they were not, and it is never used. `dropped`: its pages hold what was erased since.
 */
export type CheckpointState = 'unverified' | 'equal' | 'differs' | 'dropped'

export type CheckpointRow = {
  readonly entry: EntryRef
  readonly space: string
  /** The generation that its entry and its pages are sealed under. */
  readonly generation: Uint8Array
  /** The entry's blob that says what it stands for, as it came. */
  readonly commitment: Uint8Array
  readonly manifest: Uint8Array
  readonly state: CheckpointState
  /** The station by whose word the state is so. */
  readonly by: string
  /** Milliseconds since 1970, by this station's clock: when the entry came. */
  readonly at: number
}

/** What the store keeps of checkpoints, and of what they stand for. */
export interface CheckpointShelf {
  base(hash: Uint8Array): BaseRow | null
  baseAt(log: LogId, seq: number): readonly BaseRow[]
  /** The ends in base: what no other entry there follows. */
  baseTops(space: string): readonly EntryRef[]
  putBase(rows: readonly BaseRow[]): void
  dropBase(space: string): void
  dropBaseEntry(hash: Uint8Array): void

  basePages(space: string): readonly BasePage[]
  putBasePages(space: string, pages: readonly BasePage[]): void
  setPagesCompared(space: string): void

  /** Newest first, by when they came. */
  checkpoints(space?: string): readonly CheckpointRow[]
  checkpoint(entry: Uint8Array): CheckpointRow | null
  /** Of one that is known, what its entry says is put again; its state stays. */
  putCheckpoint(row: CheckpointRow): void
  setState(entry: Uint8Array, state: CheckpointState, by: string): void

  blob(hash: Uint8Array): Uint8Array | null
  hasBlob(hash: Uint8Array): boolean
  putBlob(hash: Uint8Array, bytes: Uint8Array): void
  dropBlob(hash: Uint8Array): void
  /** As far as it has come, of one that is not whole. */
  blobStart(hash: Uint8Array): Uint8Array | null
  putBlobStart(hash: Uint8Array, bytes: Uint8Array): void
  dropBlobStarts(): void

  /** Segments whose past is not here: of a space that is started again, or that were carried; in the order they were parked. */
  parked(): readonly { readonly n: number; readonly space: string; readonly bytes: Uint8Array }[]
  park(space: string, bytes: Uint8Array): void
  unpark(n: number): void
}
