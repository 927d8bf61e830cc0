import type { HolderRank, Station } from '@doorstep/core'
import type { Clock } from './clock.ts'

/** What peers said is written down together: a disk write for each word would be slow. */
const AT_ONCE = 256
const WAIT_MS = 500

/** What a peer says to have of blobs, on its way to the disk. */
export class HeardRanks {
  readonly #station: Station
  readonly #peer: string
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  readonly #heard = new Map<string, HolderRank | null>()
  #isWaiting = false
  #stop = () => {}

  constructor(station: Station, peer: string, clock: Clock, onError: (error: unknown) => void) {
    this.#station = station
    this.#peer = peer
    this.#clock = clock
    this.#onError = onError
  }

  note(blob: string, rank: HolderRank | null): void {
    const { blobs } = this.#station
    const known = blobs.holders(blob).find(({ station }) => station === this.#peer)
    if (!blobs.row(blob) || (known?.rank ?? null) === rank) return void this.#heard.delete(blob)
    this.#heard.set(blob, rank)
    if (this.#heard.size >= AT_ONCE) return this.write()
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.#stop = this.#clock.after(WAIT_MS, () => {
      try {
        this.write()
      } catch (error) {
        this.#onError(error)
      }
    })
  }

  write(): void {
    this.stop()
    const said = [...this.#heard].map(([blob, rank]) => ({ blob, rank }))
    this.#heard.clear()
    if (said.length > 0) this.#station.blobs.hear(this.#peer, said)
  }

  stop(): void {
    this.#stop()
    this.#isWaiting = false
  }
}
