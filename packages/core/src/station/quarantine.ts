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

/** An erasure that somebody announced, and that does not count here (A19): what it names may be missing here. */
export type Announced = { readonly id: string; readonly space: string; readonly parts: number }

/**
 * Held entries may be released; refused ones never count (A2) and are shown so that somebody asks why. Stripped ones
 * came without parts that no erasure has named, and were not kept: `from` lost them, or took them out.
 */
export function listQuarantine(trunk: Trunk): {
  readonly held: readonly Quarantined[]
  readonly refused: readonly Quarantined[]
  readonly stripped: readonly Quarantined[]
  readonly announced: readonly Announced[]
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
  const stripped = store.stripped().map((entry) => ({
    id: toHex(entry.hash).slice(0, ID_DIGITS),
    from: entry.source,
    reason: 'stripped',
    since: entry.at,
    log: entry.log,
    seq: entry.seq,
  }))
  const announced = store.unconfirmedErasures().map(({ by, space, parts }) => ({
    id: toHex(by).slice(0, ID_DIGITS),
    space,
    parts,
  }))
  return { held, refused, stripped, announced }
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
