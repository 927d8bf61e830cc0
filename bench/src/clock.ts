/** Milliseconds since 1970, finer than Date.now(): the same clock in every process of this machine. */
export const nowMs = (): number => performance.timeOrigin + performance.now()
