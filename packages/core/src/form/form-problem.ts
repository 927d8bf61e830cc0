import type { Problem } from '../result.ts'

/**
 * Something wrong with one question or its answer. `question` is its path (or what the caller called it when
 * no such question exists), `label` what the person reads on the screen, `reason` short English or the form
 * author's own message in the current language. The remaining fields fill the wording for `type`.
 */
export type FormProblem = Problem & {
  readonly type: FormProblemType
  readonly question: string
  readonly label: string
  readonly reason: string
}

export type FormProblemType =
  | 'answer-required'
  | 'answer-breaks-constraint'
  | 'answer-wrong-type'
  | 'answer-out-of-range'
  | 'answer-differs-from-calculation'
  /** {of, field, rule}: the form takes it, and the register that it is saved to does not. */
  | 'answer-unfit-for-record'
  | 'choice-unknown'
  | 'question-unknown'
  | 'question-ambiguous'
  | 'question-not-relevant'
  | 'question-readonly'
  | 'question-unsupported'
  | 'repeat-unknown'
  | 'repeat-fixed'
  | 'expression-failed'

/** Why a form could not be opened at all. */
export type FormOpenProblemType =
  | 'form-not-xml'
  | 'form-not-xform'
  | 'form-not-supported'
  | 'form-attachment-missing'
  | 'form-engine-unavailable'
  | 'draft-unreadable'
  | 'draft-of-other-form'

export type FormOpenProblem = Problem & { readonly type: FormOpenProblemType; readonly reason: string }
