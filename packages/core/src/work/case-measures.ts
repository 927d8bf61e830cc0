/**
 * What managers are measured on (docs/cases.md has every definition), from records alone: per stage what should have
 * been done, was, and in time; right and wrong dispatch; rework, extensions, shelving; closing; calling back.
 */
import type { Projection } from '../record/project.ts'
import { type ClockRules, clockRulesOf, type StagePeriod, stagePeriods, timesOver } from './case-clock.ts'
import { STAGES, type Stage } from './case-kinds.ts'
import { type CaseEffect, type CaseFold, foldCaseRecord } from './case-state.ts'
import { addDays, startOfDay } from './day.ts'
import { dispatchesOf } from './dispatch.ts'
import { foldDispatch } from './dispatch-state.ts'
import { gridName, memberName } from './lookups.ts'
import type { RecordSet } from './record-set.ts'

export type StageMeasure = {
  /** 应: fell due in the span, or was done in it before falling due. */
  should: number
  did: number
  onTime: number
  /** 超时: late, whether done by now or not. */
  overdue: number
  /** 待: of the overdue, not done yet. */
  pending: number
  /** The most that a limit was used up (超时倍数). */
  mostTimes: number
}

export type Measure = {
  /** A grid's space, a member's id, or a unit's name. */
  readonly of: 'grid' | 'worker' | 'desk'
  readonly id: string
  readonly name: string
  readonly stages: Record<Stage, StageMeasure>
  opened: number
  dispatched: number
  /** Of those dispatched, sent to the wrong hands. */
  wrongDispatch: number
  rework: number
  extensions: number
  shelved: number
  returned: number
  voided: number
  closedOnTime: number
  closedLate: number
  /** Open, and late now (超期未结). */
  openLate: number
  callBacks: number
  satisfied: number
  fair: number
  unsatisfied: number
}

type Counter = Exclude<keyof Measure, 'of' | 'id' | 'name' | 'stages'>

/** Rows for grids, workers and units, by name; `from` and `until` are days, both counted. */
export function caseMeasures(
  set: RecordSet,
  from: string,
  until: string,
  options: { readonly nowMs: number; readonly grid?: string },
): readonly Measure[] {
  const rules = clockRulesOf(set)
  const { calendar } = rules.work
  const span: Span = {
    fromMs: startOfDay(calendar, from),
    toMs: startOfDay(calendar, addDays(until, 1)),
    nowMs: options.nowMs,
  }
  const book = new MeasureBook(set)
  for (const record of set.ofType('case'))
    if (options.grid === undefined || record.space === options.grid)
      measureCase(book, set, record, rules, span)
  return book.rows()
}

type Span = { readonly fromMs: number; readonly toMs: number; readonly nowMs: number }
const within = ({ fromMs, toMs }: Span, atMs: number): boolean => fromMs <= atMs && atMs < toMs

class MeasureBook {
  readonly #set: RecordSet
  readonly #rows = new Map<string, Measure>()
  constructor(set: RecordSet) {
    this.#set = set
  }
  grid(space: string): Measure {
    return this.#row('grid', space, gridName(this.#set, space))
  }
  /** A member's row, or the row of a unit outside, which is known by its name alone. */
  who(id: string): Measure {
    return id.startsWith('me-')
      ? this.#row('worker', id, memberName(this.#set, id))
      : this.#row('desk', id, id)
  }
  #row(of: Measure['of'], id: string, name: string): Measure {
    const key = `${of} ${id}`
    const known = this.#rows.get(key)
    if (known) return known
    const row = emptyMeasure(of, id, name)
    this.#rows.set(key, row)
    return row
  }
  rows(): readonly Measure[] {
    const order = { grid: 0, worker: 1, desk: 2 }
    return [...this.#rows.values()].sort(
      (a, b) =>
        order[a.of] - order[b.of] || (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1),
    )
  }
}

const emptyMeasure = (of: Measure['of'], id: string, name: string): Measure => ({
  ...{ of, id, name },
  stages: Object.fromEntries(STAGES.map((stage) => [stage, emptyStage()])) as Record<Stage, StageMeasure>,
  ...{
    opened: 0,
    dispatched: 0,
    wrongDispatch: 0,
    rework: 0,
    extensions: 0,
    shelved: 0,
    returned: 0,
    voided: 0,
  },
  ...{ closedOnTime: 0, closedLate: 0, openLate: 0, callBacks: 0, satisfied: 0, fair: 0, unsatisfied: 0 },
})
const emptyStage = (): StageMeasure => ({
  should: 0,
  did: 0,
  onTime: 0,
  overdue: 0,
  pending: 0,
  mostTimes: 0,
})

function measureCase(
  book: MeasureBook,
  set: RecordSet,
  record: Projection,
  rules: ClockRules,
  span: Span,
): void {
  const fold = foldCaseRecord(record)
  const grid = book.grid(record.space)
  const count = (name: Counter, who: string | null, atMs: number): void => {
    if (!within(span, atMs)) return
    grid[name]++
    if (who !== null) book.who(who)[name]++
  }
  count('opened', record.createdBy || null, record.createdAt)
  const periods = stagePeriods(record, rules, fold).map((period) => withReport(set, record, period))
  for (const period of periods) countStage(period, grid, book, rules, span)
  fold.effects.forEach((effect, at) => {
    const counter = COUNTED[effect.step]
    if (counter) count(counter, effect.by, effect.at)
    if (effect.step === 'return' && within(span, effect.at)) {
      const holder = holderBefore(fold, at)
      if (holder !== null && holder !== effect.by) book.who(holder).returned++
    }
    if (effect.step === 'dispatch' && isWrong(set, record, fold, at))
      count('wrongDispatch', effect.by, effect.at)
    if (effect.step === 'close') {
      const handled = periods
        .filter(({ stage, startedAtMs }) => stage === 'handle' && startedAtMs <= effect.at)
        .at(-1)
      const isLate = handled?.dueAtMs != null && (handled.endedAtMs ?? effect.at) > handled.dueAtMs
      count(isLate ? 'closedLate' : 'closedOnTime', effect.by, effect.at)
    }
    if (effect.step === 'call-back') {
      const said = SATISFACTION[effect.satisfaction ?? '']
      if (said) count(said, effect.by, effect.at)
    }
  })
  const last = periods.at(-1)
  if (fold.open && last?.dueAtMs != null && span.nowMs > last.dueAtMs && last.pauses.at(-1)?.toMs !== null) {
    grid.openLate++
    if (last.with !== null) book.who(last.with).openLate++
  }
}

const COUNTED: Readonly<Partial<Record<CaseEffect['step'], Counter>>> = {
  dispatch: 'dispatched',
  rework: 'rework',
  extend: 'extensions',
  shelve: 'shelved',
  return: 'returned',
  void: 'voided',
  'call-back': 'callBacks',
}
const SATISFACTION: Readonly<Record<string, Counter>> = {
  satisfied: 'satisfied',
  fair: 'fair',
  unsatisfied: 'unsatisfied',
}

const holderBefore = ({ effects }: CaseFold, at: number): string | null =>
  effects.slice(0, at).findLast(({ to }) => to !== null)?.to ?? null

/** Sent to the wrong hands: it came back as such, or those it went to said so, before it went anywhere else. */
function isWrong(set: RecordSet, record: Projection, { effects }: CaseFold, at: number): boolean {
  const later = effects.slice(at + 1)
  const next = later.findIndex(({ step }) => step === 'dispatch')
  const until = next === -1 ? later : later.slice(0, next)
  if (until.some(({ step, because }) => step === 'return' && because === 'wrong-desk')) return true
  const sent = dispatchesOf(record).find(({ step }) => step === effects[at]!.id)
  const there = sent && set.getA('dispatch', sent.dispatch)
  return there ? foldDispatch(there).steps.some(({ step }) => step === 'not-ours') : false
}

/** Handling at a desk ends with the desk's own word that it is done: how soon the case is stepped on is not theirs. */
function withReport(set: RecordSet, record: Projection, period: StagePeriod): StagePeriod {
  if (period.stage !== 'handle') return period
  const until = period.endedAtMs ?? Number.POSITIVE_INFINITY
  const done = dispatchesOf(record)
    .flatMap(({ dispatch }) => set.getA('dispatch', dispatch) ?? [])
    .flatMap((sent) => foldDispatch(sent).steps.filter(({ step }) => step === 'done'))
    .map(({ at }) => at)
    .filter((at) => period.startedAtMs <= at && at < until)
  if (done.length === 0 || period.endedWith === 'return') return period
  return { ...period, endedAtMs: Math.max(...done), endedWith: period.endedWith ?? 'done' }
}

/** Stages that ended without having been done say nothing of who had them. */
const NOT_DONE: ReadonlySet<CaseEffect['step'] | null> = new Set(['void', 'return', 'reopen'])

function countStage(
  period: StagePeriod,
  grid: Measure,
  book: MeasureBook,
  { work }: ClockRules,
  span: Span,
): void {
  const { stage, endedAtMs, dueAtMs, endedWith, endedBy } = period
  if (endedAtMs !== null && NOT_DONE.has(endedWith)) return
  if (endedAtMs === null && period.pauses.at(-1)?.toMs === null) return
  const isOnTime = endedAtMs !== null && (dueAtMs === null || endedAtMs <= dueAtMs)
  const atMs = isOnTime ? endedAtMs : dueAtMs
  if (atMs === null || !within(span, atMs) || (!isOnTime && atMs > span.nowMs)) return
  // Handling is of whoever had it; the rest of whoever did it, and while nobody has, of whoever has the case.
  const who = stage === 'handle' || endedBy === null ? (period.with ?? endedBy) : endedBy
  for (const row of [grid, ...(who === null ? [] : [book.who(who)])]) {
    const measure = row.stages[stage]
    measure.should++
    if (endedAtMs !== null) measure.did++
    if (isOnTime) measure.onTime++
    else {
      measure.overdue++
      if (endedAtMs === null) measure.pending++
      measure.mostTimes = Math.max(measure.mostTimes, timesOver(period, endedAtMs ?? span.nowMs, work))
    }
  }
}
