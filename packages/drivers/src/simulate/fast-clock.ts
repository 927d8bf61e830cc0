import type { Clock } from '../contract.ts'

/** What meters show runs `speed` times as fast, from `fromMs` on; what is waited for keeps the time of `clock`. */
export function fastClock(clock: Clock, speed: number, fromMs: number = clock.nowMs()): Clock {
  const startMs = clock.nowMs()
  return { nowMs: () => fromMs + (clock.nowMs() - startMs) * speed, after: clock.after }
}
