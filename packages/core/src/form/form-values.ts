/** What an opened form holds: values, open problems, the submission. */
import { type AnswerValue, nodeValue } from './answer-value.ts'
import { type EngineParent, type EngineRoot, isLeaf, leavesOf } from './engine-nodes.ts'
import type { FormCore } from './form-core.ts'
import type { FormProblem } from './form-problem.ts'
import { nameOf, violationOf } from './question.ts'

/** Groups are objects, repeats lists of objects, by name. */
export type FormValues = { readonly [name: string]: AnswerValue | FormValues | readonly FormValues[] }

/** Everything answered or calculated that is relevant now. What is blank is absent; so is ODK's `meta` block. A repeat nobody filled is an empty list. */
export function readValues(root: EngineRoot): FormValues {
  return valuesIn(root, (name) => name === 'meta')
}

function valuesIn(parent: EngineParent, leftOut: (name: string) => boolean = () => false): FormValues {
  const values: [name: string, value: FormValues[string]][] = []
  for (const child of parent.currentState.children) {
    const name = nameOf(child)
    if (!child.currentState.relevant || leftOut(name)) continue
    if (isLeaf(child)) {
      const value = nodeValue(child)
      if (value !== null) values.push([name, value])
    } else if (child.nodeType === 'group') {
      const inner = valuesIn(child)
      if (Object.keys(inner).length > 0) values.push([name, inner])
    } else if (child.nodeType !== 'repeat-instance') {
      const instances = child.currentState.children.filter((instance) => instance.currentState.relevant)
      values.push([name, instances.map((instance) => valuesIn(instance))])
    }
  }
  return Object.fromEntries(values)
}

/** In document order, in the current language. */
export const problemsOf = (core: FormCore): FormProblem[] =>
  [...leavesOf(core.root)].flatMap((leaf) => (leaf.currentState.relevant && violationOf(leaf)) || [])

/** Values that are set at the end (`jr:preload="timestamp" params="end"`) are set now. */
export function submissionOf(core: FormCore): string {
  core.run(() => core.root.parent.model.triggerXformsRevalidateListeners())
  return core.root.instanceState.instanceXML
}
