import type { Projection } from '../record/project.ts'
import { addressOf, addressText } from './address.ts'
import { type CaseFold, foldCaseRecord, lateDays } from './case-state.ts'
import type { CaseState } from './case-steps.ts'
import { type Calendar, calendarOf } from './day.ts'
import { dispatchesOf } from './dispatch.ts'
import { deskName, dispatchSteps } from './dispatch-list.ts'
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
  readonly deadline: string | null
  readonly lateDays: number
  readonly with: string | null
  /** Steps written apart that did not fit together. */
  readonly flagged: boolean
  readonly openedBy: Author
  readonly openedAtMs: number
}
export type CaseStepRow = Omit<CaseFold['steps'][number], 'by' | 'at'> & {
  readonly by: Author
  readonly atMs: number
  /** Of what somebody at a desk reported: the desk's name. The step is then one of work/dispatch-state.ts. */
  readonly via: string | null
  /** What a dispatch told somebody outside besides the address. */
  readonly shared: readonly string[]
}
export type CaseCard = CaseRow & { readonly steps: readonly CaseStepRow[] }

/** By deadline, the most pressing first, those without one last; `on` is the day lateness is counted on. */
export function listCases(
  set: RecordSet,
  filter: {
    readonly on: string
    readonly state?: CaseState
    readonly open?: boolean
    /** Open and past their deadline. */
    readonly overdue?: boolean
    readonly household?: string
    readonly language?: Language
  },
): readonly CaseRow[] {
  const records =
    filter.household === undefined ? set.ofType('case') : set.referring('case', 'household', filter.household)
  const calendar = calendarOf(set)
  const rows: CaseRow[] = []
  for (const record of records) {
    const row = caseRow(set, record, filter.on, calendar, filter.language)
    if (filter.state !== undefined && row.state !== filter.state) continue
    if (filter.open !== undefined && row.open !== filter.open) continue
    if (filter.overdue === true && !(row.open && row.lateDays > 0)) continue
    rows.push(row)
  }
  return rows.sort((a, b) => {
    const [dueA, dueB] = [a.deadline ?? '9999-99-99', b.deadline ?? '9999-99-99']
    return dueA < dueB ? -1 : dueA > dueB ? 1 : a.id < b.id ? -1 : 1
  })
}

export function caseRow(
  set: RecordSet,
  record: Projection,
  on: string,
  calendar: Calendar = calendarOf(set),
  language: Language = 'zh',
  fold: CaseFold = foldCaseRecord(record),
): CaseRow {
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
    deadline: fold.deadline,
    lateDays: lateDays(fold, on, calendar),
    with: fold.with,
    flagged: fold.flagged,
    openedBy: authorOf(set, record.createdBy),
    openedAtMs: record.createdAt,
  }
}

/** One case with all its steps, those that did not fit included; null for an unknown id. */
export function caseCard(
  set: RecordSet,
  id: string,
  options: { readonly on: string; readonly language?: Language },
): CaseCard | null {
  const record = set.getA('case', id)
  if (!record) return null
  const fold = foldCaseRecord(record)
  return {
    ...caseRow(set, record, options.on, calendarOf(set), options.language, fold),
    steps: withReports(set, record, fold),
  }
}

/** What the desks report stands among the case's own steps, after the step that sent it there, as the clocks say. */
function withReports(set: RecordSet, record: Projection, fold: CaseFold): readonly CaseStepRow[] {
  const masked = (note: string | null) => shown('case', 'note', note, set.viewer) as string | null
  const sent = dispatchesOf(record)
  const rows: CaseStepRow[] = fold.steps.map(({ by, at, note, ...step }) => ({
    ...step,
    note: masked(note),
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
        ...{ to: null, due: null, flag: null, shared: [] },
      })
      from++
    }
  }
  return rows
}
