import { chunksIn, type Station, sealedSizeOf } from '@doorstep/core'
import type { BlobMessage } from './message.ts'

export type BlobGiverDeps = {
  readonly station: Station
  /** Resolves when the frame left our buffers. */
  readonly send: (message: BlobMessage) => Promise<void>
  readonly isQuiet: () => boolean
  readonly mayGive: (blob: string) => boolean
  /** Asked for, and not here whole. */
  readonly onLacking: (blob: string) => void
  readonly onError: (error: unknown) => void
}

/** Gives the pieces that a peer asks for, one at a time. */
export class BlobGiver {
  readonly #deps: BlobGiverDeps
  readonly #asked: { readonly blob: string; readonly index: number }[] = []
  #isGiving = false
  #sentBytes = 0
  #closed = false

  constructor(deps: BlobGiverDeps) {
    this.#deps = deps
  }

  get sentBytes(): number {
    return this.#sentBytes
  }
  get waiting(): number {
    return this.#asked.length
  }

  want(blob: string, index: number): void {
    this.#asked.push({ blob, index })
    this.poke()
  }

  poke(): void {
    this.#give().catch(this.#deps.onError)
  }

  /** Each when the one before has left: an entry that comes meanwhile waits for one chunk at most. */
  async #give(): Promise<void> {
    if (this.#isGiving) return
    this.#isGiving = true
    try {
      while (this.#asked.length > 0 && !this.#closed && this.#deps.isQuiet()) {
        const { blob, index } = this.#asked.shift()!
        const bytes = this.#piece(blob, index)
        this.#sentBytes += bytes.length
        await this.#deps.send({ type: 'blob-piece', blob, index, bytes })
      }
    } finally {
      this.#isGiving = false
    }
  }

  /** Piece 0 are the leaves, the others the chunks; empty when it is not here, or not right any more. */
  #piece(blob: string, index: number): Uint8Array {
    const { blobs } = this.#deps.station
    const nothing = new Uint8Array(0)
    if (!this.#deps.mayGive(blob) || !blobs.row(blob)?.isHere) return nothing
    const bytes = index === 0 ? blobs.files.leaves(blob) : blobs.files.chunk(blob, index - 1)
    if (!bytes && index <= chunksIn(sealedSizeOf(blob))) blobs.notWhole(blob)
    if (!bytes) this.#deps.onLacking(blob)
    return bytes ?? nothing
  }

  close(): void {
    this.#closed = true
  }
}
