import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { Writable } from 'node:stream'
import { fail, ok, type Problem, type Result } from '@doorstep/core'

/** A file that is written in pieces under another name, and appears whole or not at all. */
export class FilePart implements Disposable {
  readonly #path: string
  readonly #part: string
  #file: number | null
  #pending: Buffer[] = []
  #pendingBytes = 0
  #failure: unknown = null
  bytes = 0

  private constructor(path: string, file: number) {
    this.#path = path
    this.#part = `${path}.part`
    this.#file = file
  }

  static open(path: string): Result<FilePart> {
    try {
      return ok(new FilePart(path, openSync(`${path}.part`, 'w', 0o600)))
    } catch (error) {
      return fail(fileProblem(path, error))
    }
  }

  /** Throws what the disk says; see `attempt`. */
  write(piece: string | Uint8Array): void {
    const bytes = Buffer.from(piece as string)
    this.#pending.push(bytes)
    this.#pendingBytes += bytes.length
    this.bytes += bytes.length
    if (this.#pendingBytes >= BUFFER_BYTES) this.#flush()
  }

  #flush(): void {
    if (this.#file === null) return
    const all = Buffer.concat(this.#pending)
    for (let at = 0; at < all.length; ) at += writeSync(this.#file, all, at)
    this.#pending = []
    this.#pendingBytes = 0
  }

  /** For writers that want a stream: what the disk says to it is thrown by `finish`. */
  stream(): Writable {
    return new Writable({
      write: (chunk: Uint8Array, _encoding, done) => {
        try {
          if (this.#failure === null) this.write(chunk)
        } catch (error) {
          this.#failure = error
        }
        done()
      },
    })
  }

  /** On the disk, under its name. */
  finish(): void {
    if (this.#failure !== null) throw this.#failure
    if (this.#file === null) return
    this.#flush()
    fsyncSync(this.#file)
    closeSync(this.#file)
    this.#file = null
    renameSync(this.#part, this.#path)
    syncFolder(dirname(this.#path))
  }

  /** Runs what writes it; a failure of the disk is a problem, and leaves nothing behind. */
  async attempt<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    try {
      const done = await work()
      if (done.ok) this.finish()
      return done
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error
      return fail(fileProblem(this.#path, error))
    } finally {
      this[Symbol.dispose]()
    }
  }

  [Symbol.dispose](): void {
    if (this.#file === null) return
    closeSync(this.#file)
    this.#file = null
    rmSync(this.#part, { force: true })
  }
}

const BUFFER_BYTES = 256 * 1024

function syncFolder(folder: string): void {
  // Windows has no such thing, and needs none.
  if (process.platform === 'win32') return
  const file = openSync(folder, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

export function fileProblem(file: string, error: unknown): Problem {
  const { code } = error as NodeJS.ErrnoException
  return code === 'ENOSPC' ? { type: 'disk-full', file } : { type: 'file-unwritable', file, code: code ?? '' }
}
