import { areLeavesOf, chunksIn, isChunkOf, type Station, sealedSizeOf } from '@doorstep/core'
import type { Clock } from './clock.ts'
import type { BlobMessage } from './message.ts'

/** Chunks asked for and not here yet: 256 KiB, so that a slow link is never full of what can wait. */
export const WINDOW_CHUNKS = 16
/** A peer that has given nothing of what was asked for in this long is asked no more: another may have it. */
const STUCK_MS = 60_000

export type BlobTakerDeps = {
  readonly station: Station
  readonly clock: Clock
  readonly send: (message: BlobMessage) => Promise<void>
  readonly isQuiet: () => boolean
  /** Nothing is left to fetch: there may be something to ask about. */
  readonly onIdle: () => void
  readonly onChange: () => void
  readonly onFault: (reason: string) => void
  /** It is here, and the peer may hear so. */
  readonly announce: (blob: string) => void
  /** A piece of it was false. */
  readonly onFalse: (blob: string) => void
}

type Fetch = { readonly blob: string; leaves: Uint8Array | null; filled: number; asked: number }

/**
 * Fetches blobs that a peer has, chunk by chunk at its own pace. A chunk is compared with its hash and written as it
 * comes, so that whoever is met next goes on from there.
 */
export class BlobTaker {
  readonly #deps: BlobTakerDeps
  #queue: string[] = []
  readonly #open = new Map<string, Fetch>()
  /** The peer has them, and another meeting is fetching them. */
  readonly #passedBy = new Set<string>()
  /** Pieces asked for: `blob/index`. Those of a fetch that was given up may still be under way. */
  readonly #expected = new Set<string>()
  /** A piece of them was false: of this peer they are not asked again. */
  readonly #false = new Set<string>()
  #counts = { received: 0, receivedBytes: 0, falsePieces: 0 }
  #problem: string | null = null
  /** When a piece last came, or was asked for while none was to come. */
  #cameAt = 0
  /** It gives nothing of what it says to have. */
  #isStuck = false
  #closed = false

  constructor(deps: BlobTakerDeps) {
    this.#deps = deps
  }

  isFetching(): boolean {
    return this.#problem === null && (this.#open.size > 0 || this.#queue.length > 0)
  }
  /** Nothing more is taken from this peer: it gives nothing, or the disk takes nothing. */
  get isAtAnEnd(): boolean {
    return this.#problem !== null || this.#isStuck
  }
  get isStuck(): boolean {
    return this.#isStuck
  }
  /** To come already, or never from this peer. */
  isSettled(blob: string): boolean {
    return this.#open.has(blob) || this.#queue.includes(blob) || this.#false.has(blob)
  }

  state() {
    const open = [...this.#open.values()]
    const bytes =
      open.reduce(
        (sum, { blob, filled }) => sum + sealedSizeOf(blob) * (1 - filled / chunksIn(sealedSizeOf(blob))),
        0,
      ) + this.#queue.reduce((sum, blob) => sum + sealedSizeOf(blob), 0)
    return {
      ...this.#counts,
      toReceive: open.length + this.#queue.length,
      toReceiveBytes: Math.round(bytes),
      problem: this.#problem,
    }
  }

  /** To be fetched after those before them. */
  add(...blobs: readonly string[]): void {
    this.#queue.push(...blobs)
  }

  /** It came, or another meeting that was fetching it broke off: true if it is our turn. */
  takesOver(blob: string, isHere: boolean): boolean {
    if (!this.#passedBy.delete(blob) || isHere) return false
    this.#queue.push(blob)
    return true
  }

  fetch(): void {
    while (this.#expected.size < WINDOW_CHUNKS && this.#problem === null && !this.#closed) {
      const next = [...this.#open.values()].find(
        ({ blob, leaves, asked }) => leaves && asked < chunksIn(sealedSizeOf(blob)),
      )
      if (next) this.#want(next.blob, ++next.asked)
      else if (!this.#openNext()) return
    }
  }

  /** Begins another; false when there is none. */
  #openNext(): boolean {
    const { blobs } = this.#deps.station
    const blob = this.#queue.shift()
    if (blob === undefined) return false
    const row = blobs.row(blob)
    if (!row || row.isHere) {
      // Erased meanwhile, or it came from elsewhere: the peer need not wait.
      if (!row) void this.#deps.send({ type: 'blobs-got', blob, rank: null })
      else this.#deps.announce(blob)
      return true
    }
    return this.#tryDisk(() => {
      if (!blobs.claim(blob)) return void this.#passedBy.add(blob)
      if (blobs.files.has(blob)) return this.#arrive(blob)
      const begun = blobs.files.begun(blob)
      const fetch = {
        blob,
        leaves: begun?.leaves ?? null,
        filled: begun?.chunks ?? 0,
        asked: begun?.chunks ?? 0,
      }
      this.#open.set(blob, fetch)
      if (begun?.chunks === chunksIn(row.bytes)) return this.#whole(fetch)
      if (!begun) this.#want(blob, 0)
    })
  }

  /** What this peer does not give others may: no fetch is claimed for it any longer. */
  letGo(): void {
    const silentMs = Math.abs(this.#deps.clock.now() - this.#cameAt)
    if (this.#expected.size === 0 || silentMs < STUCK_MS) return
    this.#isStuck = true
    this.#queue = []
    for (const blob of [...this.#open.keys()]) this.#giveUp(blob)
  }

  #want(blob: string, index: number): void {
    if (this.#expected.size === 0) this.#cameAt = this.#deps.clock.now()
    this.#expected.add(`${blob}/${index}`)
    void this.#deps.send({ type: 'blob-want', blob, index })
  }

  onPiece(blob: string, index: number, bytes: Uint8Array): void {
    if (!this.#expected.delete(`${blob}/${index}`)) return this.#deps.onFault('not-asked-for')
    this.#cameAt = this.#deps.clock.now()
    this.#isStuck = false
    const fetch = this.#open.get(blob)
    if (fetch && bytes.length === 0) this.#giveUp(blob)
    else if (fetch && !this.#isTrue(fetch, index, bytes)) {
      this.#counts.falsePieces++
      this.#false.add(blob)
      this.#deps.onFalse(blob)
      this.#giveUp(blob)
    } else if (fetch) this.#tryDisk(() => this.#take(fetch, index, bytes))
    if (this.#deps.isQuiet()) this.fetch()
    if (!this.isFetching()) this.#deps.onIdle()
    this.#deps.onChange()
  }

  /** Chunks come in the order in which they were asked for. */
  #isTrue({ blob, leaves, filled }: Fetch, index: number, bytes: Uint8Array): boolean {
    if (index === 0) return leaves === null && areLeavesOf(blob, bytes)
    return leaves !== null && index === filled + 1 && isChunkOf(blob, leaves, index - 1, bytes)
  }

  #take(fetch: Fetch, index: number, bytes: Uint8Array): void {
    const { files } = this.#deps.station.blobs
    if (index === 0) {
      files.begin(fetch.blob, bytes)
      fetch.leaves = bytes
      return
    }
    files.append(fetch.blob, index - 1, bytes)
    fetch.filled = index
    this.#counts.receivedBytes += bytes.length
    if (fetch.filled === chunksIn(sealedSizeOf(fetch.blob))) this.#whole(fetch)
  }

  #whole({ blob }: Fetch): void {
    if (this.#deps.station.blobs.files.finish(blob)) this.#arrive(blob)
    else this.#giveUp(blob)
  }

  #arrive(blob: string): void {
    this.#open.delete(blob)
    this.#counts.received++
    this.#deps.station.blobs.arrived(blob)
  }

  /** The peer need not wait for it. */
  #giveUp(blob: string): void {
    this.#open.delete(blob)
    this.#deps.station.blobs.release(blob)
    void this.#deps.send({ type: 'blobs-got', blob, rank: null })
  }

  /** A full disk ends the fetching of this meeting, and nothing else: what has come stays. */
  #tryDisk(work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (!code) throw error
      this.#problem = code === 'ENOSPC' || code === 'ERR_SQLITE_ERROR' ? 'disk-full' : 'not-writable'
      for (const blob of [...this.#open.keys(), ...this.#queue]) this.#giveUp(blob)
      this.#queue = []
      return false
    }
  }

  close(): void {
    this.#closed = true
    for (const blob of this.#open.keys()) this.#deps.station.blobs.release(blob)
    this.#open.clear()
  }
}
