import { bytesText } from './bytes.ts'
import type { Words } from './language.ts'

/** What happened and what is safe, in both languages, and the commands to type next. */
export type Wording = {
  readonly zh: string
  readonly en: string
  readonly next: readonly string[]
}

export type Detail = Readonly<Record<string, unknown>>
export type Catalogue = Readonly<Record<string, (detail: Detail) => Wording>>

/** A detail as text: lists with commas, nothing for what is missing. */
export const of = (detail: Detail, name: string): string => {
  const value = detail[name]
  return Array.isArray(value) ? value.join(', ') : String(value ?? '')
}

/** A detail that is a number of bytes, as `2.1 MB`. */
export const sizeIn = (detail: Detail, name: string): string => bytesText(Number(detail[name] ?? 0))

/** A detail that is a list of objects, whatever a future version put there. */
export const listOf = (detail: Detail, name: string): readonly Detail[] => {
  const value = detail[name]
  return Array.isArray(value)
    ? value.map((one) => (typeof one === 'object' && one !== null ? (one as Detail) : { value: one }))
    : []
}

/** The same lines in both languages, each on a line of its own below the message; long lists end in a count. */
export function below(items: readonly Detail[], words: (item: Detail) => Words, most = 20): Words {
  const shown = items.slice(0, most).map(words)
  const left = items.length - shown.length
  const join = (language: 0 | 1, more: string) =>
    [...shown.map((one) => one[language]), ...(left > 0 ? [more] : [])].map((line) => `\n  ${line}`).join('')
  return [join(0, `……另有 ${left} 处`), join(1, `… and ${left} more`)]
}
