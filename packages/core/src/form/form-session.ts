/** Opening a form and working on it, for screens and commands alike. No type of the engine shows through. */
import { fail, ok, type Result } from '../result.ts'
import type { AnswerFile } from './answer-parse.ts'
import { type AnswerValue, nodeValue } from './answer-value.ts'
import { leavesOf, placesOf, repeatsOf } from './engine-nodes.ts'
import { appendRepeat, deleteRepeat, type FormCore, findLeaf, writeAnswer } from './form-core.ts'
import { type DraftFile, digestOf, draftFiles, encodeDraft } from './form-draft.ts'
import { asFilled, type RuledForm } from './form-fill.ts'
import { chooseLanguage, type FormLanguage, languagesOf } from './form-language.ts'
import { type OpenFormOptions, openCore } from './form-open.ts'
import type { FormOpenProblem, FormProblem } from './form-problem.ts'
import { type FormRule, type RuledAnswer, ruledAnswers, ruleProblems } from './form-rules.ts'
import { type FormValues, problemsOf, readValues, submissionOf } from './form-values.ts'
import {
  describeQuestion,
  describeRepeat,
  type FormPlace,
  isQuestion,
  labelOf,
  problemOf,
  type Question,
  type Repeat,
  violationOf,
} from './question.ts'
import { type SkipCause, skipCauses } from './relevance.ts'

export type FormSession = {
  readonly id: string
  /** '' when the form states none. */
  readonly version: string
  readonly title: string
  /** Empty when the form has no translations. */
  readonly languages: readonly FormLanguage[]
  /** What it takes from the register and gives back to it. */
  readonly rules: readonly FormRule[]
  /** What the engine found odd while it worked, in its own words. */
  readonly warnings: readonly string[]
  /** Answers of a draft that found no place, after the form had changed under it. */
  readonly notCarriedOver: readonly FormProblem[]
  language(): string | null
  /** By name or by tag. Failure: `language-unknown` {language, languages}. */
  setLanguage(language: string): Result<string>
  /** In document order; irrelevant ones only on request. */
  questions(options?: { readonly all?: boolean }): readonly Question[]
  question(ref: string): Question | null
  /** In the order in which they are asked, what is relevant: questions, and after its last repetition each open repeat. */
  places(): readonly FormPlace[]
  /** The questions whose answers make this one irrelevant; empty for a relevant one. */
  skippedBecause(ref: string): readonly SkipCause[]
  repeats(): readonly Repeat[]
  /** null clears. A refused answer changes nothing. */
  answer(ref: string, value: unknown): Result<Question, FormProblem>
  /** Adds one to the repeat `ref` and gives it back with its new count. */
  addRepeat(ref: string): Result<Repeat, FormProblem>
  /** `ref` is one repetition, `/data/people[2]`; those after it move up. */
  removeRepeat(ref: string): Result<Repeat, FormProblem>
  validate(): readonly FormProblem[]
  /** The answers that have rules. */
  ruled(): readonly RuledAnswer[]
  values(): FormValues
  /** The ODK XML instance, whether valid or not. */
  submission(): string
  /** The files that belong beside the submission. */
  files(): readonly AnswerFile[]
  /** Everything that whoever keeps it needs. */
  filled(): RuledForm
  /** For `openForm(xml, {draft})`; as sensitive as the answers in it. Without `files`, these are kept apart. */
  draft(options?: { readonly files?: boolean }): string
  /** For `openForm(xml, {draft, draftFiles})`. */
  draftFiles(): readonly DraftFile[]
  /** Called after each change, of language too. Gives back how to stop. */
  onChange(listener: () => void): () => void
  close(): void
  [Symbol.dispose](): void
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens a form, blank or where `draft` left it. Call `close` in the end. */
export async function openForm(
  xml: string,
  options: OpenFormOptions = {},
): Promise<Result<FormSession, FormOpenProblem>> {
  const opened = await openCore(xml, options)
  if (!opened.ok) return opened
  const { core, notCarriedOver } = opened.value
  return ok(createSession(core, digestOf(xml), notCarriedOver))
}

function createSession(core: FormCore, digest: string, notCarriedOver: readonly FormProblem[]): FormSession {
  const listeners = new Set<() => void>()
  const changed = <T, P extends FormProblem>(result: Result<T, P>): Result<T, P> => {
    if (result.ok) for (const listener of [...listeners]) listener()
    return result
  }
  let closed = false
  const close = () => {
    if (closed) return
    closed = true
    listeners.clear()
    core.close()
  }
  const { root, document } = core
  return {
    ...document,
    languages: languagesOf(core),
    rules: core.rules,
    warnings: core.warnings,
    notCarriedOver,
    language: () => root.currentState.activeLanguage.language || null,
    setLanguage(language) {
      const set = chooseLanguage(core, language)
      if (set.ok) for (const listener of [...listeners]) listener()
      return set
    },
    questions: ({ all = false } = {}) =>
      [...leavesOf(root)]
        .filter(isQuestion)
        .filter((node) => all || node.currentState.relevant)
        .map(describeQuestion),
    places: () =>
      [...placesOf(root)].flatMap((node): readonly FormPlace[] => {
        if (!node.currentState.relevant) return []
        if (node.nodeType === 'repeat-range:uncontrolled') return [describeRepeat(node)]
        return node.nodeType !== 'repeat-range:controlled' && isQuestion(node) ? [describeQuestion(node)] : []
      }),
    question(ref) {
      const node = findLeaf(core, ref)
      return node && isQuestion(node) ? describeQuestion(node) : null
    },
    skippedBecause(ref) {
      const node = findLeaf(core, ref)
      return node ? skipCauses(root, node) : []
    },
    repeats: () => [...repeatsOf(root)].map(describeRepeat),
    answer: (ref, value) => changed(answerOne(core, ref, value)),
    addRepeat(ref) {
      const added = appendRepeat(core, ref, { relevantOnly: true })
      return changed(added.ok ? ok(describeRepeat(added.value)) : added)
    },
    removeRepeat(ref) {
      const removed = deleteRepeat(core, ref)
      return changed(removed.ok ? ok(describeRepeat(removed.value)) : removed)
    },
    validate: () => [...problemsOf(core), ...ruleProblems(core)],
    ruled: () => ruledAnswers(core),
    values: () => readValues(root),
    submission: () => submissionOf(core),
    files: () =>
      [...leavesOf(root)].flatMap(
        (leaf) => (leaf.currentState.relevant && core.files.get(leaf.nodeId)) || [],
      ),
    filled: () => asFilled(core),
    draft: (options) => encodeDraft(core, digest, options),
    draftFiles: () => draftFiles(core),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close,
    [Symbol.dispose]: close,
    [Symbol.asyncDispose]: async () => close(),
  }
}

function answerOne(core: FormCore, ref: string, value: unknown): Result<Question, FormProblem> {
  const node = findLeaf(core, ref)
  if (!node)
    return fail({
      type: 'question-unknown',
      question: ref,
      label: ref,
      reason: 'the form has no such question',
    })
  if (!node.currentState.relevant) {
    const causes = skipCauses(core.root, node)
    return fail(
      problemOf(node, 'question-not-relevant', 'other answers make this question irrelevant', { causes }),
    )
  }
  const before = memoryOf(core, node.nodeId, nodeValue(node))
  const written = writeAnswer(core, node, value)
  if (!written.ok) return written
  const problem = violationOf(node)
  if (problem?.type !== 'answer-breaks-constraint') return ok(describeQuestion(written.value))
  const undone = writeAnswer(core, node, before.value)
  if (!undone.ok) throw new Error(`cannot put back the answer of ${labelOf(node)}: ${undone.problem.reason}`)
  if (before.wasGiven) core.given.set(node.nodeId, before.given)
  else core.given.delete(node.nodeId)
  return fail({ ...problem, given: value })
}

/** How to put a question back to what it was. */
const memoryOf = (core: FormCore, nodeId: string, value: AnswerValue | null) => ({
  value: core.files.get(nodeId) ?? value,
  wasGiven: core.given.has(nodeId),
  given: core.given.get(nodeId),
})
