import { DatabaseSync } from 'node:sqlite'

/** How long another process's transaction is waited for, in milliseconds. */
const BUSY_TIMEOUT_MS = 10_000

/** Another process is reading or writing the file, so that what was deleted still lies in its log. */
export class BusyStoreError extends Error {}

/**
 * Empties a store's file for good. The settings go first, keys and all, in one transaction that puts `marker` in
 * their place: killed before it the file is untouched, killed after it nothing can be opened any more. Then go all
 * rows; the file is built anew without them, and its log is emptied. May be repeated.
 */
export function emptyFile(file: string, marker: { readonly name: string; readonly value: Uint8Array }): void {
  using db = openToEmpty(file)
  transact(db, () => {
    db.exec('DELETE FROM setting')
    db.prepare('INSERT INTO setting VALUES (?, ?)').run(marker.name, marker.value)
  })
  emptyLog(db)
  emptyTables(db)
}

/** Takes away what a killed `emptyFile` left. */
export function finishEmptying(file: string): void {
  using db = openToEmpty(file)
  emptyLog(db)
  if (tablesOf(db).some((table) => db.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined))
    emptyTables(db)
}

function openToEmpty(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS })
  db.exec('PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF')
  return db
}

function emptyTables(db: DatabaseSync): void {
  transact(db, () => {
    for (const table of tablesOf(db)) db.exec(`DELETE FROM ${table}`)
  })
  db.exec('VACUUM')
  emptyLog(db)
}

/** All but the settings, which hold the marker now. */
const tablesOf = (db: DatabaseSync): string[] =>
  db
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'setting' AND name NOT LIKE 'sqlite%'",
    )
    .all()
    .map((row) => String(row.name))

function emptyLog(db: DatabaseSync): void {
  const { busy } = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number }
  if (busy !== 0) throw new BusyStoreError('another process is at the file')
}

function transact(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    work()
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
