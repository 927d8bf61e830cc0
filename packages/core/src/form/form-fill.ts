/** Forms without a screen: fill one from JSON, or look one over. */

import { ok, type Result } from '../result.ts'
import { type AnswerDocument, applyAnswers } from './answer-document.ts'
import { leavesOf } from './engine-nodes.ts'
import type { FormCore } from './form-core.ts'
import { languagesOf } from './form-language.ts'
import { type OpenFormOptions, openCore } from './form-open.ts'
import type { FormOpenProblem, FormProblem } from './form-problem.ts'
import { type FormValues, problemsOf, readValues, submissionOf } from './form-values.ts'
import { isQuestion, kindOf, labelOf, nameOf, pathOf, type QuestionKind } from './question.ts'

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

export type CheckedForm = {
  /** Whether it can be used; problems that are only untidy leave it true. */
  readonly ok: boolean
  readonly id: string
  readonly version: string
  readonly title: string
  readonly languages: readonly string[]
  readonly questions: readonly CheckedQuestion[]
  readonly problems: readonly CheckProblem[]
}
export type CheckedQuestion = {
  readonly ref: string
  readonly name: string
  readonly kind: QuestionKind
  readonly label: string
  readonly required: boolean
}
export type CheckProblem = {
  readonly type:
    | FormOpenProblem['type']
    | 'question-unsupported'
    | 'label-missing'
    | 'choices-missing'
    | 'engine-warning'
  readonly blocking: boolean
  /** A question's path, a place in the XML, or `form`. */
  readonly where: string
  readonly reason: string
}

/** Opens the form and looks at every question in every language. */
export async function checkForm(
  xml: string,
  options: Pick<OpenFormOptions, 'attachments'> = {},
): Promise<CheckedForm> {
  const opened = await openCore(xml, options)
  if (!opened.ok) {
    const { type, reason, line, column } = opened.problem
    const where = line === undefined ? 'form' : `line ${line}, column ${column}`
    const problems = [{ type, blocking: true, where, reason }]
    return { ok: false, id: '', version: '', title: '', languages: [], questions: [], problems }
  }
  const { core } = opened.value
  try {
    const questions = [...leavesOf(core.root)].filter(isQuestion).map((node) => ({
      ref: node.currentState.reference,
      name: nameOf(node),
      kind: kindOf(node),
      label: labelOf(node),
      required: node.currentState.required,
    }))
    const problems = [...unsupported(questions), ...untidy(core)]
    const languages = languagesOf(core).map((language) => language.name)
    return { ok: !problems.some((one) => one.blocking), ...core.document, languages, questions, problems }
  } finally {
    core.close()
  }
}

const unsupported = (questions: readonly CheckedQuestion[]): CheckProblem[] =>
  questions
    .filter((question) => question.kind === 'unsupported')
    .map(({ ref, label }) => ({
      type: 'question-unsupported',
      blocking: true,
      where: pathOf(ref),
      reason: `“${label}” is of a kind that cannot be answered here`,
    }))

function untidy(core: FormCore): CheckProblem[] {
  const problems: CheckProblem[] = core.warnings.map((reason) => ({
    type: 'engine-warning',
    blocking: false,
    where: 'form',
    reason,
  }))
  const [first] = core.root.languages
  for (const language of core.root.languages) {
    if (!language.isSyntheticDefault) core.run(() => core.root.setLanguage(language))
    const suffix = language.language && ` in ${language.language}`
    for (const node of leavesOf(core.root)) {
      if (!isQuestion(node)) continue
      const where = pathOf(node.currentState.reference)
      const note = (type: CheckProblem['type'], reason: string) =>
        problems.push({ type, blocking: false, where, reason })
      if (!node.currentState.label?.asString.trim())
        note('label-missing', `the question has no label${suffix}`)
      if (node.nodeType !== 'select' && node.nodeType !== 'rank') continue
      const { valueOptions } = node.currentState
      for (const choice of valueOptions)
        if (!choice.label.asString.trim())
          note('label-missing', `choice ${choice.value} has no label${suffix}`)
      if (language === first && valueOptions.length === 0)
        note('choices-missing', 'there is nothing to choose from as long as nothing is answered')
    }
  }
  return problems
}
