/** A clock that moves only when told to. */
import type { Clock } from '../contract.ts'

export interface ManualClock extends Clock {
  /** Runs what falls due on the way, in order, letting promises settle in between. */
  advance(durationMs: number): Promise<void>
  /** Goes from one due time to the next until the promise settles. Throws when nothing is left that could settle it. */
  advanceUntil<T>(promise: Promise<T>): Promise<T>
}

export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs
  const due = new Set<{ atMs: number; run: () => void }>()
  const nextDue = () =>
    [...due].reduce<{ atMs: number; run: () => void } | null>((a, b) => (a && a.atMs <= b.atMs ? a : b), null)
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

  async function runNext(untilMs: number): Promise<boolean> {
    await settle()
    const next = nextDue()
    if (next === null || next.atMs > untilMs) return false
    due.delete(next)
    nowMs = Math.max(nowMs, next.atMs)
    next.run()
    return true
  }

  return {
    nowMs: () => nowMs,
    after(delayMs, run) {
      const entry = { atMs: nowMs + delayMs, run }
      due.add(entry)
      return () => void due.delete(entry)
    },
    async advance(durationMs) {
      const untilMs = nowMs + durationMs
      while (await runNext(untilMs));
      nowMs = untilMs
    },
    async advanceUntil(promise) {
      let settled = false
      promise.then(
        () => (settled = true),
        () => (settled = true),
      )
      await settle()
      while (!settled) {
        if (!(await runNext(Number.POSITIVE_INFINITY)) && !settled)
          throw new Error('nothing left to wait for')
      }
      return promise
    },
  }
}
