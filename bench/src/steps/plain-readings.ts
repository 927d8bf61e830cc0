import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { HOUR_MS, readingOf, type Year } from '../meter-year.ts'
import { step, usage } from '../step.ts'
import type { Readings } from './doorstep-readings.ts'

/** The same rows in a plain table, unsealed, an hour a transaction and synced; read back as they are, the least there is to do. */
step<Year & { file: string }>(async ({ file, ...year }): Promise<Readings> => {
  const db = new DatabaseSync(file)
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE reading (device INTEGER, signal INTEGER, at INTEGER, value REAL, PRIMARY KEY (device, signal, at)) WITHOUT ROWID`)
  const put = db.prepare('INSERT INTO reading VALUES (?, 1, ?, ?) ON CONFLICT DO NOTHING')
  const startedAt = performance.now()
  const before = usage().cpuMs
  let kept = 0
  for (let hour = 0; hour < year.hours; hour++) {
    db.exec('BEGIN')
    for (let meter = 0; meter < year.homes; meter++) {
      const { atMs, value } = readingOf(year, meter, hour)
      kept += Number(put.run(meter, atMs, value).changes)
    }
    db.exec('COMMIT')
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  const ms = performance.now() - startedAt
  const { cpuMs } = usage()
  const get = db.prepare(
    'SELECT at, value FROM reading WHERE device = ? AND signal = 1 AND at >= ? AND at < ?',
  )
  const readMs: number[] = []
  let used = 0
  for (let n = 0; n < 11; n++) {
    const at = performance.now()
    const rows = get.all(n % year.homes, year.startMs, year.startMs + year.hours * HOUR_MS) as {
      value: number
    }[]
    readMs.push(performance.now() - at)
    if (n === 0) used = rows.at(-1)!.value - rows[0]!.value
  }
  db.close()
  return { ms, cpuMs: cpuMs - before, bytes: statSync(file).size, kept, readMs, used }
})
