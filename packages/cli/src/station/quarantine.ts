import { fail, ok, type Result, type Station, stationIdOf, toHex } from '@doorstep/core'

export type Quarantined = {
  readonly id: string
  readonly from: string
  readonly reason: string
  readonly since: string
  readonly log: string
  readonly seq: number
}

/** Long enough to be one of a kind in a quarantine, short enough to type. */
const ID_DIGITS = 12

/** Held entries may be released; refused ones never count (A2) and are shown so that somebody asks why. */
export function listQuarantine(station: Station): { held: Quarantined[]; refused: Quarantined[] } {
  const held = station.held().map((entry) => ({
    id: toHex(entry.hash).slice(0, ID_DIGITS),
    from: stationIdOf(station.trunk.store.log(entry.log)!.key),
    reason: station.membership().frozen.has(entry.log) ? 'log-frozen' : 'station-not-standing',
    since: new Date(entry.arrivedAt).toISOString(),
    log: entry.log,
    seq: entry.seq,
  }))
  const refused = station.refusals().map((refusal) => ({
    id: toHex(refusal.hash).slice(0, ID_DIGITS),
    from: refusal.source,
    reason: refusal.reason,
    since: new Date(refusal.at).toISOString(),
    log: refusal.log,
    seq: refusal.seq,
  }))
  return { held, refused }
}

export function findHeld(station: Station, id: string): Result<{ hash: Uint8Array }> {
  const found = station.held().filter((entry) => id.length >= 4 && toHex(entry.hash).startsWith(id))
  return found.length === 1 ? ok(found[0]!) : fail({ type: 'not-in-quarantine', id })
}
