/** What is known of a device, its home and the moment beside the readings: everything that a rule may look at. */
import type { Calendar } from '../work/day.ts'
import { afterWaiting, type QuietHours } from '../work/quiet-hours.ts'
import type { RuleKind, Urgency } from './finding.ts'

/** Milliseconds since 1970; `untilMs` is no part of it, and Infinity where no end is known. */
export type Span = { readonly fromMs: number; readonly untilMs: number }

export type WatchedDevice = {
  readonly id: string
  /** As the device record says: `water`, `smoke`, … */
  readonly kind: string
  /** Whether the home allows it now (`mayReadDevice`): without, nothing is evaluated. */
  readonly allowed: boolean
  /** What was read before is not looked at: when it was installed, or the consent in force began. */
  readonly fromMs: number
  /** Until then it learns what is usual, and only what concerns life is told. */
  readonly learnedMs: number
  /** The home agreed to be watched closely. */
  readonly close: boolean
  /** When everybody is away, as they said, oldest first; none overlaps another. */
  readonly leaves: readonly Span[]
  /** How often it speaks when all is well, in minutes; null where that is not known, or it runs on a battery. */
  readonly speaksEveryMinutes: number | null
  /** By rule id: other limits for this device alone, and why; learned, or set after a false alarm. */
  readonly own: Readonly<Record<string, OwnLimits>>
}

export type OwnLimits = {
  readonly limits: Readonly<Record<string, number>>
  readonly disabled: boolean
}

export type WatchContext = {
  readonly nowMs: number
  readonly calendar: Calendar
  /** Hours in which care waits; null: there are none. */
  readonly quietHours: QuietHours
  /** Since when this gateway has listened without a break: before, no silence is a device's own. Null: always. */
  readonly listeningSinceMs: number | null
}

/** The project's own choice: nobody is telephoned out of bed for what can wait. */
export const QUIET_HOURS: QuietHours = [22, 7]

/** The first week learns and tells nothing (as in a leak detector's rules, domain B.1 [S65]). */
export const LEARNING_DAYS = 7

/** A device on a battery counts as silent only after so long (zigbee2mqtt's experience). */
export const SILENT_AFTER_HOURS = 25

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
export const MINUTE_MS = 60_000

/**
 * Whether a rule is not to be looked at at a moment, because the device still learns or the home is away. What looks
 * back over a window is not to be looked at either until a whole window has passed after the return.
 */
export function isExcused(
  { kind, urgency }: { readonly kind: RuleKind; readonly urgency: Urgency },
  { learnedMs, leaves }: Pick<WatchedDevice, 'learnedMs' | 'leaves'>,
  atMs: number,
  windowMs: number,
): boolean {
  if (urgency === 'life') return false
  if (atMs < learnedMs) return true
  if (kind === 'away-use') return !leaves.some(({ fromMs, untilMs }) => fromMs < atMs && atMs <= untilMs)
  if (urgency !== 'care') return false
  return leaves.some(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs + windowMs)
}

/**
 * When something that was raised may be told, not before `raisedMs`. Life never waits; care waits for the morning,
 * except where the home is watched closely because of a high risk; what is only to be mended may be read at any time.
 */
export function tellAtMs(
  { urgency }: { readonly urgency: Urgency },
  { close }: Pick<WatchedDevice, 'close'>,
  { calendar, quietHours }: Pick<WatchContext, 'calendar' | 'quietHours'>,
  raisedMs: number,
): number {
  return urgency === 'care' && !close ? afterWaiting(raisedMs, 0, quietHours, calendar) : raisedMs
}
