import type { Value } from '../record/change.ts'
import { definitionOf } from '../records/registry.ts'
import { isCaseState, stateLabel } from '../work/case-steps.ts'
import { categoryLabel } from '../work/categories.ts'
import type { Language } from '../work/language.ts'
import type { Column } from './column.ts'

/** Between the elements of a list in one cell, the same in both languages, so that a file can be read back. */
export const LIST_SEPARATOR = '; '

/** How a table speaks: labels of choices in a language, or codes for programs. */
export type CellStyle = { readonly language: Language; readonly codes: boolean }

/** What a person reads in a cell; numbers stay numbers, and days are YYYY-MM-DD. */
export function cellOf(column: Column, value: Value, style: CellStyle): string | number | null {
  if (value === null || value === '') return null
  if (Array.isArray(value))
    return value.map((one) => labelOf(column, String(one), style)).join(LIST_SEPARATOR) || null
  switch (column.type) {
    case 'instant':
      return new Date(Number(value)).toISOString()
    case 'boolean':
      return style.codes ? String(value) : value ? WORDS.yes[style.language] : WORDS.no[style.language]
    case 'integer':
    case 'number':
      return typeof value === 'number' ? value : String(value)
    default:
      return typeof value === 'object' ? JSON.stringify(value) : labelOf(column, String(value), style)
  }
}

const WORDS = { yes: { zh: '是', en: 'yes' }, no: { zh: '否', en: 'no' } } as const

function labelOf({ of, id }: Column, code: string, { language, codes }: CellStyle): string {
  if (codes) return code
  if (id === 'case.state' && isCaseState(code)) return stateLabel(code, language)
  if (!of) return code
  if (of.name === 'categories') return categoryLabel(code, language)
  const label = definitionOf(of.type)?.fields[of.name]?.choices?.[code]
  return label ? label[language === 'zh' ? 0 : 1] : code
}

/** Spreadsheets run a text that begins like a formula; behind an apostrophe it is a text. */
export const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)

/** `姓名 Name [person.name]`: what it is, for people and for programs. */
export const headerOf = ({ label: [zh, en], id }: Column): string => `${zh} ${en} [${id}]`

/** The column that a header of an exported file names; null for any other header. */
export const columnOfHeader = (header: string): string | null => /\[([A-Za-z.]+)\]$/.exec(header)?.[1] ?? null
