/** Forms without a screen: fill one from JSON. */

import { ok, type Result } from '../result.ts'
import { type AnswerDocument, applyAnswers } from './answer-document.ts'
import type { AnswerFile } from './answer-parse.ts'
import { leavesOf } from './engine-nodes.ts'
import type { FormCore } from './form-core.ts'
import { type OpenFormOptions, openCore } from './form-open.ts'
import type { FormOpenProblem, FormProblem } from './form-problem.ts'
import { type RuledAnswer, ruledAnswers, ruleProblems } from './form-rules.ts'
import { type FormValues, problemsOf, readValues, submissionOf } from './form-values.ts'
import { isQuestion, labelOf, type Media, mediaOf, pathOf } from './question.ts'

export type FilledForm = {
  /** True when there is no problem at all: nothing refused, nothing missing, nothing left over. */
  readonly valid: boolean
  readonly problems: readonly FormProblem[]
  readonly values: FormValues
  /** ODK XML of what was accepted, also when not valid. */
  readonly submission: string
}

/** With the answers that have rules, and the files, for whoever has to do with them. */
export type RuledForm = FilledForm & {
  readonly ruled: readonly RuledAnswer[]
  readonly files: readonly FilledFile[]
}
/** A file that was given for an upload. */
export type FilledFile = {
  readonly path: string
  readonly label: string
  readonly media: Media
  readonly file: AnswerFile
}

/** Answers by question name where it is unique, by path (`people[2]/age`) or nested as `values()` gives them. */
export async function fillForm(
  xml: string,
  answers: AnswerDocument,
  options: Omit<OpenFormOptions, 'draft'> = {},
): Promise<Result<FilledForm, FormOpenProblem>> {
  const filled = await fillRuled(xml, answers, options)
  if (!filled.ok) return filled
  const { ruled: _ruled, files: _files, ...form } = filled.value
  return ok(form)
}

export async function fillRuled(
  xml: string,
  answers: AnswerDocument,
  options: Omit<OpenFormOptions, 'draft'> = {},
): Promise<Result<RuledForm, FormOpenProblem>> {
  const opened = await openCore(xml, options)
  if (!opened.ok) return opened
  const { core } = opened.value
  try {
    const refused = applyAnswers(core, answers)
    return ok(asFilled(core, refused))
  } finally {
    core.close()
  }
}

/** An opened form as it stands; `refused` is what was given and not taken. */
export function asFilled(core: FormCore, refused: readonly FormProblem[] = []): RuledForm {
  const named = new Set(refused.map((problem) => problem.question))
  // Whoever gave a wrong answer need not also hear that there is none.
  const open = [...problemsOf(core), ...ruleProblems(core)].filter(
    (one) => one.type !== 'answer-required' || !named.has(one.question),
  )
  const problems = [...refused, ...open]
  return {
    valid: problems.length === 0,
    problems,
    values: readValues(core.root),
    submission: submissionOf(core),
    ruled: ruledAnswers(core),
    files: filesOf(core),
  }
}

function filesOf(core: FormCore): FilledFile[] {
  return [...leavesOf(core.root)].flatMap((node) => {
    const file = core.files.get(node.nodeId)
    const media = isQuestion(node) ? mediaOf(node) : null
    if (!file || !media || !node.currentState.relevant) return []
    return [{ path: pathOf(node.currentState.reference), label: labelOf(node), media, file }]
  })
}
