/** What the rules about registers, and about movement, say at every whole hour: they look back over a window. */
import type { SeriesView } from '../series/observation.ts'
import { signals } from '../series/observation.ts'
import { addDays } from '../work/day.ts'
import { midnightOf } from '../work/quiet-hours.ts'
import type { Moment, Truth } from './course.ts'
import type { Rule } from './finding.ts'
import {
  HOUR_MS,
  isExcused,
  MINUTE_MS,
  SILENT_AFTER_HOURS,
  type WatchContext,
  type WatchedDevice,
} from './watched.ts'

/** Below, what is no use but noise of arithmetic: a tenth of the finest digit of household meters. */
const NOTHING = 1e-4

export const stepOf = ({ limits }: Rule): number => (limits.stepMinutes ?? 60) * MINUTE_MS

/** How far a rule looks back from a moment. */
export const windowOf = ({ kind, limits }: Rule): number =>
  kind === 'night-flow' ? (limits.nights ?? 1) * 24 * HOUR_MS : (limits.hours ?? 0) * HOUR_MS

/** Of the moments from `fromMs` to `toMs`, both in; they lie on whole steps since 1970. */
export function windowMoments(
  rule: Rule,
  device: WatchedDevice,
  view: SeriesView,
  context: WatchContext,
  fromMs: number,
  toMs: number,
): readonly Moment[] {
  if (rule.kind === 'night-flow') return nightMoments(rule, device, view, context, fromMs, toMs)
  const stepMs = stepOf(rule)
  const windowMs = windowOf(rule)
  const first = Math.ceil(fromMs / stepMs) * stepMs
  const last = Math.floor(toMs / stepMs) * stepMs
  if (last < first) return []
  const uses = stepsOf(rule, device, view, first - windowMs, last, stepMs)
  const moments = slide(rule, device, uses, first, last)
  if (rule.kind !== 'leak' || !moments.some(({ truth }) => truth === 'raised')) return moments
  const standing = standstills(rule, device, view, first - windowMs, last, stepMs)
  return slide(
    rule,
    device,
    uses.map((use, at) => (standing.has(at) ? 0 : use)),
    first,
    last,
  )
}

function slide(
  rule: Rule,
  device: WatchedDevice,
  uses: readonly (number | null)[],
  first: number,
  last: number,
): readonly Moment[] {
  const stepMs = stepOf(rule)
  const windowMs = windowOf(rule)
  const width = windowMs / stepMs
  const moments: Moment[] = []
  let known = 0
  let missing = 0
  let idle = 0
  const { atLeast = 0 } = rule.limits
  const count = (use: number | null | undefined, sign: 1 | -1) => {
    if (use === null || use === undefined) missing += sign
    else {
      known += sign * use
      if (isIdle(use, atLeast)) idle += sign
    }
  }
  for (let at = 0; at < width; at++) count(uses[at], 1)
  for (let end = width; ; end++) {
    const atMs = first + (end - width) * stepMs
    const excused = isExcused(rule, device, atMs, windowMs)
    moments.push({
      atMs,
      ...judged(rule, { known: Math.max(known, 0), missing, idle }),
      ...(excused ? { excused } : {}),
    })
    if (atMs >= last) return moments
    count(uses[end], 1)
    count(uses[end - width], -1)
  }
}

/** A step is looked at in so many parts, of which so many in a row without use are a standstill. */
const PARTS = 6
const STANDS = 4

/**
 * Steps in which the register stood still for most of a step's length. A meter that is read at 28 minutes past spreads
 * what it moved over two hours of the clock, and an hour without use would be lost between them; its readings tell.
 */
function standstills(
  rule: Rule,
  device: WatchedDevice,
  view: SeriesView,
  fromMs: number,
  untilMs: number,
  stepMs: number,
): ReadonlySet<number> {
  const found = new Set<number>()
  let run = 0
  for (const [at, use] of stepsOf(rule, device, view, fromMs, untilMs, stepMs / PARTS).entries()) {
    run = use !== null && use < NOTHING ? run + 1 : 0
    // The step in which the middle of it lies.
    if (run === STANDS) found.add(Math.floor((at - STANDS / 2) / PARTS))
    if (run > STANDS) found.add(Math.floor((at - 1) / PARTS))
  }
  return found
}

type Tally = {
  /** What is known to have been used. */
  readonly known: number
  /** Steps of which nothing is known. */
  readonly missing: number
  /** Steps with no use, or too little to count. */
  readonly idle: number
}

/** What can be said whatever was used in the steps that are missing; use is never negative. */
function judged(
  { kind, limits }: Rule,
  { known, missing, idle }: Tally,
): { readonly truth: Truth; readonly value: number } {
  const value = round(known)
  switch (kind) {
    case 'no-use':
      return { value, truth: value >= (limits.below ?? 0) ? 'cleared' : missing > 0 ? 'unknown' : 'raised' }
    case 'leak':
      return { value, truth: idle > 0 ? 'cleared' : missing > 0 ? 'unknown' : 'raised' }
    default:
      return {
        value,
        truth: value > (limits.above ?? Infinity) ? 'raised' : missing > 0 ? 'unknown' : 'cleared',
      }
  }
}

const isIdle = (use: number, atLeast: number): boolean => round(use) < Math.max(atLeast, NOTHING)

/** Differences and sums of registers, without the digits that only arithmetic made. */
const round = (value: number): number => Math.round(value * 1e6) / 1e6

/** Of a register what it moved; of a condition how often it was so. Null: not known, or before the home allowed it. */
function stepsOf(
  { kind, signal }: Rule,
  device: WatchedDevice,
  view: SeriesView,
  fromMs: number,
  untilMs: number,
  stepMs: number,
): readonly (number | null)[] {
  if (signal === null) return []
  const leave = kind === 'away-use' ? device.leaves : null
  const steps =
    signals[signal].form === 'register'
      ? view.uses(device.id, signal, fromMs, untilMs, stepMs)
      : timesOn(device, signal, view, fromMs, untilMs, stepMs)
  return steps.map((use, at) => {
    const startMs = fromMs + at * stepMs
    // Of an absence only whole steps of it count: what was used until the door fell shut is nobody's leak.
    if (leave && !leave.some((span) => span.fromMs <= startMs && startMs + stepMs <= span.untilMs)) return 0
    return startMs < device.fromMs ? null : use
  })
}

/** Any of these says that the device still works, and that its silence about the other means something. */
const SIGNS_OF_LIFE = ['battery', 'online', 'temperature', 'tamper', 'test'] as const

/** A step without a word counts as one where nothing happened only while the device was heard of not long before. */
function timesOn(
  { id }: WatchedDevice,
  signal: NonNullable<Rule['signal']>,
  view: SeriesView,
  fromMs: number,
  untilMs: number,
  stepMs: number,
): readonly (number | null)[] {
  const aliveMs = SILENT_AFTER_HOURS * HOUR_MS
  const own = view.points(id, signal, fromMs - aliveMs, untilMs)
  const heard = [
    ...own,
    ...SIGNS_OF_LIFE.flatMap((sign) =>
      view
        .points(id, sign, fromMs - aliveMs, untilMs)
        .filter(({ value }) => sign !== 'online' || value === 1),
    ),
  ]
    .map(({ atMs }) => atMs)
    .sort((a, b) => a - b)
  const steps: (number | null)[] = []
  let next = 0
  for (let endMs = fromMs + stepMs; endMs <= untilMs; endMs += stepMs) {
    while (next < heard.length && heard[next]! < endMs) next++
    const last = heard[next - 1]
    steps.push(last !== undefined && endMs - last <= aliveMs ? 0 : null)
  }
  for (const { atMs, value } of own) {
    const at = Math.floor((atMs - fromMs) / stepMs)
    if (value === 1 && at >= 0 && at < steps.length) steps[at] = (steps[at] ?? 0) + 1
  }
  return steps
}

/** One moment a day, when the night's hours are over: water that runs in every hour of several nights running. */
function nightMoments(
  rule: Rule,
  device: WatchedDevice,
  view: SeriesView,
  { calendar }: WatchContext,
  fromMs: number,
  toMs: number,
): readonly Moment[] {
  const { fromHour = 2, untilHour = 5, nights = 2, atLeast = 0 } = rule.limits
  const { signal } = rule
  const moments: Moment[] = []
  if (signal === null) return moments
  const before: Night[] = []
  const firstDay = addDays(calendar.dayOf(fromMs), 1 - nights)
  for (let day = firstDay; ; day = addDays(day, 1)) {
    const midnight = midnightOf(calendar, day)
    const atMs = midnight + untilHour * HOUR_MS
    if (atMs > toMs) return moments
    const startMs = midnight + fromHour * HOUR_MS
    const uses = view
      .uses(device.id, signal, startMs, atMs, HOUR_MS)
      .map((use, hour) => (startMs + hour * HOUR_MS < device.fromMs ? null : use))
    const night = nightOf(uses, atLeast)
    const stands =
      night.truth === 'raised' && standstills(rule, device, view, startMs, atMs, HOUR_MS).size > 0
    before.push(stands ? { ...night, truth: 'cleared' } : night)
    if (before.length > nights) before.shift()
    if (before.length < nights || atMs < fromMs) continue
    const truth = before.some((night) => night.truth === 'cleared')
      ? 'cleared'
      : before.some((night) => night.truth === 'unknown')
        ? 'unknown'
        : 'raised'
    const excused = isExcused(rule, device, atMs, 0)
    moments.push({
      atMs,
      truth,
      value: round(before.reduce((sum, { used }) => sum + used, 0)),
      ...(excused ? { excused } : {}),
    })
  }
}

type Night = { readonly truth: Truth; readonly used: number }

function nightOf(uses: readonly (number | null)[], atLeast: number): Night {
  const used = uses.reduce<number>((sum, use) => sum + (use ?? 0), 0)
  const stands = uses.some((use) => use !== null && isIdle(use, atLeast))
  return { used, truth: stands ? 'cleared' : uses.includes(null) ? 'unknown' : 'raised' }
}
