import type { Projection } from '../record/project.ts'
import { addressOf, addressText } from './address.ts'
import { calendarOf, daysBetween } from './day.ts'
import { type ErrandFold, type FoldedErrandStep, foldErrandRecord } from './errand-state.ts'
import type { ErrandState } from './errand-steps.ts'
import type { Language } from './language.ts'
import { type Author, authorOf } from './lookups.ts'
import { shown } from './mask.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type ErrandRow = {
  readonly id: string
  readonly household: string
  readonly address: string
  readonly person: string | null
  readonly personName: string | null
  readonly kind: string | null
  readonly what: string | null
  readonly note: string | null
  readonly state: ErrandState
  readonly open: boolean
  readonly dueOn: string | null
  /** Past its limit, until it was told; 0 in time or without one. */
  readonly lateDays: number
  readonly appointedOn: string | null
  /** Theirs, and still with us. */
  readonly papers: readonly string[]
  readonly fen: number
  readonly owing: boolean
  readonly flagged: boolean
  readonly openedBy: Author
  readonly openedAtMs: number
}
export type ErrandStepRow = Omit<FoldedErrandStep, 'by' | 'at'> & {
  readonly by: Author
  readonly atMs: number
}
export type ErrandCard = ErrandRow & { readonly steps: readonly ErrandStepRow[] }

export type ErrandFilter = {
  /** YYYY-MM-DD: lateness is counted on it. */
  readonly on: string
  readonly household?: string
  /** Open, or with something of theirs still here. */
  readonly live?: boolean
  readonly language?: Language
}

/** What is appointed or due first, first; those without a day last. */
export function listErrands(set: RecordSet, filter: ErrandFilter): readonly ErrandRow[] {
  const records =
    filter.household === undefined
      ? set.ofType('errand')
      : set.referring('errand', 'household', filter.household)
  const rows = [...records].map((record) => errandRow(set, record, filter))
  const day = ({ appointedOn, dueOn }: ErrandRow) =>
    [appointedOn, dueOn].filter((one) => one !== null).sort()[0] ?? '9999-99-99'
  return rows
    .filter((row) => !filter.live || row.open || row.owing)
    .sort((a, b) => (day(a) < day(b) ? -1 : day(a) > day(b) ? 1 : a.id < b.id ? -1 : 1))
}

/** What is to be done, or to be given back: for the list of the day and the tally of the evening. */
export const openErrands = (set: RecordSet, on: string, language: Language = 'zh'): readonly ErrandRow[] =>
  listErrands(set, { on, live: true, language })

export function errandCard(set: RecordSet, id: string, filter: ErrandFilter): ErrandCard | null {
  const record = set.getA('errand', id)
  if (!record) return null
  const fold = foldErrandRecord(record)
  return {
    ...errandRow(set, record, filter, fold),
    steps: fold.steps.map(({ by, at, ...step }) => ({ ...step, by: authorOf(set, by), atMs: at })),
  }
}

function errandRow(
  set: RecordSet,
  record: Projection,
  { on, language = 'zh' }: ErrandFilter,
  fold: ErrandFold = foldErrandRecord(record),
): ErrandRow {
  const household = textOf(record, 'household') ?? ''
  const person = set.getA('person', record.fields.person)
  const text = (field: string) => shown('errand', field, record.fields[field], set.viewer) as string | null
  const until = fold.endedAt === null ? on : calendarOf(set).dayOf(fold.endedAt)
  return {
    id: record.id,
    household,
    address: addressText(addressOf(set, set.getA('household', household)), language),
    person: person?.id ?? null,
    personName: person && (shown('person', 'name', person.fields.name, set.viewer) as string | null),
    kind: text('kind'),
    what: text('what'),
    note: text('note'),
    state: fold.state,
    open: fold.open,
    dueOn: fold.dueOn,
    lateDays: fold.dueOn === null ? 0 : Math.max(0, daysBetween(fold.dueOn, until)),
    appointedOn: fold.appointedOn,
    papers: fold.papers,
    fen: fold.fen,
    owing: fold.owing,
    flagged: fold.flagged,
    openedBy: authorOf(set, record.createdBy),
    openedAtMs: record.createdAt,
  }
}
