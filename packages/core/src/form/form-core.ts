/** An opened form with the engine inside: finding questions and writing answers. Shared by session, fill and check. */
import { fail, ok, type Result } from '../result.ts'
import { type AnswerFile, type ParsedAnswer, parseAnswer } from './answer-parse.ts'
import { nodeValue } from './answer-value.ts'
import { type Engine, type EngineContext, errorText } from './engine.ts'
import {
  type EngineRoot,
  type LeafNode,
  leavesOf,
  type QuestionNode,
  type RepeatNode,
  repeatsOf,
} from './engine-nodes.ts'
import type { FormProblem } from './form-problem.ts'
import type { FormRule } from './form-rules.ts'
import { choicesOf, isQuestion, kindOf, labelOf, mediaOf, pathOf, problemOf, rangeOf } from './question.ts'
import type { XFormDocument } from './xform-document.ts'

export type FormCore = {
  readonly document: XFormDocument
  readonly root: EngineRoot
  /** What it takes from the register and gives back to it. */
  readonly rules: readonly FormRule[]
  readonly warnings: string[]
  /** What the person last answered, by the engine's id of the node; kept while a question is hidden. */
  readonly given: Map<string, unknown>
  readonly files: Map<string, AnswerFile>
  run<T>(work: () => T): T
  close(): void
}

export function createCore(
  engine: Engine,
  context: EngineContext & { readonly warnings: string[] },
  root: EngineRoot,
  document: XFormDocument,
  rules: readonly FormRule[],
): FormCore {
  return {
    document,
    root,
    rules,
    warnings: context.warnings,
    given: new Map(),
    files: new Map(),
    run: (work) => engine.within(context, work),
    close: () => root.parent.scope.dispose(),
  }
}

export function findLeaf(core: FormCore, ref: string): LeafNode | undefined {
  for (const leaf of leavesOf(core.root)) if (leaf.currentState.reference === ref) return leaf
  return undefined
}

export function findRepeat(core: FormCore, ref: string): RepeatNode | undefined {
  for (const repeat of repeatsOf(core.root)) if (repeat.currentState.reference === ref) return repeat
  return undefined
}

/** Writes one answer, whatever relevance says; a constraint it breaks shows up afterwards as a violation. */
export function writeAnswer(
  core: FormCore,
  node: LeafNode,
  value: unknown,
): Result<QuestionNode, FormProblem> {
  if (!isQuestion(node)) return refuseCalculated(node)
  if (node.currentState.readonly)
    return fail(problemOf(node, 'question-readonly', 'this question is for reading only'))
  const shape = {
    kind: kindOf(node),
    choices: choicesOf(node),
    range: rangeOf(node),
    appearances: [...(node.appearances ?? [])],
  }
  const parsed = parseAnswer(shape, value)
  if (!parsed.ok) {
    const { type, reason, ...details } = parsed.problem
    return fail(problemOf(node, type, reason, details))
  }
  const misfit = misfitOf(node, parsed.value)
  if (misfit) return fail(misfit)
  try {
    core.run(() => store(core, node, parsed.value))
  } catch (cause) {
    return fail(problemOf(node, 'expression-failed', errorText(cause)))
  }
  core.given.set(node.nodeId, parsed.value.type === 'file' ? null : (value ?? null))
  return ok(node)
}

/** A recording is no photo. */
function misfitOf(node: QuestionNode, answer: ParsedAnswer): FormProblem | null {
  const media = mediaOf(node)
  if (!media || answer.type !== 'file' || !answer.file) return null
  const [type] = answer.file.mediaType.split('/')
  if (media === 'file' || type === (media === 'signature' ? 'image' : media)) return null
  const given = answer.file.name
  return problemOf(node, 'answer-wrong-type', `expected a file of ${media}`, { expected: 'upload', given })
}

const refuseCalculated = (node: LeafNode) =>
  fail(
    problemOf(node, 'question-readonly', 'this value is calculated by the form', {
      calculated: nodeValue(node),
    }),
  )

function store(core: FormCore, node: QuestionNode, answer: ParsedAnswer): void {
  if (node.nodeType === 'select' && answer.type === 'list') node.selectValues(answer.list)
  else if (node.nodeType === 'rank' && answer.type === 'list') node.setValues(answer.list)
  else if (node.nodeType === 'trigger' && answer.type === 'tick') node.setValue(answer.ticked)
  else if (node.nodeType === 'upload' && answer.type === 'file') storeFile(core, node, answer.file)
  else if ((node.nodeType === 'input' || node.nodeType === 'range') && answer.type === 'text')
    node.setValue(answer.text)
  else throw new Error(`a ${answer.type} was parsed for ${node.nodeType} ${labelOf(node)}`)
}

function storeFile(
  core: FormCore,
  node: Extract<QuestionNode, { nodeType: 'upload' }>,
  file: AnswerFile | null,
): void {
  core.files.delete(node.nodeId)
  if (!file) {
    node.setValue(null)
    return
  }
  const name = freeName(file.name, new Set([...core.files.values()].map((other) => other.name)))
  core.files.set(node.nodeId, { ...file, name })
  node.setValue(new File([new Uint8Array(file.bytes)], name, { type: file.mediaType }))
}

/** Two photos called 1.jpg must stay two files beside the submission. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  const dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length
  let free = name
  for (let count = 2; taken.has(free); count++) free = `${name.slice(0, dot)}-${count}${name.slice(dot)}`
  return free
}

/** Adds one at the end. */
export function appendRepeat(
  core: FormCore,
  ref: string,
  { relevantOnly = false } = {},
): Result<RepeatNode, FormProblem> {
  const found = openRepeat(core, ref)
  if (!found.ok) return found
  if (relevantOnly && !found.value.currentState.relevant)
    return fail(
      repeatProblem(
        'question-not-relevant',
        ref,
        labelOf(found.value),
        'other answers make this part irrelevant',
      ),
    )
  try {
    core.run(() => found.value.addInstances?.())
  } catch (cause) {
    return fail(repeatProblem('expression-failed', ref, labelOf(found.value), errorText(cause)))
  }
  return found
}

/** Brings an open repeat to `count`; what the form does not allow is left. */
export function setRepeatCount(core: FormCore, ref: string, count: number): void {
  const length = () => findRepeat(core, ref)?.currentState.children.length ?? count
  while (length() < count && appendRepeat(core, ref).ok);
  while (length() > count && deleteRepeat(core, `${ref}[${length()}]`).ok);
}

/** `ref` names one instance, `/data/people[2]`. */
export function deleteRepeat(core: FormCore, ref: string): Result<RepeatNode, FormProblem> {
  const [, rangeRef = ref, place = ''] = /^(.*)\[(\d+)\]$/.exec(ref) ?? []
  const found = openRepeat(core, rangeRef)
  if (!found.ok) return found
  const index = Number(place) - 1
  if (!found.value.currentState.children[index])
    return fail(repeatProblem('repeat-unknown', ref, labelOf(found.value), 'there is no such repetition'))
  try {
    core.run(() => found.value.removeInstances?.(index))
  } catch (cause) {
    return fail(repeatProblem('expression-failed', ref, labelOf(found.value), errorText(cause)))
  }
  return found
}

function openRepeat(core: FormCore, ref: string): Result<RepeatNode, FormProblem> {
  const repeat = findRepeat(core, ref)
  if (!repeat) return fail(repeatProblem('repeat-unknown', ref, pathOf(ref), 'the form has no such repeat'))
  if (repeat.nodeType === 'repeat-range:controlled')
    return fail(
      repeatProblem('repeat-fixed', ref, labelOf(repeat), 'the form itself decides how many there are'),
    )
  return ok(repeat)
}

const repeatProblem = (
  type: FormProblem['type'],
  ref: string,
  label: string,
  reason: string,
): FormProblem => ({
  type,
  question: pathOf(ref) || ref,
  label,
  reason,
})
