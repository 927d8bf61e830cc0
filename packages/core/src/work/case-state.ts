import type { Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import type { Projection, TimelineItem } from '../record/project.ts'
import { type CaseState, type CaseStep, isCaseStep, isOpenState, nextState } from './case-steps.ts'
import { type Calendar, dateOf, daysBetween } from './day.ts'

/** Why a step changed nothing: it is kept and shown all the same. */
export type StepFlag =
  /** Not allowed in the state that other steps, perhaps not known to its author, had brought about. */
  'not-from-state' | 'unknown-step' | 'malformed'

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
  /** The state after it. */
  readonly state: CaseState
  readonly flag: StepFlag | null
}

export type CaseFold = {
  readonly state: CaseState
  readonly open: boolean
  /** In causal order, the same on every station. */
  readonly steps: readonly FoldedStep[]
  /** Where `resume` leads. */
  readonly shelvedFrom: CaseState
  /** The limit of the stage it is in: of the last step that set one, else of the case. */
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

export type ParsedStep = {
  readonly id: string
  readonly item: TimelineItem
  readonly step: string
  readonly note: string | null
  readonly to: string | null
  readonly due: string | null
  readonly saw: readonly string[]
  readonly malformed: boolean
}

/**
 * Folds the steps by what each author had seen; steps written apart are taken in the order of their ids, which
 * means nothing and is the same everywhere. Any order and any repetition of `items` gives the same answer.
 */
export function foldCase(items: readonly TimelineItem[], dueOn: string | null): CaseFold {
  let state: CaseState = 'reported'
  let shelvedFrom: CaseState = 'reported'
  let deadline = dueOn
  let holder: string | null = null
  let endedAt: number | null = null
  const counts = { rework: 0, return: 0, extend: 0 }
  const steps: FoldedStep[] = []
  for (const { id, item, step, note, to, due, malformed } of inCausalOrder(items)) {
    const next: CaseState | null = isCaseStep(step) ? nextState(state, step, shelvedFrom) : null
    const flag: StepFlag | null = malformed
      ? 'malformed'
      : !isCaseStep(step)
        ? 'unknown-step'
        : next === null
          ? 'not-from-state'
          : null
    if (flag === null && next !== null) {
      if (next === 'shelved' && state !== 'shelved') shelvedFrom = state
      if (due !== null) deadline = due
      if (to !== null) holder = to
      if (isOpenState(state) && !isOpenState(next)) endedAt = item.at
      if (isOpenState(next)) endedAt = null
      if (step in counts) counts[step as keyof typeof counts]++
      state = next
    }
    steps.push({ id, step, by: item.by, at: item.at, note, to, due, state, flag })
  }
  return {
    state,
    open: isOpenState(state),
    steps,
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

export const foldCaseRecord = (record: Projection): CaseFold =>
  foldCase(record.timelines.steps ?? [], dateOf(record, 'dueOn'))

/** Days past the deadline: until `on` while open, else until it was ended. 0 when in time or without a limit. */
export function lateDays(fold: CaseFold, on: string, calendar: Calendar): number {
  if (fold.deadline === null) return 0
  const until = fold.endedAt === null ? on : calendar.dayOf(fold.endedAt)
  return Math.max(0, daysBetween(fold.deadline, until))
}

/** What the author of the next step has seen: every step there is. */
export const sawOf = (fold: CaseFold): readonly string[] => fold.steps.map((step) => step.id).sort()

/** A step is taken when all it saw is; of those ready the smallest id. What names steps that are not here waits for none. */
export function inCausalOrder(items: readonly TimelineItem[]): readonly ParsedStep[] {
  const parsed = new Map<string, ParsedStep>()
  for (const item of items) if (!parsed.has(item.id)) parsed.set(item.id, parseStep(item))
  const waitsFor = new Map<string, number>()
  const followers = new Map<string, ParsedStep[]>()
  for (const one of parsed.values()) {
    const before = new Set(one.saw.filter((id) => id !== one.id && parsed.has(id)))
    waitsFor.set(one.id, before.size)
    for (const id of before) {
      const known = followers.get(id)
      if (known) known.push(one)
      else followers.set(id, [one])
    }
  }
  const rest = [...parsed.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const ready = rest.filter((one) => waitsFor.get(one.id) === 0)
  const ordered: ParsedStep[] = []
  const taken = new Set<string>()
  while (ordered.length < rest.length) {
    // Ids are hashes of what they name, so no circle can be made; were there one, it opens at the smallest id.
    const next = ready.shift() ?? rest.find((one) => !taken.has(one.id))!
    if (taken.has(next.id)) continue
    taken.add(next.id)
    ordered.push(next)
    for (const follower of followers.get(next.id) ?? []) {
      const left = waitsFor.get(follower.id)! - 1
      waitsFor.set(follower.id, left)
      if (left === 0 && !taken.has(follower.id)) insertById(ready, follower)
    }
  }
  return ordered
}

function insertById(sorted: ParsedStep[], one: ParsedStep): void {
  const at = sorted.findIndex((other) => other.id > one.id)
  sorted.splice(at === -1 ? sorted.length : at, 0, one)
}

function parseStep(item: TimelineItem): ParsedStep {
  const value = item.value
  const blank = { id: item.id, item, step: '', note: null, to: null, due: null, saw: [] }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { ...blank, malformed: true }
  const { step, due } = value
  const saw = Array.isArray(value.saw) ? value.saw.filter((id) => typeof id === 'string') : []
  return {
    id: item.id,
    item,
    step: typeof step === 'string' ? step : '',
    note: textIn(value.note),
    to: textIn(value.to),
    due: typeof due === 'string' && isDate(due) ? due : null,
    saw,
    malformed: typeof step !== 'string' || (due !== undefined && due !== null && !isDate(String(due))),
  }
}

const textIn = (value: Value | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null

export type { CaseState, CaseStep }
