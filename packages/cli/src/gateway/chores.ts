/** What a gateway does now and then: each at its own pace, one at a time, and never twice at once. */
import type { Station } from '@doorstep/core'
import { listCheckpoints, makeCheckpoint } from '@doorstep/core'
import { broke } from './broke.ts'
import type { GatewayLog } from './log.ts'
import type { Metrics } from './metrics.ts'
import { rest } from './supervise.ts'

export type Chore = {
  readonly name: string
  readonly everyMs: number
  readonly run: () => Promise<void>
}

/** Until aborted. A chore that throws is counted and comes again. */
export async function keepDoing(
  { name, everyMs, run }: Chore,
  {
    log,
    metrics,
    signal,
    firstMs = everyMs,
  }: { log: GatewayLog; metrics: Metrics | null; signal: AbortSignal; firstMs?: number },
): Promise<void> {
  for (let waitMs = firstMs; ; waitMs = everyMs) {
    await rest(waitMs, signal)
    if (signal.aborted) return
    try {
      await run()
    } catch (error) {
      log.error('chore-failed', { source: name, ...broke(error) })
      metrics?.failures.inc({ kind: name })
    }
  }
}

/** Fewer new entries are not worth one: a newcomer takes them as they are. */
const WORTH_ENTRIES = 200

/** A checkpoint of each space that has grown since the last and whose last is old enough. */
export async function makeDueCheckpoints(station: Station, everyMs: number, log: GatewayLog): Promise<void> {
  for (const { id } of station.spaces()) {
    const [newest] = listCheckpoints(station, id)
    const { entries } = station.digest(id)
    if (entries - (newest?.entries ?? 0) < WORTH_ENTRIES) continue
    if (newest && station.now - newest.at < everyMs) continue
    const made = await makeCheckpoint(station, id)
    if (made.ok) log.info('checkpoint', { count: made.value.entries })
    else log.warn('checkpoint-failed', { problem: made.problem })
  }
}
