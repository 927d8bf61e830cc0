import { categoryLabel, definitionOf, type Value } from '@doorstep/core'
import { type Language, say } from './language.ts'

/** An id as a person types it: enough of it to be meant, in text; JSON always has it whole. */
export const shortId = (id: string): string => id.slice(0, 9)

/** One value of a record's field as a person reads it: the label of a choice, yes and no, else what it is. */
export function valueText(type: string, field: string, value: Value | undefined, language: Language): string {
  if (value === undefined || value === null) return ''
  const label = typeof value === 'string' && definitionOf(type)?.fields[field]?.choices?.[value]
  if (label) return say(language, label)
  if (typeof value === 'boolean') return say(language, value ? ['是', 'yes'] : ['否', 'no'])
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export function fieldLabel(type: string, field: string, language: Language): string {
  const definition = definitionOf(type)
  const label = (definition?.fields[field] ?? definition?.sets?.[field] ?? definition?.timelines?.[field])
    ?.label
  return label ? say(language, label) : field
}

export const categoriesText = (categories: readonly string[], language: Language): string =>
  categories.map((one) => categoryLabel(one, language)).join(language === 'zh' ? '、' : ', ')
