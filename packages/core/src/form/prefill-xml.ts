import type { Value } from '../record/change.ts'

/** What a form begins with besides its own defaults, by nodeset. */
export type Prefill = Readonly<Record<string, Value>>

/** Puts it into the form's primary instance, as its author would have: shown, hidden and read-only questions alike. */
export function putIntoInstance(document: Document, prefill: Prefill): void {
  const instance = document.querySelector('instance')?.firstElementChild
  for (const [nodeset, value] of Object.entries(prefill)) {
    const [root, ...steps] = nodeset.split('/').slice(1)
    let element: Element | null | undefined = instance?.localName === root ? instance : null
    for (const step of steps) element = [...(element?.children ?? [])].find((one) => one.localName === step)
    if (element && value !== null) element.textContent = textOf(value)
  }
}

const textOf = (value: Value): string => (Array.isArray(value) ? value.join(' ') : String(value))
