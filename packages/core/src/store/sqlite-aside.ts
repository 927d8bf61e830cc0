import type { LogId } from '../log/entry.ts'
import type { AsideReason, AsideRow, AsideShelf } from './aside-shelf.ts'
import type { Row } from './row-cells.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

const ASIDE = 'aside'

/** What is kept aside, in the station's file. */
export class SqliteAside implements AsideShelf {
  readonly #db: SqliteConnection

  constructor(db: SqliteConnection) {
    this.#db = db
  }

  put(row: Omit<AsideRow, 'n' | 'bytes'>, segment: Uint8Array, hashes: readonly Uint8Array[]): boolean {
    const { space, log, key, first, last, head, reason, erases, at } = row
    this.#db.doubt(ASIDE)
    const put = this.#db
      .sql(
        `INSERT INTO aside (space, log, key, first, last, head, reason, erases, bytes, segment, at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      )
      .run(space, log, key, first, last, head, reason, Number(erases), segment.length, segment, at)
    if (put.changes === 0) return false
    const n = Number(put.lastInsertRowid)
    for (const hash of hashes)
      this.#db.run('INSERT INTO aside_entry (hash, aside) VALUES (?, ?) ON CONFLICT DO NOTHING', hash, n)
    return true
  }

  /** Most stations keep nothing aside, and are asked at every turn of a meeting. */
  #isEmpty(): boolean {
    return !this.#db.isThere(ASIDE, () => this.#db.get('SELECT 1 FROM aside LIMIT 1') !== undefined)
  }

  rows(filter: { space?: string; reason?: AsideReason } = {}): AsideRow[] {
    if (this.#isEmpty()) return []
    const columns = 'n, space, log, key, first, last, head, reason, erases, bytes, at'
    return this.#db
      .all(
        `SELECT ${columns} FROM aside WHERE (?1 = '' OR space = ?1) AND (?2 = '' OR reason = ?2) ORDER BY n`,
        filter.space ?? '',
        filter.reason ?? '',
      )
      .map(toRow)
  }
  segment(n: number): Uint8Array | null {
    return (this.#db.all('SELECT segment FROM aside WHERE n = ?', n)[0]?.segment as Uint8Array | null) ?? null
  }
  rowWith(hash: Uint8Array): AsideRow | null {
    if (this.#isEmpty()) return null
    const [row] = this.#db.all(
      'SELECT aside.* FROM aside JOIN aside_entry ON aside_entry.aside = aside.n WHERE aside_entry.hash = ?',
      hash,
    )
    return row ? toRow(row) : null
  }
  rowsAt(log: LogId, seq: number): AsideRow[] {
    return this.#db
      .all('SELECT * FROM aside WHERE log = ? AND first <= ? AND last >= ? ORDER BY n', log, seq, seq)
      .map(toRow)
  }
  spaceOf(log: LogId): string | null {
    return (this.#db.all('SELECT space FROM aside WHERE log = ? LIMIT 1', log)[0]?.space as string) ?? null
  }
  replace(n: number, segment: Uint8Array): void {
    this.#db.noteErased()
    this.#db.run('UPDATE aside SET segment = ?, bytes = ? WHERE n = ?', segment, segment.length, n)
  }
  drop(n: number): void {
    this.#db.run('UPDATE aside SET segment = NULL, bytes = 0 WHERE n = ?', n)
    this.#db.run('DELETE FROM aside_reached WHERE aside = ?', n)
  }
  remove(n: number): void {
    this.#db.doubt(ASIDE)
    for (const table of ['aside_reached', 'aside_entry'])
      this.#db.run(`DELETE FROM ${table} WHERE aside = ?`, n)
    this.#db.run('DELETE FROM aside WHERE n = ?', n)
  }
  usedBytes(reason: AsideReason, key?: Uint8Array): number {
    const sum = 'SELECT coalesce(sum(bytes), 0) AS b FROM aside WHERE reason = ?'
    const [row] = key ? this.#db.all(`${sum} AND key = ?`, reason, key) : this.#db.all(sum, reason)
    return Number(row!.b)
  }
  reach(n: number, station: string): void {
    this.#db.run(
      'INSERT INTO aside_reached (aside, station) VALUES (?, ?) ON CONFLICT DO NOTHING',
      n,
      station,
    )
  }
  reached(n: number): string[] {
    return this.#db
      .all('SELECT station FROM aside_reached WHERE aside = ? ORDER BY station', n)
      .map(({ station }) => station as string)
  }
}

const toRow = (row: Row): AsideRow => ({
  n: Number(row.n),
  space: row.space as string,
  log: row.log as LogId,
  key: row.key as Uint8Array,
  first: Number(row.first),
  last: Number(row.last),
  head: row.head as Uint8Array,
  reason: row.reason as AsideReason,
  erases: row.erases === 1,
  bytes: Number(row.bytes),
  at: Number(row.at),
})
