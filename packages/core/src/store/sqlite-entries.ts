import { sameBytes, toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import type { LogId } from '../log/entry.ts'
import type { BaseRow } from './checkpoint-shelf.ts'
import { encodeBlobs, keptBlobs } from './kept-forms.ts'
import type { Row } from './row-cells.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import type { LogTable } from './sqlite-logs.ts'
import type { SqliteShelf } from './sqlite-shelf.ts'
import { DamagedStoreError, type EntryStatus, type StoredEntry } from './store.ts'

const STATUS: Record<EntryStatus, number> = { accepted: 1, held: 2 }

/** Entries, those that a checkpoint stands for too. */
export function sqliteEntries(db: SqliteConnection, logs: LogTable, shelf: SqliteShelf) {
  function toEntry(row: Row): StoredEntry {
    let blobs: (Uint8Array | null)[] | null = null
    return {
      n: Number(row.n),
      log: logs.idOf(Number(row.log)),
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
  return {
    entry(hash: Uint8Array): StoredEntry | null {
      // An index with a flipped bit leads to another row, and a walk along a chain into a circle; what is asked for by
      // the index alone, SQLite answers from it.
      const row = db.get('SELECT * FROM entry WHERE n = (SELECT n FROM entry WHERE hash = ?)', hash)
      const entry = row && toEntry(row)
      if (entry && !sameBytes(entry.hash, hash))
        throw new DamagedStoreError(`entry ${toHex(hash)} is not where the index says`)
      if (entry) return entry
      const base = shelf.base(hash)
      return base && baseToEntry(base)
    },
    entriesAt(log: LogId, seq: number): StoredEntry[] {
      return db
        .all('SELECT * FROM entry WHERE log = ? AND seq = ? ORDER BY n', logs.numberOf(log), seq)
        .map((row) => toEntry(row))
    },
    entriesOf(space: string, afterN: number, limit: number): StoredEntry[] {
      return db
        .all(
          'SELECT entry.* FROM entry JOIN log ON log.n = entry.log WHERE log.space = ? AND entry.n > ? ORDER BY entry.n LIMIT ?',
          space,
          afterN,
          limit,
        )
        .map((row) => toEntry(row))
    },
    held(): StoredEntry[] {
      return db.all('SELECT * FROM entry WHERE status = 2 ORDER BY n').map((row) => toEntry(row))
    },
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
      } = logs.row(log)!
      db.countEntryPut(space)
      if (db.isThere('stripped', () => db.get('SELECT 1 FROM stripped LIMIT 1') !== undefined))
        db.run('DELETE FROM stripped WHERE hash = ?', entry.hash)
      return db.run(
        'INSERT INTO entry (log, seq, hash, prev, status, header, blobs, arrived) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        n,
        entry.seq,
        entry.hash,
        entry.prev,
        STATUS[entry.status],
        entry.raw.header,
        encodeBlobs(entry.raw.blobs),
        entry.at,
      )
    },
    accept(hash: Uint8Array): void {
      db.shift()
      db.run('UPDATE entry SET status = 1 WHERE hash = ?', hash)
    },
    hold(hash: Uint8Array): void {
      db.shift()
      db.run('UPDATE entry SET status = 2 WHERE hash = ?', hash)
    },
    countEntries(space: string, status: EntryStatus): number {
      return Number(
        db.get(
          'SELECT count(*) AS c FROM entry JOIN log ON log.n = entry.log WHERE log.space = ? AND status = ?',
          space,
          STATUS[status],
        )!.c,
      )
    },
    lowestEntry(log: LogId): number | null {
      const row = db.get('SELECT min(seq) AS seq FROM entry WHERE log = ?', logs.numberOf(log))
      return row?.seq == null ? null : Number(row.seq)
    },
    pruneEntries(log: LogId, before: number): number {
      db.shift()
      const n = logs.numberOf(log)
      db.run(
        'DELETE FROM void_part WHERE entry IN (SELECT n FROM entry WHERE log = ? AND seq < ?)',
        n,
        before,
      )
      db.run('DELETE FROM segment WHERE log = ? AND last < ?', n, before)
      return Number(db.sql('DELETE FROM entry WHERE log = ? AND seq < ?').run(n, before).changes)
    },
    countHeldFrom(station: string): number {
      const theirs = db
        .all('SELECT n, key FROM log')
        .filter((row) => stationIdOf(row.key as Uint8Array) === station)
      return theirs.reduce(
        (sum, { n }) =>
          sum + Number(db.get('SELECT count(*) AS c FROM entry WHERE status = 2 AND log = ?', Number(n))!.c),
        0,
      )
    },
  }
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
