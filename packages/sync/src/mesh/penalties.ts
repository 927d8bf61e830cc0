/** Who has to wait before we try again, and how long. */
export type Penalties = {
  /**
   * Notes a failure of `who`. The wait doubles from 2 s each time up to `capMs`, give or take a quarter, so that
   * two stations that refuse each other do not come back in step. Returns the wait in ms.
   */
  add(who: string, nowMs: number, capMs?: number): number
  isWaiting(who: string, nowMs: number): boolean
  failures(who: string): number
  clear(who: string): void
  list(): { readonly who: string; readonly failures: number; readonly untilMs: number }[]
}

const firstWaitMs = 2_000
const longestWaitMs = 60_000
/** The oldest is forgotten beyond this: strangers must not fill our memory. */
const rememberedAtMost = 256

export function createPenalties(random: () => number = Math.random): Penalties {
  const marks = new Map<string, { failures: number; untilMs: number }>()
  return {
    add(who, nowMs, capMs = longestWaitMs) {
      const failures = (marks.get(who)?.failures ?? 0) + 1
      const waitMs = Math.min(capMs, firstWaitMs * 2 ** Math.min(failures - 1, 16)) * (0.75 + random() * 0.5)
      marks.delete(who)
      marks.set(who, { failures, untilMs: nowMs + waitMs })
      if (marks.size > rememberedAtMost) marks.delete(marks.keys().next().value!)
      return waitMs
    },
    isWaiting: (who, nowMs) => (marks.get(who)?.untilMs ?? 0) > nowMs,
    failures: (who) => marks.get(who)?.failures ?? 0,
    clear: (who) => void marks.delete(who),
    list: () => [...marks].map(([who, mark]) => ({ who, ...mark })),
  }
}
