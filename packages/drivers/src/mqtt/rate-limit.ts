import type { Clock } from '../contract.ts'

/**
 * A bucket of `burst` messages that fills by `perSecond`. Each call takes one: null when it was there, else what to wait
 * for, in the order of the calls.
 */
export function createRateLimit(perSecond: number, burst: number, clock: Clock): () => Promise<void> | null {
  let left = burst
  let lastMs = clock.nowMs()
  return () => {
    const nowMs = clock.nowMs()
    left = Math.min(burst, left + (Math.max(0, nowMs - lastMs) * perSecond) / 1000)
    lastMs = nowMs
    left -= 1
    if (left >= 0) return null
    const waitMs = (-left / perSecond) * 1000
    return new Promise((resolve) => void clock.after(waitMs, resolve))
  }
}
