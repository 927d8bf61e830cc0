import type { PresenceState } from './presence.ts'
import { keyToHex } from './station-key.ts'

/** Not heard of for this long: gone. Stations sign their presence anew about every 8 s. */
const freshForMs = 25_000
/** A direct neighbour whose link broke is given this long to be heard of through others. */
const graceAfterLossMs = 10_000

type Page = {
  readonly key: Uint8Array
  readonly clientId: number
  readonly clock: number
  /** Null: here, with nothing to show. */
  readonly state: PresenceState | null
  readonly seenAtMs: number
  readonly goneAtMs: number
}

/** Latest proved presence of every other station. Times are ms of a clock that only goes forward. */
export function createPresenceBook() {
  const pages = new Map<string, Page>()
  const isFresh = (page: Page | undefined, nowMs: number): page is Page =>
    page !== undefined && page.goneAtMs > nowMs

  return {
    /** True when the list changed. `isDirect`: it came over the author's own connection, so this is its present run. */
    note(
      entry: { key: Uint8Array; clientId: number; clock: number; state: PresenceState | null | 'left' },
      nowMs: number,
      isDirect: boolean,
    ): boolean {
      const id = keyToHex(entry.key)
      const before = pages.get(id)
      const isSameRun = before?.clientId === entry.clientId
      if (before && isSameRun && entry.clock <= before.clock) return false
      // Another run of the same station: believed from itself, else only when the one we know has fallen silent.
      if (!isSameRun && !isDirect && isFresh(before, nowMs)) return false
      if (entry.state === 'left') {
        if (isSameRun) pages.set(id, { ...before, clock: entry.clock, goneAtMs: nowMs })
        return isSameRun
      }
      const { key, clientId, clock, state } = entry
      pages.set(id, { key, clientId, clock, state, seenAtMs: nowMs, goneAtMs: nowMs + freshForMs })
      return true
    },
    /** The link to a station broke: it fades soon, unless others still hear it. */
    lost(key: Uint8Array, nowMs: number): void {
      const page = pages.get(keyToHex(key))
      if (page)
        pages.set(keyToHex(key), { ...page, goneAtMs: Math.min(page.goneAtMs, nowMs + graceAfterLossMs) })
    },
    left(key: Uint8Array): boolean {
      return pages.delete(keyToHex(key))
    },
    has: (key: Uint8Array, nowMs: number) => isFresh(pages.get(keyToHex(key)), nowMs),
    list: (nowMs: number) => [...pages.values()].filter((page) => isFresh(page, nowMs)),
    /** Forgets what has been gone for long; true when somebody has just faded. */
    sweep(nowMs: number, lastSweepMs: number): boolean {
      let faded = false
      for (const [id, page] of pages) {
        if (page.goneAtMs <= nowMs && page.goneAtMs > lastSweepMs) faded = true
        if (page.goneAtMs + 10 * freshForMs < nowMs) pages.delete(id)
      }
      return faded
    },
  }
}
