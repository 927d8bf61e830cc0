import { definitionOf, type FieldChange } from '@doorstep/core'
import type { Words } from './language.ts'

/** `登记已改:电话 138****1111 → 139****2222`: what a form changed in the register. */
export function changedWords({ of, field, before, after }: FieldChange): Words {
  const definition = definitionOf(of)
  const [zh, en] = definition?.fields[field]?.label ?? definition?.sets?.[field]?.label ?? [field, field]
  const text = (value: FieldChange['before'], none: string): string =>
    value === null ? none : Array.isArray(value) ? value.join(', ') : String(value)
  return [
    `登记已改:${zh} ${text(before, '(空)')} → ${text(after, '(空)')}`,
    `Changed in the register: ${en} ${text(before, '(blank)')} → ${text(after, '(blank)')}`,
  ]
}
