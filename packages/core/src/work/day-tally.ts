/** What a day came to, from records alone: for the evening, and for whoever asks what was done. */
import type { Projection } from '../record/project.ts'
import { askedOf } from './absence.ts'
import { foldCaseRecord } from './case-state.ts'
import { addDays, calendarOf, dateOf } from './day.ts'
import { type DiaryRow, listDiary } from './diary.ts'
import { type DueVisit, dueList, isStanding } from './due.ts'
import { openErrands } from './errand-list.ts'
import { foldErrandRecord } from './errand-state.ts'
import type { Language } from './language.ts'
import { type Author, authorOf, findGrid } from './lookups.ts'
import { type RecordSet, textOf } from './record-set.ts'

export type DayTally = {
  readonly on: string
  readonly visits: {
    readonly count: number
    /** By outcome: `met`, `absent`, `refused`. Those who asked others are in `asked`, not here. */
    readonly outcomes: Readonly<Record<string, number>>
    /** By mode: `door`, `phone`, … */
    readonly modes: Readonly<Record<string, number>>
    /** Neighbours and emergency contacts asked, and how many of them knew that all is well. */
    readonly asked: { readonly count: number; readonly heard: number }
    /** With a form filled in. */
    readonly forms: number
    /** A day to come again was agreed. */
    readonly promises: number
  }
  /** Doors that were due in the morning, by everybody's visits: met or refused, tried in vain, not gone to. */
  readonly doors: {
    readonly due: number
    readonly done: number
    readonly tried: number
    readonly left: number
  }
  readonly cases: { readonly opened: number; readonly ended: number; readonly steps: number }
  /** Of errands: taken on, steps taken, ended; still open or owing, and of those past their limit, and with something of theirs. */
  readonly errands: {
    readonly opened: number
    readonly steps: number
    readonly ended: number
    readonly live: number
    readonly late: number
    readonly owing: number
  }
  readonly diary: { readonly written: number; readonly done: number }
  /** To be done by that day, and not ticked; the longest overdue first. */
  readonly open: readonly DiaryRow[]
  readonly tomorrow: { readonly count: number; readonly first: DueVisit | null }
}

export type TallyOptions = {
  /** YYYY-MM-DD in the community's time zone. */
  readonly on: string
  /** What this member alone did; everybody when not given. Doors, what is open and tomorrow are everybody's. */
  readonly by?: string
  /** A grid's id, name or space. */
  readonly grid?: string
  readonly language?: Language
}

export function dayTally(set: RecordSet, options: TallyOptions): DayTally {
  const { on, by, language = 'zh' } = options
  const space = options.grid === undefined ? undefined : findGrid(set, options.grid)?.space
  const calendar = calendarOf(set)
  const isHere = (record: Projection) => space === undefined || record.space === space
  const isOwn = (member: string) => by === undefined || member === by
  const todays = [...set.ofType('visit')].filter(
    (visit) => isHere(visit) && dateOf(visit, 'on') === on && isStanding(visit),
  )
  const grid = options.grid === undefined ? {} : { grid: options.grid }
  // As it stood in the morning: what was visited before that day, and falls due by it.
  const morning = dueList(set, {
    on: addDays(on, -1),
    aheadDays: 1,
    language,
    keptAs: 'due in the morning',
    ...grid,
  })
  const tomorrow = dueList(set, { on: addDays(on, 1), language, keptAs: 'due tomorrow', ...grid })
  const open = listDiary(set, { on, open: true, language, ...grid }).filter(
    ({ overdueDays }) => overdueDays >= 0,
  )
  const isOn = (ms: number) => calendar.dayOf(ms) === on
  const cases = { opened: 0, ended: 0, steps: 0 }
  for (const record of set.ofType('case')) {
    if (!isHere(record)) continue
    if (isOn(record.createdAt) && isOwn(record.createdBy)) cases.opened++
    if (!isOn(record.changedAt) && record.changedAt < startOf(on)) continue
    const { steps, endedAt } = foldCaseRecord(record)
    const own = steps.filter((one) => isOn(one.at) && isOwn(one.by) && one.flag === null)
    cases.steps += own.filter(({ step }) => step !== 'report').length
    if (endedAt !== null && own.some(({ at }) => at === endedAt)) cases.ended++
  }
  const diary = { written: 0, done: 0 }
  for (const row of listDiary(set, { on, language, ...grid })) {
    if (row.on === on && isOwn(row.by.member)) diary.written++
    if (row.done?.on === on && isOwn(row.done.by.member)) diary.done++
  }
  return {
    on,
    visits: visitCounts(todays.filter((visit) => isOwn(visit.createdBy))),
    doors: doorCounts(morning, todays),
    cases,
    errands: errandCounts(set, on, { isHere, isOn, isOwn }),
    diary,
    open,
    tomorrow: { count: tomorrow.length, first: tomorrow[0] ?? null },
  }
}

/** No clock is a day off: whatever was changed a day before is not looked into. */
const startOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) - 86_400_000

function visitCounts(visits: readonly Projection[]): DayTally['visits'] {
  const outcomes: Record<string, number> = { met: 0, absent: 0, refused: 0 }
  const modes: Record<string, number> = {}
  const asked = { count: 0, heard: 0 }
  let count = 0
  let forms = 0
  let promises = 0
  for (const visit of visits) {
    if (dateOf(visit, 'nextOn') !== null) promises++
    if (askedOf(visit) !== 'resident') {
      asked.count++
      if (visit.fields.heard === true) asked.heard++
      continue
    }
    count++
    const outcome = textOf(visit, 'outcome') ?? ''
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    const mode = textOf(visit, 'mode') ?? 'door'
    modes[mode] = (modes[mode] ?? 0) + 1
    if (textOf(visit, 'form') !== null) forms++
  }
  return { count, outcomes, modes, asked, forms, promises }
}

function doorCounts(morning: readonly DueVisit[], todays: readonly Projection[]): DayTally['doors'] {
  const ends = new Map<string, boolean>()
  for (const { fields } of todays) {
    const household = String(fields.household)
    const isDone = fields.outcome === 'met' || fields.outcome === 'refused' || fields.heard === true
    ends.set(household, isDone || ends.get(household) === true)
  }
  const done = morning.filter(({ household }) => ends.get(household) === true).length
  const tried = morning.filter(({ household }) => ends.get(household) === false).length
  return { due: morning.length, done, tried, left: morning.length - done - tried }
}

type Choice = {
  readonly isHere: (record: Projection) => boolean
  readonly isOn: (ms: number) => boolean
  readonly isOwn: (member: string) => boolean
}

function errandCounts(set: RecordSet, on: string, { isHere, isOn, isOwn }: Choice): DayTally['errands'] {
  const counts = { opened: 0, steps: 0, ended: 0 }
  for (const record of set.ofType('errand')) {
    if (!isHere(record)) continue
    if (isOn(record.createdAt) && isOwn(record.createdBy)) counts.opened++
    const { steps, endedAt } = foldErrandRecord(record)
    const own = steps.filter((one) => isOn(one.at) && isOwn(one.by) && one.flag === null)
    counts.steps += own.filter(({ step }) => step !== 'request').length
    if (endedAt !== null && own.some(({ at }) => at === endedAt)) counts.ended++
  }
  const live = openErrands(set, on).filter(({ id }) => isHere(set.get(id)!))
  return {
    ...counts,
    live: live.length,
    late: live.filter(({ lateDays }) => lateDays > 0).length,
    owing: live.filter(({ owing }) => owing).length,
  }
}

export type NewsRow = {
  readonly kind: 'visit' | 'case' | 'diary' | 'ticked'
  readonly record: string
  readonly household: string | null
  readonly by: Author
  readonly atMs: number
  /** Of a visit its outcome, of a case its title; diary lines are read where they are listed. */
  readonly what: string | null
}

/** What others wrote since then, by their clocks, the latest first. */
export function newsSince(
  set: RecordSet,
  { sinceMs, me }: { readonly sinceMs: number; readonly me: string },
): readonly NewsRow[] {
  const rows: NewsRow[] = []
  const add = (kind: NewsRow['kind'], record: Projection, by: string, atMs: number, what: string | null) => {
    if (atMs < sinceMs || by === me) return
    rows.push({
      kind,
      record: record.id,
      household: textOf(record, 'household'),
      by: authorOf(set, by),
      atMs,
      what,
    })
  }
  for (const visit of set.ofType('visit'))
    if (isStanding(visit)) add('visit', visit, visit.createdBy, visit.createdAt, textOf(visit, 'outcome'))
  for (const one of set.ofType('case')) add('case', one, one.createdBy, one.createdAt, textOf(one, 'title'))
  for (const line of set.ofType('diary')) {
    add('diary', line, line.createdBy, line.createdAt, null)
    for (const { by, at } of line.timelines.ticks ?? []) add('ticked', line, by, at, null)
  }
  return rows.sort((a, b) => b.atMs - a.atMs || (a.record < b.record ? -1 : 1))
}
