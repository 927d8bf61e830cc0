import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { DamagedStoreError } from './store.ts'

export type Row = Record<string, null | number | bigint | string | Uint8Array>
export type RowCells = readonly Row[string][]

/** What a cell must be: of those that are required, never null. */
export type Column = {
  readonly name: string
  readonly type: 'BLOB' | 'TEXT' | 'INTEGER' | null
  readonly isRequired: boolean
}

/** What a query gives, as its tables were declared; of what it works out itself nothing is known. */
export function columnsOfQuery(
  statement: StatementSync,
  text: string,
  required: ReadonlySet<string>,
): readonly Column[] {
  const joined = new Set([...text.matchAll(/LEFT JOIN (\w+)/g)].map(([, table]) => table))
  return statement.columns().map(({ name, type, table, column }) => {
    const isRequired = table !== null && !joined.has(table) && required.has(`${table}.${column}`)
    return { name, type: isKnown(type) ? type : null, isRequired }
  })
}

const isKnown = (type: string | null): type is 'BLOB' | 'TEXT' | 'INTEGER' =>
  type === 'BLOB' || type === 'TEXT' || type === 'INTEGER'

/** Columns that are never null, as `table.column`. */
export function requiredColumns(db: DatabaseSync): ReadonlySet<string> {
  const query = db.prepare(
    `SELECT t.name || '.' || c.name AS name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
     WHERE t.type = 'table' AND (c."notnull" OR c.pk > 0)`,
  )
  return new Set(query.all().map(({ name }) => name as string))
}

/**
 * SQLite looks at types when something is put, and reads whatever a flipped bit makes of them: a number of bytes, or
 * nothing of a name. That is damage, and no error of ours.
 */
export function toRow(columns: readonly Column[], cells: RowCells): Row {
  const row: Row = {}
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at]!
    const cell = cells[at]!
    if (!isAs(column, cell)) throw new DamagedStoreError(`${column.name} is kept in no shape of ours`)
    row[column.name] = cell
  }
  return row
}

function isAs({ type, isRequired }: Column, cell: Row[string]): boolean {
  if (cell === null) return !isRequired
  if (type === 'BLOB') return cell instanceof Uint8Array
  if (type === 'TEXT') return typeof cell === 'string'
  return type === null || Number.isSafeInteger(cell)
}

/** Reads; a number that is none of ours is damage too. */
export function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_OUT_OF_RANGE') throw error
    throw new DamagedStoreError('a number is kept in no shape of ours', { cause: error })
  }
}
