/**
 * When a device was heard by radio, from the bridge's `last_seen`. The bridge's clock may be off (a board without a
 * battery starts in 1970 or where it stopped), and a bridge that restarts gives old states again, so an old moment may
 * be true and a strange one may not.
 */

/** Radio, bridge and broker together take less. */
const TOLERANCE_MS = 120_000
/** So many messages, over so long, none of them young: the clock is behind, the messages are not all old. */
const MIN_MESSAGES = 10
const MIN_SPAN_MS = 60_000
/** Older than the longest any battery device keeps silent: nothing to date a level by. */
const MAX_AGE_MS = 30 * 86_400_000

export type BridgeClock = {
  /** True time of a message by our clock; null when the bridge's word cannot be used. Both in ms since 1970. */
  when(lastSeenMs: number, arrivedMs: number): number | null
  /** How far the bridge's clock is behind ours as far as can be told, in ms; 0 while it seems right. */
  readonly behindMs: number
}

export function createBridgeClock(): BridgeClock {
  let behindMs = 0
  /** Since the last young message: how many, from when, and the youngest of them. */
  let old = { count: 0, fromMs: 0, leastMs: Number.POSITIVE_INFINITY }

  return {
    get behindMs() {
      return behindMs
    },
    when(lastSeenMs, arrivedMs) {
      const age = arrivedMs - lastSeenMs
      if (age < -TOLERANCE_MS) return null
      if (age <= TOLERANCE_MS) {
        behindMs = 0
        old = { count: 0, fromMs: 0, leastMs: Number.POSITIVE_INFINITY }
        return Math.min(lastSeenMs, arrivedMs)
      }
      old = {
        count: old.count + 1,
        fromMs: old.count === 0 ? arrivedMs : old.fromMs,
        leastMs: Math.min(old.leastMs, age),
      }
      if (old.count >= MIN_MESSAGES && arrivedMs - old.fromMs >= MIN_SPAN_MS) behindMs = old.leastMs
      const corrected = Math.min(lastSeenMs + behindMs, arrivedMs)
      return arrivedMs - corrected > MAX_AGE_MS ? null : corrected
    },
  }
}
