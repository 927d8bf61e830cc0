import { toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import type { EntryRef, LogId } from '../log/entry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Trunk } from '../trunk/context.ts'

export type Quarantined = {
  /** The first digits of the entry's hash: enough to tell it from the others. */
  readonly id: string
  /** The station that wrote it; of a refused one, who brought it. */
  readonly from: string
  readonly reason: string
  /** Milliseconds since 1970, by this station's clock. */
  readonly since: number
  readonly log: LogId
  readonly seq: number
}

const ID_DIGITS = 12

/** Held entries may be released; refused ones never count (A2) and are shown so that somebody asks why. */
export function listQuarantine(trunk: Trunk): {
  readonly held: readonly Quarantined[]
  readonly refused: readonly Quarantined[]
} {
  const { store, acts } = trunk
  const held = store.held().map((entry) => ({
    id: toHex(entry.hash).slice(0, ID_DIGITS),
    from: stationIdOf(store.log(entry.log)!.key),
    reason: acts.now().frozen.has(entry.log) ? 'log-frozen' : 'station-not-standing',
    since: entry.arrivedAt,
    log: entry.log,
    seq: entry.seq,
  }))
  const refused = store.refusals().map((refusal) => ({
    id: toHex(refusal.hash).slice(0, ID_DIGITS),
    from: refusal.source,
    reason: refusal.reason,
    since: refusal.at,
    log: refusal.log,
    seq: refusal.seq,
  }))
  return { held, refused }
}

/** A held entry by the start of its id, at least four digits. */
export function findHeld(
  trunk: Trunk,
  id: string,
): Result<EntryRef, Problem & { type: 'not-in-quarantine' }> {
  const found = trunk.store.held().filter((entry) => id.length >= 4 && toHex(entry.hash).startsWith(id))
  return found.length === 1
    ? ok({ log: found[0]!.log, seq: found[0]!.seq, hash: found[0]!.hash })
    : fail({ type: 'not-in-quarantine', id })
}
