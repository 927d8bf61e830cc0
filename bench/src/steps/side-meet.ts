import { setTimeout as pause } from 'node:timers/promises'
import { nowMs } from '../clock.ts'
import type { Size } from '../generate.ts'
import { moreVisits } from '../more-visits.ts'
import { type Side, sideModule } from '../side.ts'
import { step, type Usage, usage } from '../step.ts'

export type Met = {
  /** Milliseconds since 1970: called, and known to be settled both ways. */
  readonly startedAtMs: number
  readonly settledAtMs: number
  readonly before: Usage
  readonly after: Usage
  /** Of each visit written after that: when its save was asked for. */
  readonly edits: readonly [id: string, atMs: number][]
}

/** Longer than any side collects what it sends, so that each edit stands alone. */
const BETWEEN_EDITS_MS = 150
/** After the last one, so that it arrives. */
const AFTER_EDITS_MS = 2000

step<{ side: Side; folder: string; port: number; size: Size; edits: { count: number; salt: number } | null }>(
  async ({ side, folder, port, size, edits }): Promise<Met> => {
    const open = await (await sideModule(side)).open(folder)
    const visits = edits ? moreVisits(size, edits.count, edits.salt) : []
    const before = usage()
    const startedAtMs = nowMs()
    await open.meet(port)
    const settledAtMs = nowMs()
    const after = usage()
    const made: [string, number][] = []
    for (const visit of visits) {
      await pause(BETWEEN_EDITS_MS)
      made.push([visit.id, nowMs()])
      await open.put([visit])
    }
    if (visits.length > 0) await pause(AFTER_EDITS_MS)
    await open.close()
    return { startedAtMs, settledAtMs, before, after, edits: made }
  },
)
