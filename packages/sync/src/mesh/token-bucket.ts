/** Allows `burst` at once and `perSecond` in the long run. A clock that is set back gives nothing. */
export function createTokenBucket(limits: { readonly burst: number; readonly perSecond: number }) {
  let tokens = limits.burst
  let lastMs: number | undefined
  return {
    take(nowMs: number, cost = 1): boolean {
      tokens = Math.min(
        limits.burst,
        tokens + (Math.max(0, nowMs - (lastMs ?? nowMs)) / 1000) * limits.perSecond,
      )
      lastMs = nowMs
      if (tokens < cost) return false
      tokens -= cost
      return true
    },
  }
}
