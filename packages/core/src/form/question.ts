/** A question as a screen or a command sees it, read from the engine's node. */

import { type AnswerValue, nodeValue } from './answer-value.ts'
import type {
  EngineChoice,
  EngineNode,
  EngineParent,
  LeafNode,
  QuestionNode,
  RepeatNode,
} from './engine-nodes.ts'
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
  | 'geotrace'
  | 'geoshape'
  | 'barcode'
  | 'upload'
  | 'trigger'
  | 'unsupported'

export type Choice = { readonly value: string; readonly label: string }
/** What an upload wants: a signature is an image drawn by hand, a file anything. */
export type Media = 'image' | 'audio' | 'video' | 'signature' | 'file'

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
  /** Of kind `upload`. */
  readonly media: Media | null
  /** The group around it that its author wants on one page (`field-list`), by ref. */
  readonly page: string | null
}

/** A repeat as a place of its own, after its last repetition: whether there is another. */
export type Repeat = {
  readonly kind: 'repeat'
  readonly ref: string
  readonly path: string
  readonly label: string
  readonly count: number
  readonly relevant: boolean
  /** False when the form itself decides how many there are. */
  readonly open: boolean
  /** Labels of the enclosing groups, outermost first. */
  readonly groups: readonly string[]
}

/** Where somebody can be in a form. */
export type FormPlace = Question | Repeat

const INPUT_KINDS: Readonly<Record<string, QuestionKind>> = {
  string: 'text',
  barcode: 'barcode',
  intent: 'text',
  int: 'integer',
  decimal: 'decimal',
  date: 'date',
  time: 'time',
  dateTime: 'datetime',
  geopoint: 'geopoint',
  geotrace: 'geotrace',
  geoshape: 'geoshape',
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

const NONE: readonly Choice[] = []
/** The engine gives the same list until its choices or their labels change. A town has ten thousand streets. */
const known = new WeakMap<readonly EngineChoice[], readonly Choice[]>()

export function choicesOf(node: QuestionNode): readonly Choice[] {
  if (node.nodeType !== 'select' && node.nodeType !== 'rank') return NONE
  const { valueOptions } = node.currentState
  let choices = known.get(valueOptions)
  if (!choices) {
    choices = valueOptions.map(({ value, label }) => ({ value, label: label.asString.trim() }))
    known.set(valueOptions, choices)
  }
  return choices
}

/** By what the form accepts; `signature` is an appearance of an image. */
export function mediaOf(node: QuestionNode): Media | null {
  if (node.nodeType !== 'upload') return null
  const type = node.nodeOptions.media.accept.split('/')[0]
  if (type === 'image' && appearancesOf(node).includes('signature')) return 'signature'
  return type === 'image' || type === 'audio' || type === 'video' ? type : 'file'
}

const appearancesOf = (node: EngineNode): readonly string[] => [...(node.appearances ?? [])]

function pageOf(node: LeafNode): string | null {
  for (const parent of parentsOf(node))
    if (appearancesOf(parent).includes('field-list')) return parent.currentState.reference
  return null
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
    appearances: appearancesOf(node),
    range: rangeOf(node),
    media: mediaOf(node),
    page: pageOf(node),
  }
}

export function describeRepeat(node: RepeatNode): Repeat {
  const { reference, relevant, children } = node.currentState
  return {
    kind: 'repeat',
    ref: reference,
    path: pathOf(reference),
    label: labelOf(node),
    count: children.length,
    relevant,
    open: node.nodeType === 'repeat-range:uncontrolled',
    groups: groupsOf(node),
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

function groupsOf(node: LeafNode | RepeatNode): string[] {
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
  node: LeafNode | RepeatNode,
): Generator<Exclude<EngineParent, { nodeType: 'root' }> | RepeatNode> {
  let parent: EngineParent | RepeatNode = node.parent
  while (parent.nodeType !== 'root') {
    yield parent
    parent = parent.parent
  }
}
