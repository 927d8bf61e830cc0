import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { decode } from 'cborg'
import { fromHex, sameBytes } from '../bytes/bytes.ts'
import { encodeCbor } from '../bytes/cbor.ts'
import { seal, unseal } from '../crypto/seal.ts'
import { stationIdOf } from '../ids.ts'
import { type EntryRef, type LogDeclaration, type LogId, logIdOf, parseRefs } from '../log/entry.ts'
import type { Projection } from '../record/project.ts'
import type { BaseRow } from './checkpoint-shelf.ts'
import { SCHEMA, SCHEMA_VERSION } from './schema.ts'
import { SqliteShelf } from './sqlite-shelf.ts'
import {
  DamagedStoreError,
  type Draft,
  type EntryStatus,
  type ErasedName,
  type PeerRow,
  type RecordRow,
  type Refusal,
  type Seen,
  type Store,
  type StoredEntry,
  type Stripped,
  type Tip,
  type VoidPart,
} from './store.ts'

type Row = Record<string, null | number | bigint | string | Uint8Array>
const STATUS: Record<EntryStatus, number> = { accepted: 1, held: 2 }

/** Set to 1 while the write-ahead log may still hold what was erased. */
const ERASED = 'erased-in-wal'

/** Entries without a part that are remembered: enough to show that somebody loses or takes parts. */
const MAX_STRIPPED = 1000

/** How long a writer waits for another process's transaction, in milliseconds. */
const BUSY_TIMEOUT_MS = 30_000

/**
 * Refused entries that are remembered, so that what stands on them is told from what waits for its past. One that was
 * forgotten is judged again, with the same end (A2).
 */
const MAX_REFUSALS = 10_000

/** A file of another layout: newer than this program, or of a preview that was never released. */
export class StoreVersionError extends Error {
  readonly version: number
  readonly isNewer: boolean
  constructor(version: number) {
    super(`the store has layout ${version}, this program knows ${SCHEMA_VERSION}`)
    this.version = version
    this.isNewer = version > SCHEMA_VERSION
  }
}

/**
 * `path` may be `:memory:`. `key` (32 bytes) seals record states, projections and drafts; null opens the file for
 * its settings alone, which is how the wrapped key is read. `maxPages` keeps the file from growing beyond so many
 * pages of 4 KiB: a write that needs more fails as on a full disk.
 */
export function openSqliteStore(
  path: string,
  key: Uint8Array | null,
  options: { readonly maxPages?: number } = {},
): Store {
  const db = new DatabaseSync(path)
  try {
    prepare(db)
    if (options.maxPages) db.exec(`PRAGMA max_page_count = ${options.maxPages}`)
  } catch (error) {
    db.close()
    throw error
  }
  return new SqliteStore(db, key)
}

function prepare(db: DatabaseSync): void {
  db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  // Before anything is set: setting the journal writes to the file, and one of another layout is not ours to touch.
  const version = Number((db.prepare('PRAGMA user_version').get() as Row).user_version)
  if (version !== 0 && version !== SCHEMA_VERSION) throw new StoreVersionError(version)
  db.exec(
    // What SQLite sets aside while sorting must not lie in a temporary file.
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON',
  )
  if (version > 0) return
  db.exec('BEGIN IMMEDIATE')
  const again = Number((db.prepare('PRAGMA user_version').get() as Row).user_version)
  if (again === 0) db.exec(`${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION};`)
  db.exec('COMMIT')
}

class SqliteStore implements Store {
  readonly shelf: SqliteShelf
  readonly #db: DatabaseSync
  readonly #key: Uint8Array | null
  readonly #statements = new Map<string, StatementSync>()
  /** Logs never change once they are there. */
  readonly #logs = new Map<LogId, { readonly n: number; readonly log: LogDeclaration }>()
  readonly #logIds = new Map<number, LogId>()
  /** Ends of logs as this transaction has read or left them: nobody else writes meanwhile. */
  readonly #tips = new Map<LogId, readonly Tip[]>()
  #depth = 0
  #rev: number | null = null
  /** Read once a transaction: only others move it, and they wait. */
  #version: number | null = null
  /** What changes entries without adding any. */
  #shifts = 0
  #erasedLately = false
  /** What this transaction has found of things that are rare: nobody else writes meanwhile. */
  readonly #rare = new Map<string, boolean>()
  readonly #entryPuts = new Map<string, number>()
  readonly #recordPuts = new Map<string, number>()

  constructor(db: DatabaseSync, key: Uint8Array | null) {
    this.#db = db
    // Its own copy: it is wiped when the store closes.
    this.#key = key && new Uint8Array(key)
    this.shelf = new SqliteShelf(db, {
      encode: (refs) => encodeCbor(refs.map(encodeRef)),
      decode: (bytes) => keptRefs(bytes),
    })
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text)
    if (!statement) {
      statement = this.#db.prepare(text)
      this.#statements.set(text, statement)
    }
    return statement
  }
  #get(text: string, ...values: (null | number | string | Uint8Array)[]): Row | undefined {
    return this.#sql(text).get(...values) as Row | undefined
  }
  #all(text: string, ...values: (null | number | string | Uint8Array)[]): Row[] {
    return this.#sql(text).all(...values) as Row[]
  }
  #run(text: string, ...values: (null | number | string | Uint8Array)[]): number {
    return Number(this.#sql(text).run(...values).lastInsertRowid)
  }

  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work()
    this.#db.exec('BEGIN IMMEDIATE')
    this.#depth++
    try {
      const result = work()
      this.#db.exec('COMMIT')
      return result
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      this.#forget()
      throw error
    } finally {
      this.#depth--
      this.#rev = null
      this.#version = null
      this.#tips.clear()
      this.#rare.clear()
    }
  }

  /** Whether a query finds anything, asked once a transaction. */
  #isThere(name: string, find: () => boolean): boolean {
    if (this.#depth === 0) return find()
    const known = this.#rare.get(name)
    if (known !== undefined) return known
    const found = find()
    this.#rare.set(name, found)
    return found
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
    // What was read of the writes now undone must not be taken for what is there.
    this.#shifts++
    this.#erasedLately = false
    this.#rare.clear()
    this.#logs.clear()
    this.#logIds.clear()
    this.#tips.clear()
  }

  dataVersion(): number {
    return Number(this.#get('PRAGMA data_version')!.data_version)
  }

  entryMark(space: string): string {
    return `${this.#entryPuts.get(space) ?? 0}/${this.#shifts}/${this.#versionNow()}`
  }
  recordMark(space: string): string {
    return `${this.#recordPuts.get(space) ?? 0}/${this.#shifts}/${this.#versionNow()}`
  }
  #versionNow(): number {
    if (this.#depth === 0) return this.dataVersion()
    this.#version ??= this.dataVersion()
    return this.#version
  }

  setting(name: string): Uint8Array | null {
    return (
      (this.#get('SELECT value FROM setting WHERE name = ?', name)?.value as Uint8Array | undefined) ?? null
    )
  }
  putSetting(name: string, value: Uint8Array): void {
    this.#run(
      'INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      name,
      value,
    )
  }
  dropSetting(name: string): void {
    this.#run('DELETE FROM setting WHERE name = ?', name)
  }
  wrapKey(wrap: (key: Uint8Array) => Uint8Array): Uint8Array {
    return wrap(this.#needKey())
  }

  logs(space?: string): { id: LogId; log: LogDeclaration }[] {
    const rows = space
      ? this.#all('SELECT * FROM log WHERE space = ? ORDER BY id', space)
      : this.#all('SELECT * FROM log ORDER BY id')
    return rows.map((row) => ({ id: row.id as string, log: rowToLog(row) }))
  }
  log(id: LogId): LogDeclaration | null {
    return this.#logRow(id)?.log ?? null
  }
  putLog(log: LogDeclaration): void {
    const id = logIdOf(log)
    if (this.#logRow(id)) return
    this.#run(
      'INSERT INTO log (id, key, epoch, space) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      id,
      log.key,
      log.epoch,
      log.space,
    )
  }
  #logRow(id: LogId): { readonly n: number; readonly log: LogDeclaration } | null {
    const known = this.#logs.get(id)
    if (known) return known
    const row = this.#get('SELECT * FROM log WHERE id = ?', id)
    if (!row) return null
    const read = { n: Number(row.n), log: rowToLog(row) }
    this.#logs.set(id, read)
    this.#logIds.set(read.n, id)
    return read
  }
  #logN(id: LogId): number {
    return this.#logRow(id)?.n ?? -1
  }
  #logId(n: number): LogId {
    let id = this.#logIds.get(n)
    if (id === undefined) {
      const row = this.#get('SELECT id FROM log WHERE n = ?', n)
      if (!row) throw new DamagedStoreError(`an entry names log number ${n}, which is not there`)
      id = row.id as string
      this.#logIds.set(n, id)
    }
    return id
  }

  #toEntry(row: Row): StoredEntry {
    let blobs: (Uint8Array | null)[] | null = null
    return {
      n: Number(row.n),
      log: this.#logId(Number(row.log)),
      seq: Number(row.seq),
      hash: row.hash as Uint8Array,
      prev: row.prev as Uint8Array,
      status: row.status === 1 ? 'accepted' : 'held',
      raw: {
        header: row.header as Uint8Array,
        // Most who ask for an entry want to know only where it stands.
        get blobs() {
          blobs ??= keptBlobs(row.blobs as Uint8Array)
          return blobs
        },
      },
      arrivedAt: Number(row.arrived),
    }
  }
  entry(hash: Uint8Array): StoredEntry | null {
    const row = this.#get('SELECT * FROM entry WHERE hash = ?', hash)
    if (row) return this.#toEntry(row)
    const base = this.shelf.base(hash)
    return base && baseToEntry(base)
  }
  entriesAt(log: LogId, seq: number): StoredEntry[] {
    return this.#all('SELECT * FROM entry WHERE log = ? AND seq = ? ORDER BY n', this.#logN(log), seq).map(
      (row) => this.#toEntry(row),
    )
  }
  entriesOf(space: string, afterN: number, limit: number): StoredEntry[] {
    return this.#all(
      'SELECT entry.* FROM entry JOIN log ON log.n = entry.log WHERE log.space = ? AND entry.n > ? ORDER BY entry.n LIMIT ?',
      space,
      afterN,
      limit,
    ).map((row) => this.#toEntry(row))
  }
  held(): StoredEntry[] {
    return this.#all('SELECT * FROM entry WHERE status = 2 ORDER BY n').map((row) => this.#toEntry(row))
  }
  putEntry(
    log: LogId,
    entry: {
      seq: number
      hash: Uint8Array
      prev: Uint8Array
      status: EntryStatus
      raw: { header: Uint8Array; blobs: readonly (Uint8Array | null)[] }
      at: number
    },
  ): number {
    const {
      n,
      log: { space },
    } = this.#logRow(log)!
    countPut(this.#entryPuts, space)
    if (this.#isThere('stripped', () => this.#get('SELECT 1 FROM stripped LIMIT 1') !== undefined))
      this.#run('DELETE FROM stripped WHERE hash = ?', entry.hash)
    return this.#run(
      'INSERT INTO entry (log, seq, hash, prev, status, header, blobs, arrived) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      n,
      entry.seq,
      entry.hash,
      entry.prev,
      STATUS[entry.status],
      entry.raw.header,
      encodeCbor(entry.raw.blobs),
      entry.at,
    )
  }
  accept(hash: Uint8Array): void {
    this.#shifts++
    this.#run('UPDATE entry SET status = 1 WHERE hash = ?', hash)
  }
  hold(hash: Uint8Array): void {
    this.#shifts++
    this.#run('UPDATE entry SET status = 2 WHERE hash = ?', hash)
  }
  countEntries(space: string, status: EntryStatus): number {
    return Number(
      this.#get(
        'SELECT count(*) AS c FROM entry JOIN log ON log.n = entry.log WHERE log.space = ? AND status = ?',
        space,
        STATUS[status],
      )!.c,
    )
  }
  lowestEntry(log: LogId): number | null {
    const row = this.#get('SELECT min(seq) AS seq FROM entry WHERE log = ?', this.#logN(log))
    return row?.seq == null ? null : Number(row.seq)
  }
  pruneEntries(log: LogId, before: number): number {
    this.#shifts++
    const n = this.#logN(log)
    this.#run(
      'DELETE FROM void_part WHERE entry IN (SELECT n FROM entry WHERE log = ? AND seq < ?)',
      n,
      before,
    )
    this.#run('DELETE FROM segment WHERE log = ? AND last < ?', n, before)
    return Number(this.#sql('DELETE FROM entry WHERE log = ? AND seq < ?').run(n, before).changes)
  }
  dropSpace(space: string): void {
    this.#shifts++
    this.dropRecords(space)
    this.shelf.dropBase(space)
    this.shelf.putBasePages(space, [])
    for (const table of ['tip', 'segment', 'entry'])
      this.#run(`DELETE FROM ${table} WHERE log IN (SELECT n FROM log WHERE space = ?)`, space)
    this.#tips.clear()
  }
  countHeldFrom(station: string): number {
    const theirs = this.logs().filter(({ log }) => stationIdOf(log.key) === station)
    return theirs.reduce(
      (sum, { id }) =>
        sum +
        Number(this.#get('SELECT count(*) AS c FROM entry WHERE status = 2 AND log = ?', this.#logN(id))!.c),
      0,
    )
  }
  hasFork(log: LogId): boolean {
    return this.#all('SELECT 1 FROM tip WHERE log = ? LIMIT 2', this.#logN(log)).length > 1
  }

  #toTip(row: Row): Tip {
    let seen: Seen | null = null
    let acts: Seen | null = null
    return {
      ref: { log: this.#logId(Number(row.log)), seq: Number(row.seq), hash: row.hash as Uint8Array },
      // Of most ends only the place is asked for.
      get seen() {
        seen ??= decodeSeen(row.seen as Uint8Array)
        return seen
      },
      get acts() {
        acts ??= decodeSeen(row.acts as Uint8Array)
        return acts
      },
    }
  }
  tips(space: string): Tip[] {
    return this.#all(
      'SELECT tip.* FROM tip JOIN log ON log.n = tip.log WHERE log.space = ? ORDER BY log.id, tip.hash',
      space,
    ).map((row) => this.#toTip(row))
  }
  tipsOf(log: LogId): readonly Tip[] {
    const known = this.#tips.get(log)
    if (known) return known
    const tips = this.#all('SELECT * FROM tip WHERE log = ? ORDER BY hash', this.#logN(log)).map((row) =>
      this.#toTip(row),
    )
    if (this.#depth > 0) this.#tips.set(log, tips)
    return tips
  }
  putTip(log: LogId, replaces: Uint8Array | null, tip: Tip): void {
    const known = this.#tips.get(log)
    if (known?.length === 1 && replaces && sameBytes(known[0]!.ref.hash, replaces)) this.#tips.set(log, [tip])
    else this.#tips.delete(log)
    countPut(this.#entryPuts, this.#logRow(log)!.log.space)
    if (replaces) this.#run('DELETE FROM tip WHERE hash = ?', replaces)
    this.#run(
      'INSERT INTO tip VALUES (?, ?, ?, ?, ?)',
      tip.ref.hash,
      this.#logN(log),
      tip.ref.seq,
      encodeSeen(tip.seen),
      encodeSeen(tip.acts),
    )
  }
  dropTip(log: LogId, hash: Uint8Array): void {
    this.#shifts++
    this.#tips.delete(log)
    this.#run('DELETE FROM tip WHERE hash = ?', hash)
  }

  segmentsOf(log: LogId, fromSeq: number) {
    return this.#all(
      `SELECT segment.*, (SELECT max(n) FROM entry WHERE entry.log = segment.log AND entry.seq = segment.first) AS first_n
       FROM segment WHERE log = ? AND last >= ? ORDER BY first`,
      this.#logN(log),
      fromSeq,
    ).map((row) => ({
      log,
      firstN: Number(row.first_n),
      first: Number(row.first),
      last: Number(row.last),
      head: row.head as Uint8Array,
      signature: row.signature as Uint8Array,
    }))
  }
  putSegment(segment: {
    log: LogId
    first: number
    last: number
    head: Uint8Array
    signature: Uint8Array
  }): void {
    this.#run(
      'INSERT INTO segment VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      this.#logN(segment.log),
      segment.first,
      segment.last,
      segment.head,
      segment.signature,
    )
  }
  lastSigned(log: LogId): number {
    const row = this.#get('SELECT max(last) AS last FROM segment WHERE log = ?', this.#logN(log))
    return row?.last == null ? -1 : Number(row.last)
  }

  #about(space: string, id: string): Uint8Array {
    return Buffer.from(`${space}/${id}`)
  }
  #needKey(): Uint8Array {
    if (!this.#key) throw new Error('the store was opened for its settings alone')
    return this.#key
  }
  #open(sealed: Uint8Array, space: string, id: string): { projection: Projection; state: Uint8Array } {
    const text = unseal(this.#needKey(), sealed, this.#about(space, id))
    if (!text.ok)
      throw new DamagedStoreError(
        `record ${id} in ${space} does not open: the store is damaged or the key is another's`,
      )
    const bytes = Buffer.from(text.value.buffer, text.value.byteOffset, text.value.byteLength)
    const length = bytes.readUInt32LE(0)
    return {
      projection: JSON.parse(bytes.toString('utf8', 4, 4 + length)) as Projection,
      state: new Uint8Array(bytes.subarray(4 + length)),
    }
  }
  #toRecord(row: Row): RecordRow {
    const space = row.space as string
    const id = row.id as string
    return {
      space,
      id,
      type: row.type as string,
      hash: row.hash as Uint8Array,
      ...this.#open(row.sealed as Uint8Array, space, id),
    }
  }
  record(space: string, id: string): RecordRow | null {
    const row = this.#get('SELECT * FROM record WHERE space = ? AND id = ?', space, id)
    return row ? this.#toRecord(row) : null
  }
  recordsById(id: string): RecordRow[] {
    return this.#all('SELECT * FROM record WHERE id = ? ORDER BY space', id).map((row) => this.#toRecord(row))
  }
  *records(
    filter: { space?: string; type?: string; inConflict?: boolean } = {},
  ): IterableIterator<Projection> {
    const where: string[] = []
    const values: string[] = []
    if (filter.type) {
      where.push('type = ?')
      values.push(filter.type)
    }
    if (filter.space) {
      where.push('space = ?')
      values.push(filter.space)
    }
    if (filter.inConflict) where.push('conflicts = 1')
    const text = `SELECT space, id, sealed FROM record ${where.length ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY n`
    for (const row of this.#all(text, ...values))
      yield this.#open(row.sealed as Uint8Array, row.space as string, row.id as string).projection
  }
  changedSince(rev: number) {
    const rows = this.#all('SELECT space, id, rev, sealed FROM record WHERE rev > ? ORDER BY rev', rev)
    const gone = this.#all('SELECT space, id, rev FROM erased_record WHERE rev > ? ORDER BY rev', rev)
    return {
      rev: Math.max(rev, Number(rows.at(-1)?.rev ?? 0), Number(gone.at(-1)?.rev ?? 0)),
      erased: gone.map((row) => ({ space: row.space as string, id: row.id as string })),
      records: rows.map(
        (row) => this.#open(row.sealed as Uint8Array, row.space as string, row.id as string).projection,
      ),
    }
  }
  rev(): number {
    return Number(
      this.#get(
        'SELECT max(coalesce((SELECT max(rev) FROM record), 0), coalesce((SELECT max(rev) FROM erased_record), 0)) AS rev',
      )!.rev,
    )
  }
  #seal({ space, id, projection, state }: RecordRow): Uint8Array {
    const json = Buffer.from(JSON.stringify(projection))
    const text = Buffer.allocUnsafe(4 + json.length + state.length)
    text.writeUInt32LE(json.length)
    text.set(json, 4)
    text.set(state, 4 + json.length)
    return seal(this.#needKey(), text, this.#about(space, id))
  }
  putRecord(row: RecordRow): void {
    this.#rev ??= this.rev() + 1
    countPut(this.#recordPuts, row.space)
    this.#run(
      `INSERT INTO record (space, id, type, rev, hash, conflicts, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (space, id) DO UPDATE SET rev = excluded.rev, hash = excluded.hash, conflicts = excluded.conflicts, sealed = excluded.sealed`,
      row.space,
      row.id,
      row.type,
      this.#rev,
      row.hash,
      hasConflict(row),
      this.#seal(row),
    )
  }
  stageRecord(entry: Uint8Array, row: RecordRow): void {
    this.#run(
      'INSERT INTO staged VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      entry,
      row.id,
      row.type,
      row.hash,
      hasConflict(row),
      this.#seal(row),
    )
  }
  takeStaged(entry: Uint8Array, space: string): void {
    this.#rev ??= this.rev() + 1
    countPut(this.#recordPuts, space)
    this.#run(
      `INSERT INTO record (space, id, type, rev, hash, conflicts, sealed)
       SELECT ?, id, type, ?, hash, conflicts, sealed FROM staged WHERE entry = ? ORDER BY id`,
      space,
      this.#rev,
      entry,
    )
    this.dropStaged()
  }
  dropStaged(): void {
    this.#run('DELETE FROM staged')
  }
  dropRecords(space: string): void {
    this.#rev ??= this.rev() + 1
    countPut(this.#recordPuts, space)
    this.#run('DELETE FROM record WHERE space = ?', space)
    this.#run('DELETE FROM erased_record WHERE space = ?', space)
    this.#run(
      'DELETE FROM void_part WHERE entry IN (SELECT entry.n FROM entry JOIN log ON log.n = entry.log WHERE log.space = ?)',
      space,
    )
  }
  recordHashes(space: string) {
    return this.#all('SELECT id, hash FROM record WHERE space = ? ORDER BY id', space).map((row) => ({
      id: row.id as string,
      hash: row.hash as Uint8Array,
    }))
  }
  reproject(project: (row: RecordRow) => Projection): void {
    for (const { space, id } of this.#all('SELECT space, id FROM record ORDER BY n')) {
      const row = this.record(space as string, id as string)!
      this.putRecord({ ...row, projection: project(row) })
    }
  }

  putVoid(entryN: number, part: number, reason: string, missingKey: Uint8Array | null = null): void {
    this.#run(
      'INSERT INTO void_part VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      entryN,
      part,
      reason,
      missingKey,
    )
  }
  missingKeys() {
    return this.#all(
      `SELECT DISTINCT log.space AS space, void_part.key AS missing FROM void_part
       JOIN entry ON entry.n = void_part.entry JOIN log ON log.n = entry.log WHERE void_part.key IS NOT NULL`,
    ).map((row) => ({ space: row.space as string, key: row.missing as Uint8Array }))
  }
  dropVoid(entryN: number, part: number): void {
    this.#run('DELETE FROM void_part WHERE entry = ? AND part = ?', entryN, part)
  }
  voids(filter: { space?: string; reason?: string } = {}): VoidPart[] {
    const where: string[] = []
    const values: string[] = []
    if (filter.space !== undefined) {
      where.push('entry.log IN (SELECT n FROM log WHERE space = ?)')
      values.push(filter.space)
    }
    if (filter.reason !== undefined) {
      where.push('reason = ?')
      values.push(filter.reason)
    }
    const text = `SELECT entry.n, entry.hash, entry.log, entry.seq, part, reason FROM void_part JOIN entry ON entry.n = void_part.entry ${where.length ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY entry.n, part`
    return this.#all(text, ...values).map((row) => ({
      n: Number(row.n),
      hash: row.hash as Uint8Array,
      log: this.#logId(Number(row.log)),
      seq: Number(row.seq),
      part: Number(row.part),
      reason: row.reason as string,
    }))
  }
  #toRefusal(row: Row): Refusal {
    return {
      hash: row.hash as Uint8Array,
      log: row.log as string,
      seq: Number(row.seq),
      reason: row.reason as string,
      source: row.source as string,
      at: Number(row.at),
    }
  }
  refusal(hash: Uint8Array): Refusal | null {
    const row = this.#get('SELECT * FROM refused WHERE hash = ?', hash)
    return row ? this.#toRefusal(row) : null
  }
  putRefusal(refusal: Refusal): void {
    this.#run(
      'INSERT INTO refused (hash, log, seq, reason, source, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      refusal.hash,
      refusal.log,
      refusal.seq,
      refusal.reason,
      refusal.source,
      refusal.at,
    )
    this.#run('DELETE FROM refused WHERE n <= (SELECT max(n) FROM refused) - ?', MAX_REFUSALS)
  }
  refusals(): Refusal[] {
    return this.#all('SELECT * FROM refused ORDER BY at, n').map((row) => this.#toRefusal(row))
  }

  putErasure(space: string, by: Uint8Array, names: readonly ErasedName[]): void {
    this.#rare.delete(`erased/${space}`)
    for (const { log, seq, hash, parts } of names)
      for (const part of parts)
        this.#run(
          'INSERT INTO erased_part VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
          space,
          hash,
          part,
          by,
          log,
          seq,
        )
  }
  hasErasures(space: string): boolean {
    return this.#isThere(
      `erased/${space}`,
      () =>
        this.#get('SELECT 1 FROM erased_part WHERE space = ? LIMIT 1', space) !== undefined ||
        this.#get('SELECT 1 FROM erased_record WHERE space = ? LIMIT 1', space) !== undefined,
    )
  }
  erasures(space: string): Uint8Array[] {
    if (!this.hasErasures(space)) return []
    return this.#all('SELECT DISTINCT by FROM erased_part WHERE space = ? ORDER BY by', space).map(
      (row) => row.by as Uint8Array,
    )
  }
  erasureNames(by: Uint8Array): ErasedName[] {
    const names: (ErasedName & { parts: number[] })[] = []
    for (const row of this.#all('SELECT * FROM erased_part WHERE by = ? ORDER BY hash, part', by)) {
      const hash = row.hash as Uint8Array
      const last = names.at(-1)
      if (last && sameBytes(last.hash, hash)) last.parts.push(Number(row.part))
      else names.push({ log: row.log as string, seq: Number(row.seq), hash, parts: [Number(row.part)] })
    }
    return names
  }
  erasedParts(space: string, hash: Uint8Array): Map<number, boolean> {
    const rows = this.#all(
      `SELECT part, max(coalesce(entry.status = 1, by IN (SELECT hash FROM base))) AS counts FROM erased_part LEFT JOIN entry ON entry.hash = by
       WHERE space = ? AND erased_part.hash = ? AND by NOT IN (SELECT hash FROM refused) GROUP BY part`,
      space,
      hash,
    )
    return new Map(rows.map((row) => [Number(row.part), row.counts === 1]))
  }
  erasuresOf(log: LogId, first: number, last: number): Uint8Array[] {
    return this.#all(
      'SELECT DISTINCT by FROM erased_part WHERE log = ? AND seq BETWEEN ? AND ?',
      log,
      first,
      last,
    ).map((row) => row.by as Uint8Array)
  }
  unconfirmedErasures() {
    return this.#all(
      `SELECT by, space, count(*) AS parts FROM erased_part LEFT JOIN entry ON entry.hash = by
       WHERE coalesce(entry.status, 0) <> 1 AND by NOT IN (SELECT hash FROM base) GROUP BY by, space ORDER BY by`,
    ).map((row) => ({
      by: row.by as Uint8Array,
      space: row.space as string,
      parts: Number(row.parts),
    }))
  }
  #blobsOf(hash: Uint8Array): (Uint8Array | null)[] {
    const row = this.#get('SELECT blobs FROM entry WHERE hash = ?', hash)
    return row ? keptBlobs(row.blobs as Uint8Array) : []
  }
  strike(hash: Uint8Array, parts: readonly number[]): void {
    const blobs = this.#blobsOf(hash)
    for (const part of parts) if (part < blobs.length) blobs[part] = null
    this.#run('UPDATE entry SET blobs = ? WHERE hash = ?', encodeCbor(blobs), hash)
    this.#noteErased()
  }
  refill(hash: Uint8Array, parts: ReadonlyMap<number, Uint8Array>): void {
    const blobs = this.#blobsOf(hash)
    for (const [part, blob] of parts) if (part < blobs.length) blobs[part] = blob
    this.#run('UPDATE entry SET blobs = ? WHERE hash = ?', encodeCbor(blobs), hash)
  }
  eraseRecord(space: string, id: string): void {
    this.#rare.delete(`erased/${space}`)
    this.#rev ??= this.rev() + 1
    countPut(this.#recordPuts, space)
    this.#run('DELETE FROM record WHERE space = ? AND id = ?', space, id)
    this.#run(
      'INSERT INTO erased_record VALUES (?, ?, ?) ON CONFLICT (space, id) DO UPDATE SET rev = excluded.rev',
      space,
      id,
      this.#rev,
    )
    this.#noteErased()
  }
  isErasedRecord(space: string, id: string): boolean {
    if (!this.hasErasures(space)) return false
    return this.#get('SELECT 1 FROM erased_record WHERE space = ? AND id = ?', space, id) !== undefined
  }
  putStripped(stripped: Stripped): void {
    this.#rare.delete('stripped')
    this.#run(
      `INSERT INTO stripped SELECT ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM stripped) < ${MAX_STRIPPED} ON CONFLICT DO NOTHING`,
      stripped.hash,
      stripped.log,
      stripped.seq,
      stripped.source,
      stripped.at,
    )
  }
  stripped(): Stripped[] {
    return this.#all('SELECT * FROM stripped ORDER BY at, hash').map((row) => ({
      hash: row.hash as Uint8Array,
      log: row.log as string,
      seq: Number(row.seq),
      source: row.source as string,
      at: Number(row.at),
    }))
  }
  /** In the transaction that erases, so that a machine that stops before the log is emptied empties it later. */
  #noteErased(): void {
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

  peers(): PeerRow[] {
    return this.#all('SELECT * FROM peer ORDER BY station, space').map((row) => ({
      station: row.station as string,
      space: row.space as string,
      heads: keptRefs(row.heads as Uint8Array),
      digest: row.digest as string,
      equal: row.equal === 1,
      at: Number(row.at),
    }))
  }
  putPeer(peer: PeerRow): void {
    this.#run(
      'INSERT INTO peer VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (station, space) DO UPDATE SET heads = excluded.heads, digest = excluded.digest, equal = excluded.equal, at = excluded.at',
      peer.station,
      peer.space,
      encodeCbor(peer.heads.map(encodeRef)),
      peer.digest,
      peer.equal ? 1 : 0,
      peer.at,
    )
  }
  addresses() {
    return this.#all('SELECT * FROM address ORDER BY at DESC').map((row) => ({
      station: row.station as string,
      address: row.address as string,
      at: Number(row.at),
    }))
  }
  putAddress(station: string, address: string, at: number): void {
    this.#run(
      'INSERT INTO address VALUES (?, ?, ?) ON CONFLICT (station) DO UPDATE SET address = excluded.address, at = excluded.at',
      station,
      address,
      at,
    )
  }

  draft(id: string): Draft | null {
    const row = this.#get('SELECT * FROM draft WHERE id = ?', id)
    if (!row) return null
    const text = unseal(this.#needKey(), row.sealed as Uint8Array, this.#about('draft', id))
    if (!text.ok) throw new DamagedStoreError(`draft ${id} does not open: the store is damaged`)
    return { id, at: Number(row.at), value: JSON.parse(Buffer.from(text.value).toString('utf8')) as unknown }
  }
  drafts(prefix: string): Draft[] {
    return this.#all(
      'SELECT id FROM draft WHERE substr(id, 1, length(?)) = ? ORDER BY id',
      prefix,
      prefix,
    ).map((row) => this.draft(row.id as string)!)
  }
  putDraft(draft: Draft): void {
    const sealed = seal(
      this.#needKey(),
      Buffer.from(JSON.stringify(draft.value)),
      this.#about('draft', draft.id),
    )
    this.#run(
      'INSERT INTO draft VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at, sealed = excluded.sealed',
      draft.id,
      draft.at,
      sealed,
    )
  }
  dropDraft(id: string): void {
    this.#run('DELETE FROM draft WHERE id = ?', id)
  }

  integrity(): string[] {
    const rows = this.#all('PRAGMA integrity_check') as { integrity_check: string }[]
    return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok')
  }

  checkpoint(): boolean {
    return (this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as Row).busy === 0
  }

  close(): void {
    if (!this.#db.isOpen) return
    if (this.#key) {
      this.#emptyLog()
      this.#key.fill(0)
    }
    this.#db.close()
  }

  /** The last to close takes the log away; one that is not empties it when nobody is at it just now. */
  #emptyLog(): void {
    try {
      this.#db.exec('PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // A full or unwritable disk, or a damaged file: what is on disk stays as it is, and is said at the next opening.
    }
  }
}

const hasConflict = ({ projection }: RecordRow): number =>
  Object.keys(projection.conflicts).length > 0 ? 1 : 0

const countPut = (puts: Map<string, number>, space: string): void => {
  puts.set(space, (puts.get(space) ?? 0) + 1)
}

/** What is known of an entry that is not here: where it stands, and that it counts. */
const baseToEntry = (base: BaseRow): StoredEntry => ({
  n: 0,
  log: base.log,
  seq: base.seq,
  hash: base.hash,
  prev: base.prev,
  status: 'accepted',
  raw: { header: new Uint8Array(0), blobs: Array<null>(base.parts).fill(null) },
  arrivedAt: 0,
  base,
})

const rowToLog = (row: Row): LogDeclaration => ({
  key: row.key as Uint8Array,
  epoch: row.epoch as Uint8Array,
  space: row.space as string,
})

function decodeKept(bytes: Uint8Array): unknown {
  try {
    return decode(bytes)
  } catch (error) {
    throw new DamagedStoreError('something kept cannot be decoded', { cause: error })
  }
}

type WireRef = [Uint8Array, number, Uint8Array]
const encodeRef = (ref: EntryRef): WireRef => [fromHex(ref.log), ref.seq, ref.hash]
const encodeSeen = (seen: Seen): Uint8Array => encodeCbor([...seen.values()].flat().map(encodeRef))

/** A disk may give back anything: what has the wrong shape is damage, and never an error of ours. */
function keptRefs(bytes: Uint8Array): EntryRef[] {
  const refs = parseRefs(decodeKept(bytes), Number.POSITIVE_INFINITY)
  if (!refs) throw new DamagedStoreError('what was seen is kept in no shape of ours')
  return refs
}

function keptBlobs(bytes: Uint8Array): (Uint8Array | null)[] {
  const blobs = decodeKept(bytes)
  if (!Array.isArray(blobs) || !blobs.every((blob) => blob === null || blob instanceof Uint8Array))
    throw new DamagedStoreError('the parts of an entry are kept in no shape of ours')
  return blobs
}

function decodeSeen(bytes: Uint8Array): Seen {
  const seen = new Map<LogId, EntryRef[]>()
  for (const ref of keptRefs(bytes)) {
    const refs = seen.get(ref.log)
    if (refs) refs.push(ref)
    else seen.set(ref.log, [ref])
  }
  return seen
}
