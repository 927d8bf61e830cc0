/**
 * The life of an errand as a table, as it is really done (domain: appointment by phone, papers, identity checked in the
 * person's presence, read aloud, signed, submitted, result, papers back, told). Not every errand needs every step.
 */
import { type Language, labelIn } from './language.ts'

export type ErrandState = keyof typeof errandStates
export type ErrandStep = keyof typeof errandSteps

export const errandStates = {
  requested: { label: ['已提出', 'Requested'], open: true },
  accepted: { label: ['已接下', 'Accepted'], open: true },
  appointed: { label: ['已约好', 'Appointed'], open: true },
  taken: { label: ['材料已收', 'Papers taken'], open: true },
  identified: { label: ['身份已核', 'Identity checked'], open: true },
  read: { label: ['已念读', 'Read aloud'], open: true },
  signed: { label: ['已签字', 'Signed'], open: true },
  submitted: { label: ['已递交', 'Submitted'], open: true },
  done: { label: ['已办成', 'Done'], open: true },
  returned: { label: ['已送还', 'Returned'], open: true },
  told: { label: ['已告知', 'Told'], open: false },
  cancelled: { label: ['已取消', 'Cancelled'], open: false },
  refused: { label: ['未接', 'Refused'], open: false },
} as const satisfies Record<
  string,
  { readonly label: readonly [zh: string, en: string]; readonly open: boolean }
>

type StepRow = {
  readonly label: readonly [zh: string, en: string]
  readonly from: readonly string[]
  /** `stay` keeps the state. */
  readonly to: string
  readonly needs?: 'note' | 'on' | 'things'
  /** What the step does to what lies with us. */
  readonly moves?: 'in' | 'out'
}

const BEFORE = ['accepted', 'appointed', 'taken'] as const
const UNSUBMITTED = [...BEFORE, 'identified', 'read', 'signed'] as const
const WORKING = [...UNSUBMITTED, 'submitted'] as const
const ENDED = ['told', 'cancelled', 'refused'] as const

export const errandSteps = {
  request: { label: ['提出', 'Request'], from: ['requested'], to: 'requested' },
  accept: { label: ['接下', 'Accept'], from: ['requested'], to: 'accepted' },
  appoint: { label: ['电话约时间', 'Appoint by phone'], from: BEFORE, to: 'appointed', needs: 'on' },
  /** Papers and money handed over at the door; money is counted before the person. */
  take: {
    label: ['收材料、收钱', 'Take papers or money'],
    from: BEFORE,
    to: 'taken',
    needs: 'things',
    moves: 'in',
  },
  'take-more': {
    label: ['再收材料、收钱', 'Take more'],
    from: ['identified', 'read', 'signed', 'submitted'],
    to: 'stay',
    needs: 'things',
    moves: 'in',
  },
  /** That it was checked, in the person's presence; never the number. */
  identify: { label: ['当面核对身份', 'Check identity in person'], from: BEFORE, to: 'identified' },
  read: { label: ['念给本人听', 'Read aloud'], from: ['identified'], to: 'read' },
  /** By a relative: the relation is noted. */
  sign: { label: ['签字', 'Sign'], from: ['read'], to: 'signed' },
  /** Papers that stay where they were handed in are no longer with us. */
  submit: { label: ['递交', 'Submit'], from: UNSUBMITTED, to: 'submitted', moves: 'out' },
  /** Money that was paid out for the person. */
  pay: { label: ['代付', 'Pay out'], from: WORKING, to: 'stay', needs: 'things', moves: 'out' },
  /** What we were given for the person: medicine, a document, money. */
  done: { label: ['办成', 'Done'], from: WORKING, to: 'done', moves: 'in' },
  return: {
    label: ['送还材料、找零', 'Return papers and change'],
    from: [...WORKING, 'done', 'returned'],
    to: 'returned',
    needs: 'things',
    moves: 'out',
  },
  /** After the end too: what is left is given back whenever it is found. */
  'return-late': {
    label: ['补还', 'Return late'],
    from: ENDED,
    to: 'stay',
    needs: 'things',
    moves: 'out',
  },
  tell: { label: ['告知结果', 'Tell the result'], from: ['done', 'returned'], to: 'told' },
  refuse: { label: ['不接', 'Refuse'], from: ['requested', 'accepted'], to: 'refused', needs: 'note' },
  cancel: {
    label: ['取消', 'Cancel'],
    from: ['requested', ...WORKING, 'done', 'returned'],
    to: 'cancelled',
    needs: 'note',
  },
  note: {
    label: ['备注', 'Note'],
    from: ['requested', ...WORKING, 'done', 'returned', ...ENDED],
    to: 'stay',
    needs: 'note',
  },
} as const satisfies Record<string, StepRow>

export const isErrandStep = (text: unknown): text is ErrandStep =>
  typeof text === 'string' && Object.hasOwn(errandSteps, text)
export const errandRule = (step: ErrandStep): StepRow => errandSteps[step]
export const isOpenErrandState = (state: ErrandState): boolean => errandStates[state].open

export const errandStepLabel = (step: ErrandStep, language: Language = 'zh'): string =>
  labelIn(errandSteps[step].label, language)
export const errandStateLabel = (state: ErrandState, language: Language = 'zh'): string =>
  labelIn(errandStates[state].label, language)

/** What may come next, in the order of the chain. */
export const errandStepsFrom = (state: ErrandState): readonly ErrandStep[] =>
  (Object.keys(errandSteps) as ErrandStep[]).filter(
    (step) => step !== 'request' && errandRule(step).from.includes(state),
  )

/** The state a step leads to, or null where it is not allowed. */
export function nextErrandState(state: ErrandState, step: ErrandStep): ErrandState | null {
  const { from, to } = errandRule(step)
  if (!from.includes(state)) return null
  return to === 'stay' ? state : (to as ErrandState)
}
