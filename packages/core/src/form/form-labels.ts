/** Answers given long ago, as whoever reads them needs them: with the words of the form they were given to. */
import { ok, type Result } from '../result.ts'
import { type AnswerDocument, applyAnswers } from './answer-document.ts'
import { nodeValue } from './answer-value.ts'
import { leavesOf, type QuestionNode } from './engine-nodes.ts'
import { type OpenFormOptions, openCore } from './form-open.ts'
import type { FormOpenProblem } from './form-problem.ts'
import { choicesOf, isQuestion, kindOf, labelOf, pathOf } from './question.ts'

export type LabelledAnswer = {
  /** `people[2]/age`. */
  readonly path: string
  readonly label: string
  /** Of a choice what it says, not what it is called. */
  readonly text: string
}

/** In the form's order; questions without an answer, and notes, are left out. */
export async function labelAnswers(
  xml: string,
  answers: AnswerDocument,
  options: Pick<OpenFormOptions, 'language' | 'attachments'>,
): Promise<Result<readonly LabelledAnswer[], FormOpenProblem>> {
  const opened = await openCore(xml, options)
  if (!opened.ok) return opened
  const { core } = opened.value
  try {
    // What does not fit any more is shown by the answers themselves, which the caller has.
    applyAnswers(core, answers)
    const labelled: LabelledAnswer[] = []
    for (const node of leavesOf(core.root)) {
      if (!isQuestion(node) || kindOf(node) === 'note' || !node.currentState.relevant) continue
      const text = textOf(node)
      if (text !== '')
        labelled.push({ path: pathOf(node.currentState.reference), label: labelOf(node), text })
    }
    return ok(labelled)
  } finally {
    core.close()
  }
}

function textOf(node: QuestionNode): string {
  const value = nodeValue(node)
  if (value === null || value === undefined) return ''
  const labels = new Map(choicesOf(node).map((choice) => [choice.value, choice.label || choice.value]))
  const said = (one: unknown): string =>
    typeof one === 'string'
      ? (labels.get(one) ?? one)
      : typeof one === 'object'
        ? JSON.stringify(one)
        : String(one)
  return Array.isArray(value) ? value.map(said).join('、') : said(value)
}
