/**
 * From what sources hear to what is kept. Whether the home allows it is asked before anything is kept, and again after
 * every wait: what was withdrawn while the disk was full is not written afterwards.
 */
import { isSignal, type Observation, type Problem, type SeriesStore } from '@doorstep/core'
import type { Heard } from '@doorstep/drivers'
import type { DeviceBook } from './device-book.ts'
import type { GatewayLog } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Sink } from './source.ts'
import { rest } from './supervise.ts'

/** What became of a value. */
export type Became = 'kept' | 'duplicate' | 'impossible' | 'unknown' | 'ambiguous' | 'no-consent'
export type Tally = Readonly<Record<Became, number>>

export type CollectDeps = {
  readonly book: Pick<DeviceBook, 'find'>
  readonly series: Pick<SeriesStore, 'append'>
  readonly log: GatewayLog
  readonly metrics: Pick<Metrics, 'heard' | 'saves' | 'failures'> | null
  /** On disk now. */
  readonly onKept: (observations: readonly Observation[], source: string) => void
  /** Whether the disk takes it: null, or why not. */
  readonly onSaved?: (problem: Problem | null) => void
  readonly firstRestMs?: number
}

/** Soon after there is room again. */
const LONGEST_REST_MS = 15_000

/** A sink for one source; `signal` ends its waiting for a disk that takes nothing. */
export function sinkFor(source: string, deps: CollectDeps, signal: AbortSignal): Sink {
  const { series, log, metrics, onKept, onSaved, firstRestMs = 1000 } = deps
  const told = new NotKeptTeller(source, log)
  return async (heard) => {
    const startedAt = performance.now()
    for (let restMs = firstRestMs; ; restMs = Math.min(restMs * 2, LONGEST_REST_MS)) {
      const { observations, became } = sortOut(heard, deps.book, source)
      const appended = observations.length > 0 ? await series.append(observations) : null
      if (appended === null || appended.ok) {
        if (appended) {
          became.kept = appended.value.kept
          became.duplicate = appended.value.duplicates
          became.impossible += appended.value.refused.length
        }
        for (const [name, count] of Object.entries(became))
          if (count > 0) metrics?.heard.inc({ source, became: name }, count)
        told.add(became)
        if (appended) {
          onSaved?.(null)
          metrics?.saves.observe((performance.now() - startedAt) / 1000)
          onKept(observations, source)
        }
        return
      }
      onSaved?.(appended.problem)
      log.error('keep-failed', { source, problem: appended.problem, count: observations.length })
      metrics?.failures.inc({ kind: 'save' })
      await rest(restMs, signal)
      if (signal.aborted) return
    }
  }
}

function sortOut(heard: readonly Heard[], book: CollectDeps['book'], source: string) {
  const became: Record<Became, number> = {
    kept: 0,
    duplicate: 0,
    impossible: 0,
    unknown: 0,
    ambiguous: 0,
    'no-consent': 0,
  }
  const observations: Observation[] = []
  for (const { protocol, address, signal, atMs, value } of heard) {
    const found = book.find(protocol, address, source)
    if (found.type !== 'device') became[found.type]++
    else if (!isSignal(signal)) became.impossible++
    else observations.push({ device: found.device.id, signal, atMs, value })
  }
  return { observations, became }
}

const TELL_EVERY_MS = 3_600_000

/** Once an hour at most, in counts: whoever speaks every minute without consent fills no log. */
class NotKeptTeller {
  readonly #source: string
  readonly #log: GatewayLog
  #counts: Record<string, number> = {}
  #toldMs = Number.NEGATIVE_INFINITY

  constructor(source: string, log: GatewayLog) {
    this.#source = source
    this.#log = log
  }

  add({ unknown, ambiguous, impossible, 'no-consent': noConsent }: Tally): void {
    const added = { unknown, ambiguous, impossible, noConsent }
    for (const [name, count] of Object.entries(added))
      if (count > 0) this.#counts[name] = (this.#counts[name] ?? 0) + count
    const now = performance.now()
    if (Object.keys(this.#counts).length === 0 || now - this.#toldMs < TELL_EVERY_MS) return
    this.#log.warn('not-kept', { source: this.#source, counts: this.#counts })
    this.#counts = {}
    this.#toldMs = now
  }
}
