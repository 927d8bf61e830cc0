import { sameBytes } from '../bytes/bytes.ts'
import { encodeCbor } from '../bytes/cbor.ts'
import type { LogId } from '../log/entry.ts'
import { keptBlobs } from './kept-forms.ts'
import type { RecordPages } from './record-pages.ts'
import type { RecordsDigest } from './records-digest.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import type { ErasedName } from './store.ts'

/** What erasures name, and that it is gone. */
export function sqliteErasures(
  db: SqliteConnection,
  pages: RecordPages,
  digest: RecordsDigest,
  onLost: () => void,
) {
  function blobsOf(hash: Uint8Array): (Uint8Array | null)[] {
    const row = db.get('SELECT blobs FROM entry WHERE hash = ?', hash)
    return row ? keptBlobs(row.blobs as Uint8Array) : []
  }
  return {
    putErasure(space: string, by: Uint8Array, names: readonly ErasedName[]): void {
      db.doubt(`erased/${space}`)
      for (const { log, seq, hash, parts } of names)
        for (const part of parts)
          db.run(
            'INSERT INTO erased_part VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
            space,
            hash,
            part,
            by,
            log,
            seq,
          )
    },
    hasErasures(space: string): boolean {
      return db.isThere(
        `erased/${space}`,
        () =>
          db.get('SELECT 1 FROM erased_part WHERE space = ? LIMIT 1', space) !== undefined ||
          db.get('SELECT 1 FROM erased_record WHERE space = ? LIMIT 1', space) !== undefined,
      )
    },
    erasures(space: string): Uint8Array[] {
      if (!this.hasErasures(space)) return []
      return db
        .all('SELECT DISTINCT by FROM erased_part WHERE space = ? ORDER BY by', space)
        .map((row) => row.by as Uint8Array)
    },
    erasureNames(by: Uint8Array): ErasedName[] {
      const names: (ErasedName & { parts: number[] })[] = []
      for (const row of db.all('SELECT * FROM erased_part WHERE by = ? ORDER BY hash, part', by)) {
        const hash = row.hash as Uint8Array
        const last = names.at(-1)
        if (last && sameBytes(last.hash, hash)) last.parts.push(Number(row.part))
        else names.push({ log: row.log as string, seq: Number(row.seq), hash, parts: [Number(row.part)] })
      }
      return names
    },
    erasedParts(space: string, hash: Uint8Array): Map<number, boolean> {
      const rows = db.all(
        `SELECT part, max(coalesce(entry.status = 1, by IN (SELECT hash FROM base))) AS counts FROM erased_part LEFT JOIN entry ON entry.hash = by
         WHERE space = ? AND erased_part.hash = ? AND by NOT IN (SELECT hash FROM refused) GROUP BY part`,
        space,
        hash,
      )
      return new Map(rows.map((row) => [Number(row.part), row.counts === 1]))
    },
    erasuresOf(log: LogId, first: number, last: number): Uint8Array[] {
      return db
        .all('SELECT DISTINCT by FROM erased_part WHERE log = ? AND seq BETWEEN ? AND ?', log, first, last)
        .map((row) => row.by as Uint8Array)
    },
    unconfirmedErasures() {
      return db
        .all(
          `SELECT by, space, count(*) AS parts FROM erased_part LEFT JOIN entry ON entry.hash = by
         WHERE coalesce(entry.status, 0) <> 1 AND by NOT IN (SELECT hash FROM base) GROUP BY by, space ORDER BY by`,
        )
        .map((row) => ({
          by: row.by as Uint8Array,
          space: row.space as string,
          parts: Number(row.parts),
        }))
    },
    namedInVain(space: string): Uint8Array[] {
      if (!this.hasErasures(space)) return []
      return db
        .all(
          `SELECT DISTINCT erased_part.hash FROM erased_part JOIN entry named ON named.hash = erased_part.hash AND named.status = 1
         LEFT JOIN entry ON entry.hash = by
         WHERE space = ? AND coalesce(entry.status, 0) <> 1 AND by NOT IN (SELECT hash FROM base) ORDER BY erased_part.hash`,
          space,
        )
        .map((row) => row.hash as Uint8Array)
    },
    strike(hash: Uint8Array, parts: readonly number[]): void {
      const blobs = blobsOf(hash)
      for (const part of parts) if (part < blobs.length) blobs[part] = null
      db.run('UPDATE entry SET blobs = ? WHERE hash = ?', encodeCbor(blobs), hash)
      db.noteErased()
    },
    refill(hash: Uint8Array, parts: ReadonlyMap<number, Uint8Array>): void {
      const blobs = blobsOf(hash)
      for (const [part, blob] of parts) if (part < blobs.length) blobs[part] = blob
      db.shift()
      db.run('UPDATE entry SET blobs = ? WHERE hash = ?', encodeCbor(blobs), hash)
    },
    eraseRecords(space: string, ids: Iterable<string>): void {
      // Before the newest go: numbers only grow.
      const rev = db.nextRev()
      db.doubt(`erased/${space}`)
      onLost()
      const onPages = new Map<number, Set<string>>()
      for (const id of ids) {
        digest.touch(space, id)
        const page = db.get('SELECT page FROM record WHERE space = ? AND id = ?', space, id)?.page
        if (page != null) onPages.set(Number(page), (onPages.get(Number(page)) ?? new Set()).add(id))
        db.run('DELETE FROM record WHERE space = ? AND id = ?', space, id)
        db.run(
          'INSERT INTO erased_record VALUES (?, ?, ?) ON CONFLICT (space, id) DO UPDATE SET rev = excluded.rev',
          space,
          id,
          rev,
        )
      }
      for (const [page, gone] of onPages) pages.erase(page, gone)
      db.noteErased()
    },
    isErasedRecord(space: string, id: string): boolean {
      if (!this.hasErasures(space)) return false
      return db.get('SELECT 1 FROM erased_record WHERE space = ? AND id = ?', space, id) !== undefined
    },
  }
}
