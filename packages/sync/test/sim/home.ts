import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type HomeProblem, type JoinRequest, openStation, type Result, type Station } from '@doorstep/core'
import { testSecret } from '@doorstep/core/testing'
import { fingerprint } from '../../../core/src/station/machine.ts'
import type { Platform } from './platform.ts'
import type { Program } from './program.ts'
import { START, type Timeline } from './timeline.ts'

/** A home's files as they lie on the disk at one moment. */
export type Image = { readonly db: Buffer; readonly wal: Buffer | null }

const FILE = 'station.db'
const UNLIMITED_PAGES = 1_073_741_823

/** One machine with one home: its disk, its clock, and the station while it runs. */
export class Home {
  readonly name: string
  readonly folder: string
  station: Station | null = null
  /** How far this machine's clock is off, in milliseconds. */
  skewMs = 0
  isFull = false
  /** Kept for a planted fault alone. */
  beforeLastWrite: Image | null = null
  /** Its station has said what is not on this disk: it was put back to an earlier day, or there is a copy. */
  maySayMore = false
  /** Keys and records were destroyed, for the station was removed or left. */
  isRetired = false
  /** What this machine runs instead of this version, until everybody has been updated. */
  program: Program | null = null
  /** Of a newcomer: the request it carries until somebody grants it, and the one key it believes. */
  joining: { readonly request: JoinRequest; readonly trustKey: Uint8Array } | null = null
  readonly #platform: Platform
  readonly #timeline: Timeline

  constructor(name: string, folder: string, platform: Platform, timeline: Timeline) {
    this.name = name
    this.folder = folder
    this.#platform = platform
    this.#timeline = timeline
  }

  get file(): string {
    return join(this.folder, FILE)
  }
  readonly now = (): number => START + this.#timeline.now + this.skewMs

  /** The running station; asked of a home that is shut it is a bug of the simulator. */
  get running(): Station {
    if (!this.station) throw new Error(`${this.name} does not run`)
    return this.station
  }

  async open(): Promise<Result<Station, HomeProblem>> {
    const opened = await openStation({ home: this.folder, secret: testSecret, now: this.now })
    if (opened.ok) this.station = opened.value
    return opened
  }

  async shut(): Promise<void> {
    const { station } = this
    this.station = null
    await station?.close().catch(() => undefined)
  }

  /** Every commit is in the file or in its log. */
  image(): Image {
    const wal = `${this.file}-wal`
    return { db: readFileSync(this.file), wal: existsSync(wal) ? readFileSync(wal) : null }
  }
  /** How many bytes of the log a power cut leaves for sure; null: all. */
  sureBytes(): number | null {
    return this.#platform.flushing.sureBytes(this.file)
  }

  /** Puts other bytes into the same files, as a disk would hold them after a crash: nothing notices by the file alone. */
  put(image: Image): void {
    this.#platform.flushing.forget(this.file)
    mkdirSync(this.folder, { recursive: true })
    rmSync(`${this.file}-shm`, { force: true })
    writeFileSync(this.file, image.db)
    if (image.wal) writeFileSync(`${this.file}-wal`, image.wal)
    else rmSync(`${this.file}-wal`, { force: true })
  }

  /** Files made anew, as a restore from a backup makes them: another inode, which the product notices. */
  putAnew(image: Image): void {
    rmSync(this.folder, { recursive: true, force: true })
    this.put(image)
  }

  /** Makes a copied file pass for the one it was copied from, as a snapshot of a whole machine does. */
  disguise(): void {
    const db = new DatabaseSync(this.file)
    db.prepare("UPDATE setting SET value = ? WHERE name = 'machine'").run(Buffer.from(fingerprint(this.file)))
    db.close()
  }

  /**
   * The disk has no room. SQLite says so when something is committed, or, where it is the file that may not grow by
   * more than some pages, in the middle of a transaction.
   */
  fillDisk(sparePages: number | null): void {
    this.isFull = true
    const db = this.#connection()
    if (sparePages === null) return this.#platform.setFull(db, true)
    const { page_count: pages } = db.prepare('PRAGMA page_count').get() as { page_count: number }
    db.exec(`PRAGMA max_page_count = ${pages + sparePages}`)
  }
  makeRoom(): void {
    this.isFull = false
    if (!this.station) return
    const db = this.#connection()
    this.#platform.setFull(db, false)
    db.exec(`PRAGMA max_page_count = ${UNLIMITED_PAGES}`)
  }
  #connection(): DatabaseSync {
    const db = this.#platform.database(this.file)
    if (!db?.isOpen) throw new Error(`${this.name} has no open database`)
    return db
  }
}
