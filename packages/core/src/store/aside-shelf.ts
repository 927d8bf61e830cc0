import type { LogId } from '../log/entry.ts'

/**
 * Why a segment is kept aside: `carry`, for others, of a space that this station may not hold; `newer`, of a form that
 * only a later version can judge, or standing on one.
 */
export type AsideReason = 'carry' | 'newer'

export type AsideRow = {
  /** Local number, in the order of arrival. */
  readonly n: number
  readonly space: string
  readonly log: LogId
  /** The signing key of the log, 32 bytes. */
  readonly key: Uint8Array
  readonly first: number
  readonly last: number
  readonly head: Uint8Array
  readonly reason: AsideReason
  /** Whether it holds an erasure: then it goes ahead of what it emptied (A19). */
  readonly erases: boolean
  /** Of the segment as it came; 0 once it was dropped, and only its place is remembered. */
  readonly bytes: number
  readonly at: number
}

/** Sealed segments that are passed on as they came, and are no part of this station's own entries. */
export interface AsideShelf {
  /** `hashes`: of its entries. False when it is there already, dropped ones included. */
  put(row: Omit<AsideRow, 'n' | 'bytes'>, segment: Uint8Array, hashes: readonly Uint8Array[]): boolean
  /** In the order of arrival, dropped ones included. */
  rows(filter?: { space?: string; reason?: AsideReason }): readonly AsideRow[]
  segment(n: number): Uint8Array | null
  /** A segment that holds an entry. */
  rowWith(hash: Uint8Array): AsideRow | null
  /** All segments that hold a place of a log, of whichever branch: their signers may have cut them differently. */
  rowsAt(log: LogId, seq: number): readonly AsideRow[]
  spaceOf(log: LogId): string | null
  /** Puts other bytes in its place: the same segment without what was erased. */
  replace(n: number, segment: Uint8Array): void
  /** Forgets the bytes, and remembers that it was here. */
  drop(n: number): void
  remove(n: number): void
  /** All of them, or of the logs of one signing key. */
  usedBytes(reason: AsideReason, key?: Uint8Array): number
  /** A station said that it has it on disk. */
  reach(n: number, station: string): void
  reached(n: number): readonly string[]
}
