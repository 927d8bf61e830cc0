/** The life of a dispatch, folded from the reports of those it went to and the answers of those who sent it. */
import type { Projection, TimelineItem } from '../record/project.ts'
import { inCausalOrder } from './case-order.ts'
import { type Language, labelIn } from './language.ts'

type StepRow = {
  readonly label: readonly [zh: string, en: string]
  readonly to: string
  readonly needs?: 'note'
}

/** By those who see the desk alone. */
export const reportSteps = {
  accepted: { label: ['接单', 'Accepted'], to: 'accepted' },
  done: { label: ['办完', 'Done'], to: 'done' },
  cannot: { label: ['办不了', 'Cannot be done'], to: 'cannot', needs: 'note' },
  /** Sent to the wrong hands (推诿、错派): counts as a wrong dispatch, not as one that was not done. */
  'not-ours': { label: ['不归我们管', 'Not ours'], to: 'not-ours', needs: 'note' },
  question: { label: ['有疑问', 'Question'], to: 'question', needs: 'note' },
} as const satisfies Record<string, StepRow>

/** By the workers of the grid. `close` comes with the end of the case. */
export const orderSteps = {
  answer: { label: ['答复', 'Answer'], to: 'answered', needs: 'note' },
  withdraw: { label: ['撤回派遣', 'Withdraw'], to: 'withdrawn', needs: 'note' },
  close: { label: ['案件已结', 'Case ended'], to: 'closed' },
} as const satisfies Record<string, StepRow>

export const dispatchStates = {
  sent: { label: ['已派出', 'Sent'], open: true },
  accepted: { label: ['已接单', 'Accepted'], open: true },
  question: { label: ['有疑问', 'Question'], open: true },
  answered: { label: ['已答复', 'Answered'], open: true },
  done: { label: ['已办完', 'Done'], open: true },
  cannot: { label: ['办不了', 'Cannot be done'], open: true },
  'not-ours': { label: ['不归其管', 'Not theirs'], open: true },
  withdrawn: { label: ['已撤回', 'Withdrawn'], open: false },
  closed: { label: ['已结', 'Closed'], open: false },
} as const

export type ReportStep = keyof typeof reportSteps
export type OrderStep = keyof typeof orderSteps
export type DispatchState = keyof typeof dispatchStates

const allSteps: Readonly<Record<string, StepRow>> = { ...reportSteps, ...orderSteps }
export const isReportStep = (text: string): text is ReportStep => Object.hasOwn(reportSteps, text)
export const isOrderStep = (text: string): text is OrderStep => Object.hasOwn(orderSteps, text)
export const needsNote = (step: ReportStep | OrderStep): boolean => allSteps[step]!.needs === 'note'

export const dispatchStepLabel = (step: string, language: Language = 'zh'): string =>
  Object.hasOwn(allSteps, step) ? labelIn(allSteps[step]!.label, language) : step
export const dispatchStateLabel = (state: DispatchState, language: Language = 'zh'): string =>
  labelIn(dispatchStates[state].label, language)

export type DispatchStepFold = {
  readonly id: string
  readonly step: string
  readonly note: string | null
  readonly by: string
  /** Milliseconds since 1970 by the author's clock: shown, never used to order. */
  readonly at: number
  /** By somebody outside. */
  readonly outside: boolean
}

export type DispatchFold = {
  readonly state: DispatchState
  readonly open: boolean
  /** In causal order, the same on every station. */
  readonly steps: readonly DispatchStepFold[]
}

/** The last word holds; what was withdrawn or closed stays so, whatever was reported meanwhile. */
export function foldDispatch(record: Projection): DispatchFold {
  const reports = known(record.timelines.reports, isReportStep)
  const orders = known(record.timelines.orders, isOrderStep)
  const outside = new Set(reports.map(({ id }) => id))
  let state: DispatchState = 'sent'
  const steps: DispatchStepFold[] = []
  for (const { id, step, note, item } of inCausalOrder([...reports, ...orders])) {
    if (dispatchStates[state].open) state = allSteps[step]!.to as DispatchState
    steps.push({ id, step, note, by: item.by, at: item.at, outside: outside.has(id) })
  }
  return { state, open: dispatchStates[state].open, steps }
}

/** A step that this version does not know, or one on the other's timeline, says nothing. */
const known = (
  items: readonly TimelineItem[] | undefined,
  isKnown: (step: string) => boolean,
): TimelineItem[] =>
  (items ?? []).filter(
    ({ value }) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      typeof value.step === 'string' &&
      isKnown(value.step),
  )
