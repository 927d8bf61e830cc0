import { closeSync, fdatasync, fdatasyncSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { syncFolder } from './sync-folder.ts'

/**
 * Puts the write-ahead log of a SQLite file on the disk without SQLite, which does it only inside a commit and lets
 * everything wait for it. Commits stand there one after the other, each with its checksum, so what a power cut leaves is
 * a beginning of them (https://sqlite.org/walformat.html).
 */
export class LogFlush {
  readonly #path: string | null
  #file: number | null = null
  #isClosed = false
  #underWay = 0

  /** `file`: SQLite's; null when it is in memory alone. */
  constructor(file: string | null) {
    this.#path = file === null ? null : `${file}-wal`
  }

  now(): void {
    const file = this.#open()
    if (file !== null) fdatasyncSync(file)
  }

  async soon(): Promise<void> {
    const file = this.#open()
    if (file === null) return
    this.#underWay++
    try {
      await promisify(fdatasync)(file)
    } finally {
      this.#underWay--
      if (this.#isClosed) this.close()
    }
  }

  /** Null where nothing was committed, or all of it is in SQLite's own file, which it does not leave to chance. */
  #open(): number | null {
    if (this.#isClosed) throw new Error('the file was closed')
    if (this.#file !== null || this.#path === null) return this.#file
    if (!statSync(this.#path, { throwIfNoEntry: false })?.size) return null
    // For writing, or Windows does not flush it.
    this.#file = openSync(this.#path, 'r+')
    // It may have been made a moment ago.
    syncFolder(dirname(this.#path))
    return this.#file
  }

  /** When what is under way has ended. */
  close(): void {
    this.#isClosed = true
    if (this.#underWay > 0 || this.#file === null) return
    closeSync(this.#file)
    this.#file = null
  }
}
