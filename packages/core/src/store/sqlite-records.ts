import type { Projection } from '../record/project.ts'
import { recordTypes } from '../records/registry.ts'
import type { RecordPages } from './record-pages.ts'
import type { RecordsDigest } from './records-digest.ts'
import type { Row } from './row-cells.ts'
import type { Sealer } from './sealer.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { DamagedStoreError, type PagedRow, type RecordPage, type RecordRow } from './store.ts'

/** Records, each sealed with the store's own key. */
export function sqliteRecords(
  db: SqliteConnection,
  sealer: Sealer,
  pages: RecordPages,
  digest: RecordsDigest,
  onLost: () => void,
) {
  function openRecord(
    sealed: Uint8Array,
    space: string,
    id: string,
  ): { projection: Projection; state: Uint8Array } {
    const bytes = sealer.open(sealed, space, id)
    const length = bytes.readUInt32LE(0)
    return {
      projection: JSON.parse(bytes.toString('utf8', 4, 4 + length)) as Projection,
      state: new Uint8Array(bytes.subarray(4 + length)),
    }
  }
  /**
   * Null for one that is gone. A row and its page are two reads: between them it may have been erased, changed or put on
   * another page, by another process or by whoever goes through a list. Then it is looked up again.
   */
  function toRecord(row: Row): RecordRow | null {
    const found = openRow(row)
    if (found) return found
    const now = findRow(row.space as string, row.id as string)
    if (!now) return null
    if (now.sealed === null && now.page === row.page)
      throw new DamagedStoreError(`record ${row.id} in ${row.space} is not on its page`)
    return toRecord(now)
  }
  const findRow = (space: string, id: string): Row | undefined =>
    db.get('SELECT * FROM record WHERE space = ? AND id = ?', space, id)
  const opened = (rows: readonly Row[]): RecordRow[] => rows.flatMap((row) => toRecord(row) ?? [])
  function openRow(row: Row): RecordRow | null {
    const [space, id, type, hash] = [row.space, row.id, row.type, row.hash] as [
      string,
      string,
      string,
      Uint8Array,
    ]
    if (row.sealed === null) return pages.row(Number(row.page), space, id, type, hash)
    return { space, id, type, hash, ...openRecord(row.sealed as Uint8Array, space, id) }
  }
  function sealRecord({ space, id, projection, state }: RecordRow): Uint8Array {
    const json = Buffer.from(JSON.stringify(projection))
    const text = Buffer.allocUnsafe(4 + json.length + state.length)
    text.writeUInt32LE(json.length)
    text.set(json, 4)
    text.set(state, 4 + json.length)
    return sealer.seal(text, space, id)
  }
  return {
    record(space: string, id: string): RecordRow | null {
      const row = findRow(space, id)
      return row ? toRecord(row) : null
    },
    recordsById(id: string): RecordRow[] {
      return opened(db.all(`SELECT * FROM record WHERE space IN (${SPACES}) AND id = ? ORDER BY space`, id))
    },
    *records(
      filter: { space?: string; type?: string; inConflict?: boolean } = {},
    ): IterableIterator<Projection> {
      const where: string[] = []
      const values: string[] = []
      if (filter.type) {
        where.push('type = ?')
        values.push(filter.type)
        const prefix = prefixOf(filter.type)
        // The ids of one kind lie together in each space.
        if (prefix) {
          where.push(`space IN (${SPACES}) AND id >= ? || '-' AND id < ? || '.'`)
          values.push(prefix, prefix)
        }
      }
      if (filter.space) {
        where.push('space = ?')
        values.push(filter.space)
      }
      if (filter.inConflict) where.push('conflicts = 1')
      const text = `SELECT space, id, type, hash, sealed, page FROM record ${where.length ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY n`
      for (const row of db.all(text, ...values)) {
        const record = toRecord(row)
        if (record) yield record.projection
      }
    },
    changedSince(rev: number) {
      const newest = db.rev()
      if (newest <= rev) return { rev, records: [], erased: [] }
      return {
        rev: newest,
        get records() {
          const rows = db.all(
            'SELECT space, id, type, hash, sealed, page FROM record WHERE rev > ? AND rev <= ? ORDER BY rev, n',
            rev,
            newest,
          )
          return opened(rows).map(({ projection }) => projection)
        },
        get erased() {
          return db
            .all('SELECT space, id FROM erased_record WHERE rev > ? AND rev <= ? ORDER BY rev', rev, newest)
            .map((row) => ({ space: row.space as string, id: row.id as string }))
        },
      }
    },
    *recordsSince(type: string, rev: number): IterableIterator<Projection> {
      const rows = db.all(
        'SELECT space, id, type, hash, sealed, page FROM record INDEXED BY record_rev WHERE rev > ? AND type = ?',
        rev,
        type,
      )
      for (const { projection } of opened(rows)) yield projection
    },
    rev: () => db.rev(),
    putRecord(row: RecordRow): void {
      digest.touch(row.space, row.id)
      db.run(
        `INSERT INTO record (space, id, type, rev, hash, conflicts, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (space, id) DO UPDATE SET rev = excluded.rev, hash = excluded.hash, conflicts = excluded.conflicts, sealed = excluded.sealed`,
        row.space,
        row.id,
        row.type,
        db.nextRev(),
        row.hash,
        hasConflict(row),
        sealRecord(row),
      )
    },
    putPage(space: string, page: RecordPage, rows: readonly PagedRow[]): void {
      digest.forget(space)
      const n = pages.put(space, page)
      const rev = db.nextRev()
      const insert = db.sql(
        'INSERT INTO record (space, id, type, rev, hash, conflicts, page) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      for (const { id, type, hash, isInConflict } of rows)
        insert.run(space, id, type, rev, hash, isInConflict ? 1 : 0, n)
    },
    dropRecords(space: string): void {
      // Before the newest go: numbers only grow.
      db.nextRev()
      digest.forget(space)
      onLost()
      db.run('DELETE FROM record WHERE space = ?', space)
      pages.drop(space)
      db.run('DELETE FROM erased_record WHERE space = ?', space)
      db.run(
        'DELETE FROM void_part WHERE entry IN (SELECT entry.n FROM entry JOIN log ON log.n = entry.log WHERE log.space = ?)',
        space,
      )
    },
    countRecords(space: string): number {
      return Number(db.get('SELECT count(*) AS c FROM record WHERE space = ?', space)!.c)
    },
    recordHashes(space: string) {
      return db.all('SELECT id, hash FROM record WHERE space = ? ORDER BY id', space).map((row) => ({
        id: row.id as string,
        hash: row.hash as Uint8Array,
      }))
    },
    reproject(project: (row: RecordRow) => Projection, types: readonly string[] | null = null): void {
      for (const { space, id, paged } of db.all(
        'SELECT space, id, sealed IS NULL AS paged FROM record WHERE ? IS NULL OR type IN (SELECT value FROM json_each(?)) ORDER BY n',
        types && 1,
        JSON.stringify(types ?? []),
      )) {
        const row = this.record(space as string, id as string)!
        // What stands on a page is projected when it is read.
        if (paged === 1)
          db.run(
            'UPDATE record SET conflicts = ? WHERE space = ? AND id = ?',
            hasConflict(row),
            row.space,
            row.id,
          )
        else this.putRecord({ ...row, projection: project(row) })
      }
    },
  }
}
const hasConflict = ({ projection }: RecordRow): number =>
  Object.keys(projection.conflicts).length > 0 ? 1 : 0

/** The spaces that have records: one step in the index for each, so that an id is looked for without one of its own. */
const SPACES = `WITH RECURSIVE known(space) AS (
  SELECT min(space) FROM record UNION ALL
  SELECT (SELECT min(space) FROM record WHERE space > known.space) FROM known WHERE known.space IS NOT NULL
) SELECT space FROM known WHERE space IS NOT NULL`

const prefixOf = (type: string): string | undefined =>
  Object.hasOwn(recordTypes, type) ? recordTypes[type as keyof typeof recordTypes].prefix : undefined
