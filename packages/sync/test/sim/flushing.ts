import { readSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { DatabaseSync } from 'node:sqlite'

const require = createRequire(import.meta.url)
export const fs = require('node:fs') as Record<string, unknown> & typeof import('node:fs')

const HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
const PAGE_BYTES = 4096
const SALT_AT = 16
const FRAME_SALT_AT = 8

/** A write-ahead log as far as it is on the disk for sure, and when SQLite's own file was last written to. */
type Mark = { readonly salt: string; readonly frames: number; readonly fileAt: bigint }

/**
 * The disk under the product: what SQLite commits without waiting stands in its log, and a power cut may take it until
 * it was flushed. Flushing takes as long as `delay` says, or lasts until somebody ends it.
 */
export class Flushing {
  readonly #real = { openSync: fs.openSync, fdatasync: fs.fdatasync, fdatasyncSync: fs.fdatasyncSync }
  readonly #paths = new Map<number, string>()
  readonly #relaxed = new WeakSet<DatabaseSync>()
  /** Of logs that may hold more than that. */
  readonly #sure = new Map<string, Mark>()
  /** As they were last looked at: frames are counted once. */
  readonly #seen = new Map<string, Mark>()
  /** What had changed when a transaction began that SQLite itself puts on the disk, if it changes anything. */
  readonly #begun = new Map<string, number>()
  #underWay: (() => void)[] = []
  /** Calls back some time later. */
  delay: (end: () => void) => void = (end) => end()
  /** A planted fault: a flush that is none. */
  isIdle = false

  constructor() {
    fs.openSync = ((...args: Parameters<typeof fs.openSync>) => {
      const opened = this.#real.openSync(...args)
      this.#paths.set(opened, String(args[0]))
      return opened
    }) as typeof fs.openSync
    fs.fdatasyncSync = (opened) => {
      if (!this.isIdle) this.#sure.delete(this.#paths.get(opened)!)
    }
    fs.fdatasync = ((opened: number, done: (error: null) => void) => {
      const log = this.#paths.get(opened)!
      // What is committed from here on it does not wait for.
      const mark = this.#look(log)
      let isOver = false
      const end = () => {
        if (isOver) return
        isOver = true
        this.#underWay = this.#underWay.filter((other) => other !== end)
        const known = this.#sure.get(log)
        // Meanwhile more of it may have been put there at once.
        const isMore = known?.salt === mark.salt && known.frames < mark.frames
        if (!this.isIdle && isMore) this.#sure.set(log, mark)
        done(null)
      }
      this.#underWay.push(end)
      this.delay(end)
    }) as unknown as typeof fs.fdatasync
  }

  #look(log: string): Mark {
    const mark = markOf(log, this.#seen.get(log))
    this.#seen.set(log, mark)
    return mark
  }

  /** What a store is about to say to its connection. `changes`: how many rows it has changed so far. */
  before(db: DatabaseSync, text: string, changes: () => number): void {
    if (text === 'PRAGMA synchronous = NORMAL') this.#relaxed.add(db)
    else if (text === 'PRAGMA synchronous = FULL') this.#relaxed.delete(db)
    if (text !== 'BEGIN IMMEDIATE') return
    const log = logOf(db)
    const isSure = !this.#sure.has(log)
    if (this.#relaxed.has(db) && isSure) this.#sure.set(log, this.#look(log))
    if (!this.#relaxed.has(db) && !isSure) this.#begun.set(log, changes())
  }
  /** What it has said. */
  after(db: DatabaseSync, text: string, changes: () => number): void {
    if (text !== 'COMMIT' && text !== 'ROLLBACK') return
    const begun = this.#begun.get(logOf(db))
    if (begun === undefined) return
    this.#begun.delete(logOf(db))
    if (text === 'COMMIT' && changes() !== begun) this.#sure.delete(logOf(db))
  }

  /** Everything that is being flushed is. */
  finish(): void {
    for (const end of [...this.#underWay]) end()
  }

  /** How many bytes of a home's log a power cut leaves for sure; null: all. */
  sureBytes(file: string): number | null {
    const log = `${file}-wal`
    const mark = this.#sure.get(log)
    if (!mark) return null
    // Moved into SQLite's own file meanwhile, which first puts all of it on the disk.
    const now = this.#look(log)
    if (now.fileAt !== mark.fileAt || now.salt !== mark.salt) return null
    return HEADER_BYTES + mark.frames * (FRAME_HEADER_BYTES + PAGE_BYTES)
  }

  /** Other bytes lie there now. */
  forget(file: string): void {
    this.#sure.delete(`${file}-wal`)
    this.#seen.delete(`${file}-wal`)
  }

  [Symbol.dispose](): void {
    this.finish()
    Object.assign(fs, this.#real)
  }
}

const logOf = (db: DatabaseSync): string => `${db.location()}-wal`

/** Counts on from what was known of the same log. */
function markOf(log: string, known?: Mark): Mark {
  const fileAt = statSync(log.slice(0, -'-wal'.length), { bigint: true }).mtimeNs
  const none = { salt: '', frames: 0, fileAt }
  if (!statSync(log, { throwIfNoEntry: false })?.size) return none
  const opened = fs.openSync(log, 'r')
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    readSync(opened, header, 0, HEADER_BYTES, 0)
    const salt = header.toString('hex', SALT_AT, SALT_AT + 8)
    let frames = known?.salt === salt ? known.frames : 0
    const frame = Buffer.alloc(FRAME_HEADER_BYTES)
    const isNext = () => {
      const at = HEADER_BYTES + frames * (FRAME_HEADER_BYTES + PAGE_BYTES)
      const read = readSync(opened, frame, 0, FRAME_HEADER_BYTES, at)
      return read === FRAME_HEADER_BYTES && frame.toString('hex', FRAME_SALT_AT, FRAME_SALT_AT + 8) === salt
    }
    while (isNext()) frames++
    return { salt, frames, fileAt }
  } finally {
    fs.closeSync(opened)
  }
}
