import type { Value } from '../record/change.ts'
import type { RecordDefinition } from '../record/define.ts'
import { recordTypes } from '../records/registry.ts'
import type { ImportableType } from './record-links.ts'

/**
 * How the columns of a register become records: one format for registers of buildings and registers of people.
 * Its JSON form is described in examples/registers/README.md and read by `parseMapping`.
 */
export type Mapping = {
  readonly name: string
  /** Null: UTF-8, and GB18030 when the bytes are no UTF-8. */
  readonly encoding: RegisterEncoding | null
  readonly delimiter: string
  readonly skipWhen: readonly SkipRule[]
  readonly records: Readonly<Partial<Record<ImportableType, RecordMapping>>>
  /** Makes every dwelling of a building, and one household each, from storeys and a count. */
  readonly layout: Layout | null
  /** Names of the grids that a split makes: columns, and `{n}` (or `{nn}`, padded) for the number. */
  readonly gridName: readonly TextPiece[]
}

export type RegisterEncoding = 'utf-8' | 'gb18030'

/** Rows that are not what the register is read for. They are counted under `reason`, never dropped unseen. */
export type SkipRule = {
  readonly column: string
  readonly is: readonly string[]
  /** True: the rule holds when the cell is none of `is`. */
  readonly negated: boolean
  readonly reason: string
}

export type RecordMapping = {
  /** Columns that name one record among others of its type and surroundings; the first list that is filled counts. */
  readonly keys: readonly (readonly KeyColumn[])[]
  /** A row may be without such a record: the first column of each key is empty then. */
  readonly optional: boolean
  readonly fields: Readonly<Record<string, CellSource>>
  readonly sets: Readonly<Record<string, readonly CellSource[]>>
}

export type KeyColumn = { readonly column: string; readonly mayBeEmpty: boolean }

/** Where a value comes from. `values` translates the text of the cell; text that is not in it is rejected. */
export type CellSource =
  | { readonly type: 'value'; readonly value: Value }
  | {
      readonly type: 'cell'
      readonly pieces: readonly TextPiece[]
      readonly values: ReadonlyMap<string, Value> | null
      readonly dateOrder: DateOrder
      /** For sets: what separates several values in one cell. */
      readonly split: string | null
    }

/** `year-first` takes 1946-03-02, 1946/3/2, 1946.3.2, 19460302 and 1946年3月2日. */
export type DateOrder = 'year-first' | 'day-first' | 'month-first'

export type TextPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'column'; readonly column: string }
  | { readonly type: 'number'; readonly of: NumberName; readonly width: number }

/** `f` floor, `n` number of the door or grid, `u` number of the unit. Written once or more: `{nn}` pads to two. */
export type NumberName = 'f' | 'n' | 'u'

export type Layout = {
  readonly storeys: CountSource
  readonly dwellings: CountSource
  /** The lowest floor where people live, when the building is that high. */
  readonly lowestFloor: number
  /** Staircases (单元) with doors of their own; null: the building has none. */
  readonly units: { readonly count: CountSource; readonly name: readonly TextPiece[] } | null
  readonly room: readonly TextPiece[]
}

export type CountSource =
  | { readonly type: 'constant'; readonly count: number }
  | { readonly type: 'column'; readonly column: string }

/** Every column a mapping reads, each once, in the order of first mention. */
export function columnsOf(mapping: Mapping): string[] {
  const columns = new Set<string>()
  const inPieces = (pieces: readonly TextPiece[]) => {
    for (const piece of pieces) if (piece.type === 'column') columns.add(piece.column)
  }
  const inSource = (source: CellSource) => {
    if (source.type === 'cell') inPieces(source.pieces)
  }
  for (const record of Object.values(mapping.records)) {
    for (const key of record.keys.flat()) columns.add(key.column)
    for (const source of Object.values(record.fields)) inSource(source)
    for (const source of Object.values(record.sets).flat()) inSource(source)
  }
  if (mapping.layout) {
    const { storeys, dwellings, units } = mapping.layout
    for (const source of units ? [storeys, dwellings, units.count] : [storeys, dwellings])
      if (source.type === 'column') columns.add(source.column)
  }
  for (const rule of mapping.skipWhen) columns.add(rule.column)
  inPieces(mapping.gridName)
  return [...columns]
}

/** Columns that are read as text somewhere: keys, texts, composed values. */
export function textColumnsOf(mapping: Mapping): ReadonlySet<string> {
  const columns = new Set<string>()
  for (const [type, record] of Object.entries(mapping.records)) {
    const definition: RecordDefinition = recordTypes[type as ImportableType]
    for (const key of record.keys.flat()) columns.add(key.column)
    for (const [name, source] of Object.entries(record.fields))
      if (source.type === 'cell' && definition.fields[name]?.type !== 'date')
        for (const piece of source.pieces) if (piece.type === 'column') columns.add(piece.column)
  }
  return columns
}
