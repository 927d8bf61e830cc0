import { sameBytes } from '../bytes/bytes.ts'
import { type LogDeclaration, type LogId, logIdOf } from '../log/entry.ts'
import { decodeSeen, encodeSeen } from './kept-forms.ts'
import { Memo } from './memo.ts'
import type { Row } from './row-cells.ts'
import type { SqliteConnection } from './sqlite-connection.ts'
import { DamagedStoreError, type Seen, type Tip } from './store.ts'

export type LogTable = ReturnType<typeof logTable>

/** Numbers of logs inside the file. A log never changes once it is there. */
export function logTable(db: SqliteConnection) {
  const rows = new Map<LogId, { readonly n: number; readonly log: LogDeclaration }>()
  const ids = new Map<number, LogId>()
  const forget = () => {
    rows.clear()
    ids.clear()
  }
  db.onUndone(forget)

  function row(id: LogId) {
    const known = rows.get(id)
    if (known) return known
    const found = db.get('SELECT * FROM log WHERE id = ?', id)
    if (!found) return null
    const read = { n: Number(found.n), log: rowToLog(found) }
    rows.set(id, read)
    ids.set(read.n, id)
    return read
  }
  function idOf(n: number): LogId {
    let id = ids.get(n)
    if (id === undefined) {
      const found = db.get('SELECT id FROM log WHERE n = ?', n)
      if (!found) throw new DamagedStoreError(`an entry names log number ${n}, which is not there`)
      id = found.id as string
      ids.set(n, id)
    }
    return id
  }
  /** -1: not there, and no entry has that. */
  const numberOf = (id: LogId): number => row(id)?.n ?? -1
  return { row, idOf, numberOf, forget }
}

/** Logs, the ends of their branches, and the signatures over their segments. */
export function sqliteLogs(db: SqliteConnection, logs: LogTable) {
  /** Ends of logs, and of all logs of a space. */
  const tips = new Memo<readonly Tip[]>(db)
  const tipsOfSpace = new Memo<readonly Tip[]>(db)
  /** By space; under the empty name all. */
  const known = new Memo<readonly { readonly id: LogId; readonly log: LogDeclaration }[]>(db)

  function toTip(row: Row): Tip {
    let seen: Seen | null = null
    let acts: Seen | null = null
    return {
      ref: { log: logs.idOf(Number(row.log)), seq: Number(row.seq), hash: row.hash as Uint8Array },
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
  return {
    logs(space?: string): readonly { readonly id: LogId; readonly log: LogDeclaration }[] {
      return known.of(space ?? '', () => {
        const rows = space
          ? db.all('SELECT * FROM log WHERE space = ? ORDER BY id', space)
          : db.all('SELECT * FROM log ORDER BY id')
        return rows.map((row) => ({ id: row.id as string, log: rowToLog(row) }))
      })
    },
    log(id: LogId): LogDeclaration | null {
      return logs.row(id)?.log ?? null
    },
    mendLog(id: LogId, { key, epoch }: LogDeclaration): void {
      logs.forget()
      known.forgetAll()
      db.run('UPDATE log SET key = ?, epoch = ? WHERE id = ?', key, epoch, id)
    },
    putLog(log: LogDeclaration): void {
      const id = logIdOf(log)
      if (logs.row(id)) return
      known.forget(log.space)
      known.forget('')
      db.run(
        'INSERT INTO log (id, key, epoch, space) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
        id,
        log.key,
        log.epoch,
        log.space,
      )
    },
    hasFork(log: LogId): boolean {
      return this.tipsOf(log).length > 1
    },
    tips(space: string): readonly Tip[] {
      return tipsOfSpace.of(space, () =>
        db
          .all(
            'SELECT tip.* FROM tip JOIN log ON log.n = tip.log WHERE log.space = ? ORDER BY log.id, tip.hash',
            space,
          )
          .map((row) => toTip(row)),
      )
    },
    tipsOf(log: LogId): readonly Tip[] {
      return tips.of(log, () =>
        db.all('SELECT * FROM tip WHERE log = ? ORDER BY hash', logs.numberOf(log)).map((row) => toTip(row)),
      )
    },
    putTip(log: LogId, replaces: Uint8Array | null, tip: Tip): void {
      const ends = tips.known(log)
      const [only = null] = ends?.length === 1 ? ends : []
      const before = only && replaces && sameBytes(only.ref.hash, replaces) ? only : null
      if (before) tips.keep(log, [tip])
      else tips.forget(log)
      const { space } = logs.row(log)!.log
      const all = before && tipsOfSpace.known(space)
      const place = all ? all.findIndex(({ ref }) => sameBytes(ref.hash, before.ref.hash)) : -1
      // A space of many logs is not read again for the one that goes on.
      if (all && place >= 0) tipsOfSpace.keep(space, all.with(place, tip))
      else tipsOfSpace.forget(space)
      db.countEntryPut(space)
      // An author sees nothing new from most of its entries to the next.
      const isSame = before && before.seen === tip.seen && before.acts === tip.acts
      if (isSame) {
        db.run('UPDATE tip SET hash = ?, seq = ? WHERE hash = ?', tip.ref.hash, tip.ref.seq, before.ref.hash)
        return
      }
      if (replaces) db.run('DELETE FROM tip WHERE hash = ?', replaces)
      db.run(
        'INSERT INTO tip VALUES (?, ?, ?, ?, ?)',
        tip.ref.hash,
        logs.numberOf(log),
        tip.ref.seq,
        encodeSeen(tip.seen),
        encodeSeen(tip.acts),
      )
    },
    dropTip(log: LogId, hash: Uint8Array): void {
      db.shift()
      tips.forget(log)
      tipsOfSpace.forgetAll()
      db.run('DELETE FROM tip WHERE hash = ?', hash)
    },
    dropTipsAndSegments(space: string): void {
      for (const table of ['tip', 'segment'])
        db.run(`DELETE FROM ${table} WHERE log IN (SELECT n FROM log WHERE space = ?)`, space)
      tips.forgetAll()
      tipsOfSpace.forgetAll()
    },
    segmentsOf(log: LogId, fromSeq: number) {
      return db
        .all(
          `SELECT segment.*, (SELECT max(n) FROM entry WHERE entry.log = segment.log AND entry.seq = segment.first) AS first_n
         FROM segment WHERE log = ? AND last >= ? ORDER BY first`,
          logs.numberOf(log),
          fromSeq,
        )
        .map((row) => ({
          log,
          firstN: Number(row.first_n),
          first: Number(row.first),
          last: Number(row.last),
          head: row.head as Uint8Array,
          signature: row.signature as Uint8Array,
        }))
    },
    bytesBetween(log: LogId, first: number, last: number): number {
      const row = db.get(
        'SELECT coalesce(sum(length(header) + length(blobs)), 0) AS bytes FROM entry WHERE log = ? AND seq BETWEEN ? AND ?',
        logs.numberOf(log),
        first,
        last,
      )
      return Number(row?.bytes ?? 0)
    },
    putSegment(segment: {
      log: LogId
      first: number
      last: number
      head: Uint8Array
      signature: Uint8Array
    }): void {
      db.run(
        'INSERT INTO segment VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
        logs.numberOf(segment.log),
        segment.first,
        segment.last,
        segment.head,
        segment.signature,
      )
    },
    lastSigned(log: LogId): number {
      const row = db.get('SELECT max(last) AS last FROM segment WHERE log = ?', logs.numberOf(log))
      return row?.last == null ? -1 : Number(row.last)
    },
  }
}
const rowToLog = (row: Row): LogDeclaration => ({
  key: row.key as Uint8Array,
  epoch: row.epoch as Uint8Array,
  space: row.space as string,
})
