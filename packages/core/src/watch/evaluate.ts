/**
 * What a rule says of a device, from the readings alone: the same wherever and however often it is asked. Nothing is
 * remembered, so late readings need no special care: with them the answer is the one that they make right.
 */
import type { SeriesView } from '../series/observation.ts'
import { type Course, type Episode, foldCourse } from './course.ts'
import type { Finding, Rule } from './finding.ts'
import { decayOf, levelMoments, withoutTests } from './level-moments.ts'
import {
  DAY_MS,
  HOUR_MS,
  isExcused,
  MINUTE_MS,
  SILENT_AFTER_HOURS,
  type WatchContext,
  type WatchedDevice,
} from './watched.ts'
import { stepOf, windowMoments } from './window-moments.ts'

/** Further back nothing is looked for; a window rule's episode that nobody could follow for so long is no more. */
const HORIZON_MS = 400 * DAY_MS
const FORGET_USE_MS = 35 * DAY_MS
/** A level that was unknown for a day, when it is heard again, is another one. */
const FORGET_LEVEL_HOURS = 24
const FRESH_HOURS = 24

/** As it holds for one device; null where it does not concern it. */
export function ruleFor(rule: Rule, device: WatchedDevice): Rule | null {
  const own = Object.hasOwn(device.own, rule.id) ? device.own[rule.id] : undefined
  // What concerns life is not switched off for one home, whoever wrote so.
  const isOff = rule.disabled || (own?.disabled === true && rule.urgency !== 'life')
  if (isOff || !device.allowed) return null
  if (rule.applies === 'close' && !device.close) return null
  return own ? { ...rule, limits: { ...rule.limits, ...own.limits } } : rule
}

/**
 * Null: nothing to say, which is not the same as that all is well. `cleared` is said while the same episode may still
 * come back (`rearmHours`), `unknown` when nothing was heard for too long while it was raised.
 */
export function evaluate(
  rule: Rule,
  device: WatchedDevice,
  view: SeriesView,
  context: WatchContext,
): Finding | null {
  const course = courseOf(rule, device, view, context)
  const last = course?.isOpen ? course.episodes.at(-1) : undefined
  return course && last ? findingOf(rule, device, course, last, context.nowMs) : null
}

export function findingOf(
  rule: Rule,
  device: WatchedDevice,
  { truth, unknownMs }: Pick<Course, 'truth' | 'unknownMs'>,
  episode: Episode,
  nowMs: number,
): Finding {
  const asItHolds = ruleFor(rule, device) ?? rule
  // What is late by a few minutes every hour is not unknown every hour.
  const isUnknown = truth === 'unknown' && unknownMs !== null && nowMs - unknownMs >= patienceOf(asItHolds)
  return {
    rule: rule.id,
    device: device.id,
    state: episode.clearedMs !== null ? 'cleared' : isUnknown ? 'unknown' : 'raised',
    sinceMs: episode.sinceMs,
    atMs: nowMs,
    figures: figuresOf(asItHolds, episode),
  }
}

/** A level has waited already, until it decayed. */
const patienceOf = (rule: Rule): number =>
  isLevel(rule) || rule.kind === 'event' || rule.kind === 'silence' ? 0 : decayOf(rule)
const isLevel = ({ kind }: Rule): boolean =>
  kind === 'condition' || kind === 'gauge-above' || kind === 'gauge-below'

/** A smoke alarm that never told of movement has not been without any for a day. */
const isNeverSaid = ({ signal }: Rule, { id }: WatchedDevice, view: SeriesView): boolean =>
  signal !== null && view.latest(id, signal) === null

/** Null where the rule does not concern the device. */
export function courseOf(
  given: Rule,
  device: WatchedDevice,
  view: SeriesView,
  context: WatchContext,
  /** Episodes that were raised since then are wanted too, not only the one that is open. */
  sinceMs: number = context.nowMs,
): Course | null {
  const rule = ruleFor(given, device)
  if (!rule || isNeverSaid(rule, device, view)) return null
  if (rule.kind === 'silence') return silenceCourse(rule, device, view, context)
  if (rule.kind === 'event') return eventCourse(rule, device, view, context, sinceMs)
  const { nowMs } = context
  const rearmMs = (rule.limits.rearmHours ?? 0) * HOUR_MS
  const level = isLevel(rule)
  const forgetMs = level ? (rule.limits.forgetHours ?? FORGET_LEVEL_HOURS) * HOUR_MS : FORGET_USE_MS
  const beginMs = Math.max(device.fromMs, nowMs - HORIZON_MS)
  let backMs = Math.max(nowMs - sinceMs, 0) + rearmMs + DAY_MS
  for (;;) {
    const fromMs = Math.max(nowMs - backMs, beginMs)
    const moments = level
      ? levelMoments(rule, device, view, fromMs - decayOf(rule), nowMs)
      : windowMoments(rule, device, view, context, fromMs, nowMs)
    const course = foldCourse(
      moments,
      { rearmMs, forgetMs },
      fromMs,
      nowMs,
      fromMs <= beginMs ? 'idle' : 'unsure',
      sinceMs,
    )
    if (course) return course
    backMs *= 2
  }
}

/** A press within a few minutes of the first is the same call; a later one is another, which somebody must answer. */
function eventCourse(
  { signal, limits, ...rule }: Rule,
  device: WatchedDevice,
  view: SeriesView,
  { nowMs }: WatchContext,
  sinceMs: number,
): Course {
  const nothing: Course = { episodes: [], isOpen: false, truth: 'unknown', unknownMs: null }
  if (signal === null) return nothing
  const rearmMs = (limits.rearmMinutes ?? 10) * MINUTE_MS
  const freshMs = (limits.freshHours ?? FRESH_HOURS) * HOUR_MS
  const wantedMs = Math.min(nowMs - freshMs, sinceMs)
  let backMs = rearmMs
  for (;;) {
    const fromMs = Math.max(wantedMs - backMs, device.fromMs)
    const points = withoutTests(view.points(device.id, signal, fromMs, nowMs + 1), device.id, view).filter(
      ({ value }) => value === 1,
    )
    const [first] = points
    // Only after a pause is it sure that a press is the first of its call.
    if (first && fromMs > device.fromMs && first.atMs - fromMs < rearmMs && backMs < HORIZON_MS) {
      backMs *= 2
      continue
    }
    const episodes: Episode[] = []
    for (const { atMs } of points) {
      if (isExcused(rule, device, atMs, 0)) continue
      const last = episodes.at(-1)
      if (last && atMs - last.raisedMs <= rearmMs) continue
      episodes.push({ sinceMs: atMs, raisedMs: atMs, clearedMs: null, value: 1 })
    }
    const last = episodes.at(-1)
    if (!last) return nothing
    const isFresh = nowMs - last.raisedMs < freshMs
    // Nothing says that a call is over but the person who went there.
    return {
      episodes,
      isOpen: isFresh,
      truth: isFresh ? 'raised' : 'unknown',
      unknownMs: isFresh ? null : last.raisedMs + freshMs,
    }
  }
}

/** How long a device may be silent before that is told. */
export function silentAfterMs({ limits }: Rule, { speaksEveryMinutes }: WatchedDevice): number {
  const usual = (limits.hours ?? SILENT_AFTER_HOURS) * HOUR_MS
  if (speaksEveryMinutes === null) return usual
  return Math.max(speaksEveryMinutes * (limits.missed ?? 3) * MINUTE_MS, (limits.leastHours ?? 1) * HOUR_MS)
}

/** The silence of a device while nobody listened is none of its own. */
function silenceOf(
  rule: Rule,
  device: WatchedDevice,
  view: SeriesView,
  { listeningSinceMs }: WatchContext,
): { readonly heardMs: number; readonly raisedMs: number } {
  const heardMs = Math.max(view.heardAt(device.id) ?? device.fromMs, device.fromMs)
  const dueMs = Math.max(heardMs, listeningSinceMs ?? 0) + silentAfterMs(rule, device)
  return { heardMs, raisedMs: Math.max(dueMs, device.learnedMs) }
}

function silenceCourse(rule: Rule, device: WatchedDevice, view: SeriesView, context: WatchContext): Course {
  const { heardMs, raisedMs } = silenceOf(rule, device, view, context)
  if (context.nowMs < raisedMs || isExcused(rule, device, context.nowMs, 0))
    return { episodes: [], isOpen: false, truth: 'cleared', unknownMs: null }
  const value = Math.round((raisedMs - heardMs) / HOUR_MS)
  return {
    episodes: [{ sinceMs: heardMs, raisedMs, clearedMs: null, value }],
    isOpen: true,
    truth: 'raised',
    unknownMs: null,
  }
}

function figuresOf({ kind, limits }: Rule, { value }: Episode): Finding['figures'] {
  const { hours = 0, below = 0, above = 0, atLeast = 0, minutes = 0 } = limits
  switch (kind) {
    case 'no-use':
      return { used: value, below, hours }
    case 'leak':
      return { used: value, atLeast, hours }
    case 'night-flow':
      return { used: value, atLeast, nights: limits.nights ?? 1 }
    case 'too-much':
    case 'away-use':
      return { used: value, above, hours }
    case 'gauge-above':
      return { value, above, minutes }
    case 'gauge-below':
      return { value, below, minutes }
    case 'condition':
      return minutes > 0 ? { minutes } : {}
    case 'event':
      return {}
    case 'silence':
      return { hours: value }
  }
}

/**
 * The next moment at which a rule may say something else without another reading; Infinity where only a reading can
 * change it. What goes on, or may, is looked at every minute.
 */
export function nextMomentMs(
  given: Rule,
  device: WatchedDevice,
  view: SeriesView,
  context: WatchContext,
  isOpen: boolean,
): number {
  const rule = ruleFor(given, device)
  if (!rule || isNeverSaid(rule, device, view)) return Infinity
  const { nowMs } = context
  if (rule.kind === 'silence') {
    const { raisedMs } = silenceOf(rule, device, view, context)
    return raisedMs > nowMs ? raisedMs : Infinity
  }
  if (rule.kind === 'event') return isOpen ? nowMs + MINUTE_MS : Infinity
  if (isLevel(rule)) {
    const latest = view.points(device.id, rule.signal!, nowMs - decayOf(rule), nowMs + 1).at(-1)
    return isOpen || (latest !== undefined && mayBeOn(rule, latest.value)) ? nowMs + MINUTE_MS : Infinity
  }
  const stepMs = stepOf(rule)
  return (Math.floor(nowMs / stepMs) + 1) * stepMs
}

/** Whether a level, or a value, is one that may yet raise a rule by lasting. */
function mayBeOn({ kind, limits }: Rule, value: number): boolean {
  if (kind === 'condition') return value === 1
  return kind === 'gauge-above'
    ? value > (limits.clearBelow ?? limits.above ?? Infinity)
    : value < (limits.clearAbove ?? limits.below ?? -Infinity)
}
