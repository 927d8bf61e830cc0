import type { Value } from '../record/change.ts'
import { checkField, type Field, isDate, parseFieldText, type RecordDefinition } from '../record/define.ts'
import type { CellSource, DateOrder } from './mapping.ts'
import { fillTextPattern } from './text-pattern.ts'

/** What a cell says, or why it says nothing that the field can hold. `reason` is a word for programs. */
export type CellRead<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: CellFault }
export type CellFault = {
  readonly column: string | null
  readonly reason: string
  readonly [detail: string]: unknown
}

const good = <T>(value: T): CellRead<T> => ({ ok: true, value })

/** Spaces of any width, line breaks and stray control characters become single spaces; the ends are cut. */
export const cleanText = (text: string): string => text.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim()

export function readField(
  source: CellSource,
  definition: RecordDefinition,
  name: string,
  cell: (column: string) => string,
): CellRead<Value> {
  if (source.type === 'value') return good(source.value)
  const field = definition.fields[name]!
  const column = columnOf(source)
  const text = textOf(source, cell)
  // A masked value stays out of reports: they are printed, mailed and kept.
  const shown = field.mask ? {} : { value: text }
  const wrong = (reason: string, detail: object = {}): CellRead<never> => ({
    ok: false,
    fault: { column, reason, ...shown, ...detail },
  })
  let value: Value | undefined
  if (source.values) {
    const known = source.values.get(text)
    if (known === undefined && text !== '')
      return wrong('value-not-in-map', { allowed: [...source.values.keys()] })
    value = known ?? null
  } else value = parseText(field, text, source.dateOrder)
  if (value === undefined) return wrong(UNREADABLE[field.type] ?? 'not-a-value')
  const checked = checkField(definition, name, value)
  if (checked.ok) return good(checked.value)
  const { rule } = checked.problem
  return wrong(REASONS[rule] ?? rule, limitsOf(field, rule))
}

/** The checks' rules in words that stand for themselves in a report. */
const REASONS: Readonly<Record<string, string>> = {
  number: 'not-a-number',
  integer: 'not-an-integer',
  boolean: 'not-yes-or-no',
  date: 'not-a-date',
  choice: 'not-a-choice',
  required: 'empty',
}

/** What a text is not, when it cannot be read as a field's type at all. */
const UNREADABLE: Readonly<Record<string, string>> = {
  number: 'not-a-number',
  integer: 'not-a-number',
  boolean: 'not-yes-or-no',
  date: 'not-a-date',
}

function limitsOf(field: Field, rule: string): object {
  if (rule === 'too-small') return { min: field.min }
  if (rule === 'too-large') return { max: field.max }
  if (rule === 'too-long') return { maxLength: field.maxLength ?? 500 }
  return rule === 'choice' ? { allowed: Object.keys(field.choices ?? {}) } : {}
}

/** The elements that the sources add to a set, each once. */
export function readSet(
  sources: readonly CellSource[],
  cell: (column: string) => string,
): CellRead<readonly string[]> {
  const elements = new Set<string>()
  for (const source of sources) {
    if (source.type === 'value') {
      if (typeof source.value === 'string') elements.add(source.value)
      continue
    }
    const whole = textOf(source, cell)
    const texts = source.split === null ? [whole] : whole.split(source.split).map(cleanText)
    for (const text of texts) {
      if (source.values && !source.values.has(text) && text !== '')
        return {
          ok: false,
          fault: {
            column: columnOf(source),
            reason: 'value-not-in-map',
            value: text,
            allowed: [...source.values.keys()],
          },
        }
      const element = source.values ? source.values.get(text) : text
      if (typeof element === 'string' && element !== '') elements.add(element)
    }
  }
  return good([...elements])
}

type Cell = Extract<CellSource, { type: 'cell' }>

/** The column to look at; the first of a composed value. */
const columnOf = (source: Cell): string | null =>
  source.pieces.find((piece) => piece.type === 'column')?.column ?? null

/** A composed value of empty cells is empty, whatever words stand between them. */
function textOf(source: Cell, cell: (column: string) => string): string {
  const filled = source.pieces.some((piece) => piece.type === 'column' && cell(piece.column) !== '')
  return filled ? cleanText(fillTextPattern(source.pieces, cell)) : ''
}

function parseText(field: Field, text: string, order: DateOrder): Value | undefined {
  if (text === '') return null
  const plain = text.normalize('NFKC')
  switch (field.type) {
    case 'integer':
    case 'number':
      return /^[+-]?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined
    case 'date':
      return parseDate(plain, order)
    case 'boolean':
      return parseFieldText(field, plain)
    default:
      return text
  }
}

/** A day as registers write it, as YYYY-MM-DD; undefined when there is no such day. */
export function parseDate(text: string, order: DateOrder): string | undefined {
  const parts =
    /^(\d{4})(\d{2})(\d{2})$/.exec(text) ??
    /^(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日$/.exec(text) ??
    (order === 'year-first'
      ? /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text)
      : (/^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? yearLast(text, order)))
  if (!parts) return undefined
  const day = `${parts[1]}-${parts[2]!.padStart(2, '0')}-${parts[3]!.padStart(2, '0')}`
  return isDate(day) ? day : undefined
}

function yearLast(text: string, order: DateOrder): string[] | null {
  const parts = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text)
  if (!parts) return null
  const [, first, second, year] = parts as unknown as [string, string, string, string]
  return order === 'day-first' ? ['', year, second, first] : ['', year, first, second]
}
