import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { syncFolder } from '../store/sync-folder.ts'
import { CHUNK_BYTES, chunkSize, chunksIn, LEAF_BYTES, sealedSizeOf } from './limits.ts'
import { areLeavesOf, isChunkOf, type SealedBlob } from './seal-blob.ts'

const FOLDER = 'blobs'
/** Left by a process that was killed while it wrote; younger ones may be another process's work. */
const STALE_MS = 60 * 60 * 1000
/** Of what is being fetched, so much may be lost when the power goes: a disk write for each chunk is slow. */
const SYNC_BYTES = 1024 * 1024

export const removeBlobFolder = (home: string): void =>
  rmSync(join(home, FOLDER), { recursive: true, force: true })

/**
 * Sealed blobs beside the store: `blobs/2b/00…2b`, leaves first, then chunks. What is not whole is `….part` of the same
 * layout, written in order, so that its length says how far it is, and its leaves whether that is true. A file has its
 * name only when all of it is on the disk.
 */
export class BlobFiles {
  readonly #folder: string
  /** Fetched and not yet forced to the disk, in bytes. */
  readonly #unsynced = new Map<string, number>()

  constructor(home: string) {
    this.#folder = join(home, FOLDER)
  }

  #path(blob: string, suffix = ''): string {
    return join(this.#folder, blob.slice(-2), blob + suffix)
  }

  /** Whole on the disk when it returns. Throws what the disk says (ENOSPC, EACCES), and then leaves nothing. */
  put(blob: string, { leaves, sealed }: Pick<SealedBlob, 'leaves' | 'sealed'>): void {
    if (this.has(blob)) return
    const fresh = this.#path(blob, `.${randomBytes(4).toString('hex')}.new`)
    this.#makeFolder(blob)
    try {
      const file = openSync(fresh, 'wx', 0o600)
      try {
        writeWhole(file, leaves, 0)
        writeWhole(file, sealed, leaves.length)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(fresh, this.#path(blob))
    } catch (error) {
      rmSync(fresh, { force: true })
      throw error
    }
    this.#syncFolder(blob)
  }

  /** By its name and size; `verify` looks into it. */
  has(blob: string): boolean {
    const sealedBytes = sealedSizeOf(blob)
    const stats = statSync(this.#path(blob), { throwIfNoEntry: false })
    return stats?.size === sealedBytes + chunksIn(sealedBytes) * LEAF_BYTES
  }

  leaves(blob: string): Uint8Array | null {
    return this.#read(this.#path(blob), 0, chunksIn(sealedSizeOf(blob)) * LEAF_BYTES)
  }

  /** Null when it is not there, or is not what its leaf says: a damaged chunk is not passed on. */
  chunk(blob: string, index: number): Uint8Array | null {
    const sealedBytes = sealedSizeOf(blob)
    if (index >= chunksIn(sealedBytes)) return null
    const leaves = this.leaves(blob)
    const at = chunksIn(sealedBytes) * LEAF_BYTES + index * CHUNK_BYTES
    const chunk = this.#read(this.#path(blob), at, chunkSize(sealedBytes, index))
    return leaves && chunk && isChunkOf(blob, leaves, index, chunk) ? chunk : null
  }

  /** All chunks, each looked at; null when any is not there or not what was sealed. */
  read(blob: string): Uint8Array | null {
    const sealedBytes = sealedSizeOf(blob)
    const head = chunksIn(sealedBytes) * LEAF_BYTES
    const bytes = this.has(blob) ? this.#read(this.#path(blob), 0, head + sealedBytes) : null
    if (!bytes) return null
    const leaves = bytes.subarray(0, head)
    const sealed = bytes.subarray(head)
    return isWhole(blob, leaves, sealed) ? sealed : null
  }

  verify(blob: string): boolean {
    return this.read(blob) !== null
  }

  // ---- what comes in pieces

  /** What has come of it and is right: its leaves, and how many chunks. Null when there is nothing, or it is not right. */
  arrived(blob: string): { readonly leaves: Uint8Array; readonly chunks: number } | null {
    const path = this.#path(blob, '.part')
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    const sealedBytes = sealedSizeOf(blob)
    const head = chunksIn(sealedBytes) * LEAF_BYTES
    const bytes = this.#read(path, 0, Math.min(size, head + sealedBytes))
    const leaves = bytes?.subarray(0, head)
    if (!bytes || !leaves || !areLeavesOf(blob, leaves)) return null
    let chunks = 0
    while (chunks < chunksIn(sealedBytes)) {
      const at = head + chunks * CHUNK_BYTES
      const chunk = bytes.subarray(at, at + chunkSize(sealedBytes, chunks))
      if (!isChunkOf(blob, leaves, chunks, chunk)) break
      chunks++
    }
    return { leaves: new Uint8Array(leaves), chunks }
  }

  /** The same for whoever fetches the rest: what is not right is cut off. */
  begun(blob: string): { readonly leaves: Uint8Array; readonly chunks: number } | null {
    const path = this.#path(blob, '.part')
    const arrived = this.arrived(blob)
    if (!arrived) {
      rmSync(path, { force: true })
      return null
    }
    const sealedBytes = sealedSizeOf(blob)
    const head = chunksIn(sealedBytes) * LEAF_BYTES
    const right = Math.min(head + arrived.chunks * CHUNK_BYTES, head + sealedBytes)
    if (statSync(path).size !== right) truncateSync(path, right)
    return arrived
  }

  /** The caller has compared the leaves with the address. */
  begin(blob: string, leaves: Uint8Array): void {
    this.#makeFolder(blob)
    this.#append(blob, leaves, 0)
  }

  /** The caller has compared the chunk with its leaf. */
  append(blob: string, index: number, chunk: Uint8Array): void {
    this.#append(blob, chunk, chunksIn(sealedSizeOf(blob)) * LEAF_BYTES + index * CHUNK_BYTES)
  }

  #append(blob: string, bytes: Uint8Array, at: number): void {
    const file = openSync(this.#path(blob, '.part'), at === 0 ? 'w' : 'r+', 0o600)
    try {
      writeWhole(file, bytes, at)
      const unsynced = (this.#unsynced.get(blob) ?? 0) + bytes.length
      if (unsynced >= SYNC_BYTES) fsyncSync(file)
      this.#unsynced.set(blob, unsynced >= SYNC_BYTES ? 0 : unsynced)
    } finally {
      closeSync(file)
    }
  }

  /** All has come: on the disk and under its name when it returns. False when what is there is not it. */
  finish(blob: string): boolean {
    this.#unsynced.delete(blob)
    if (this.has(blob)) {
      // Another process was faster.
      rmSync(this.#path(blob, '.part'), { force: true })
      return true
    }
    if (this.begun(blob)?.chunks !== chunksIn(sealedSizeOf(blob))) return false
    const file = openSync(this.#path(blob, '.part'), 'r+')
    try {
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(this.#path(blob, '.part'), this.#path(blob))
    this.#syncFolder(blob)
    return true
  }

  /** What is whole no more goes back to what is being fetched: only what is wrong in it, and after, comes again. */
  reopen(blob: string): void {
    if (!existsSync(this.#path(blob))) return
    renameSync(this.#path(blob), this.#path(blob, '.part'))
    this.begun(blob)
  }

  remove(blob: string): void {
    this.#unsynced.delete(blob)
    rmSync(this.#path(blob), { force: true })
    rmSync(this.#path(blob, '.part'), { force: true })
  }

  /** What nobody names: left by a process that was killed between a file and its record, or with an old backup. */
  sweep(isNamed: (blob: string, isPart: boolean) => boolean, now: number): number {
    let swept = 0
    if (!existsSync(this.#folder)) return swept
    for (const shelf of readdirSync(this.#folder, { withFileTypes: true })) {
      // What a file manager leaves everywhere is nobody's blob.
      if (!shelf.isDirectory()) continue
      for (const name of readdirSync(join(this.#folder, shelf.name))) {
        const path = join(this.#folder, shelf.name, name)
        const [blob, ...suffix] = name.split('.')
        const isPart = suffix.at(-1) === 'part'
        const stats = statSync(path, { throwIfNoEntry: false })
        if (!stats || now - stats.mtimeMs < STALE_MS) continue
        if ((isPart || suffix.length === 0) && isNamed(blob!, isPart)) continue
        rmSync(path, { force: true })
        swept++
      }
    }
    return swept
  }

  #read(path: string, at: number, length: number): Uint8Array | null {
    let file: number
    try {
      file = openSync(path, 'r')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
    try {
      if (fstatSync(file).size < at + length) return null
      const bytes = Buffer.allocUnsafe(length)
      let read = 0
      while (read < length) {
        const count = readSync(file, bytes, read, length - read, at + read)
        if (count === 0) return null
        read += count
      }
      return bytes
    } finally {
      closeSync(file)
    }
  }

  #makeFolder(blob: string): void {
    const shelf = join(this.#folder, blob.slice(-2))
    const made = mkdirSync(shelf, { recursive: true, mode: 0o700 })
    if (made === undefined) return
    // A folder is a name in another one too.
    syncFolder(this.#folder)
    if (made !== shelf) syncFolder(dirname(this.#folder))
  }
  #syncFolder(blob: string): void {
    syncFolder(join(this.#folder, blob.slice(-2)))
  }
}

function isWhole(blob: string, leaves: Uint8Array, sealed: Uint8Array): boolean {
  if (!areLeavesOf(blob, leaves)) return false
  const sealedBytes = sealedSizeOf(blob)
  for (let index = 0; index < chunksIn(sealedBytes); index++) {
    const at = index * CHUNK_BYTES
    if (!isChunkOf(blob, leaves, index, sealed.subarray(at, at + chunkSize(sealedBytes, index)))) return false
  }
  return true
}

function writeWhole(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(file, bytes, done, bytes.length - done, at + done)
}
