import { toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import { parseEntry } from '../log/entry.ts'
import { ROOT_MEMBER } from '../membership/graph.ts'
import type { StationCard } from '../membership/resolve.ts'
import type { StoredEntry } from '../store/store.ts'
import { refsOf } from '../trunk/act-book.ts'
import type { Trunk } from '../trunk/context.ts'
import { openDeed } from '../trunk/part.ts'
import type { Station } from './station.ts'

/** Clocks of two machines in order differ by less than this, in milliseconds. */
const CLOCK_TOLERANCE_MS = 10 * 60_000
/** How many of a log's newest entries are asked for a time that can be true: a clock that was wrong for a while. */
const MAX_LOOKED_AT = 32
const DAY_MS = 86_400_000

/**
 * The latest sign of life of another station that nothing but this station's own clock, or a time that can be true,
 * stands behind.
 *
 * - `met`: it was on the wire, by this station's clock.
 * - `wrote`: the time its entry states, if that is no later than when the entry came here. An entry that came through
 *   others may have been on its way for weeks, so its coming is no sign of life.
 * - `knew`: its entry has an entry of this station in its past, so it was written after that one, by this station's clock.
 * - `added`: nothing since it was added, as far as is known here.
 *
 * A time that lies ahead of when it was heard is not believed: a wrong clock silences no warning, beyond the time by
 * which it is wrong and the entry was under way.
 */
export type HeardOf = {
  readonly station: string
  readonly member: string
  readonly by: 'met' | 'wrote' | 'knew' | 'added'
  /** Milliseconds since 1970; null when every time known lies ahead of this machine's clock. */
  readonly atMs: number | null
  /** Whole days since, by this machine's clock. */
  readonly days: number | null
  /** What its newest entry says of the time, when that cannot be true. */
  readonly clockSaysMs: number | null
}

/** Of every other station that stands, the longest unheard first. */
export function heardOf(station: Station): HeardOf[] {
  const { trunk } = station
  const now = trunk.now()
  const met = new Map<string, number>()
  for (const { station: id, via, at, equalAt } of station.peers())
    for (const time of [via === 'bundle' ? null : at, equalAt])
      if (time !== null && time <= now) met.set(id, Math.max(met.get(id) ?? 0, time))
  const signs = signsInLogs(trunk)
  return [...station.membership().stations.values()]
    .filter(({ id, member }) => id !== station.identity.station && member !== ROOT_MEMBER)
    .map((card) => heardOfOne(trunk, card, met.get(card.id), signs.get(card.id)))
    .sort((a, b) => (a.atMs ?? 0) - (b.atMs ?? 0) || (a.station < b.station ? -1 : 1))
}

type Signs = { wroteMs: number | null; knewMs: number | null; clockSaysMs: number | null; newestN: number }

function heardOfOne(
  trunk: Trunk,
  card: StationCard,
  metMs: number | undefined,
  signs: Signs | undefined,
): HeardOf {
  const about = { station: card.id, member: card.member, clockSaysMs: signs?.clockSaysMs ?? null }
  const known: [HeardOf['by'], number | null | undefined][] = [
    ['met', metMs],
    ['wrote', signs?.wroteMs],
    ['knew', signs?.knewMs],
  ]
  let best: { by: HeardOf['by']; atMs: number } | null = null
  for (const [by, atMs] of known)
    if (typeof atMs === 'number' && (!best || atMs > best.atMs)) best = { by, atMs }
  if (!best) {
    const added = trunk.store.entry(card.claim.node.ref.hash)?.arrivedAt
    if (added === undefined || added > trunk.now()) return { ...about, by: 'added', atMs: null, days: null }
    best = { by: 'added', atMs: added }
  }
  return { ...about, ...best, days: Math.floor((trunk.now() - best.atMs) / DAY_MS) }
}

function signsInLogs(trunk: Trunk): Map<string, Signs> {
  const { store } = trunk
  const signs = new Map<string, Signs>()
  for (const { id, log } of store.logs()) {
    const author = stationIdOf(log.key)
    if (author === trunk.identity.station) continue
    let sign = signs.get(author)
    if (!sign) {
      sign = { wroteMs: null, knewMs: null, clockSaysMs: null, newestN: 0 }
      signs.set(author, sign)
    }
    for (const tip of store.tipsOf(id)) {
      const knewMs = [...refsOf(tip.seen), ...refsOf(tip.acts)]
        .filter((ref) => isOwn(trunk, ref.log))
        .map((ref) => ownTime(trunk, ref.hash))
        .reduce(later, null)
      sign.knewMs = later(sign.knewMs, knewMs)
      if (log.space !== trunk.identity.community) lookBack(trunk, log.space, tip.ref.hash, knewMs, sign)
    }
  }
  return signs
}

const isOwn = ({ store, identity }: Trunk, log: string): boolean => {
  const declared = store.log(log)
  return declared !== null && toHex(declared.key) === toHex(identity.signing.publicKey)
}

function ownTime({ store, now }: Trunk, hash: Uint8Array): number | null {
  const entry = store.entry(hash)
  return entry && !entry.base && entry.arrivedAt <= now() ? entry.arrivedAt : null
}

/** From the end of a branch back to the first time that can be true. */
function lookBack(trunk: Trunk, space: string, head: Uint8Array, knewMs: number | null, sign: Signs): void {
  const { store } = trunk
  let at = store.entry(head)
  for (let looked = 0; at && !at.base && looked < MAX_LOOKED_AT; looked++) {
    const statedMs = statedTime(trunk, at, space)
    const isNewest = looked === 0 && at.n > sign.newestN
    if (isNewest) sign.newestN = at.n
    if (statedMs !== null) {
      const latest = Math.min(at.arrivedAt, trunk.now()) + CLOCK_TOLERANCE_MS
      if (statedMs <= latest) {
        const isBehind = knewMs !== null && statedMs < knewMs - DAY_MS
        if (isNewest) sign.clockSaysMs = isBehind ? statedMs : null
        sign.wroteMs = later(sign.wroteMs, Math.min(statedMs, trunk.now()))
        return
      }
      if (isNewest) sign.clockSaysMs = statedMs
    }
    at = at.seq > 0 ? store.entry(at.prev) : null
  }
}

/** When its author says that it wrote an entry; null where this station cannot read it. */
function statedTime({ acts, keyring }: Trunk, stored: StoredEntry, space: string): number | null {
  const entry = parseEntry(stored.raw)
  const sealed = stored.raw.blobs[0]
  if (!entry.ok || !sealed) return null
  const { header } = entry.value
  const generation = header.keys[header.blobs[0]!.key]
  const key = generation ? keyring.keyFor(acts.now(), generation, stored.log, space) : null
  const deed = key ? openDeed(key, stored.log, stored.seq, sealed) : null
  return deed?.ok ? deed.value.at : null
}

const later = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b)
