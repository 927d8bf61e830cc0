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
    const timer = setTimeout(task, delayMs)
    return () => clearTimeout(timer)
  },
}
