/** What a worker or a chief has to hear of in the morning: deadlines that come near or have passed, words that wait. */
import { type CaseRow, listCases } from './case-list.ts'
import { type FoldedStep, foldCaseRecord, type RequestState, type StepFlag } from './case-state.ts'
import type { Language } from './language.ts'
import { type Author, authorOf } from './lookups.ts'
import { type RecordSet, textOf } from './record-set.ts'
import { workCalendarOf } from './work-calendar.ts'

export type CaseWarning = CaseRow & { readonly level: 'soon' | 'late' }

/**
 * Cases whose clock warns at an instant, the most pressing first: late ones by how often their limit is used up, then
 * by the deadline; then those that will be late soon. A closed one that waits for its call-back is among them.
 */
export function caseWarnings(
  set: RecordSet,
  nowMs: number,
  options: { readonly language?: Language; readonly grid?: string } = {},
): readonly CaseWarning[] {
  const on = workCalendarOf(set).calendar.dayOf(nowMs)
  return listCases(set, { on, nowMs, ...(options.language ? { language: options.language } : {}) })
    .flatMap((row): CaseWarning[] => (row.clock.level === 'none' ? [] : [{ ...row, level: row.clock.level }]))
    .filter(({ id }) => options.grid === undefined || set.get(id)?.space === options.grid)
    .sort(
      (a, b) =>
        Number(b.level === 'late') - Number(a.level === 'late') ||
        b.clock.timesLimit - a.clock.timesLimit ||
        a.clock.dueAtMs! - b.clock.dueAtMs! ||
        (a.id < b.id ? -1 : 1),
    )
}

/** Years whose holidays are not known and that deadlines now running, or the weeks to come, fall into. */
export function unknownCalendarYears(set: RecordSet, nowMs: number): readonly number[] {
  const work = workCalendarOf(set)
  const on = work.calendar.dayOf(nowMs)
  const years = new Set(work.unknownYears(nowMs, nowMs + WEEKS_AHEAD_MS))
  for (const { clock } of listCases(set, { on, nowMs }))
    for (const year of clock.unknownYears) years.add(year)
  return [...years].sort()
}
const WEEKS_AHEAD_MS = 28 * 86_400_000

export type CaseNotice = {
  readonly case: string
  readonly title: string | null
  readonly household: string | null
  /** The step it is about, and what it was. */
  readonly of: string
  readonly step: string
  readonly atMs: number
} & (
  | {
      readonly type: 'did-not-count'
      readonly flag: StepFlag
      /** Who had done what before, where that is the reason. */
      readonly by: Author | null
      readonly theirStep: string | null
    }
  /** One's request was decided. */
  | {
      readonly type: 'decided'
      readonly request: RequestState
      readonly by: Author | null
      readonly note: string | null
      /** What they did. */
      readonly theirStep: string | null
    }
  /** To a chief: somebody waits for a word. */
  | {
      readonly type: 'awaits'
      readonly by: Author
      readonly note: string | null
      readonly due: string | null
    }
)

const NOTICE_MS = 14 * 86_400_000

/**
 * What a member is told of at the next contact: own steps that did not count, with what went before them; answers to
 * own requests; to a chief, requests that wait. It goes away when they write another step to the case, which has seen
 * it, and by itself after two weeks; what waits stays until it is answered.
 */
export function caseNotices(
  set: RecordSet,
  member: string,
  nowMs: number,
  isChief = false,
): readonly CaseNotice[] {
  const notices: CaseNotice[] = []
  for (const record of set.ofType('case')) {
    const fold = foldCaseRecord(record)
    const mine = fold.steps.findLastIndex(
      ({ by, flag, request }) => by === member && flag === null && request === null,
    )
    const about = (step: FoldedStep) => ({
      case: record.id,
      title: textOf(record, 'title'),
      household: textOf(record, 'household'),
      of: step.id,
      step: step.step,
      atMs: step.at,
    })
    fold.steps.forEach((step, at) => {
      if (isChief && step.request === 'open' && step.by !== member) {
        const { note, due } = step
        notices.push({ ...about(step), type: 'awaits', by: authorOf(set, step.by), note, due })
      }
      if (step.by !== member || at < mine) return
      if (step.flag !== null && nowMs - step.at < NOTICE_MS) {
        const other = fold.steps.find(({ id }) => id === step.overtakenBy)
        const by = other ? authorOf(set, other.by) : null
        notices.push({
          ...about(step),
          type: 'did-not-count',
          flag: step.flag,
          by,
          theirStep: other?.step ?? null,
        })
      }
      const { request } = step
      if (request === 'approved' || request === 'refused' || request === 'overtaken') {
        const isWord = (one: FoldedStep) =>
          request === 'overtaken' ? one.id === step.overtakenBy : one.of === step.id && one.flag === null
        const word = fold.steps.find(isWord)
        if (nowMs - (word?.at ?? step.at) >= NOTICE_MS) return
        const by = word ? authorOf(set, word.by) : null
        notices.push({
          ...about(step),
          type: 'decided',
          request,
          by,
          note: word?.note ?? null,
          theirStep: word?.step ?? null,
        })
      }
    })
  }
  return notices.sort((a, b) => b.atMs - a.atMs || (a.of < b.of ? -1 : 1))
}
