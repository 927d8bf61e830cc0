import type { Projection } from '../record/project.ts'
import { addressOf, addressText } from './address.ts'
import {
  type CaseClock,
  type ClockRules,
  caseClock,
  clockRulesOf,
  deadlineDay,
  stagePeriods,
} from './case-clock.ts'
import { type CaseEvidence, evidenceOf } from './case-evidence.ts'
import { type Recurrence, recurrenceOf } from './case-recurrence.ts'
import { type CaseFold, foldCaseRecord } from './case-state.ts'
import type { CaseState } from './case-steps.ts'
import { daysBetween, startOfDay } from './day.ts'
import { dispatchesOf } from './dispatch.ts'
import { deskName, dispatchSteps } from './dispatch-list.ts'
import { type DispatchState, foldDispatch } from './dispatch-state.ts'
import type { Language } from './language.ts'
import { type Author, authorOf } from './lookups.ts'
import { shown } from './mask.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type CaseRow = {
  readonly id: string
  readonly household: string | null
  readonly address: string
  readonly visit: string | null
  readonly kind: string | null
  readonly title: string | null
  readonly grade: string | null
  readonly source: string | null
  readonly note: string | null
  readonly state: CaseState
  readonly open: boolean
  /** The day of the deadline in force; of an ended one, of the last there was. */
  readonly deadline: string | null
  /** Whole days past it: a case may be late on the day itself, as its clock says. */
  readonly lateDays: number
  readonly clock: CaseClock
  /** Steps that wait for a chief's word. */
  readonly awaiting: readonly AwaitedStep[]
  readonly with: string | null
  /** What those it was sent to outside reported last, while they have it. */
  readonly outside: DispatchState | null
  /** Steps written apart that did not fit together. */
  readonly flagged: boolean
  readonly openedBy: Author
  readonly openedAtMs: number
}
export type AwaitedStep = {
  readonly id: string
  readonly step: string
  readonly by: Author
  readonly atMs: number
  readonly note: string | null
  readonly due: string | null
}
export type CaseStepRow = Omit<CaseFold['steps'][number], 'by' | 'at'> & {
  readonly by: Author
  readonly atMs: number
  /** Of what somebody at a desk reported: the desk's name. The step is then one of work/dispatch-state.ts. */
  readonly via: string | null
  /** What a dispatch told somebody outside besides the address. */
  readonly shared: readonly string[]
}
export type CaseCard = CaseRow & {
  readonly steps: readonly CaseStepRow[]
  /** Others of this kind at this door within a year before it; null where it is the first. */
  readonly recurrence: Recurrence | null
  readonly evidence: CaseEvidence
}

/** By deadline, the most pressing first, those without one last; `on` is the day lateness is counted on. */
export function listCases(
  set: RecordSet,
  filter: {
    readonly on: string
    /** The instant clocks are read at; the first of the day `on` when not given. */
    readonly nowMs?: number
    readonly state?: CaseState
    readonly open?: boolean
    /** Open and past their deadline. */
    readonly overdue?: boolean
    /** With a step that waits for a chief's word. */
    readonly awaiting?: boolean
    readonly household?: string
    readonly language?: Language
  },
): readonly CaseRow[] {
  const records =
    filter.household === undefined ? set.ofType('case') : set.referring('case', 'household', filter.household)
  const rules = clockRulesOf(set)
  const rows: CaseRow[] = []
  for (const record of records) {
    const row = caseRow(set, record, filter, rules)
    if (filter.state !== undefined && row.state !== filter.state) continue
    if (filter.open !== undefined && row.open !== filter.open) continue
    if (filter.overdue === true && !(row.open && row.clock.level === 'late')) continue
    if (filter.awaiting === true && row.awaiting.length === 0) continue
    rows.push(row)
  }
  return rows.sort(byPressure)
}

const byPressure = (a: CaseRow, b: CaseRow): number =>
  (a.clock.dueAtMs ?? Number.POSITIVE_INFINITY) - (b.clock.dueAtMs ?? Number.POSITIVE_INFINITY) ||
  (a.id < b.id ? -1 : 1)

type ReadAt = { readonly on: string; readonly nowMs?: number; readonly language?: Language }

export function caseRow(
  set: RecordSet,
  record: Projection,
  { on, nowMs, language = 'zh' }: ReadAt,
  rules: ClockRules = clockRulesOf(set),
  fold: CaseFold = foldCaseRecord(record),
): CaseRow {
  const { calendar } = rules.work
  const clock = caseClock(record, nowMs ?? startOfDay(calendar, on), rules, fold)
  const late = deadlineOf(record, on, rules, fold, clock)
  const household = textOf(record, 'household')
  return {
    id: record.id,
    household,
    address: addressText(addressOf(set, set.getA('household', household)), language),
    visit: textOf(record, 'visit'),
    kind: textOf(record, 'kind'),
    title: textOf(record, 'title'),
    grade: textOf(record, 'grade'),
    source: textOf(record, 'source'),
    note: shown('case', 'note', record.fields.note, set.viewer) as string | null,
    state: fold.state,
    open: fold.open,
    ...late,
    clock,
    awaiting: fold.awaiting.map(({ id, step, by, at, note, due }) => ({
      ...{ id, step, due },
      by: authorOf(set, by),
      atMs: at,
      note: shown('case', 'note', note, set.viewer) as string | null,
    })),
    with: fold.with,
    outside: outsideOf(set, record, fold),
    flagged: fold.flagged,
    openedBy: authorOf(set, record.createdBy),
    openedAtMs: record.createdAt,
  }
}

function outsideOf(set: RecordSet, record: Projection, { state }: CaseFold): DispatchState | null {
  if (state !== 'dispatched' && state !== 'handling') return null
  const last = dispatchesOf(record)
    .flatMap(({ dispatch }) => set.getA('dispatch', dispatch) ?? [])
    .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))[0]
  return last ? foldDispatch(last).state : null
}

/** The day of the deadline in force, of an ended case the last there was, and how many days past it. */
export function deadlineOf(
  record: Projection,
  on: string,
  rules: ClockRules,
  fold: CaseFold = foldCaseRecord(record),
  clock: CaseClock = caseClock(record, startOfDay(rules.work.calendar, on), rules, fold),
): Pick<CaseRow, 'deadline' | 'lateDays'> {
  const deadline = dayInForce(record, rules, fold, clock)
  if (deadline === null) return { deadline, lateDays: 0 }
  const until = fold.endedAt === null ? on : rules.work.calendar.dayOf(fold.endedAt)
  return { deadline, lateDays: Math.max(0, daysBetween(deadline, until)) }
}

function dayInForce(record: Projection, rules: ClockRules, fold: CaseFold, clock: CaseClock): string | null {
  if (clock.dueAtMs !== null && fold.open) return deadlineDay(clock.dueAtMs, rules.work)
  if (fold.deadline !== null || fold.open) return fold.deadline
  const last = stagePeriods(record, rules, fold).findLast(
    ({ dueAtMs, endedAtMs }) => dueAtMs !== null && endedAtMs !== null,
  )
  return last ? deadlineDay(last.dueAtMs, rules.work) : null
}

/** One case with all its steps, those that did not fit included; null for an unknown id. */
export function caseCard(set: RecordSet, id: string, options: ReadAt): CaseCard | null {
  const record = set.getA('case', id)
  if (!record) return null
  const fold = foldCaseRecord(record)
  return {
    ...caseRow(set, record, options, clockRulesOf(set), fold),
    steps: withReports(set, record, fold),
    recurrence: recurrenceOf(set, record),
    evidence: evidenceOf(set, record),
  }
}

/** What the desks report stands among the case's own steps, after the step that sent it there, as the clocks say. */
function withReports(set: RecordSet, record: Projection, fold: CaseFold): readonly CaseStepRow[] {
  const masked = (note: string | null) => shown('case', 'note', note, set.viewer) as string | null
  const sent = dispatchesOf(record)
  const rows: CaseStepRow[] = fold.steps.map(({ by, at, note, ...step }) => ({
    ...step,
    note: masked(note),
    spokeTo: masked(step.spokeTo),
    noPhoto: masked(step.noPhoto),
    by: authorOf(set, by),
    atMs: at,
    via: null,
    shared: sent.find((one) => one.step === step.id)?.shared ?? [],
  }))
  for (const { step, dispatch } of sent) {
    const there = set.getA('dispatch', dispatch)
    let from = rows.findIndex((row) => row.id === step) + 1
    if (!there || from === 0) continue
    for (const { id, step: reported, note, by, atMs } of dispatchSteps(set, there)) {
      while (from < rows.length && rows[from]!.atMs <= atMs) from++
      const { state } = rows[from - 1]!
      const via = deskName(set, there.space)
      rows.splice(from, 0, {
        ...{ id, step: reported, note: masked(note), by, atMs, via, state },
        ...{ to: null, due: null, flag: null, shared: [], of: null, because: null, overtakenBy: null },
        ...{ request: null, satisfaction: null, spokeTo: null, noPhoto: null },
      })
      from++
    }
  }
  return rows
}
