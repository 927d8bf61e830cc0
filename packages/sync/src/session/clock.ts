/** Time as a session needs it; tests hand in one that they move by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs a task later; the returned function calls it off. */
  after(delayMs: number, task: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, task) => {
    // A timer waits a millisecond at least.
    if (delayMs <= 0) {
      const next = setImmediate(task)
      return () => clearImmediate(next)
    }
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}
