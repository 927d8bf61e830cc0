import type { Row } from './row-cells.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import type { LogTable } from './sqlite-logs.ts'
import type { Refusal, Stripped, VoidPart } from './store.ts'

/** Entries without a part that are remembered: enough to show that somebody loses or takes parts. */
const MAX_STRIPPED = 1000

/**
 * Refused entries that are remembered, so that what stands on them is told from what waits for its past. One that was
 * forgotten is judged again, with the same end (A2).
 */
const MAX_REFUSALS = 10_000

/** What was void, refused, or came without a part. */
export function sqliteVerdicts(db: SqliteConnection, logs: LogTable) {
  function toRefusal(row: Row): Refusal {
    return {
      hash: row.hash as Uint8Array,
      log: row.log as string,
      seq: Number(row.seq),
      reason: row.reason as string,
      source: row.source as string,
      at: Number(row.at),
    }
  }
  return {
    putVoid(entryN: number, part: number, reason: string, missingKey: Uint8Array | null = null): void {
      db.run(
        'INSERT INTO void_part VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
        entryN,
        part,
        reason,
        missingKey,
      )
    },
    missingKeys() {
      return db
        .all(
          `SELECT DISTINCT log.space AS space, void_part.key AS missing FROM void_part
         JOIN entry ON entry.n = void_part.entry JOIN log ON log.n = entry.log WHERE void_part.key IS NOT NULL`,
        )
        .map((row) => ({ space: row.space as string, key: row.missing as Uint8Array }))
    },
    dropVoid(entryN: number, part: number): void {
      db.run('DELETE FROM void_part WHERE entry = ? AND part = ?', entryN, part)
    },
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
      return db.all(text, ...values).map((row) => ({
        n: Number(row.n),
        hash: row.hash as Uint8Array,
        log: logs.idOf(Number(row.log)),
        seq: Number(row.seq),
        part: Number(row.part),
        reason: row.reason as string,
      }))
    },
    refusal(hash: Uint8Array): Refusal | null {
      // Asked for at every entry, and most stations never refused one.
      if (!db.isThere('refused', () => db.get('SELECT 1 FROM refused LIMIT 1') !== undefined)) return null
      const row = db.get('SELECT * FROM refused WHERE hash = ?', hash)
      return row ? toRefusal(row) : null
    },
    putRefusal(refusal: Refusal): void {
      db.doubt('refused')
      db.run(
        'INSERT INTO refused (hash, log, seq, reason, source, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
        refusal.hash,
        refusal.log,
        refusal.seq,
        refusal.reason,
        refusal.source,
        refusal.at,
      )
      db.run('DELETE FROM refused WHERE n <= (SELECT max(n) FROM refused) - ?', MAX_REFUSALS)
    },
    refusals(): Refusal[] {
      return db.all('SELECT * FROM refused ORDER BY at, n').map((row) => toRefusal(row))
    },
    putStripped(stripped: Stripped): void {
      db.doubt('stripped')
      db.run(
        `INSERT INTO stripped SELECT ?, ?, ?, ?, ? WHERE (SELECT count(*) FROM stripped) < ${MAX_STRIPPED} ON CONFLICT DO NOTHING`,
        stripped.hash,
        stripped.log,
        stripped.seq,
        stripped.source,
        stripped.at,
      )
    },
    stripped(): Stripped[] {
      return db.all('SELECT * FROM stripped ORDER BY at, hash').map((row) => ({
        hash: row.hash as Uint8Array,
        log: row.log as string,
        seq: Number(row.seq),
        source: row.source as string,
        at: Number(row.at),
      }))
    },
  }
}
