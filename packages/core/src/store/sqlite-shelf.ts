import type { EntryRef, LogId } from '../log/entry.ts'
import type {
  BasePage,
  BaseRow,
  CheckpointRow,
  CheckpointShelf,
  CheckpointState,
} from './checkpoint-shelf.ts'
import { encodeRefs, keptRefs } from './kept-forms.ts'
import type { Row } from './row-cells.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import type { LogTable } from './sqlite-logs.ts'

/** Checkpoints in the station's file. */
export class SqliteShelf implements CheckpointShelf {
  readonly #db: SqliteConnection

  readonly #logs: LogTable

  constructor(db: SqliteConnection, logs: LogTable) {
    this.#db = db
    this.#logs = logs
  }

  #toBase(row: Row): BaseRow {
    return {
      log: row.id as string,
      seq: Number(row.seq),
      hash: row.hash as Uint8Array,
      prev: row.prev as Uint8Array,
      parts: Number(row.parts),
      deps: keptRefs(row.deps as Uint8Array),
      acts: keptRefs(row.acts as Uint8Array),
    }
  }
  /** Most files have nothing of this kind, and are asked at every turn of a meeting. */
  #isEmpty(table: 'base' | 'base_page' | 'checkpoint'): boolean {
    return !this.#db.isThere(table, () => this.#db.get(`SELECT 1 FROM ${table} LIMIT 1`) !== undefined)
  }

  base(hash: Uint8Array): BaseRow | null {
    if (this.#isEmpty('base')) return null
    const [row] = this.#db.all(
      'SELECT base.*, log.id FROM base JOIN log ON log.n = base.log WHERE hash = ?',
      hash,
    )
    return row ? this.#toBase(row) : null
  }
  baseAt(log: LogId, seq: number): BaseRow[] {
    if (this.#isEmpty('base')) return []
    return this.#db
      .all(
        'SELECT base.*, log.id FROM base JOIN log ON log.n = base.log WHERE log.id = ? AND seq = ? ORDER BY hash',
        log,
        seq,
      )
      .map((row) => this.#toBase(row))
  }
  baseTops(space: string): EntryRef[] {
    if (this.#isEmpty('base')) return []
    const logs = this.#db.all(
      `SELECT log.n, log.id, (SELECT count(*) FROM tip WHERE tip.log = log.n) AS ends,
       (SELECT max(seq) FROM base WHERE base.log = log.n) AS top FROM log WHERE space = ?`,
      space,
    )
    const tops: EntryRef[] = []
    for (const { n, id, ends, top } of logs) {
      if (top === null) continue
      // A log of one chain has one top; where there are branches every entry is asked whether another follows.
      const rows =
        Number(ends) < 2
          ? this.#db.all('SELECT seq, hash FROM base WHERE log = ? AND seq = ?', Number(n), Number(top))
          : this.#db.all(
              `SELECT seq, hash FROM base WHERE log = ? AND NOT EXISTS (SELECT 1 FROM base AS next
               WHERE next.log = base.log AND next.seq = base.seq + 1 AND next.prev = base.hash) ORDER BY seq`,
              Number(n),
            )
      for (const row of rows)
        tops.push({ log: id as string, seq: Number(row.seq), hash: row.hash as Uint8Array })
    }
    return tops
  }
  putBase(rows: readonly BaseRow[]): void {
    this.#db.doubt('base')
    const insert = this.#db.sql('INSERT INTO base VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING')
    for (const { hash, log, seq, prev, parts, deps, acts } of rows) {
      const n = this.#logs.numberOf(log)
      insert.run(hash, n, seq, prev, parts, refsOrNone(deps), refsOrNone(acts))
    }
    // What is stood for is not to come any more.
    this.#db.run('DELETE FROM stripped WHERE EXISTS (SELECT 1 FROM base WHERE base.hash = stripped.hash)')
  }
  dropBase(space: string): void {
    this.#db.doubt('base')
    this.#db.run('DELETE FROM base WHERE log IN (SELECT n FROM log WHERE space = ?)', space)
  }

  dropBaseEntry(hash: Uint8Array): void {
    this.#db.doubt('base')
    this.#db.run('DELETE FROM base WHERE hash = ?', hash)
  }

  basePages(space: string): BasePage[] {
    if (this.#isEmpty('base_page')) return []
    return this.#db.all('SELECT * FROM base_page WHERE space = ? ORDER BY place', space).map((row) => ({
      hash: row.hash as Uint8Array,
      generation: row.generation as Uint8Array,
      entry: row.entry as Uint8Array,
      isCompared: row.compared === 1,
      // Thousands, and asked for only by who opens the page.
      get entries() {
        return keptRefs(row.entries as Uint8Array)
      },
    }))
  }
  putBasePages(space: string, pages: readonly BasePage[]): void {
    this.#db.doubt('base_page')
    this.#db.run('DELETE FROM base_page WHERE space = ?', space)
    for (const [place, { hash, generation, entry, isCompared, entries }] of pages.entries())
      this.#db.run(
        'INSERT INTO base_page VALUES (?, ?, ?, ?, ?, ?, ?)',
        space,
        place,
        hash,
        generation,
        entry,
        isCompared ? 1 : 0,
        encodeRefs(entries),
      )
  }

  setPagesCompared(space: string): void {
    this.#db.run('UPDATE base_page SET compared = 1 WHERE space = ?', space)
  }

  #toCheckpoint(row: Row): CheckpointRow {
    return {
      entry: { log: row.log as string, seq: Number(row.seq), hash: row.entry as Uint8Array },
      space: row.space as string,
      generation: row.generation as Uint8Array,
      commitment: row.commitment as Uint8Array,
      manifest: row.manifest as Uint8Array,
      state: row.state as CheckpointState,
      by: row.by as string,
      at: Number(row.at),
    }
  }
  checkpoints(space?: string): CheckpointRow[] {
    if (this.#isEmpty('checkpoint')) return []
    const rows = space
      ? this.#db.all('SELECT * FROM checkpoint WHERE space = ? ORDER BY at DESC, entry', space)
      : this.#db.all('SELECT * FROM checkpoint ORDER BY space, at DESC, entry')
    return rows.map((row) => this.#toCheckpoint(row))
  }
  checkpoint(entry: Uint8Array): CheckpointRow | null {
    if (this.#isEmpty('checkpoint')) return null
    const [row] = this.#db.all('SELECT * FROM checkpoint WHERE entry = ?', entry)
    return row ? this.#toCheckpoint(row) : null
  }
  putCheckpoint(row: CheckpointRow): void {
    this.#db.doubt('checkpoint')
    this.#db.run(
      `INSERT INTO checkpoint VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (entry)
       DO UPDATE SET generation = excluded.generation, commitment = excluded.commitment, manifest = excluded.manifest`,
      row.entry.hash,
      row.entry.log,
      row.entry.seq,
      row.space,
      row.generation,
      row.commitment,
      row.manifest,
      row.state,
      row.by,
      row.at,
    )
  }
  setState(entry: Uint8Array, state: CheckpointState, by: string): void {
    this.#db.run('UPDATE checkpoint SET state = ?, by = ? WHERE entry = ?', state, by, entry)
  }

  blob(hash: Uint8Array): Uint8Array | null {
    const [row] = this.#db.all('SELECT bytes FROM checkpoint_blob WHERE hash = ?', hash)
    return row ? (row.bytes as Uint8Array) : null
  }
  hasBlob(hash: Uint8Array): boolean {
    return this.#db.all('SELECT 1 FROM checkpoint_blob WHERE hash = ?', hash).length > 0
  }
  putBlob(hash: Uint8Array, bytes: Uint8Array): void {
    this.#db.run('INSERT INTO checkpoint_blob VALUES (?, ?) ON CONFLICT DO NOTHING', hash, bytes)
  }
  dropBlob(hash: Uint8Array): void {
    this.#db.run('DELETE FROM checkpoint_blob WHERE hash = ?', hash)
  }

  blobStart(hash: Uint8Array): Uint8Array | null {
    return (this.#db.get('SELECT bytes FROM blob_start WHERE hash = ?', hash)?.bytes as Uint8Array) ?? null
  }
  putBlobStart(hash: Uint8Array, bytes: Uint8Array): void {
    this.#db.run(
      'INSERT INTO blob_start VALUES (?, ?) ON CONFLICT (hash) DO UPDATE SET bytes = excluded.bytes',
      hash,
      bytes,
    )
  }
  dropBlobStarts(): void {
    this.#db.run('DELETE FROM blob_start')
  }

  parked() {
    return this.#db.all('SELECT * FROM parked ORDER BY n').map((row) => ({
      n: Number(row.n),
      space: row.space as string,
      bytes: row.bytes as Uint8Array,
    }))
  }
  park(space: string, bytes: Uint8Array): void {
    this.#db.run('INSERT INTO parked (space, bytes) VALUES (?, ?)', space, bytes)
  }
  unpark(n: number): void {
    this.#db.run('DELETE FROM parked WHERE n = ?', n)
  }
}

/** Most name nothing. */
const NO_REFS = encodeRefs([])
const refsOrNone = (refs: readonly EntryRef[]): Uint8Array => (refs.length === 0 ? NO_REFS : encodeRefs(refs))
