/** Forms without a screen: fill one from JSON. */

import { ok, type Result } from '../result.ts'
import { type AnswerDocument, applyAnswers } from './answer-document.ts'
import { type OpenFormOptions, openCore } from './form-open.ts'
import type { FormOpenProblem, FormProblem } from './form-problem.ts'
import { type FormValues, problemsOf, readValues, submissionOf } from './form-values.ts'

export type FilledForm = {
  /** True when there is no problem at all: nothing refused, nothing missing, nothing left over. */
  readonly valid: boolean
  readonly problems: readonly FormProblem[]
  readonly values: FormValues
  /** ODK XML of what was accepted, also when not valid. */
  readonly submission: string
}

/** Answers by question name where it is unique, by path (`people[2]/age`) or nested as `values()` gives them. */
export async function fillForm(
  xml: string,
  answers: AnswerDocument,
  options: Omit<OpenFormOptions, 'draft'> = {},
): Promise<Result<FilledForm, FormOpenProblem>> {
  const opened = await openCore(xml, options)
  if (!opened.ok) return opened
  const { core } = opened.value
  try {
    const refused = applyAnswers(core, answers)
    const named = new Set(refused.map((problem) => problem.question))
    // Whoever gave a wrong answer need not also hear that there is none.
    const open = problemsOf(core).filter((one) => one.type !== 'answer-required' || !named.has(one.question))
    const problems = [...refused, ...open]
    return ok({
      valid: problems.length === 0,
      problems,
      values: readValues(core.root),
      submission: submissionOf(core),
    })
  } finally {
    core.close()
  }
}
