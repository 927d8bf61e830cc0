import type { Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { caseClock, clockRulesOf } from './case-clock.ts'
import { evidenceOf } from './case-evidence.ts'
import { type CaseFold, type FoldedStep, foldCaseRecord, sawOf } from './case-state.ts'
import {
  type CaseState,
  type CaseStep,
  caseSteps,
  isCaseStep,
  isOpenState,
  nextState,
  onlyAsks,
  stepRule,
  stepsFrom,
} from './case-steps.ts'
import { type EntryPlace, findRecord, stationCalendar, withEntries } from './command.ts'
import { closeDispatches } from './dispatch.ts'
import { mayShare } from './permission.ts'
import { RecordSet } from './record-set.ts'

/** Why a case is sent back, as data: what went to the wrong hands counts as a wrong dispatch (错误派遣). */
export const returnReasons = {
  'wrong-desk': ['不归我们管', 'Not ours'],
  'more-needed': ['情况不清', 'More is needed'],
  other: ['其他', 'Other'],
} as const satisfies Record<string, readonly [zh: string, en: string]>
export type ReturnReason = keyof typeof returnReasons

export const satisfactions = {
  satisfied: ['满意', 'Satisfied'],
  fair: ['基本满意', 'Fairly satisfied'],
  unsatisfied: ['不满意', 'Not satisfied'],
} as const satisfies Record<string, readonly [zh: string, en: string]>
export type Satisfaction = keyof typeof satisfactions

export type StepCase = {
  readonly case: string
  readonly step: CaseStep
  readonly note?: string
  /** Whom it goes to: a member's id, or the name of a unit outside. */
  readonly to?: string
  /** The limit from here on, YYYY-MM-DD. */
  readonly due?: string
  /** Of `approve`, `refuse`, `take-back`: the request; the only one that waits when not given. */
  readonly of?: string
  /** Of `return`. */
  readonly because?: ReturnReason
  /** Of `call-back`, with whom was spoken. */
  readonly satisfaction?: Satisfaction
  readonly spokeTo?: string
  /** Of `close`: why there is no picture of the result, where one is wanted. */
  readonly noPhoto?: string
}

export type SteppedCase = {
  readonly case: string
  readonly state: CaseState
  /** It only asks, and a chief has the next word. */
  readonly awaits: boolean
  readonly entries: readonly EntryPlace[]
}

export type StepCaseProblem = Problem & {
  readonly type:
    | 'no-such-record'
    | 'no-such-step'
    /** `state`, and `allowed`: the steps that may come now. */
    | 'step-not-allowed'
    /** `needs`: `note`, `due` or `satisfaction`. */
    | 'step-incomplete'
    /** An extension is asked for before the limit has passed. */
    | 'case-past-deadline'
    /** No request waits, or none of that id; `requests`: those that do. */
    | 'no-such-request'
    /** Nothing shows the result, and no reason is written why. */
    | 'evidence-needed'
    /** The same was asked already and waits. */
    | 'request-waits'
    | 'role-may-not'
    /** It goes to a partner, and the household does not allow that. */
    | 'no-consent'
    | 'invalid-field'
}

const MAX_NOTE = 2000
const MAX_TO = 120

/**
 * Appends one step, with the steps its author has seen. What colleagues append meanwhile is kept beside it. A step
 * that the second level decides is a request when a worker takes it, and holds at once when a chief does.
 */
export async function stepCase(station: Station, input: StepCase): Promise<Result<SteppedCase>> {
  const shape = brokenShape(input)
  if (shape) return fail(shape)
  const role = station.member()?.role ?? null
  const rule = stepRule(input.step)
  if (rule.decides === 'chief' && role !== 'chief')
    return fail({ type: 'role-may-not', role, action: `case.${input.step}` })
  const asks = onlyAsks(input.step, role)
  const decides = rule.decides === 'chief' || (rule.asks === true && !asks)
  const rules = clockRulesOf({ ofType: (type) => station.records({ type }) })
  const today = stationCalendar(station).dayOf(station.now)
  return withEntries(
    await station.write(decides ? 'case.decide' : 'case.step', (book) => {
      const record = findRecord(book, 'case', input.case)
      if (!record.ok) return record
      const fold = foldCaseRecord(record.value)
      const target = targetOf(fold, input, station.identity.member)
      if (!target.ok) return target
      const effective =
        target.value && input.step === 'approve' ? (target.value.step as CaseStep) : input.step
      const state = nextState(fold.state, effective, fold.shelvedFrom)
      if (state === null) return notAllowed(fold, input)
      if (asks && fold.awaiting.some(({ step }) => step === input.step))
        return fail({ type: 'request-waits', case: input.case, step: input.step })
      const clock = caseClock(record.value, station.now, rules, fold)
      if (rule.inTime && clock.level === 'late')
        return fail({
          type: 'case-past-deadline',
          case: input.case,
          deadline: fold.deadline ?? rules.work.calendar.dayOf(clock.dueAtMs!),
          today,
        })
      if (input.step === 'close' && !input.noPhoto?.trim()) {
        const set = new RecordSet([
          ...book.records({ type: 'attachment', space: record.value.space }),
          ...book.records({ type: 'kind' }),
        ])
        const { wanted, after } = evidenceOf(set, record.value)
        if (wanted && after.length === 0) return fail({ type: 'evidence-needed', case: input.case })
      }
      const shared = mayGoTo(station, book, record.value, input.to, today)
      if (!shared.ok) return shared
      const values = [stepValue(input, target.value, sawOf(fold))]
      const appended = book.edit(input.case, { append: { [decides ? 'decisions' : 'steps']: values } })
      if (!appended.ok) return appended
      const after = asks ? fold.state : state
      const ended = isOpenState(after) ? ok(undefined) : closeDispatches(book, record.value)
      return ended.ok ? ok({ case: input.case, state: after, awaits: asks }) : ended
    }),
  )
}

const notAllowed = (fold: CaseFold, { case: id, step }: StepCase) =>
  fail({ type: 'step-not-allowed', case: id, step, state: fold.state, allowed: stepsFrom(fold.state) })

/** The request that a word is about. */
function targetOf(
  { awaiting }: CaseFold,
  { case: id, step, of }: StepCase,
  member: string,
): Result<FoldedStep | null, StepCaseProblem> {
  const { decides } = stepRule(step)
  if (decides === undefined) return ok(null)
  const open = decides === 'asker' ? awaiting.filter(({ by }) => by === member) : awaiting
  const named = of === undefined ? open : open.filter((one) => one.id === of || one.id.startsWith(of))
  if (named.length === 1) return ok(named[0]!)
  const requests = open.map((one) => `${one.id.slice(0, 8)} ${one.step}`)
  return fail({ type: 'no-such-request', case: id, of: of ?? null, requests })
}

/** A household's case goes to a member of another organisation only as far as the household allows. */
function mayGoTo(
  station: Station,
  book: Draftbook,
  { space, fields: { household } }: Projection,
  to: string | undefined,
  today: string,
): Result<unknown> {
  if (typeof household !== 'string' || !isPartner(station, to)) return ok(null)
  return mayShare(new RecordSet(book.records({ space })), household, today)
}

const isPartner = (station: Station, to: string | undefined): boolean =>
  to !== undefined && PARTNERS.has(station.membership().members.get(to.trim())?.role ?? '')
/** Roles of members of other organisations, by name. */
const PARTNERS: ReadonlySet<string> = new Set(['partner'])

function brokenShape({
  step,
  note,
  to,
  due,
  because,
  satisfaction,
  spokeTo,
  noPhoto,
}: StepCase): StepCaseProblem | null {
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
  if ((spokeTo?.trim().length ?? 0) > MAX_TO) return invalid('spokeTo', 'too-long')
  if ((noPhoto?.trim().length ?? 0) > MAX_NOTE) return invalid('noPhoto', 'too-long')
  if (because !== undefined && !Object.hasOwn(returnReasons, because)) return invalid('because', 'choice')
  if (satisfaction !== undefined && !Object.hasOwn(satisfactions, satisfaction))
    return invalid('satisfaction', 'choice')
  const { needs } = stepRule(step)
  if (needs === 'note' && !note?.trim()) return { type: 'step-incomplete', step, needs }
  if (needs === 'due' && due === undefined) return { type: 'step-incomplete', step, needs }
  return null
}

/** Words typed for a step go with it; what belongs to another step does not. */
const stepValue = (
  { step, note, to, due, because, satisfaction, spokeTo, noPhoto }: StepCase,
  target: FoldedStep | null,
  saw: readonly string[],
): Value => ({
  step,
  ...(note?.trim() ? { note: note.trim() } : {}),
  ...(to?.trim() ? { to: to.trim() } : {}),
  ...(due === undefined ? {} : { due }),
  ...(target === null ? {} : { of: target.id }),
  ...(step === 'return' && because !== undefined ? { because } : {}),
  ...(step === 'call-back' && satisfaction !== undefined ? { satisfaction } : {}),
  ...(step === 'close' && noPhoto?.trim() ? { noPhoto: noPhoto.trim() } : {}),
  ...(step === 'call-back' && spokeTo?.trim() ? { spokeTo: spokeTo.trim() } : {}),
  saw: [...saw],
})
