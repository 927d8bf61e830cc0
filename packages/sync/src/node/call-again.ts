import type { Clock } from '../session/clock.ts'

/** The first wait before calling again; doubled up to the longest, and shortened at random by up to a half. */
const FIRST_MS = 500
/** With what is left of a call that was under way, 1 s at most, a peer that comes back is met again within 5 s. */
const LONGEST_MS = 3000
/** Of who has not answered for a day: every call wakes a radio. */
const LONG_AWAY_MS = 24 * 3600_000
const LONGEST_WHEN_LONG_AWAY_MS = 60_000
/** From one call to the next, with the call itself. */
const LONGEST_CALL_MS = 2 * LONGEST_WHEN_LONG_AWAY_MS

/** When to call an address again, for as long as nobody answers. */
export class CallAgain {
  readonly #clock: Clock
  readonly #random: () => number
  #failures = 0
  #awayMs = 0
  #lookedAt: number

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock
    this.#random = random
    this.#lookedAt = clock.now()
  }

  answered(): void {
    this.#failures = 0
    this.#awayMs = 0
    this.#lookedAt = this.#clock.now()
  }

  /** Milliseconds until the next call. */
  nextMs(): number {
    // A clock that was set, or a machine that slept, says nothing about how long nobody answered.
    const now = this.#clock.now()
    this.#awayMs += Math.min(Math.max(0, now - this.#lookedAt), LONGEST_CALL_MS)
    this.#lookedAt = now
    const longest = this.#awayMs > LONG_AWAY_MS ? LONGEST_WHEN_LONG_AWAY_MS : LONGEST_MS
    const full = Math.min(FIRST_MS * 2 ** Math.min(this.#failures++, 16), longest)
    return full * (1 - this.#random() / 2)
  }
}
