import { toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import { type EntryRef, type LogId, parseEntry } from '../log/entry.ts'
import { mayHold, memberAt } from '../membership/resolve.ts'
import { expectOk, fail, ok, type Problem, type Result } from '../result.ts'
import { barOf } from '../trunk/bars.ts'
import type { Trunk } from '../trunk/context.ts'
import { acceptedHeads, isAtOrBefore } from '../trunk/heads.ts'

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

/** Entries that do not count by themselves and came in all the same, with who let them in (A12). */
export type Carried = {
  /** The station that wrote them. */
  readonly from: string
  readonly reason: 'log-frozen' | 'station-not-standing'
  readonly log: LogId
  /** The last of them that came in. */
  readonly seq: number
  /** The station whose entry stands on them, and that entry: a release, or one of somebody who had not heard. */
  readonly letInBy: { readonly station: string; readonly log: LogId; readonly seq: number } | null
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
  readonly carried: readonly Carried[]
} {
  const { store, acts } = trunk
  const member = memberAt(acts.now(), trunk.identity.station)
  const isHolding = (space: string) => member !== undefined && mayHold(acts.now(), member, space)
  const wasHandedOn = (space: string) => member !== undefined && !isHolding(space)
  const dismissed = new Set((store.draft(DISMISSED)?.value as string[] | undefined) ?? [])
  // Of a space that was handed on, others decide, and nothing that they say of it comes here any more.
  const shown = store
    .held()
    .filter(({ hash, log }) => !dismissed.has(toHex(hash)) && !wasHandedOn(store.log(log)!.space))
  const held = shown.map((entry) => ({
    id: toHex(entry.hash).slice(0, ID_DIGITS),
    from: stationIdOf(store.log(entry.log)!.key),
    reason: barOf(store, acts.now(), entry) ?? 'station-not-standing',
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
  const announced = store
    .unconfirmedErasures()
    // One that is only carried for others comes to count with them.
    .filter(({ space }) => isHolding(space))
    .map(({ by, space, parts }) => ({ id: toHex(by).slice(0, ID_DIGITS), space, parts }))
  return { held, refused, carried: listCarried(trunk), stripped, announced }
}

/** Names of held entries that a person here has looked at and does not want to see again: nothing else follows. */
const DISMISSED = 'quarantine/dismissed'

/** Hides a held entry on this station alone; it stays held everywhere (A16). */
export function dismissHeld(trunk: Trunk, id: string): Result<void, Problem & { type: 'not-in-quarantine' }> {
  const found = findHeld(trunk, id)
  if (!found.ok) return found
  const { store, now } = trunk
  const before = (store.draft(DISMISSED)?.value as string[] | undefined) ?? []
  store.transaction(() =>
    store.putDraft({ id: DISMISSED, at: now(), value: [...before, toHex(found.value.hash)] }),
  )
  return ok(undefined)
}

function listCarried(trunk: Trunk): Carried[] {
  const { store, acts, identity } = trunk
  const membership = acts.now()
  const spaces = new Set(store.logs().map(({ log }) => log.space))
  spaces.delete(identity.community)
  return [...spaces].flatMap((space) =>
    acceptedHeads(store, space).flatMap((head) => {
      const reason = barOf(store, membership, head)
      if (!reason) return []
      const from = stationIdOf(store.log(head.log)!.key)
      return [{ from, reason, log: head.log, seq: head.seq, letInBy: carrierOf(trunk, space, head) }]
    }),
  )
}

/** The first entry of somebody who stands that names this one. */
function carrierOf(trunk: Trunk, space: string, head: EntryRef): Carried['letInBy'] {
  const { store, acts } = trunk
  let after = store.entry(head.hash)?.n ?? 0
  for (;;) {
    const page = store.entriesOf(space, after, 500)
    for (const entry of page) {
      after = entry.n
      if (entry.log === head.log || barOf(store, acts.now(), entry)) continue
      const { deps } = expectOk(parseEntry(entry.raw)).header
      if (deps.some((dep) => isAtOrBefore(store, head, dep)))
        return { station: stationIdOf(store.log(entry.log)!.key), log: entry.log, seq: entry.seq }
    }
    if (page.length < 500) return null
  }
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
