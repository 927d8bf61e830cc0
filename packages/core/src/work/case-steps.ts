/**
 * The life of a case as a table. Stages: the chain of GB/T 30428 (report, accept, verify, register, dispatch,
 * handle, supervise, check, close, call back). Beside it: 不受理, 退回, 返工, 延期, 挂账, 作废, 重开.
 * A grid worker who puts a thing right on the spot may go from the report straight to handling.
 *
 * Who takes which step: `asks` waits for a chief's word when a worker writes it, and holds at once when a chief does
 * (退回、延期、挂账、作废: the second level decides); `chief` is that word. A chief's word stands on a timeline of its
 * own, `decisions`, which the gate opens to chiefs alone, so that no station need know who was what when.
 */
import { type Language, labelIn } from './language.ts'

export type CaseState = keyof typeof caseStates
export type CaseStep = keyof typeof caseSteps

export const caseStates = {
  reported: { label: ['已上报', 'Reported'], open: true },
  accepted: { label: ['已受理', 'Accepted'], open: true },
  verified: { label: ['已核实', 'Verified'], open: true },
  registered: { label: ['已立案', 'Registered'], open: true },
  dispatched: { label: ['已派遣', 'Dispatched'], open: true },
  handling: { label: ['处置中', 'Being handled'], open: true },
  handled: { label: ['待核查', 'Done, to be checked'], open: true },
  checked: { label: ['已核查', 'Checked'], open: true },
  returned: { label: ['已退回', 'Returned'], open: true },
  shelved: { label: ['已挂账', 'Shelved'], open: true },
  closed: { label: ['已结案', 'Closed'], open: false },
  'called-back': { label: ['已回访', 'Called back'], open: false },
  declined: { label: ['不受理', 'Declined'], open: false },
  void: { label: ['已作废', 'Void'], open: false },
} as const satisfies Record<string, StateRow>

type StateRow = { readonly label: readonly [zh: string, en: string]; readonly open: boolean }

type StepRow = {
  readonly label: readonly [zh: string, en: string]
  readonly from: readonly string[]
  /** `stay` keeps the state, `back` returns to the state it was shelved from. */
  readonly to: string
  /** A reason in writing, or a day, without which the step is refused. */
  readonly needs?: 'note' | 'due'
  /** Only before the deadline has passed. */
  readonly inTime?: true
  /** A worker's waits for a chief's word. */
  readonly asks?: true
  /** The word on such a step: `of` names it. Of a worker, only that the own one is taken back. */
  readonly decides?: 'chief' | 'asker'
}

const BEFORE_HANDLING = ['reported', 'accepted', 'verified', 'registered', 'dispatched', 'returned'] as const
const OPEN = [...BEFORE_HANDLING, 'handling', 'handled', 'checked', 'shelved'] as const
const ENDED = ['closed', 'called-back', 'declined', 'void'] as const

export const caseSteps = {
  report: { label: ['上报', 'Report'], from: ['reported'], to: 'reported' },
  accept: { label: ['受理', 'Accept'], from: ['reported'], to: 'accepted' },
  decline: {
    label: ['不受理', 'Decline'],
    // Found on the spot to be nothing (核实不属实), it is not registered.
    from: ['reported', 'accepted', 'verified'],
    to: 'declined',
    needs: 'note',
  },
  verify: { label: ['核实', 'Verify on site'], from: ['reported', 'accepted'], to: 'verified' },
  register: { label: ['立案', 'Register'], from: ['accepted', 'verified'], to: 'registered' },
  dispatch: {
    label: ['派遣', 'Dispatch'],
    from: ['accepted', 'verified', 'registered', 'returned', 'dispatched'],
    to: 'dispatched',
  },
  handle: { label: ['处置', 'Handle'], from: BEFORE_HANDLING, to: 'handling' },
  supervise: { label: ['督办', 'Supervise'], from: ['dispatched', 'handling', 'returned'], to: 'stay' },
  done: { label: ['处置完毕', 'Done'], from: ['dispatched', 'handling'], to: 'handled' },
  check: { label: ['核查', 'Check the result'], from: ['handling', 'handled'], to: 'checked' },
  close: { label: ['结案', 'Close'], from: ['checked'], to: 'closed' },
  'call-back': { label: ['回访', 'Call back'], from: ['closed'], to: 'called-back' },
  return: {
    label: ['退回', 'Return'],
    from: ['dispatched', 'handling'],
    to: 'returned',
    needs: 'note',
    asks: true,
  },
  rework: { label: ['返工', 'Rework'], from: ['checked', 'handled'], to: 'handling' },
  extend: {
    label: ['延期', 'Extend'],
    from: ['accepted', 'verified', 'registered', 'dispatched', 'handling', 'returned'],
    to: 'stay',
    needs: 'due',
    inTime: true,
    asks: true,
  },
  shelve: {
    label: ['挂账', 'Shelve'],
    from: [...BEFORE_HANDLING, 'handling'],
    to: 'shelved',
    needs: 'note',
    asks: true,
  },
  resume: { label: ['恢复', 'Resume'], from: ['shelved'], to: 'back' },
  void: { label: ['作废', 'Void'], from: OPEN, to: 'void', needs: 'note', asks: true },
  reopen: { label: ['重开', 'Reopen'], from: ENDED, to: 'accepted' },
  note: { label: ['备注', 'Note'], from: [...OPEN, ...ENDED], to: 'stay', needs: 'note' },
  approve: { label: ['批准', 'Approve'], from: OPEN, to: 'stay', decides: 'chief' },
  refuse: { label: ['不批准', 'Refuse'], from: OPEN, to: 'stay', needs: 'note', decides: 'chief' },
  'take-back': { label: ['撤回申请', 'Take back a request'], from: OPEN, to: 'stay', decides: 'asker' },
} as const satisfies Record<string, StepRow>

export const isCaseStep = (text: unknown): text is CaseStep =>
  typeof text === 'string' && Object.hasOwn(caseSteps, text)
export const isCaseState = (text: unknown): text is CaseState =>
  typeof text === 'string' && Object.hasOwn(caseStates, text)

export const stepRule = (step: CaseStep): StepRow => caseSteps[step]
export const isOpenState = (state: CaseState): boolean => caseStates[state].open

export const stepLabel = (step: CaseStep, language: Language = 'zh'): string =>
  labelIn(caseSteps[step].label, language)
export const stateLabel = (state: CaseState, language: Language = 'zh'): string =>
  labelIn(caseStates[state].label, language)

/** What may come next, in the order of the chain. Words on a request are not among them: they need one. */
export const stepsFrom = (state: CaseState): readonly CaseStep[] =>
  (Object.keys(caseSteps) as CaseStep[]).filter((step) => {
    const { from, decides } = stepRule(step)
    return decides === undefined && from.includes(state)
  })

/** Whether a step of this role only asks: it is a request until a chief has spoken. */
export const onlyAsks = (step: CaseStep, role: string | null): boolean =>
  stepRule(step).asks === true && role !== 'chief'

/** The state a step leads to, or null where it is not allowed. `shelvedFrom`: where `resume` goes back to. */
export function nextState(state: CaseState, step: CaseStep, shelvedFrom: CaseState): CaseState | null {
  const { from, to } = stepRule(step)
  if (!from.includes(state)) return null
  if (to === 'stay') return state
  return to === 'back' ? shelvedFrom : (to as CaseState)
}
