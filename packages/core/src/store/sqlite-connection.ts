import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { LogFlush } from './log-flush.ts'
import { Memo } from './memo.ts'
import {
  type Column,
  columnsOfQuery,
  type Row,
  type RowCells,
  reading,
  requiredColumns,
  toRow,
} from './row-cells.ts'
import { SCHEMA, SCHEMA_VERSION } from './schema.ts'
import { DamagedStoreError } from './store.ts'

export type Cell = null | number | string | Uint8Array

type Query = { readonly statement: StatementSync; readonly columns: readonly Column[] }

/** What a query gives is the same in all files of one layout, and so is what is never null. */
const columnsOf = new WeakMap<FileLayout, Map<string, readonly Column[]>>()
const requiredOf = new WeakMap<FileLayout, ReadonlySet<string>>()

/** Set to 1 while the write-ahead log may still hold what was erased. */
const ERASED = 'erased-in-wal'

/** How long a writer waits for another process's transaction, in milliseconds. */
const BUSY_TIMEOUT_MS = 30_000

/** What a file is made of. Every file has a `setting (name, value)`. */
export type FileLayout = { readonly schema: string; readonly version: number }
const STATION: FileLayout = { schema: SCHEMA, version: SCHEMA_VERSION }

/** A file of another layout: newer than this program, or of a preview that was never released. */
export class StoreVersionError extends Error {
  readonly version: number
  readonly isNewer: boolean
  constructor(version: number, known: number) {
    super(`the store has layout ${version}, this program knows ${known}`)
    this.version = version
    this.isNewer = version > known
  }
}

function prepare(db: DatabaseSync, layout: FileLayout): void {
  db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  // Before anything is set: setting the journal writes to the file, and one of another layout is not ours to touch.
  const version = Number((db.prepare('PRAGMA user_version').get() as Row).user_version)
  if (version !== 0 && version !== layout.version) throw new StoreVersionError(version, layout.version)
  db.exec(
    // What SQLite sets aside while sorting must not lie in a temporary file.
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON',
  )
  if (version > 0) return checkSchema(db, layout)
  db.exec('BEGIN IMMEDIATE')
  const again = Number((db.prepare('PRAGMA user_version').get() as Row).user_version)
  if (again === 0) db.exec(`${layout.schema} PRAGMA user_version = ${layout.version};`)
  db.exec('COMMIT')
}

const SCHEMA_QUERY =
  "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name"
const schemas = new WeakMap<FileLayout, string>()

/** What a file says of its own tables, as it stands in one that was just made. */
function schemaOf(layout: FileLayout): string {
  const known = schemas.get(layout)
  if (known !== undefined) return known
  using db = new DatabaseSync(':memory:')
  db.exec(layout.schema)
  const schema = JSON.stringify(db.prepare(SCHEMA_QUERY).all())
  schemas.set(layout, schema)
  return schema
}

/** SQLite believes a file about its tables: with one letter of a column's name changed, writing fails in the middle. */
function checkSchema(db: DatabaseSync, layout: FileLayout): void {
  if (JSON.stringify(db.prepare(SCHEMA_QUERY).all()) !== schemaOf(layout))
    throw new DamagedStoreError('the file describes its tables in another way than it was made')
}

export function openDatabase(
  path: string,
  maxPages: number | undefined,
  layout: FileLayout = STATION,
): DatabaseSync {
  const db = new DatabaseSync(path)
  try {
    prepare(db, layout)
    if (maxPages) db.exec(`PRAGMA max_page_count = ${maxPages}`)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/** What the tables share: one connection with its statements, the transaction, and what is known while it lasts. */
export class SqliteConnection {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  readonly #queries = new Map<string, Query>()
  readonly #layout: FileLayout
  readonly #columns: Map<string, readonly Column[]>
  readonly #undone: (() => void)[] = []
  readonly #log: LogFlush
  /** Whether a commit waits for the disk; SQLite takes it between transactions alone. */
  #isRelaxed = false
  #flushesAtEnd = false
  /** Relaxed commits, and how many of the first of them are on the disk. */
  #relaxedCommits = 0
  #flushedCommits = 0
  /** As of then all that any process had committed was on the disk. */
  #flushedVersion: number | null = null
  #flushing: Promise<void> | null = null
  /** After one that failed, another may succeed without what the first one lost (https://lwn.net/Articles/752063/). */
  #flushFailure: unknown = null
  #depth = 0
  #nextRev: number | null = null
  /** Read once a transaction: only others move it, and they wait. Or once for what goes steadily. */
  #version: number | null = null
  #isSteady = false
  /** What changes entries without adding any. */
  #shifts = 0
  #erasedLately = false
  /** Whether things are there that are rare. */
  readonly #rare: Memo<boolean>
  readonly #settings: Memo<Uint8Array | null>
  readonly #rev: Memo<number>
  readonly #entryPuts = new Map<string, number>()
  /** As they were last asked for, which is at every step of a meeting. */
  readonly #marks = new Map<
    string,
    { readonly version: number; readonly shifts: number; readonly mark: string }
  >()

  /** `layout` is that of the open file. */
  constructor(db: DatabaseSync, layout: FileLayout = STATION) {
    this.#db = db
    this.#layout = layout
    this.#columns = columnsOf.get(layout) ?? new Map<string, readonly Column[]>()
    columnsOf.set(layout, this.#columns)
    this.#rare = new Memo(this)
    this.#settings = new Memo(this)
    this.#rev = new Memo(this)
    this.#log = new LogFlush(db.location())
  }

  sql(text: string): StatementSync {
    let statement = this.#statements.get(text)
    if (!statement) {
      statement = this.#db.prepare(text)
      this.#statements.set(text, statement)
    }
    return statement
  }
  get(text: string, ...values: Cell[]): Row | undefined {
    const { statement, columns } = this.#query(text)
    const cells = reading(() => statement.get(...values) as unknown as RowCells | undefined)
    return cells && toRow(columns, cells)
  }
  all(text: string, ...values: Cell[]): Row[] {
    const { statement, columns } = this.#query(text)
    const rows = reading(() => statement.all(...values) as unknown as RowCells[])
    return rows.map((cells) => toRow(columns, cells))
  }
  /** The objects that node makes of rows have no fixed shape: making and reading them costs a third more. */
  #query(text: string): Query {
    let query = this.#queries.get(text)
    if (!query) {
      const statement = this.#db.prepare(text)
      statement.setReturnArrays(true)
      let columns = this.#columns.get(text)
      if (!columns) {
        columns = columnsOfQuery(statement, text, this.#required())
        this.#columns.set(text, columns)
      }
      query = { statement, columns }
      this.#queries.set(text, query)
    }
    return query
  }
  #required(): ReadonlySet<string> {
    const required = requiredOf.get(this.#layout) ?? requiredColumns(this.#db)
    requiredOf.set(this.#layout, required)
    return required
  }
  /** The number of the row that was put in. */
  run(text: string, ...values: Cell[]): number {
    return Number(this.sql(text).run(...values).lastInsertRowid)
  }

  get isOpen(): boolean {
    return this.#db.isOpen
  }
  /** Called when writes were undone: what was read of them must not be taken for what is there. */
  onUndone(forget: () => void): void {
    this.#undone.push(forget)
  }

  transaction<T>(work: () => T): T {
    if (this.#depth === 0) return this.#transact(work, false)
    this.#flushesAtEnd = true
    return work()
  }
  /** See store.ts. */
  relaxed<T>(work: () => T): T {
    return this.#depth === 0 ? this.#transact(work, true) : work()
  }
  flushAtEnd(): void {
    this.#flushesAtEnd = true
  }
  #transact<T>(work: () => T, isRelaxed: boolean): T {
    if (this.#isRelaxed !== isRelaxed) {
      this.#db.exec(`PRAGMA synchronous = ${isRelaxed ? 'NORMAL' : 'FULL'}`)
      this.#isRelaxed = isRelaxed
    }
    this.#db.exec('BEGIN IMMEDIATE')
    this.#version = null
    this.#depth++
    this.#flushesAtEnd = !isRelaxed
    try {
      const result = work()
      this.#db.exec('COMMIT')
      if (isRelaxed) this.#relaxedCommits++
      // Where a commit wrote nothing, SQLite put nothing on the disk either, of those before it.
      if (this.#flushesAtEnd && !this.#isFlushed) this.#flushOwn()
      return result
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      this.#forget()
      throw error
    } finally {
      this.#depth--
      this.#nextRev = null
      this.#version = null
      // From now on another process may settle it.
      this.#erasedLately = false
    }
  }

  get #isFlushed(): boolean {
    return this.#flushedCommits === this.#relaxedCommits
  }
  #flushOwn(): void {
    if (this.#flushFailure) throw this.#flushFailure
    try {
      this.#log.now()
    } catch (error) {
      this.#flushFailure = error
      throw error
    }
    this.#flushedCommits = this.#relaxedCommits
  }
  async flush(): Promise<void> {
    const upTo = this.#relaxedCommits
    while (this.#flushedCommits < upTo) {
      this.#flushing ??= this.#flushSoon()
      await this.#flushing
    }
  }
  async #flushSoon(): Promise<void> {
    const upTo = this.#relaxedCommits
    try {
      if (this.#flushFailure) throw this.#flushFailure
      await this.#log.soon()
      this.#flushedCommits = Math.max(this.#flushedCommits, upTo)
    } catch (error) {
      this.#flushFailure = error
      throw error
    } finally {
      this.#flushing = null
    }
  }
  flushNow(): void {
    const version = this.dataVersion()
    if (this.#isFlushed && version === this.#flushedVersion) return
    this.#flushOwn()
    this.#flushedVersion = version
  }
  savepoint<T>(work: () => T): T {
    this.#db.exec('SAVEPOINT step')
    try {
      const result = work()
      this.#db.exec('RELEASE step')
      return result
    } catch (error) {
      // A full disk in the middle takes the whole transaction away: then there is no step to go back to.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK TO step; RELEASE step')
      this.#forget()
      throw error
    }
  }
  #forget(): void {
    this.#shifts++
    this.#erasedLately = false
    for (const forget of this.#undone) forget()
  }

  /** Whether a query finds anything; not asked again until somebody doubts it. */
  isThere(name: string, find: () => boolean): boolean {
    return this.#rare.of(name, find)
  }
  /** What `isThere` found may have changed. */
  doubt(name: string): void {
    this.#rare.forget(name)
  }

  dataVersion(): number {
    const [version] = this.#query('PRAGMA data_version').statement.get() as unknown as [number]
    return version
  }
  /** As of this transaction: others wait meanwhile. */
  versionNow(): number {
    if (this.#depth === 0 && !this.#isSteady) return this.dataVersion()
    this.#version ??= this.dataVersion()
    return this.#version
  }
  /** See store.ts. */
  steadily<T>(work: () => T): T {
    if (this.#depth > 0 || this.#isSteady) return work()
    this.#isSteady = true
    try {
      return work()
    } finally {
      this.#isSteady = false
      this.#version = null
    }
  }
  entryMark(space: string): string {
    const version = this.versionNow()
    const known = this.#marks.get(space)
    if (known && known.version === version && known.shifts === this.#shifts) return known.mark
    const mark = `${this.#entryPuts.get(space) ?? 0}/${this.#shifts}/${version}`
    this.#marks.set(space, { version, shifts: this.#shifts, mark })
    return mark
  }
  statusMark(): string {
    return `${this.#shifts}/${this.versionNow()}`
  }
  countEntryPut(space: string): void {
    this.#marks.delete(space)
    this.#entryPuts.set(space, (this.#entryPuts.get(space) ?? 0) + 1)
  }
  /** Entries changed, and none was added. */
  shift(): void {
    this.#shifts++
  }

  /** The newest number of a change to records. */
  rev(): number {
    // While one is being written it is no number to keep.
    return this.#nextRev === null ? this.#rev.of('', () => this.#readRev()) : this.#readRev()
  }
  #readRev(): number {
    return Number(
      this.get(
        'SELECT max(coalesce((SELECT max(rev) FROM record), 0), coalesce((SELECT max(rev) FROM erased_record), 0)) AS rev',
      )!.rev,
    )
  }
  /** The number of what this transaction changes. */
  nextRev(): number {
    this.#nextRev ??= this.rev() + 1
    this.#rev.forgetAll()
    return this.#nextRev
  }

  setting(name: string): Uint8Array | null {
    return this.#settings.of(name, () => {
      const row = this.get('SELECT value FROM setting WHERE name = ?', name)
      return (row?.value as Uint8Array) ?? null
    })
  }
  putSetting(name: string, value: Uint8Array): void {
    this.#settings.forget(name)
    this.run(
      'INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      name,
      value,
    )
  }
  dropSetting(name: string): void {
    this.#settings.forget(name)
    this.run('DELETE FROM setting WHERE name = ?', name)
  }

  /** In the transaction that erases, so that a machine that stops before the log is emptied empties it later. */
  noteErased(): void {
    if (!this.#erasedLately) this.putSetting(ERASED, new Uint8Array([1]))
    this.#erasedLately = true
  }
  settleErased(): boolean {
    this.#erasedLately = false
    if (!this.#db.isOpen) return true
    if (this.setting(ERASED)?.[0] !== 1) return true
    if (!this.checkpoint()) return false
    this.transaction(() => this.putSetting(ERASED, new Uint8Array([0])))
    return true
  }

  integrity(): string[] {
    const rows = this.all('PRAGMA integrity_check') as { integrity_check: string }[]
    return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok')
  }
  checkpoint(): boolean {
    return (this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as Row).busy === 0
  }
  /** The last to close takes the log away; one that is not empties it when nobody is at it just now. */
  emptyLog(): void {
    try {
      this.#db.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // A full or unwritable disk, or a damaged file: what is on disk stays as it is, and is said at the next opening.
    }
  }
  close(): void {
    try {
      if (!this.#isFlushed) this.#flushOwn()
    } catch {
      // Nobody was told of it, so nobody relies on it.
    }
    this.#log.close()
    this.#db.close()
  }
}
