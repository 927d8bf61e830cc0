/** Allows `burst` at once and `perSecond` in the long run. `nowMs` is any clock that only goes forward. */
export function createTokenBucket(limits: { readonly burst: number; readonly perSecond: number }) {
  let tokens = limits.burst
  let lastMs: number | undefined
  return {
    take(nowMs: number, cost = 1): boolean {
      tokens = Math.min(limits.burst, tokens + ((nowMs - (lastMs ?? nowMs)) / 1000) * limits.perSecond)
      lastMs = nowMs
      if (tokens < cost) return false
      tokens -= cost
      return true
    },
  }
}
