/**
 * How often rules would have told something of past readings: before a community takes a rule, or changes one. Nobody's
 * leave is known and nothing is learned, so it is what they would say at most.
 */
import { cleanRegister } from '../series/clean-register.ts'
import { registerLimits } from '../series/limits.ts'
import type { Observation, Point, SeriesView, Signal } from '../series/observation.ts'
import { spreadUses } from '../series/spread-uses.ts'
import type { Calendar } from '../work/day.ts'
import { courseOf } from './evaluate.ts'
import type { Rule } from './finding.ts'
import { DAY_MS, type WatchContext, type WatchedDevice } from './watched.ts'
import { windowMoments } from './window-moments.ts'

export type RuleReplay = {
  readonly rule: Rule
  readonly alerts: number
  readonly per100HomesADay: number
  /** Mean of the tenth of homes that it told most of, each, a day. */
  readonly worstTenthADay: number
  readonly homesEver: number
  /** Of the days (of nights, for a rule about nights) of which it could be said: in how many per cent it held at the end. */
  readonly heldPercent: number | null
}

export type Replay = {
  /** Homes with readings over at least `leastDays`. */
  readonly homes: number
  readonly homeDays: number
  readonly leftOut: number
  readonly rules: readonly RuleReplay[]
}

/** Shorter ones say more of how they began than of a home. */
export const LEAST_DAYS = 30

/** `readings`: registers as they were read, dirt and all, in any order. */
export function replayRules(
  readings: Iterable<Observation>,
  rules: readonly Rule[],
  calendar: Calendar,
  leastDays = LEAST_DAYS,
): Replay {
  const homes = homesOf(readings)
  // The same hours of every home, under every rule.
  const known = new Map<number, string>()
  const dayBefore = (ms: number): string => {
    const day = known.get(ms) ?? calendar.dayOf(ms - 1)
    known.set(ms, day)
    return day
  }
  const enough = homes.filter(({ fromMs, untilMs }) => untilMs - fromMs >= leastDays * DAY_MS)
  const homeDays = enough.reduce((sum, { fromMs, untilMs }) => sum + (untilMs - fromMs) / DAY_MS, 0)
  return {
    homes: enough.length,
    homeDays: Math.round(homeDays),
    leftOut: homes.length - enough.length,
    rules: rules.map((rule) => replayRule(rule, enough, homeDays, calendar, dayBefore)),
  }
}

type Home = {
  readonly device: WatchedDevice
  readonly view: SeriesView
  readonly fromMs: number
  readonly untilMs: number
}

function homesOf(readings: Iterable<Observation>): readonly Home[] {
  const byDevice = new Map<string, Map<Signal, Point[]>>()
  for (const { device, signal, atMs, value } of readings) {
    const signals = byDevice.get(device) ?? new Map<Signal, Point[]>()
    byDevice.set(device, signals)
    const points = signals.get(signal) ?? []
    signals.set(signal, points)
    points.push({ atMs, value })
  }
  return [...byDevice].map(([id, signals]) => {
    const all = [...signals.values()].flat().map(({ atMs }) => atMs)
    const fromMs = all.reduce((least, ms) => Math.min(least, ms), Infinity)
    const untilMs = all.reduce((most, ms) => Math.max(most, ms), -Infinity)
    const device: WatchedDevice = {
      id,
      kind: 'other',
      allowed: true,
      fromMs,
      learnedMs: fromMs,
      close: true,
      leaves: [],
      speaksEveryMinutes: null,
      own: {},
    }
    return { device, view: pastView(signals, untilMs), fromMs, untilMs }
  })
}

function pastView(signals: ReadonlyMap<Signal, Point[]>, untilMs: number): SeriesView {
  const clean = new Map<Signal, ReturnType<typeof cleanRegister>>()
  for (const [signal, points] of signals) {
    points.sort((a, b) => a.atMs - b.atMs || a.value - b.value)
    const once = points.filter(({ atMs, value }, at) => {
      const before = points[at - 1]
      return before?.atMs !== atMs || before.value !== value
    })
    const limits = registerLimits[signal]
    if (limits) clean.set(signal, cleanRegister(once, limits))
  }
  return {
    uses(_, signal, fromMs, until, stepMs) {
      const register = clean.get(signal)
      return register
        ? spreadUses(register, fromMs, until, stepMs)
        : Array.from({ length: Math.floor((until - fromMs) / stepMs) }, () => null)
    },
    points: (_, signal, fromMs, until) =>
      (signals.get(signal) ?? []).filter(({ atMs }) => fromMs <= atMs && atMs < until),
    latest: (_, signal) => signals.get(signal)?.at(-1) ?? null,
    heardAt: () => untilMs,
  }
}

function replayRule(
  rule: Rule,
  homes: readonly Home[],
  homeDays: number,
  calendar: Calendar,
  dayBefore: (ms: number) => string,
): RuleReplay {
  const rates: number[] = []
  let alerts = 0
  let held = 0
  let told = 0
  for (const { device, view, fromMs, untilMs } of homes) {
    const context: WatchContext = { nowMs: untilMs, calendar, quietHours: null, listeningSinceMs: null }
    const found = courseOf(rule, device, view, context, fromMs)?.episodes.length ?? 0
    alerts += found
    rates.push(found / ((untilMs - fromMs) / DAY_MS))
    if (!WINDOWED.has(rule.kind)) continue
    const days = new Map<string, boolean>()
    for (const { atMs, truth } of windowMoments(rule, device, view, context, fromMs, untilMs))
      if (truth !== 'unknown') days.set(dayBefore(atMs), truth === 'raised')
    told += days.size
    held += [...days.values()].filter(Boolean).length
  }
  const worst = rates.sort((a, b) => b - a).slice(0, Math.max(1, Math.round(rates.length / 10)))
  return {
    rule,
    alerts,
    per100HomesADay: homeDays === 0 ? 0 : (alerts / homeDays) * 100,
    worstTenthADay: rates.length === 0 ? 0 : worst.reduce((sum, rate) => sum + rate, 0) / worst.length,
    homesEver: rates.filter((rate) => rate > 0).length,
    heldPercent: told === 0 ? null : (held / told) * 100,
  }
}

const WINDOWED: ReadonlySet<string> = new Set(['no-use', 'leak', 'night-flow', 'too-much'])

/**
 * Counted once by this project, with the rules as one-off scripts, of 92 homes in Alicante, 2016-03 to 2017-02, hourly:
 * DAIAD `swm_trialA` (CC-BY-SA 4.0), 91 homes with at least 30 days, 31,525 days of homes, re-armed after 12 hours. Whole
 * families that travel too: rather more than people living alone would give.
 */
export type Published = {
  readonly per100HomesADay: number | null
  readonly worstTenthADay: number | null
  /** Per cent of days, or of nights. */
  readonly heldPercent: number | null
}
type PublishedRow = Published & { readonly kind: Rule['kind']; readonly limits: Rule['limits'] }

const alertsOf = (hours: number, below: number, per100: number, worst: number): PublishedRow => ({
  kind: 'no-use',
  limits: { hours, below },
  per100HomesADay: per100,
  worstTenthADay: worst,
  heldPercent: null,
})
const daysOf = (kind: Rule['kind'], limits: Rule['limits'], percent: number): PublishedRow => ({
  kind,
  limits,
  per100HomesADay: null,
  worstTenthADay: null,
  heldPercent: percent,
})

const PUBLISHED: readonly PublishedRow[] = [
  alertsOf(12, 0.01, 15.1, 0.39),
  alertsOf(24, 0.01, 4.4, 0.12),
  alertsOf(24, 0.008, 4.3, 0.11),
  alertsOf(48, 0.01, 2.7, 0.06),
  daysOf('leak', { hours: 24, atLeast: 0.001 }, 2.4),
  daysOf('night-flow', { nights: 1, fromHour: 2, untilHour: 5 }, 3.7),
  daysOf('night-flow', { nights: 2, fromHour: 2, untilHour: 5 }, 2.0),
]

/** What was counted of the same rule, if it was. */
export const publishedOf = ({ kind, signal, limits }: Rule): Published | null =>
  PUBLISHED.find(
    (row) =>
      signal === 'water' &&
      row.kind === kind &&
      Object.entries(row.limits).every(([name, value]) => limits[name] === value),
  ) ?? null
