/** A question as a screen or a command sees it, read from the engine's node. */

import { type AnswerValue, nodeValue } from './answer-value.ts'
import type { EngineNode, EngineParent, LeafNode, QuestionNode, RepeatNode } from './engine-nodes.ts'
import { isLeaf } from './engine-nodes.ts'
import type { FormProblem } from './form-problem.ts'

export type QuestionKind =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'date'
  | 'time'
  | 'datetime'
  | 'select-one'
  | 'select-many'
  | 'note'
  | 'rank'
  | 'range'
  | 'geopoint'
  | 'upload'
  | 'trigger'
  | 'unsupported'

export type Choice = { readonly value: string; readonly label: string }

export type Question = {
  /** Stable address within the form, `/data/people[2]/age`. */
  readonly ref: string
  readonly name: string
  /** `ref` without the form's root: `people[2]/age`; the name path of `values()` and of headless answers. */
  readonly path: string
  readonly kind: QuestionKind
  readonly label: string
  readonly hint: string | null
  readonly required: boolean
  readonly readonly: boolean
  readonly relevant: boolean
  readonly value: AnswerValue | null
  readonly choices: readonly Choice[]
  /** The author's message while the answer breaks the constraint, else null. */
  readonly constraintMessage: string | null
  readonly problem: FormProblem | null
  /** Labels of the enclosing groups, outermost first. */
  readonly groups: readonly string[]
  /** The nearest repeat it stands in; `index` counts from 0. */
  readonly repeat: { readonly ref: string; readonly index: number; readonly count: number } | null
  /** Presentation hints of the form's author, such as `multiline`. */
  readonly appearances: readonly string[]
  /** Bounds of kind `range`, and whether it counts in whole numbers. */
  readonly range: {
    readonly min: number
    readonly max: number
    readonly step: number
    readonly whole: boolean
  } | null
}

export type Repeat = {
  readonly ref: string
  readonly path: string
  readonly label: string
  readonly count: number
  readonly relevant: boolean
  /** False when the form itself decides how many there are. */
  readonly open: boolean
}

const INPUT_KINDS: Readonly<Record<string, QuestionKind>> = {
  string: 'text',
  barcode: 'text',
  intent: 'text',
  int: 'integer',
  decimal: 'decimal',
  date: 'date',
  time: 'time',
  dateTime: 'datetime',
  geopoint: 'geopoint',
}

export function kindOf(node: QuestionNode): QuestionKind {
  if (node.nodeType === 'select') return node.selectType === 'select' ? 'select-many' : 'select-one'
  if (node.nodeType === 'input') return INPUT_KINDS[node.valueType] ?? 'unsupported'
  return node.nodeType
}

export const isQuestion = (node: EngineNode): node is QuestionNode =>
  isLeaf(node) && node.nodeType !== 'model-value'

export const pathOf = (ref: string): string => ref.split('/').slice(2).join('/')
export const nameOf = (node: EngineNode): string => node.definition.qualifiedName.localName
/** The label, or the name when the form gives none (calculations, broken translations). */
export const labelOf = (node: EngineNode): string => node.currentState.label?.asString.trim() || nameOf(node)

export function choicesOf(node: QuestionNode): readonly Choice[] {
  if (node.nodeType !== 'select' && node.nodeType !== 'rank') return []
  return node.currentState.valueOptions.map(({ value, label }) => ({ value, label: label.asString.trim() }))
}

export function rangeOf(node: QuestionNode): Question['range'] {
  if (node.nodeType !== 'range') return null
  const { start, end, step } = node.definition.bounds
  return { min: Number(start), max: Number(end), step: Number(step), whole: node.valueType === 'int' }
}

export function describeQuestion(node: QuestionNode): Question {
  const { reference, hint, required, readonly, relevant } = node.currentState
  const problem = violationOf(node)
  return {
    ref: reference,
    name: nameOf(node),
    path: pathOf(reference),
    kind: kindOf(node),
    label: labelOf(node),
    hint: hint?.asString.trim() || null,
    required,
    readonly,
    relevant,
    value: nodeValue(node),
    choices: choicesOf(node),
    constraintMessage: problem?.type === 'answer-breaks-constraint' ? problem.reason : null,
    problem,
    groups: groupsOf(node),
    repeat: repeatOf(node),
    appearances: [...(node.appearances ?? [])],
    range: rangeOf(node),
  }
}

export function describeRepeat(node: RepeatNode): Repeat {
  const { reference, relevant, children } = node.currentState
  return {
    ref: reference,
    path: pathOf(reference),
    label: labelOf(node),
    count: children.length,
    relevant,
    open: node.nodeType === 'repeat-range:uncontrolled',
  }
}

export function violationOf(node: LeafNode): FormProblem | null {
  const { violation } = node.validationState
  if (!violation) return null
  const required = violation.condition === 'required'
  return problemOf(
    node,
    required ? 'answer-required' : 'answer-breaks-constraint',
    violation.message?.asString.trim() ||
      (required ? 'an answer is required' : 'the answer is not allowed here'),
  )
}

export const problemOf = (
  node: LeafNode,
  type: FormProblem['type'],
  reason: string,
  details: Readonly<Record<string, unknown>> = {},
): FormProblem => ({
  ...details,
  type,
  question: pathOf(node.currentState.reference),
  label: labelOf(node),
  reason,
})

function groupsOf(node: LeafNode): string[] {
  const labels: string[] = []
  for (const parent of parentsOf(node)) {
    const label = parent.currentState.label?.asString.trim()
    if (label && labels[0] !== label) labels.unshift(label)
  }
  return labels
}

function repeatOf(node: LeafNode): Question['repeat'] {
  for (const parent of parentsOf(node)) {
    if (parent.nodeType !== 'repeat-instance') continue
    const { reference, children } = parent.parent.currentState
    return { ref: reference, index: children.indexOf(parent), count: children.length }
  }
  return null
}

/** From the nearest enclosing group outwards, the root left out. */
export function* parentsOf(
  node: LeafNode,
): Generator<Exclude<EngineParent, { nodeType: 'root' }> | RepeatNode> {
  let parent: EngineParent | RepeatNode = node.parent
  while (parent.nodeType !== 'root') {
    yield parent
    parent = parent.parent
  }
}
