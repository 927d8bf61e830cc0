/** Keeps sources running: one that ends is started again, later each time, while the others go on. */
import type { Problem } from '@doorstep/core'
import { broke } from './broke.ts'
import type { GatewayLog } from './log.ts'
import type { Sink, Source, SourceStatus } from './source.ts'

const FIRST_REST_MS = 1000
const LONGEST_REST_MS = 5 * 60_000
/** Whoever ran so long is not failing at its start: it rests shortly again. */
const SETTLED_MS = 60_000

export type Supervised = {
  readonly name: string
  /** As of now; `failing` between its runs, with why it ended. */
  status(): SourceStatus & { readonly restarts: number }
  /** Tells the log of one that goes on by itself and hears nothing, as of a line that was unplugged, once; and when it is back. */
  look(): void
  stop(): Promise<void>
}

export type SuperviseOptions = {
  readonly source: Source
  readonly sink: Sink
  readonly log: GatewayLog
  readonly random?: () => number
  readonly now?: () => number
  readonly firstRestMs?: number
}

export function supervise({
  source,
  sink,
  log,
  random = Math.random,
  now = Date.now,
  firstRestMs = FIRST_REST_MS,
}: SuperviseOptions): Supervised {
  const stop = new AbortController()
  let restarts = 0
  let ended: Problem | null = null
  let isToldAway = false
  const done = keepRunning()
  return {
    name: source.name,
    status: () => ({ ...source.status(), ...(ended ? { state: 'failing', problem: ended } : {}), restarts }),
    look() {
      const { state, problem } = source.status()
      if (ended || state === 'starting' || (state === 'failing') === isToldAway) return
      isToldAway = state === 'failing'
      if (isToldAway) log.warn('source-failed', { source: source.name, ...(problem ? { problem } : {}) })
      else log.info('source-recovered', { source: source.name })
    },
    async stop() {
      stop.abort()
      await done
    },
  }

  async function keepRunning(): Promise<void> {
    let restMs = firstRestMs / 2
    for (;;) {
      const startedAt = now()
      const problem = await once()
      if (stop.signal.aborted) return
      const failed = problem ?? source.status().problem ?? { type: 'source-ended' }
      if (ended?.type !== failed.type) log.warn('source-failed', { source: source.name, problem: failed })
      ended = failed
      restarts++
      restMs = now() - startedAt > SETTLED_MS ? firstRestMs : Math.min(restMs * 2, LONGEST_REST_MS)
      await rest(restMs * (0.75 + random() / 2), stop.signal)
      if (stop.signal.aborted) return
    }
  }

  /** Why it ended by itself; null when it said nothing. */
  async function once(): Promise<Problem | null> {
    const hear: Sink = async (heard) => {
      if (ended) log.info('source-recovered', { source: source.name })
      ended = null
      await sink(heard)
    }
    try {
      await source.run(hear, stop.signal)
      return null
    } catch (error) {
      const { where, problem } = broke(error)
      log.debug('source-broke', { source: source.name, where, problem })
      return { type: 'source-broke', code: problem.code ?? '' }
    }
  }
}

/** Resolves early when stopped. */
export function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const wake = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const timer = setTimeout(wake, ms)
    signal.addEventListener('abort', wake)
  })
}
