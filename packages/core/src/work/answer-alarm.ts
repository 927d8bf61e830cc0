import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import {
  type AlarmDeed,
  type AlarmMeans,
  type AlarmVerdict,
  alarmDeeds,
  alarmMeans,
  alarmVerdicts,
  isAlarmDeed,
  isAlarmVerdict,
} from './alarm-answers.ts'
import { foldAlarm } from './alarm-state.ts'
import { type CaseFold, foldCaseRecord, sawOf } from './case-state.ts'
import { type CaseStep, nextState } from './case-steps.ts'
import { type EntryPlace, findRecord, withEntries } from './command.ts'

export type AnswerAlarm = {
  readonly alarm: string
  readonly did: AlarmDeed
  /** Of `nobody`: where nobody answered; by phone as long as nobody has phoned. */
  readonly means?: AlarmMeans
  readonly verdict?: AlarmVerdict
  readonly note?: string
}

export type AnsweredAlarm = {
  readonly alarm: string
  /** What holds now. */
  readonly verdict: AlarmVerdict | null
  readonly open: boolean
  /** Its case, and whether this answer ended it. */
  readonly case: string | null
  readonly caseEnded: boolean
  readonly entries: readonly EntryPlace[]
}

export type AnswerAlarmProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'no-such-deed'
    | 'no-such-alarm-verdict'
    /** Where nobody answered nobody knows what it was, but for what a test, a faulty device or a leave tell. */
    | 'verdict-unfounded'
    | 'invalid-field'
}

const MAX_NOTE = 1000

/**
 * Says what was done about an alarm and, once that is known, what it was. Its case goes along: accepted at the first
 * answer, verified by who was at the door, ended where nothing was wrong and none of its alarms says otherwise.
 */
export async function answerAlarm(
  station: Station,
  { alarm, did, means, verdict, note }: AnswerAlarm,
): Promise<Result<AnsweredAlarm>> {
  if (!isAlarmDeed(did)) return fail({ type: 'no-such-deed', did, deeds: Object.keys(alarmDeeds) })
  if (verdict !== undefined && !isAlarmVerdict(verdict))
    return fail({ type: 'no-such-alarm-verdict', verdict, verdicts: Object.keys(alarmVerdicts) })
  if (did === 'nobody' && verdict === 'true') return fail({ type: 'verdict-unfounded', did, verdict })
  if ((note?.length ?? 0) > MAX_NOTE)
    return fail({ type: 'invalid-field', record: 'alarm', field: 'note', rule: 'too-long' })
  const role = station.member()?.role ?? null
  return withEntries(
    await station.write('alarm.answer', (book): Result<Omit<AnsweredAlarm, 'entries'>> => {
      const found = findRecord(book, 'alarm', alarm)
      if (!found.ok) return found
      const { id, space } = found.value
      const fold = foldAlarm(found.value)
      const phoned = fold.current.answers.some((one) => one.means === 'phone')
      const by =
        did === 'phoned' ? 'phone' : did === 'visited' ? 'door' : (means ?? (phoned ? 'door' : 'phone'))
      const answer: Value = {
        ...{ did, by, role, round: fold.current.round, saw: [...fold.saw] },
        ...(verdict === undefined ? {} : { verdict }),
        ...(note?.trim() ? { note: note.trim() } : {}),
      }
      const edited = book.edit(id, { append: { answers: [answer] } }, space)
      if (!edited.ok) return edited
      const holds = verdict ?? fold.current.verdict
      const stepped = stepCaseOf(book, found.value, { did, by, verdict: verdict ?? null })
      return stepped.ok ? ok({ alarm: id, verdict: holds, open: holds === null, ...stepped.value }) : stepped
    }),
  )
}

type Said = {
  readonly did: AlarmDeed
  readonly by: AlarmMeans
  readonly verdict: AlarmVerdict | null
}

/** One step on the case that is open; where none is, it was ended by people and is left alone. */
function stepCaseOf(
  book: Draftbook,
  alarm: Projection,
  said: Said,
): Result<Pick<AnsweredAlarm, 'case' | 'caseEnded'>> {
  const cases = foldAlarm(alarm).cases.flatMap((id) => {
    const record = book.get(id, alarm.space)
    return record?.type === 'case' ? [record] : []
  })
  const record = cases.findLast((one) => foldCaseRecord(one).open)
  if (!record) return ok({ case: cases.at(-1)?.id ?? null, caseEnded: false })
  const fold = foldCaseRecord(record)
  const step = stepFor(fold, said, () => othersAreNothing(book, alarm, record.id))
  const value = { step, note: noteOf(said), alarm: alarm.id, saw: [...sawOf(fold)] }
  const edited = book.edit(record.id, { append: { steps: [value] } }, record.space)
  return edited.ok ? ok({ case: record.id, caseEnded: step === 'decline' }) : edited
}

function stepFor(fold: CaseFold, { did, verdict }: Said, othersAreNothing: () => boolean): CaseStep {
  const may = (step: CaseStep) => nextState(fold.state, step, fold.shelvedFrom) !== null
  const isNothing = verdict === 'false' || verdict === 'away' || verdict === 'test'
  if (isNothing && may('decline') && othersAreNothing()) return 'decline'
  if (did === 'visited' && may('verify')) return 'verify'
  return may('accept') ? 'accept' : 'note'
}

/** Whether every other alarm of the case was found to be nothing as well. */
function othersAreNothing(book: Draftbook, alarm: Projection, which: string): boolean {
  for (const other of book.records({ space: alarm.space, type: 'alarm' })) {
    if (other.id === alarm.id) continue
    const { cases, current } = foldAlarm(other)
    const isNothing = current.verdict === 'false' || current.verdict === 'away' || current.verdict === 'test'
    if (cases.includes(which) && !isNothing) return false
  }
  return true
}

/** In both languages, as every station reads it. */
const noteOf = ({ did, by, verdict }: Said): string => {
  const parts = [
    ...(did === 'nobody' ? [alarmMeans[by]] : []),
    alarmDeeds[did],
    ...(verdict === null ? [] : [alarmVerdicts[verdict].label]),
  ]
  return `${parts.map(([zh]) => zh).join(',')} · ${parts.map(([, en]) => en).join(', ')}`
}
