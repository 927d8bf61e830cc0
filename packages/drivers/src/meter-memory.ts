/**
 * What a line remembers of each meter on it: how long it takes to answer, and since when it does not. Meant to outlive
 * the port, so that a line opened again need not learn anew.
 *
 * A dead meter must not cost the others their time. After a question without an answer it is asked once, not three
 * times; after two in a row it rests for a minute, and each further one without an answer doubles the rest, to an hour at
 * most. So it takes from the line five time-outs (of a second) when it dies, and then one an hour.
 */
export const REST_AFTER_QUESTIONS = 2
export const REST_FIRST_MS = 60_000
export const REST_LONGEST_MS = 3_600_000
/** Below this a time-out would be shorter than what networks and converters add now and then. */
export const TIMEOUT_SHORTEST_MS = 250

/** Of one meter. Times in milliseconds since 1970. `meanReplyMs`: from the end of a question to the first byte. */
export type MeterRecord = {
  readonly protocol: string
  readonly address: string
  readonly answered: number
  readonly unanswered: number
  readonly lastHeardMs: number | null
  readonly meanReplyMs: number | null
  /** It is not asked before then, unless a person wants it. */
  readonly restUntilMs: number | null
}

export interface MeterMemory {
  /** Every meter that was ever asked, in the order they first were. */
  records(): MeterRecord[]
  of(protocol: string, address: string): MeterRecord | null
  /** `waitedMs`: in vain before, null where the first try was answered. Then it is no measure of how quick it is. */
  noteAnswer(protocol: string, address: string, replyMs: number, waitedMs: number | null, nowMs: number): void
  noteSilence(protocol: string, address: string, nowMs: number): void
  /** At most `limitMs`; less for a meter whose ways are known: RFC 6298, mean and four times the deviation. */
  timeoutMs(protocol: string, address: string, limitMs: number): number
  restUntilMs(protocol: string, address: string): number | null
  /** Whether it is only looked in on: asked once, not several times. */
  isProbed(protocol: string, address: string): boolean
  /** The line was dead, not the meters: what they failed to answer since then is not held against them. */
  forgiveSince(sinceMs: number): void
}

type Entry = {
  readonly protocol: string
  readonly address: string
  answered: number
  unanswered: number
  lastHeardMs: number | null
  /** Answers to a first try, of which it is known how long they took. */
  measured: number
  replySumMs: number
  smoothMs: number
  deviationMs: number
  silentInARow: number
  silentSinceMs: number
  restUntilMs: number | null
}

export function createMeterMemory(): MeterMemory {
  const entries = new Map<string, Entry>()
  const find = (protocol: string, address: string) => entries.get(`${protocol} ${address}`)
  const take = (protocol: string, address: string): Entry => {
    const known = find(protocol, address)
    if (known) return known
    const fresh: Entry = {
      protocol,
      address,
      answered: 0,
      unanswered: 0,
      lastHeardMs: null,
      measured: 0,
      replySumMs: 0,
      smoothMs: 0,
      deviationMs: 0,
      silentInARow: 0,
      silentSinceMs: 0,
      restUntilMs: null,
    }
    entries.set(`${protocol} ${address}`, fresh)
    return fresh
  }
  return {
    records: () => [...entries.values()].map(recordOf),
    of(protocol, address) {
      const entry = find(protocol, address)
      return entry ? recordOf(entry) : null
    },
    noteAnswer(protocol, address, replyMs, waitedMs, nowMs) {
      const entry = take(protocol, address)
      // What was not waited for may just have been late: wait longer until it is seen to be quick.
      const seenMs = Math.max(replyMs, waitedMs ?? 0)
      if (entry.answered === 0) {
        entry.smoothMs = seenMs
        entry.deviationMs = seenMs / 2
      } else {
        entry.deviationMs += (Math.abs(seenMs - entry.smoothMs) - entry.deviationMs) / 4
        entry.smoothMs += (seenMs - entry.smoothMs) / 8
      }
      entry.answered += 1
      if (waitedMs === null) {
        entry.measured += 1
        entry.replySumMs += replyMs
      }
      entry.lastHeardMs = nowMs
      entry.silentInARow = 0
      entry.restUntilMs = null
    },
    noteSilence(protocol, address, nowMs) {
      const entry = take(protocol, address)
      if (entry.silentInARow === 0) entry.silentSinceMs = nowMs
      entry.unanswered += 1
      entry.silentInARow += 1
      const beyond = entry.silentInARow - REST_AFTER_QUESTIONS
      if (beyond >= 0)
        entry.restUntilMs = nowMs + Math.min(REST_LONGEST_MS, REST_FIRST_MS * 2 ** Math.min(beyond, 20))
    },
    timeoutMs(protocol, address, limitMs) {
      const entry = find(protocol, address)
      if (!entry || entry.answered === 0) return limitMs
      const wanted = entry.smoothMs + Math.max(4 * entry.deviationMs, TIMEOUT_SHORTEST_MS / 4)
      return Math.min(limitMs, Math.max(TIMEOUT_SHORTEST_MS, wanted))
    },
    restUntilMs: (protocol, address) => find(protocol, address)?.restUntilMs ?? null,
    isProbed: (protocol, address) => (find(protocol, address)?.silentInARow ?? 0) > 0,
    forgiveSince(sinceMs) {
      for (const entry of entries.values()) {
        if (entry.silentInARow === 0 || entry.silentSinceMs < sinceMs) continue
        entry.silentInARow = 0
        entry.restUntilMs = null
      }
    },
  }
}

const recordOf = (entry: Entry): MeterRecord => ({
  protocol: entry.protocol,
  address: entry.address,
  answered: entry.answered,
  unanswered: entry.unanswered,
  lastHeardMs: entry.lastHeardMs,
  meanReplyMs: entry.measured === 0 ? null : entry.replySumMs / entry.measured,
  restUntilMs: entry.restUntilMs,
})
