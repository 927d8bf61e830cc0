/** Who has to wait before we try again, and how long. */
export type Penalties = {
  /**
   * Notes a failure of `who`. The wait doubles from 2 s each time up to 60 s, give or take a quarter, so that many
   * stations do not come back in step. `side` is ours: who was refused waits longer (but 26 s at most, since the
   * other's list may grow) and so comes back when the one who refused listens again. Returns the wait in ms.
   */
  add(who: string, nowMs: number, side?: 'refused'): number
  /** A wait that is nobody's failure. */
  hold(who: string, nowMs: number, waitMs: number): void
  /** How long yet; 0 when not at all. */
  waitMs(who: string, nowMs: number): number
  failures(who: string): number
  clear(who: string): void
  /** Clears everybody whose name begins so. */
  clearAll(prefix: string): void
  list(): { readonly who: string; readonly failures: number; readonly untilMs: number }[]
}

const firstWaitMs = 2_000
const longestWaitMs = 60_000
const refusedCapMs = 12_000
/** The oldest is forgotten beyond this: strangers must not fill our memory. */
const rememberedAtMost = 256

export function createPenalties(random: () => number = Math.random): Penalties {
  const marks = new Map<string, { failures: number; untilMs: number }>()
  const set = (who: string, mark: { failures: number; untilMs: number }) => {
    marks.delete(who)
    marks.set(who, mark)
    if (marks.size > rememberedAtMost) marks.delete(marks.keys().next().value!)
  }
  return {
    add(who, nowMs, side) {
      const failures = (marks.get(who)?.failures ?? 0) + 1
      const doubledMs = firstWaitMs * 2 ** Math.min(failures - 1, 16)
      const [capMs, stretch] = side === 'refused' ? [refusedCapMs, 1.75] : [longestWaitMs, 1]
      const waitMs = Math.min(capMs, doubledMs) * stretch * (0.75 + random() * 0.5)
      set(who, { failures, untilMs: nowMs + waitMs })
      return waitMs
    },
    hold(who, nowMs, waitMs) {
      const mark = marks.get(who) ?? { failures: 0, untilMs: 0 }
      set(who, { ...mark, untilMs: Math.max(mark.untilMs, nowMs + waitMs) })
    },
    waitMs: (who, nowMs) => Math.max(0, (marks.get(who)?.untilMs ?? 0) - nowMs),
    failures: (who) => marks.get(who)?.failures ?? 0,
    clear: (who) => void marks.delete(who),
    clearAll(prefix) {
      for (const who of marks.keys()) if (who.startsWith(prefix)) marks.delete(who)
    },
    list: () => [...marks].map(([who, mark]) => ({ who, ...mark })),
  }
}
