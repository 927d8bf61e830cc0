import type { BlobName } from '../blob/blob-names.ts'
import { sealedSizeOf } from '../blob/limits.ts'
import type { BlobHolder, BlobOwner, BlobRow, BlobShelf, BlobState, HolderRank } from './blob-shelf.ts'
import type { Row } from './row-cells.ts'
import type { SqliteConnection } from './sqlite-connection.ts'

/** Whether any blob is named. */
const NAMED = 'blob-named'
const NO_ENTRY = new Uint8Array(0)
/** One row a blob, whoever names it. */
const ROWS = `
  SELECT n.blob, max(n.preview) AS preview, max(n.at) AS at, group_concat(DISTINCT n.space) AS spaces,
    b.here, b.own, b.kept, b.promised, b.dropped, b.used
  FROM blob_name n LEFT JOIN blob b ON b.blob = n.blob`
const COLUMNS: Readonly<Record<keyof BlobState, string>> = {
  isHere: 'here',
  isOwn: 'own',
  isKept: 'kept',
  isPromised: 'promised',
  isDropped: 'dropped',
  usedAt: 'used',
}

/** What is known of blobs, in the station's file. */
export class SqliteBlobs implements BlobShelf {
  readonly #db: SqliteConnection
  /** A process that was killed between a record and its blob's file looks when it is opened again. */
  mayHaveLost = true
  named = 0

  constructor(db: SqliteConnection) {
    this.#db = db
  }

  noteLost(): void {
    this.mayHaveLost = true
  }
  settledLost(): void {
    this.mayHaveLost = false
  }
  putName({ blob, isPreview }: BlobName, owner: BlobOwner, space: string, at: number): void {
    this.named++
    this.#db.doubt(NAMED)
    const [record, entry, part] =
      'record' in owner ? [owner.record, NO_ENTRY, 0] : ['', owner.entry, owner.part]
    this.#db.run(
      'INSERT INTO blob_name VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
      blob,
      space,
      record,
      entry,
      part,
      isPreview ? 1 : 0,
      at,
    )
  }
  dropPart(entry: Uint8Array, part: number): void {
    const named = this.#db.get('SELECT 1 FROM blob_name WHERE entry = ? AND part = ?', entry, part)
    if (!named) return
    this.#db.run('DELETE FROM blob_name WHERE entry = ? AND part = ?', entry, part)
    this.noteLost()
  }
  orphans() {
    if (!this.#isNamed()) return []
    return this.#db
      .all(`
      SELECT n.blob, n.space, n.record, e.id IS NOT NULL AS erased FROM blob_name n
      LEFT JOIN record r ON r.space = n.space AND r.id = n.record
      LEFT JOIN erased_record e ON e.space = n.space AND e.id = n.record
      WHERE n.record <> '' AND r.n IS NULL`)
      .map((row) => ({
        blob: row.blob as string,
        space: row.space as string,
        record: row.record as string,
        isErased: row.erased === 1,
      }))
  }
  dropName(blob: string, space: string, record: string): void {
    this.#db.run('DELETE FROM blob_name WHERE blob = ? AND space = ? AND record = ?', blob, space, record)
  }
  unnamed(): string[] {
    return this.#db
      .all('SELECT blob FROM blob WHERE NOT EXISTS (SELECT 1 FROM blob_name n WHERE n.blob = blob.blob)')
      .map((row) => row.blob as string)
  }
  forget(blob: string): void {
    this.#db.run('DELETE FROM blob WHERE blob = ?', blob)
    this.#db.run('DELETE FROM blob_holder WHERE blob = ?', blob)
  }
  row(blob: string): BlobRow | null {
    const [row] = this.#db.all(`${ROWS} WHERE n.blob = ? GROUP BY n.blob`, blob)
    return row ? toRow(row) : null
  }
  rows(): BlobRow[] {
    // Asked for at every pause of a meeting, and most communities have no photos.
    if (!this.#isNamed()) return []
    return this.#db.all(`${ROWS} GROUP BY n.blob ORDER BY at DESC, n.blob`).map(toRow)
  }
  #isNamed(): boolean {
    return this.#db.isThere(NAMED, () => this.#db.get('SELECT 1 FROM blob_name LIMIT 1') !== undefined)
  }
  put(blob: string, state: Partial<BlobState>): void {
    this.#db.run('INSERT INTO blob VALUES (?, 0, 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING', blob)
    for (const [name, value] of Object.entries(state))
      this.#db.run(
        `UPDATE blob SET ${COLUMNS[name as keyof BlobState]} = ? WHERE blob = ?`,
        Number(value),
        blob,
      )
  }
  holders(blob: string): BlobHolder[] {
    return this.#db.all('SELECT * FROM blob_holder WHERE blob = ? ORDER BY station', blob).map((row) => ({
      station: row.station as string,
      rank: Number(row.rank) as HolderRank,
      at: Number(row.at),
    }))
  }
  putHolder(blob: string, { station, rank, at }: BlobHolder): void {
    this.#db.run(
      'INSERT INTO blob_holder VALUES (?, ?, ?, ?) ON CONFLICT (blob, station) DO UPDATE SET rank = excluded.rank, at = excluded.at',
      blob,
      station,
      rank,
      at,
    )
  }
  dropHolder(blob: string, station: string): void {
    this.#db.run('DELETE FROM blob_holder WHERE blob = ? AND station = ?', blob, station)
  }
}

const toRow = (row: Row): BlobRow => ({
  blob: row.blob as string,
  bytes: sealedSizeOf(row.blob as string),
  isPreview: row.preview === 1,
  at: Number(row.at),
  spaces: (row.spaces as string).split(','),
  isHere: row.here === 1,
  isOwn: row.own === 1,
  isKept: row.kept === 1,
  isPromised: row.promised === 1,
  isDropped: row.dropped === 1,
  usedAt: Number(row.used ?? 0),
})
