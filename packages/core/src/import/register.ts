import type { Value } from '../record/change.ts'
import type { BuildingSize } from './lay-out.ts'
import type { RegisterEncoding, TextPiece } from './mapping.ts'
import type { ImportableType } from './record-links.ts'

/** A register as it was read, before anything is known of the community it goes into. */
export type Register = {
  readonly encoding: RegisterEncoding | 'xlsx'
  /** Rows of the file that the filter let through, those skipped and rejected included. */
  readonly read: number
  readonly skipped: readonly { readonly reason: string; readonly rows: number }[]
  readonly rejected: readonly Rejection[]
  readonly buildings: readonly RegisterBuilding[]
}

/** Why a row was not taken. `row` is the line of the file, the header being 1; `reason` is a word for programs. */
export type Rejection = {
  readonly row: number
  readonly column: string | null
  readonly reason: string
  readonly [detail: string]: unknown
}

/** A building with everything the register says of it: a building lies in one grid, whole. */
export type RegisterBuilding = {
  readonly record: RegisterRecord
  readonly rows: readonly number[]
  /** The name of the grids for it, with its columns filled in and the number open. */
  readonly gridName: readonly TextPiece[]
  /** The building's record first, then the others in the order of the file. */
  readonly records: readonly RegisterRecord[]
  readonly laidOut: LaidOutBuilding | null
  /** Of a laid-out building cut in parts: names of the dwellings in this part. Null: all of them. */
  readonly doors: ReadonlySet<string> | null
}

/** What is the same in all dwellings and households of a building that is laid out. */
export type LaidOutBuilding = {
  readonly size: BuildingSize
  readonly dwelling: RecordContent
  readonly household: RecordContent
}

export type RecordContent = {
  /** Every field that the mapping fills; null where the register says nothing. */
  readonly set: Readonly<Record<string, Value>>
  readonly sets: Readonly<Record<string, readonly string[]>>
}

export type RegisterRecord = RecordContent & {
  readonly type: ImportableType
  /** The natural key, within those of the records it must name: the id derives from it and the space. */
  readonly key: readonly string[]
  /** Fields that name other records of the register; null where a row has none. */
  readonly links: Readonly<Record<string, RegisterRecord | null>>
}
