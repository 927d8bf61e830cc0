import type { Projection, TimelineItem } from '../record/project.ts'
import { inCausalOrder, type ParsedStep } from './case-order.ts'
import { type CaseState, type CaseStep, isCaseStep, isOpenState, nextState, stepRule } from './case-steps.ts'
import { dateOf } from './day.ts'

/** Why a step changed nothing: it is kept and shown all the same. */
export type StepFlag =
  /** Not allowed in the state that other steps, perhaps not known to its author, had brought about. */
  | 'not-from-state'
  | 'unknown-step'
  | 'malformed'
  /** A chief's word by somebody else, or another's request taken back. */
  | 'not-theirs'
  /** A word on a request that had its answer, or that is none. */
  | 'no-request'
  /** An approval, while another chief refused without knowing of it: the refusal holds. */
  | 'refused-meanwhile'

export type RequestState = 'open' | 'approved' | 'refused' | 'taken-back' | 'overtaken'

export type FoldedStep = {
  readonly id: string
  /** As written; a step this version does not know keeps its name. */
  readonly step: string
  readonly by: string
  /** Milliseconds since 1970 by the author's clock: shown, never used to order. */
  readonly at: number
  readonly note: string | null
  readonly to: string | null
  readonly due: string | null
  /** Of a word on a request: the step it is about. */
  readonly of: string | null
  /** Of a return: `wrong-desk` says that it was sent to the wrong hands. */
  readonly because: string | null
  readonly satisfaction: string | null
  readonly spokeTo: string | null
  /** Why there is no picture of the result. */
  readonly noPhoto: string | null
  /** Of a step that a chief decides, by somebody else: what became of it. */
  readonly request: RequestState | null
  /** The state after it. */
  readonly state: CaseState
  readonly flag: StepFlag | null
  /** Of a flagged step, or a request that nobody needs to answer any more: what it did not know of, which changed the state. */
  readonly overtakenBy: string | null
}

/** A step that counted, with the state it led to; of an approval, what was asked for. */
export type CaseEffect = {
  readonly id: string
  readonly step: CaseStep
  readonly by: string
  readonly at: number
  readonly before: CaseState
  readonly after: CaseState
  readonly to: string | null
  readonly due: string | null
  readonly because: string | null
  readonly satisfaction: string | null
}

export type CaseFold = {
  readonly state: CaseState
  readonly open: boolean
  /** In causal order, the same on every station. */
  readonly steps: readonly FoldedStep[]
  readonly effects: readonly CaseEffect[]
  /** Requests that wait for a chief, the oldest first. */
  readonly awaiting: readonly FoldedStep[]
  /** Where `resume` leads. */
  readonly shelvedFrom: CaseState
  /** The day that somebody named: of the last step that did, else of the case. See case-clock.ts for the stage's own. */
  readonly deadline: string | null
  /** Who has it now: the last `to`. */
  readonly with: string | null
  readonly reworks: number
  readonly returns: number
  readonly extensions: number
  /** When the step that ended it was written, by its author's clock; null while open. */
  readonly endedAt: number | null
  /** Some steps were written apart and did not fit together: a person should look. */
  readonly flagged: boolean
}

type Counted = 'rework' | 'return' | 'extend'

/**
 * Folds the steps by what each author had seen; steps written apart are taken in the order of their ids, which
 * means nothing and is the same everywhere. Any order and any repetition of `items` gives the same answer.
 * `decisions` are a chief's.
 */
export function foldCase(
  items: readonly TimelineItem[],
  dueOn: string | null,
  decisions: readonly TimelineItem[] = [],
): CaseFold {
  let state: CaseState = 'reported'
  let shelvedFrom: CaseState = 'reported'
  let deadline = dueOn
  let holder: string | null = null
  let endedAt: number | null = null
  const counts: Record<Counted, number> = { rework: 0, return: 0, extend: 0 }
  const byChief = new Set(decisions.map(({ id }) => id))
  const ordered = inCausalOrder([...decisions, ...items])
  const overruled = overruledApprovals(ordered, byChief)
  const requests = new Map<string, { readonly one: ParsedStep; state: RequestState }>()
  const effects: CaseEffect[] = []
  const steps: Omit<FoldedStep, 'request'>[] = []

  const take = (asked: ParsedStep, step: CaseStep, next: CaseState, by: ParsedStep): void => {
    const { to, due, because, satisfaction } = asked
    if (next === 'shelved' && state !== 'shelved') shelvedFrom = state
    if (step === 'reopen') deadline = null
    if (due !== null) deadline = due
    if (to !== null) holder = to
    if (isOpenState(state) && !isOpenState(next)) endedAt = by.item.at
    if (isOpenState(next)) endedAt = null
    if (step in counts) counts[step as Counted]++
    const { id, item } = by
    effects.push({
      ...{ id, step, by: item.by, at: item.at, before: state, after: next },
      ...{ to, due, because, satisfaction },
    })
    state = next
  }

  const flagOf = (one: ParsedStep): StepFlag | null => {
    const { step, of } = one
    if (one.malformed) return 'malformed'
    if (!isCaseStep(step)) return 'unknown-step'
    const { decides, asks } = stepRule(step)
    const isDecision = byChief.has(one.id)
    if (decides === undefined) {
      const next = nextState(state, step, shelvedFrom)
      if (next === null) return 'not-from-state'
      if (asks && !isDecision) requests.set(one.id, { one, state: 'open' })
      else take(one, step, next, one)
      return null
    }
    if (decides === 'chief' && !isDecision) return 'not-theirs'
    const request = of === null ? undefined : requests.get(of)
    if (request?.state !== 'open') return 'no-request'
    if (decides === 'asker' && request.one.item.by !== one.item.by) return 'not-theirs'
    if (overruled.has(one.id)) return 'refused-meanwhile'
    const asked = request.one.step as CaseStep
    const next = nextState(state, asked, shelvedFrom)
    if (step === 'approve' && next === null) return 'not-from-state'
    request.state = step === 'approve' ? 'approved' : step === 'refuse' ? 'refused' : 'taken-back'
    if (step === 'approve' && next !== null) take(request.one, asked, next, one)
    return null
  }

  for (const one of ordered) {
    const flag = flagOf(one)
    const { id, item, step, malformed: _, saw, ...said } = one
    const unseen = flag === 'not-from-state' || flag === 'no-request' ? lastUnseen(effects, saw) : null
    steps.push({ ...said, id, step, by: item.by, at: item.at, state, flag, overtakenBy: unseen })
  }
  for (const request of requests.values()) {
    const stillFits = nextState(state, request.one.step as CaseStep, shelvedFrom) !== null
    if (request.state === 'open' && !stillFits) request.state = 'overtaken'
  }
  const told = steps.map((one): FoldedStep => {
    const asked = requests.get(one.id)
    if (asked === undefined) return { ...one, request: null }
    const gone = asked.state === 'overtaken' ? lastUnseen(effects, asked.one.saw) : null
    return { ...one, request: asked.state, overtakenBy: gone }
  })
  return {
    state,
    open: isOpenState(state),
    steps: told,
    effects,
    awaiting: told.filter(({ request }) => request === 'open'),
    shelvedFrom,
    deadline,
    with: holder,
    reworks: counts.rework,
    returns: counts.return,
    extensions: counts.extend,
    endedAt,
    flagged: steps.some((step) => step.flag !== null),
  }
}

/** The latest step that counted and that the author of another had not seen. */
const lastUnseen = (effects: readonly CaseEffect[], saw: readonly string[]): string | null =>
  effects.findLast(
    ({ id, before, after, step }) => !saw.includes(id) && (before !== after || step === 'extend'),
  )?.id ?? null

/**
 * Of an approval and a refusal whose authors did not know of each other the refusal holds, wherever they come to
 * stand: what was allowed by mistake is harder to take back than what was not.
 */
function overruledApprovals(
  ordered: readonly ParsedStep[],
  byChief: ReadonlySet<string>,
): ReadonlySet<string> {
  const overruled = new Set<string>()
  const refusals = ordered.filter(({ id, step, of }) => step === 'refuse' && of !== null && byChief.has(id))
  if (refusals.length === 0) return overruled
  for (const one of ordered) {
    if (one.step !== 'approve') continue
    const against = refusals.some(
      (refusal) => refusal.of === one.of && !refusal.saw.includes(one.id) && !one.saw.includes(refusal.id),
    )
    if (against) overruled.add(one.id)
  }
  return overruled
}

/** Of a projection, which never changes: lists, clocks and notices ask for the same again and again. */
export function foldCaseRecord(record: Projection): CaseFold {
  const known = FOLDS.get(record)
  if (known) return known
  const fold = foldCase(record.timelines.steps ?? [], dateOf(record, 'dueOn'), record.timelines.decisions)
  FOLDS.set(record, fold)
  return fold
}
const FOLDS = new WeakMap<Projection, CaseFold>()

/** What the author of the next step has seen: every step there is. */
export const sawOf = (fold: CaseFold): readonly string[] => fold.steps.map((step) => step.id).sort()

export type { CaseState, CaseStep }
