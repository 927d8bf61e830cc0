import type { BlobName } from '../blob/blob-names.ts'

/** Where a blob is named: by a record, or by a part of an entry that this station does not read. */
export type BlobOwner =
  | { readonly record: string }
  /** Hash of the entry, and which part of it. */
  | { readonly entry: Uint8Array; readonly part: number }

export type BlobRow = BlobName &
  BlobState & {
    /** Sealed. */
    readonly bytes: number
    readonly spaces: readonly string[]
    /** When its newest record was made, or its entry came; milliseconds since 1970. */
    readonly at: number
  }

/** 2: has it and will keep it; 1: made it; 0: has it as long as there is room. Nobody relies on a lower one. */
export type HolderRank = 0 | 1 | 2
export type BlobHolder = { readonly station: string; readonly rank: HolderRank; readonly at: number }

/** What a station knows of blobs; the bytes are in files beside. */
export interface BlobShelf {
  /** Names may have gone since the last look: records were erased or dropped, parts struck. */
  readonly mayHaveLost: boolean
  /** How many times something was named since the file was opened. */
  readonly named: number
  noteLost(): void
  settledLost(): void
  putName(name: BlobName, owner: BlobOwner, space: string, at: number): void
  /** What a part of an entry named is not named by it any more. */
  dropPart(entry: Uint8Array, part: number): void
  /** Names by records that are not here, each with whether it was erased. */
  orphans(): readonly {
    readonly blob: string
    readonly space: string
    readonly record: string
    readonly isErased: boolean
  }[]
  dropName(blob: string, space: string, record: string): void
  /** Blobs with a state and no name. */
  unnamed(): readonly string[]
  forget(blob: string): void
  row(blob: string): BlobRow | null
  /** Every named blob, the newest first. */
  rows(): readonly BlobRow[]
  put(blob: string, state: Partial<BlobState>): void
  holders(blob: string): readonly BlobHolder[]
  putHolder(blob: string, holder: BlobHolder): void
  dropHolder(blob: string, station: string): void
}

export type BlobState = {
  readonly isHere: boolean
  readonly isOwn: boolean
  readonly isKept: boolean
  /** Others were told that it is kept. */
  readonly isPromised: boolean
  readonly isDropped: boolean
  /** When it was last shown, or came; milliseconds since 1970. */
  readonly usedAt: number
}
