import {
  missingBlobs,
  type OfferedCheckpoint,
  parseOffer,
  putBlobs,
  type Station,
  sameBytes,
  sha256Of,
  takeOffer,
  toHex,
  wouldTake,
} from '@doorstep/core'
import type { BundleFrame } from './bundle-format.ts'

/** What became of a checkpoint that a bundle carried. */
export type CheckpointRead = {
  readonly space: string
  /** Null when the space was started from it; `not-needed` when everything it stands for was here, or may come. */
  readonly problem: string | null
}

type Reading = {
  readonly offer: OfferedCheckpoint
  readonly segment: Uint8Array
  /** Sizes of the blobs that are still to come, by hex. */
  readonly wanted: Map<string, number>
  open: { readonly hash: Uint8Array; readonly bytes: Uint8Array; filled: number } | null
}

/** Takes in the checkpoints of a bundle as its frames come: an offer, then the pieces of its manifest and pages. */
export class CheckpointReader {
  readonly #station: Station
  readonly #source: string
  readonly results: CheckpointRead[] = []
  #reading: Reading | null = null

  constructor(station: Station, source: string) {
    this.#station = station
    this.#source = source
  }

  async frame(frame: Extract<BundleFrame, { type: 'offer' | 'piece' }>): Promise<void> {
    if (frame.type === 'offer') return this.#begin(frame.segment, frame.isNeeded)
    const { hash, total, offset, bytes } = frame
    const reading = this.#reading
    if (!reading || reading.wanted.get(toHex(hash)) !== total) return
    if (offset === 0) reading.open = { hash, bytes: new Uint8Array(total), filled: 0 }
    const { open } = reading
    if (!open || !sameBytes(open.hash, hash) || open.filled !== offset || offset + bytes.length > total)
      return
    open.bytes.set(bytes, offset)
    open.filled += bytes.length
    if (open.filled < total) return
    reading.open = null
    if (!sameBytes(sha256Of(open.bytes), hash)) return
    putBlobs(this.#station, [{ hash, bytes: open.bytes }])
    reading.wanted.delete(toHex(hash))
    if (reading.wanted.size === 0) await this.#next(reading)
  }

  async #begin(segment: Uint8Array, isNeeded: boolean): Promise<void> {
    this.end()
    const offer = parseOffer(segment)
    if (!offer) return
    const { space } = offer.segment.log
    if (!wouldTake(this.#station, offer, isNeeded)) {
      this.results.push({ space, problem: 'not-needed' })
      return
    }
    this.#reading = { offer, segment, wanted: new Map(), open: null }
    await this.#next(this.#reading)
  }

  /** First the manifest, then what it lists; when all is here, the space starts from it. */
  async #next(reading: Reading): Promise<void> {
    const missing = missingBlobs(this.#station, reading.offer.commitment)
    for (const { hash, bytes } of missing ?? []) reading.wanted.set(toHex(hash), bytes)
    if (missing && missing.length > 0) return
    this.#reading = null
    const { space } = reading.offer.segment.log
    const taken = missing ? await takeOffer(this.#station, reading.segment, this.#source) : null
    const problem = !taken ? 'checkpoint-malformed' : taken.ok ? null : taken.problem.type
    this.results.push({ space, problem })
  }

  /** Whatever was begun and is not whole stays for another reading. */
  end(): void {
    if (!this.#reading) return
    this.results.push({ space: this.#reading.offer.segment.log.space, problem: 'checkpoint-incomplete' })
    this.#reading = null
  }
}
