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

  /** A change now is looked for at once, with nothing collected before it. */
  isQuiet(): boolean {
    return !this.#isWaiting && this.#waitMs() === 0
  }
  /** From the end of the last look, so that where looking is slow there is time for more than looking. */
  #waitMs(): number {
    return Math.max(0, COLLECT_MS - Math.abs(this.#clock.now() - this.#lookedAt))
  }

  changed(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.#stop = this.#clock.after(this.#waitMs(), () => {
      this.#isWaiting = false
      this.#look()
      this.#lookedAt = this.#clock.now()
    })
  }

  stop(): void {
    this.#stop()
  }
}
