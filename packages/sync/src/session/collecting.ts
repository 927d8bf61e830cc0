import type { Clock } from './clock.ts'

/** A change after a quiet while is looked for and sent at once; those that follow it are collected this long. */
const COLLECT_MS = 20

/** When local changes are looked for. */
export class Collecting {
  readonly #clock: Clock
  readonly #look: () => void
  #isWaiting = false
  #lookedAt = 0
  #stop = () => {}

  constructor(clock: Clock, look: () => void) {
    this.#clock = clock
    this.#look = look
  }

  changed(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    // From the end of the last look, so that where looking is slow there is time for more than looking.
    const quietMs = Math.abs(this.#clock.now() - this.#lookedAt)
    this.#stop = this.#clock.after(Math.max(0, COLLECT_MS - quietMs), () => {
      this.#isWaiting = false
      this.#look()
      this.#lookedAt = this.#clock.now()
    })
  }

  stop(): void {
    this.#stop()
  }
}
