/** Many answers at once, in whatever order and nesting they came: names, paths, groups as objects, repeats as lists. */

import { nodeValue } from './answer-value.ts'
import type { EngineNode, EngineParent, LeafNode, RepeatInstanceNode, RepeatNode } from './engine-nodes.ts'
import { isLeaf, leavesOf } from './engine-nodes.ts'
import { appendRepeat, deleteRepeat, type FormCore, writeAnswer } from './form-core.ts'
import type { FormProblem } from './form-problem.ts'
import { isQuestion, nameOf, pathOf, problemOf } from './question.ts'
import { skipCauses } from './relevance.ts'

export type AnswerDocument = { readonly [nameOrPath: string]: unknown }

type Pending = {
  readonly scope: EngineParent
  readonly key: string
  readonly asked: string
  readonly value: unknown
}
type Attempt =
  | { readonly problem: FormProblem }
  | { readonly next: readonly Pending[]; readonly written?: Written }
type Written = { readonly node: LeafNode; readonly value: unknown }

/**
 * Later answers may open what earlier ones need (choices of a filtered list, counted repeats), so what is
 * refused is tried again as long as anything else still goes in. Every answer that finds no place is a problem.
 */
export function applyAnswers(core: FormCore, answers: AnswerDocument): FormProblem[] {
  let pending = entries(core.root, answers, '')
  const written: Written[] = []
  let problems: FormProblem[] = []
  for (let progress = true; progress && pending.length > 0; ) {
    progress = false
    problems = []
    const refused: Pending[] = []
    for (let queue = pending; queue.length > 0; ) {
      const [one, ...rest] = queue as [Pending, ...Pending[]]
      const attempt = tryAnswer(core, one)
      queue = rest
      if ('problem' in attempt) {
        problems.push(attempt.problem)
        refused.push(one)
        continue
      }
      progress = true
      queue = [...attempt.next, ...rest]
      if (attempt.written) written.push(attempt.written)
    }
    pending = refused
  }
  return [...problems, ...written.flatMap((one) => lost(core, one))]
}

const entries = (scope: EngineParent, answers: AnswerDocument, prefix: string): Pending[] =>
  Object.entries(answers).map(([key, value]) => ({ scope, key, asked: prefix + key, value }))

function tryAnswer(core: FormCore, { scope, key, asked, value }: Pending): Attempt {
  const found = findNodes(core, scope, key)
  if (found.length > 1)
    return {
      problem: noPlace(
        'question-ambiguous',
        asked,
        `several questions bear this name: ${found.map(refOf).join(', ')}`,
        { candidates: found.map(refOf) },
      ),
    }
  const node = found[0]
  if (!node) return { problem: noPlace('question-unknown', asked, 'the form has no such question') }
  if (!isLeaf(node)) return intoParent(core, node, asked, value)
  if (!isQuestion(node) || node.currentState.readonly) return { next: [], written: { node, value } }
  const result = writeAnswer(core, node, value)
  return result.ok ? { next: [], written: { node, value } } : { problem: result.problem }
}

const refOf = (node: EngineNode): string => pathOf(node.currentState.reference)
const noPlace = (type: FormProblem['type'], asked: string, reason: string, details = {}): FormProblem => ({
  ...details,
  type,
  question: asked,
  label: asked,
  reason,
})

/** By full ref, by path from the scope or from the root, else by a bare name that only one node below the scope bears. */
function findNodes(core: FormCore, scope: EngineParent, key: string): readonly EngineNode[] {
  const { reference } = scope.currentState
  for (const address of [key, `${reference}/${key}`, `${core.root.currentState.reference}/${key}`])
    for (const node of nodesIn(core.root)) if (node.currentState.reference === address) return [node]
  if (key.includes('/')) return []
  const named = [...nodesIn(scope)].filter(
    (node) => nameOf(node) === key && node.nodeType !== 'repeat-instance',
  )
  const questions = named.filter((node) => isLeaf(node) && isQuestion(node))
  return questions.length === 1 ? questions : named
}

function* nodesIn(parent: EngineParent | RepeatNode): Generator<EngineNode> {
  for (const child of parent.currentState.children) {
    yield child
    if (!isLeaf(child)) yield* nodesIn(child)
  }
}

function intoParent(
  core: FormCore,
  node: Exclude<EngineNode, LeafNode>,
  asked: string,
  value: unknown,
): Attempt {
  if (node.nodeType === 'group' || node.nodeType === 'repeat-instance')
    return isRecord(value)
      ? { next: entries(node, value, `${asked}/`) }
      : {
          problem: noPlace('answer-wrong-type', asked, 'this is a group: give an object of answers', {
            given: value,
          }),
        }
  const list = Array.isArray(value) ? value : [value]
  if (!list.every(isRecord))
    return {
      problem: noPlace('answer-wrong-type', asked, 'this repeats: give a list of objects', { given: value }),
    }
  while (node.currentState.children.length < list.length) {
    const added = appendRepeat(core, node.currentState.reference)
    if (!added.ok) return { problem: added.problem }
  }
  while (
    node.currentState.children.length > list.length &&
    isUntouched(core, node.currentState.children.at(-1)!)
  ) {
    const { reference } = node.currentState.children.at(-1)!.currentState
    if (!deleteRepeat(core, reference).ok) break
  }
  if (node.currentState.children.length > list.length)
    return {
      problem: noPlace(
        'repeat-fixed',
        asked,
        `there are ${node.currentState.children.length} of these, not ${list.length}`,
      ),
    }
  return {
    next: list.flatMap((one, index) =>
      entries(node.currentState.children[index]!, one, `${asked}[${index + 1}]/`),
    ),
  }
}

/** A form may open with one blank repetition; a shorter list of answers means that it is not there. */
const isUntouched = (core: FormCore, instance: RepeatInstanceNode): boolean =>
  [...leavesOf(instance)].every((leaf) => !core.given.has(leaf.nodeId))

const isRecord = (value: unknown): value is AnswerDocument =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What was accepted and yet is not in the form at the end: hidden by other answers, or calculated differently. */
function lost(core: FormCore, { node, value }: Written): FormProblem[] {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return []
  if (!node.currentState.relevant) {
    const causes = skipCauses(core.root, node)
    const why = causes.map((cause) => `${cause.label} = ${JSON.stringify(cause.value)}`).join('; ')
    return [
      problemOf(node, 'question-not-relevant', `this question does not apply${why && ` (${why})`}`, {
        causes,
        given: value,
      }),
    ]
  }
  if (isQuestion(node) && !node.currentState.readonly) return []
  const calculated = nodeValue(node)
  if (JSON.stringify(calculated) === JSON.stringify(value)) return []
  const reason = `the form itself sets this to ${JSON.stringify(calculated)}`
  return [problemOf(node, 'answer-differs-from-calculation', reason, { calculated, given: value })]
}
