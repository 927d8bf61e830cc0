const FIRST_BYTES = 64 * 1024
const STEP_BYTES = 64 * 1024
const MOST_BYTES = 2 * 1024 * 1024
/** What is answered this much later than the link's own round trip waited in a queue, and so does all behind it. */
const QUEUED_MS = 2500

/**
 * How many bytes may be under way unanswered. A fast link fills it up within a few answers; a slow one is given what it
 * carries in some seconds, so that pings come through, a lost packet is made good soon, and a cut costs little.
 */
export class Window {
  #bytes = FIRST_BYTES
  #shrunkAt: number | null = null

  /** One thing may always be under way. */
  isOpen(underWayBytes: number): boolean {
    return underWayBytes < this.#bytes
  }

  /** `roundTripMs`: what the link takes with nothing in its queues. */
  answered(bytes: number, sentAt: number, now: number, roundTripMs: number): void {
    if (now - sentAt <= roundTripMs + QUEUED_MS) {
      // Doubled each round trip until it was once too much, then by a step each round trip.
      const more = this.#shrunkAt === null ? bytes : (STEP_BYTES * bytes) / this.#bytes
      this.#bytes = Math.min(MOST_BYTES, this.#bytes + more)
    } else if (this.#shrunkAt === null || sentAt >= this.#shrunkAt || now < this.#shrunkAt) {
      // Once for all that waited in the same queue; a clock that was set back must not put it off.
      this.#bytes = Math.max(FIRST_BYTES, this.#bytes / 2)
      this.#shrunkAt = now
    }
  }
}
