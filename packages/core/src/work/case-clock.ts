/**
 * How long a case has been where it is, and how long it may: from its steps, the limits of its kind, and the
 * community's working calendar. A deadline belongs to a stage and is an instant. A day that somebody named takes the
 * place of the limits until the thing is done; shelved time stops the clock.
 */
import type { Projection } from '../record/project.ts'
import {
  type CaseKind,
  type CaseKinds,
  caseKindOf,
  caseKindsOf,
  formatLimit,
  type Limit,
  limitOf,
  type Stage,
} from './case-kinds.ts'
import { type CaseEffect, type CaseFold, foldCaseRecord } from './case-state.ts'
import type { CaseState } from './case-steps.ts'
import { addDays, dateOf, startOfDay } from './day.ts'
import { type RecordSet, textOf } from './record-set.ts'
import { type WorkCalendar, workCalendarOf } from './work-calendar.ts'

/** Which stage a state waits for; null: for none. */
const STAGE_OF: Readonly<Record<CaseState, Stage | null>> = {
  reported: 'accept',
  accepted: 'verify',
  verified: 'register',
  registered: 'dispatch',
  dispatched: 'handle',
  handling: 'handle',
  handled: 'check',
  checked: 'close',
  returned: 'dispatch',
  shelved: null,
  closed: 'call-back',
  'called-back': null,
  declined: null,
  void: null,
}
export const stageOf = (state: CaseState): Stage | null => STAGE_OF[state]

/** Until the thing is done a named day goes before the limits; checking, closing and calling back have their own. */
const UNTIL_DONE: ReadonlySet<Stage> = new Set(['accept', 'verify', 'register', 'dispatch', 'handle'])

/** A stage as it was run through once. */
export type StagePeriod = {
  readonly stage: Stage
  readonly startedAtMs: number
  /** Null while it lasts. */
  readonly endedAtMs: number | null
  /** Who had it: a member's id, a name, or null. */
  readonly with: string | null
  /** Who ended it. */
  readonly endedBy: string | null
  readonly endedWith: CaseEffect['step'] | null
  readonly limit: Limit | null
  readonly dueAtMs: number | null
  /** The deadline is a day that somebody named. */
  readonly named: boolean
  /** Stretches in which the case was shelved; the last has no end while it is. */
  readonly pauses: readonly { readonly fromMs: number; readonly toMs: number | null }[]
}

export type CaseClock = {
  readonly stage: Stage | null
  readonly startedAtMs: number | null
  readonly limit: string | null
  readonly dueAtMs: number | null
  readonly named: boolean
  /** Since when the clock stands still. */
  readonly pausedAtMs: number | null
  /** In what the rest is counted. */
  readonly counts: 'working' | 'calendar'
  /** Until the deadline; negative once it has passed. Null without one. */
  readonly remainingMs: number | null
  readonly level: 'none' | 'soon' | 'late'
  /** How many times the limit has been used up: 0 in time, 1 when it has passed, 2 at twice (超时倍数). */
  readonly timesLimit: number
  /** Years whose holidays are not known and on which the deadline rests. */
  readonly unknownYears: readonly number[]
}

/** What limits rest on, of one record set. */
export type ClockRules = { readonly work: WorkCalendar; readonly kinds: CaseKinds }
export const clockRulesOf = (set: Pick<RecordSet, 'ofType'>): ClockRules => ({
  work: workCalendarOf(set),
  kinds: caseKindsOf(set),
})

export const isWorkingLimit = (limit: Limit | null): boolean => limit?.unit === 'wh' || limit?.unit === 'wd'

const HOUR_MS = 3_600_000
/** Working time or time by the clock, in milliseconds. */
export const limitMs = ({ count, unit }: Limit, work: WorkCalendar): number =>
  unit === 'wd' ? count * work.dayMinutes * 60_000 : unit === 'd' ? count * 24 * HOUR_MS : count * HOUR_MS

/** Every stage the case has been through, in order. */
export function stagePeriods(
  record: Projection,
  rules: ClockRules,
  fold: CaseFold = foldCaseRecord(record),
): readonly StagePeriod[] {
  const { work } = rules
  const kind = caseKindOf(rules.kinds, textOf(record, 'kind'))
  const grade = textOf(record, 'grade')
  const endOf = (day: string) => startOfDay(work.calendar, addDays(day, 1)) - 1
  const periods: StagePeriod[] = []
  const dueOn = dateOf(record, 'dueOn')
  let named = dueOn === null ? null : endOf(dueOn)
  let holder: string | null = null
  let now: StagePeriod | null = null
  const begin = (stage: Stage | null, atMs: number, own: boolean): void => {
    now = null
    if (stage === null || (stage === 'call-back' && !kind.callBackWanted)) return
    const limit = limitOf(kind, stage, grade)
    const isNamed = named !== null && (own || UNTIL_DONE.has(stage))
    const dueAtMs = isNamed ? named : limit && afterLimit(atMs, limit, work)
    now = { ...blank, stage, startedAtMs: atMs, with: holder, limit, dueAtMs, named: isNamed }
  }
  const change = (more: Partial<StagePeriod>): void => {
    if (now) now = { ...now, ...more }
  }
  begin('accept', fold.effects[0]?.at ?? record.createdAt, false)
  for (const { step, at, by, before, after, to, due } of fold.effects) {
    if (step === 'reopen') named = null
    if (due !== null) named = endOf(due)
    if (to !== null) holder = to
    if (after === 'shelved' && before !== 'shelved') {
      change({ pauses: [...((now as StagePeriod | null)?.pauses ?? []), { fromMs: at, toMs: null }] })
      continue
    }
    let current = now as StagePeriod | null
    if (before === 'shelved' && after !== 'shelved' && current) {
      const fromMs = current.pauses.at(-1)?.fromMs ?? at
      const toMs = Math.max(fromMs, at)
      if (named !== null) named += toMs - fromMs
      change({
        pauses: [...current.pauses.slice(0, -1), { fromMs, toMs }],
        dueAtMs: current.dueAtMs === null ? null : moved(current, fromMs, toMs, work),
      })
      current = now as StagePeriod | null
    }
    const stage = after === 'shelved' ? (current?.stage ?? null) : stageOf(after)
    const isSame = stage === current?.stage && step !== 'rework' && step !== 'reopen'
    if (isSame) {
      if (due !== null) change({ dueAtMs: named, named: true })
      if (to !== null) change({ with: holder })
      continue
    }
    if (current)
      periods.push({ ...current, endedAtMs: Math.max(at, current.startedAtMs), endedBy: by, endedWith: step })
    begin(stage, at, due !== null)
  }
  const last = now as StagePeriod | null
  return last ? [...periods, last] : periods
}

const blank: Omit<StagePeriod, 'stage' | 'startedAtMs' | 'limit' | 'dueAtMs' | 'named'> = {
  endedAtMs: null,
  with: null,
  endedBy: null,
  endedWith: null,
  pauses: [],
}

/** The instant at which a limit that runs from another has passed. */
export const afterLimit = (fromMs: number, limit: Limit, work: WorkCalendar): number =>
  isWorkingLimit(limit) ? work.add(fromMs, limitMs(limit, work)) : fromMs + limitMs(limit, work)

/** A deadline after the case lay shelved: as much is left of it as was. */
function moved(period: StagePeriod, fromMs: number, toMs: number, work: WorkCalendar): number {
  const dueAtMs = period.dueAtMs!
  return period.named || !isWorkingLimit(period.limit)
    ? dueAtMs + (toMs - fromMs)
    : work.add(dueAtMs, work.between(fromMs, toMs))
}

/** Time of a period up to an instant, in what its limit counts, without what it lay shelved. */
export function usedMs(period: StagePeriod, untilMs: number, work: WorkCalendar): number {
  const isWorking = !period.named && isWorkingLimit(period.limit)
  const length = (from: number, to: number) => (isWorking ? work.between(from, to) : Math.max(0, to - from))
  const end = Math.min(untilMs, period.endedAtMs ?? untilMs)
  const lay = period.pauses.reduce(
    (sum, { fromMs, toMs }) => sum + length(fromMs, Math.min(end, toMs ?? end)),
    0,
  )
  return Math.max(0, length(period.startedAtMs, end) - lay)
}

/** Times the limit that a period had used up by an instant: 0 in time. */
export function timesOver(period: StagePeriod, atMs: number, work: WorkCalendar): number {
  if (period.dueAtMs === null || atMs <= period.dueAtMs) return 0
  const limit = period.named
    ? period.dueAtMs - period.startedAtMs - pausedMs(period)
    : period.limit
      ? limitMs(period.limit, work)
      : 0
  return limit > 0 ? Math.max(1, Math.floor(usedMs(period, atMs, work) / limit)) : 1
}

const pausedMs = ({ pauses }: StagePeriod): number =>
  pauses.reduce((sum, { fromMs, toMs }) => sum + ((toMs ?? fromMs) - fromMs), 0)

const STILL: CaseClock = {
  stage: null,
  startedAtMs: null,
  limit: null,
  dueAtMs: null,
  named: false,
  pausedAtMs: null,
  counts: 'calendar',
  remainingMs: null,
  level: 'none',
  timesLimit: 0,
  unknownYears: [],
}

/** Where the clock of a case stands at an instant. */
export function caseClock(
  record: Projection,
  nowMs: number,
  rules: ClockRules,
  fold: CaseFold = foldCaseRecord(record),
): CaseClock {
  const period = stagePeriods(record, rules, fold).at(-1)
  return period && period.endedAtMs === null
    ? clockOf(period, nowMs, rules.work, caseKindOf(rules.kinds, textOf(record, 'kind')))
    : STILL
}

function clockOf(period: StagePeriod, nowMs: number, work: WorkCalendar, kind: CaseKind): CaseClock {
  const { stage, startedAtMs, dueAtMs, named, limit } = period
  const open = period.pauses.at(-1)
  const pausedAtMs = open && open.toMs === null ? open.fromMs : null
  const atMs = pausedAtMs ?? nowMs
  const isWorking = !named && isWorkingLimit(limit)
  const base = {
    ...{ stage, startedAtMs, dueAtMs, named, pausedAtMs },
    limit: named || !limit ? null : formatLimit(limit),
    counts: isWorking ? ('working' as const) : ('calendar' as const),
  }
  if (dueAtMs === null) return { ...STILL, ...base }
  const isLate = atMs > dueAtMs
  const length = (from: number, to: number) => (isWorking ? work.between(from, to) : to - from)
  const used = usedMs(period, atMs, work)
  const left = isLate ? -length(dueAtMs, atMs) : length(atMs, dueAtMs)
  const isSoon = !isLate && used * 100 >= (used + left) * kind.warnAt
  return {
    ...base,
    remainingMs: left,
    level: isLate ? 'late' : isSoon && pausedAtMs === null ? 'soon' : 'none',
    timesLimit: timesOver(period, atMs, work),
    unknownYears: isWorking ? work.unknownYears(startedAtMs, dueAtMs) : [],
  }
}

/** The day of a deadline; a named day ends with its last millisecond. */
export const deadlineDay = (dueAtMs: number | null, work: WorkCalendar): string | null =>
  dueAtMs === null ? null : work.calendar.dayOf(dueAtMs)
