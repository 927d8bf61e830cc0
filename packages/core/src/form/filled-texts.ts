import type { Engine } from './engine.ts'
import type { FilledForm } from './form-fill.ts'
import type { FormValues } from './form-values.ts'

/** The same answers with other texts in some places, in the values and in the submission alike. By path: `people[2]/photo`. */
export function withTexts(
  engine: Pick<Engine, 'parseXml' | 'writeXml'>,
  { values, submission }: Pick<FilledForm, 'values' | 'submission'>,
  texts: ReadonlyMap<string, string>,
): Pick<FilledForm, 'values' | 'submission'> {
  if (texts.size === 0) return { values, submission }
  const changed = structuredClone(values)
  const document = engine.parseXml(submission)
  for (const [path, text] of texts) {
    const steps = path.split('/').map((step) => {
      const [, name = step, place] = /^(.*)\[(\d+)\]$/.exec(step) ?? []
      return { name, at: place === undefined ? null : Number(place) - 1 }
    })
    setValue(changed, steps, text)
    const element = elementAt(document.documentElement, steps)
    if (element) element.textContent = text
  }
  return { values: changed, submission: engine.writeXml(document) }
}

type Step = { readonly name: string; readonly at: number | null }

function setValue(values: FormValues, steps: readonly Step[], text: string): void {
  let group = values as Record<string, unknown>
  for (const [depth, { name, at }] of steps.entries()) {
    if (depth === steps.length - 1) {
      if (Object.hasOwn(group, name)) group[name] = text
      return
    }
    const inner = group[name]
    const next = at === null ? inner : Array.isArray(inner) ? inner[at] : undefined
    if (typeof next !== 'object' || next === null) return
    group = next as Record<string, unknown>
  }
}

function elementAt(root: Element, steps: readonly Step[]): Element | undefined {
  let element: Element | undefined = root
  for (const { name, at } of steps)
    element = [...(element?.children ?? [])].filter((one) => one.localName === name)[at ?? 0]
  return element
}
