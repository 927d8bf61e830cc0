import { RecordPages } from './record-pages.ts'
import { RecordsDigest } from './records-digest.ts'
import { Sealer } from './sealer.ts'
import { SqliteAside } from './sqlite-aside.ts'
import { SqliteBlobs } from './sqlite-blobs.ts'
import { openDatabase, SqliteConnection, StoreVersionError } from './sqlite-connection.ts'
import { sqliteEntries } from './sqlite-entries.ts'
import { sqliteErasures } from './sqlite-erasures.ts'
import { logTable, sqliteLogs } from './sqlite-logs.ts'
import { sqliteRecords } from './sqlite-records.ts'
import { sqliteSettings } from './sqlite-settings.ts'
import { SqliteShelf } from './sqlite-shelf.ts'
import { sqliteVerdicts } from './sqlite-verdicts.ts'
import type { Store } from './store.ts'

export { StoreVersionError }

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
  const db = new SqliteConnection(openDatabase(path, options.maxPages))
  const sealer = new Sealer(key)
  const logs = logTable(db)
  const shelf = new SqliteShelf(db, logs)
  const aside = new SqliteAside(db)
  const pages = new RecordPages(db, sealer)
  const digest = new RecordsDigest(db)
  const blobs = new SqliteBlobs(db)
  const records = sqliteRecords(db, sealer, pages, digest, () => blobs.noteLost())
  const ofLogs = sqliteLogs(db, logs)
  return {
    shelf,
    aside,
    blobs,
    ...sqliteSettings(db, sealer),
    ...ofLogs,
    ...sqliteEntries(db, logs, shelf),
    ...records,
    ...sqliteVerdicts(db, logs),
    ...sqliteErasures(db, pages, digest, () => blobs.noteLost()),
    transaction: (work) => db.transaction(work),
    relaxed: (work) => db.relaxed(work),
    flushAtEnd: () => db.flushAtEnd(),
    flush: () => db.flush(),
    flushNow: () => db.flushNow(),
    steadily: (work) => db.steadily(work),
    savepoint: (work) => db.savepoint(work),
    dataVersion: () => db.dataVersion(),
    entryMark: (space) => db.entryMark(space),
    statusMark: () => db.statusMark(),
    recordsDigest: (space) => digest.of(space),
    keepRecordsDigest: (space, worked) => digest.keep(space, worked),
    dropSpace(space) {
      db.shift()
      records.dropRecords(space)
      shelf.dropBase(space)
      shelf.putBasePages(space, [])
      ofLogs.dropTipsAndSegments(space)
      db.run('DELETE FROM entry WHERE log IN (SELECT n FROM log WHERE space = ?)', space)
    },
    settleErased: () => db.settleErased(),
    integrity: () => db.integrity(),
    checkpoint: () => db.checkpoint(),
    close() {
      if (!db.isOpen) return
      if (sealer.hasKey) {
        db.emptyLog()
        sealer.wipe()
      }
      db.close()
    },
  }
}
