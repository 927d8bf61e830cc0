import { DatabaseSync } from 'node:sqlite'

/** What a store's file holds, in numbers: no value of it is read. */
export type Census = {
  readonly schemaVersion: number
  readonly pageBytes: number
  readonly pages: number
  readonly freePages: number
  /** Rows of each table. */
  readonly tables: Readonly<Record<string, number>>
  readonly records: readonly {
    readonly space: string
    readonly type: string
    readonly count: number
    readonly conflicts: number
    /** Sealed states and projections, in bytes; of those that are still on a checkpoint's pages, none. */
    readonly bytes: number
  }[]
  readonly logs: readonly { readonly space: string; readonly count: number }[]
  /** How many drafts of each kind: what stands before the first slash of their id. */
  readonly drafts: readonly { readonly kind: string; readonly count: number }[]
}

export function censusOf(file: string): Census {
  using db = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  const rows = (sql: string) => db.prepare(sql).all() as Record<string, number | string>[]
  const number = (sql: string): number => Number(Object.values(rows(sql)[0]!)[0])
  const tables = rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").map(
    ({ name }) => String(name),
  )
  return {
    schemaVersion: number('PRAGMA user_version'),
    pageBytes: number('PRAGMA page_size'),
    pages: number('PRAGMA page_count'),
    freePages: number('PRAGMA freelist_count'),
    tables: Object.fromEntries(tables.map((table) => [table, number(`SELECT count(*) FROM ${table}`)])),
    records: rows(
      'SELECT space, type, count(*) AS count, sum(conflicts) AS conflicts, coalesce(sum(length(sealed)), 0) AS bytes FROM record GROUP BY space, type ORDER BY space, type',
    ).map(({ space, type, count, conflicts, bytes }) => ({
      space: String(space),
      type: String(type),
      count: Number(count),
      conflicts: Number(conflicts),
      bytes: Number(bytes),
    })),
    logs: rows('SELECT space, count(*) AS count FROM log GROUP BY space ORDER BY space').map(
      ({ space, count }) => ({ space: String(space), count: Number(count) }),
    ),
    drafts: rows(
      "SELECT substr(id, 1, instr(id || '/', '/') - 1) AS kind, count(*) AS count FROM draft GROUP BY kind ORDER BY kind",
    ).map(({ kind, count }) => ({ kind: String(kind), count: Number(count) })),
  }
}
