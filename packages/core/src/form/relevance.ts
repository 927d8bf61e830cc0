/** Why a question is skipped: the questions its relevance (or that of a group around it) looks at. */

import { type AnswerValue, nodeValue } from './answer-value.ts'
import { type EngineRoot, type LeafNode, leavesOf } from './engine-nodes.ts'
import { isQuestion, labelOf, parentsOf } from './question.ts'

export type SkipCause = { readonly ref: string; readonly label: string; readonly value: AnswerValue | null }

export function skipCauses(root: EngineRoot, node: LeafNode): readonly SkipCause[] {
  const skipped = [node, ...parentsOf(node)].filter((one) => !one.currentState.relevant)
  const causes = new Map<string, SkipCause>()
  for (const { definition } of skipped)
    for (const nodeset of pathsIn(definition.bind.relevant.expression, definition.nodeset))
      for (const leaf of leavesOf(root))
        if (leaf.definition.nodeset === nodeset && isQuestion(leaf) && sharesRepeats(leaf, node)) {
          const ref = leaf.currentState.reference
          causes.set(ref, { ref, label: labelOf(leaf), value: nodeValue(leaf) })
        }
  return [...causes.values()]
}

/** Absolute form of every location path in an expression; string literals are left out. */
function pathsIn(expression: string, context: string): string[] {
  const bare = expression.replaceAll(/'[^']*'|"[^"]*"/g, "''")
  return (
    bare.match(/(?:\.{1,2}|current\(\)|\/[\w.-]+(?::[\w.-]+)?)(?:\/(?:\.{1,2}|[\w.-]+(?::[\w.-]+)?))*/g) ?? []
  ).map((path) => resolvePath(path.replace(/^current\(\)/, '.'), context))
}

export function resolvePath(path: string, context: string): string {
  const steps = path.startsWith('/') ? [] : context.split('/').slice(1)
  for (const step of path.split('/'))
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  return `/${steps.join('/')}`
}

/** A question in another instance of the same repeat is not the one that was looked at. */
function sharesRepeats(one: LeafNode, other: LeafNode): boolean {
  const steps = one.currentState.reference.split('/')
  return other.currentState.reference
    .split('/')
    .every((step, index) => bare(step) !== bare(steps[index] ?? '') || step === steps[index])
}
const bare = (step: string): string => step.replace(/\[\d+\]$/, '')
