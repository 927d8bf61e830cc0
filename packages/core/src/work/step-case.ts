import type { Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Station } from '../station/station.ts'
import { type CaseFold, foldCaseRecord, lateDays, sawOf } from './case-state.ts'
import {
  type CaseState,
  type CaseStep,
  caseSteps,
  isCaseStep,
  isOpenState,
  nextState,
  stepRule,
  stepsFrom,
} from './case-steps.ts'
import { type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { closeDispatches } from './dispatch.ts'
import { mayShare } from './permission.ts'
import { RecordSet } from './record-set.ts'

export type StepCase = {
  readonly case: string
  readonly step: CaseStep
  readonly note?: string
  /** Whom it goes to: a member's id, or the name of a unit outside. */
  readonly to?: string
  /** The limit from here on, YYYY-MM-DD. */
  readonly due?: string
}

export type SteppedCase = {
  readonly case: string
  readonly state: CaseState
  readonly entries: readonly EntryPlace[]
}

export type StepCaseProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'no-such-step'
    /** `state`, and `allowed`: the steps that may come now. */
    | 'step-not-allowed'
    /** `needs`: `note` or `due`. */
    | 'step-incomplete'
    /** An extension is asked for before the limit has passed. */
    | 'case-past-deadline'
    /** It goes to a partner, and the household does not allow that. */
    | 'no-consent'
    | 'invalid-field'
}

const MAX_NOTE = 2000
const MAX_TO = 120

/** Appends one step, with the steps its author has seen. What colleagues append meanwhile is kept beside it. */
export async function stepCase(station: Station, input: StepCase): Promise<Result<SteppedCase>> {
  const shape = brokenShape(input)
  if (shape) return fail(shape)
  const calendar = stationCalendar(station)
  const today = calendar.dayOf(station.now)
  return withEntries(
    await station.write('case.step', (book) => {
      const record = findRecord(book, 'case', input.case)
      if (!record.ok) return record
      const fold = foldCaseRecord(record.value)
      const state = nextState(fold.state, input.step, fold.shelvedFrom)
      if (state === null)
        return fail({
          type: 'step-not-allowed',
          case: input.case,
          step: input.step,
          state: fold.state,
          allowed: stepsFrom(fold.state),
        })
      if (stepRule(input.step).inTime && lateDays(fold, today, calendar) > 0)
        return fail({ type: 'case-past-deadline', case: input.case, deadline: fold.deadline, today })
      const { household } = record.value.fields
      if (typeof household === 'string' && isPartner(station, input.to)) {
        const shared = mayShare(new RecordSet(book.records({ space: record.value.space })), household, today)
        if (!shared.ok) return shared
      }
      const edited = book.edit(input.case, { append: { steps: [stepValue(input, fold)] } })
      if (!edited.ok) return edited
      const closed = isOpenState(state) ? ok(undefined) : closeDispatches(book, record.value)
      return closed.ok ? ok({ case: input.case, state }) : closed
    }),
  )
}

const isPartner = (station: Station, to: string | undefined): boolean =>
  to !== undefined && PARTNERS.has(station.membership().members.get(to.trim())?.role ?? '')
/** Roles of members of other organisations, by name. */
const PARTNERS: ReadonlySet<string> = new Set(['partner'])

function brokenShape({ step, note, to, due }: StepCase): StepCaseProblem | null {
  if (!isCaseStep(step)) return { type: 'no-such-step', step, steps: Object.keys(caseSteps) }
  const invalid = (field: string, rule: string): StepCaseProblem => ({
    type: 'invalid-field',
    record: 'case',
    field,
    rule,
  })
  if (due !== undefined && !isDate(due)) return invalid('due', 'date')
  if ((note?.trim().length ?? 0) > MAX_NOTE) return invalid('note', 'too-long')
  if ((to?.trim().length ?? 0) > MAX_TO) return invalid('to', 'too-long')
  const { needs } = stepRule(step)
  if (needs === 'note' && !note?.trim()) return { type: 'step-incomplete', step, needs }
  if (needs === 'due' && due === undefined) return { type: 'step-incomplete', step, needs }
  return null
}

const stepValue = ({ step, note, to, due }: StepCase, fold: CaseFold): Value => ({
  step,
  ...(note?.trim() ? { note: note.trim() } : {}),
  ...(to?.trim() ? { to: to.trim() } : {}),
  ...(due === undefined ? {} : { due }),
  saw: [...sawOf(fold)],
})
