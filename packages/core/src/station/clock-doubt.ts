import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { decodeCbor, encodeCbor, isCount, isText, isTuple } from '../bytes/cbor.ts'
import { whereThereIsRoom } from './home.ts'
import type { Station } from './station.ts'
import { lastOwnEntry } from './witnesses.ts'

/** In this machine's own settings; the other's time is never used for anything but to say that ours is off. */
const OFFER = 'clock-offer'
/** Between two clocks in order there is less, the way of the message included. */
export const CLOCK_OFF_MS = 3 * 60_000
/** What was offered longer ago says nothing any more: quartz drifts, and people set clocks. */
const COUNTS_FOR_S = 12 * 3600

export type ClockDoubt = {
  /** The gateway that offered its time. */
  readonly station: string
  /** Negative: this machine's clock is behind. Milliseconds. */
  readonly aheadMs: number
}

/** What runs whatever is done to the clock: seconds since the machine started, and which start that was. */
export type Running = { readonly boot: string; readonly uptimeS: number }

export const running = (): Running => ({ boot: bootId(), uptimeS: uptime() })

let knownBoot: string | null = null

/** Linux names each start; elsewhere the time that ran has to do, and must be longer than it was. */
function bootId(): string {
  try {
    knownBoot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    knownBoot = ''
  }
  return knownBoot
}

/** An offer that says no more than the one that is kept is not written down: one comes every half minute. */
const SAME_MS = 10_000
const FRESH_FOR_S = 3600

/** Keeps what a gateway said the time was just now. Nothing is set by it; on a full disk it is not kept. */
export function noteClockOffer(
  station: Station,
  offer: { readonly station: string; readonly atMs: number },
  at: Running = running(),
): void {
  const { store } = station.trunk
  const kept = keptOffer(station, at)
  if (
    kept?.station === offer.station &&
    kept.sinceS < FRESH_FOR_S &&
    Math.abs(kept.nowMs - offer.atMs) < SAME_MS
  )
    return
  const bytes = encodeCbor([offer.station, offer.atMs, at.boot, Math.round(at.uptimeS)])
  whereThereIsRoom(station.home, () => store.transaction(() => store.putSetting(OFFER, bytes)))
}

/**
 * Whether this machine's clock is off, by what a gateway last offered and what has run since. Somebody who set the clock
 * meanwhile is not told to set it again; after a restart nothing is known until the next meeting.
 */
export function clockDoubt(station: Station, at: Running = running()): ClockDoubt | null {
  const kept = keptOffer(station, at)
  if (!kept) return null
  const aheadMs = Math.round(station.now - kept.nowMs)
  return Math.abs(aheadMs) > CLOCK_OFF_MS ? { station: kept.station, aheadMs } : null
}

/** `nowMs`: what the time is now, by that offer. */
function keptOffer(
  station: Station,
  at: Running,
): { readonly station: string; readonly nowMs: number; readonly sinceS: number } | null {
  const kept = station.trunk.store.setting(OFFER)
  const decoded = kept ? decodeCbor(kept, 1000) : null
  const value = decoded?.ok ? decoded.value : null
  if (!isTuple(value, 4)) return null
  const [from, offeredMs, boot, uptimeS] = value
  if (!isText(from) || !isCount(offeredMs) || boot !== at.boot || !isCount(uptimeS)) return null
  const sinceS = at.uptimeS - uptimeS
  if (sinceS < -1 || sinceS > COUNTS_FOR_S) return null
  return { station: from, nowMs: offeredMs + sinceS * 1000, sinceS }
}

/** When this station last wrote, by the clock it had then; null when it never did. */
export function lastWroteMs(station: Station): number | null {
  const { trunk } = station
  let latest: number | null = null
  for (const { id: space } of station.spaces()) {
    const entry = lastOwnEntry(trunk, space)
    const at = entry && trunk.store.entry(entry.hash)?.arrivedAt
    if (typeof at === 'number') latest = Math.max(latest ?? 0, at)
  }
  return latest
}
