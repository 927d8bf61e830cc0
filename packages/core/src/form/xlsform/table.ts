/** A sheet of a workbook as rows with named columns. */
import type { Sheet } from '../../sheet/workbook.ts'
import type { Faults, Place } from './fault.ts'

export type Column = { readonly key: string; readonly language: string; readonly header: string }

/** Texts by language; the column without a language is under ''. */
export type Texts = ReadonlyMap<string, string>

export class Row {
  readonly sheet: string
  readonly number: number
  readonly #cells: ReadonlyMap<Column, string>

  constructor(sheet: string, number: number, cells: ReadonlyMap<Column, string>) {
    this.sheet = sheet
    this.number = number
    this.#cells = cells
  }

  /** Without a language; empty where there is nothing. */
  get(key: string): string {
    for (const [column, text] of this.#cells) if (column.key === key && column.language === '') return text
    return ''
  }
  texts(key: string): Texts {
    const texts = new Map<string, string>()
    for (const [column, text] of this.#cells) if (column.key === key) texts.set(column.language, text)
    return texts
  }
  expression(key: string): string {
    return asExpression(this.get(key))
  }
  /** Of columns such as `bind::x`: `x` and its text. */
  under(prefix: string): [name: string, text: string][] {
    const found: [string, string][] = []
    for (const [{ key }, text] of this.#cells)
      if (key.startsWith(`${prefix}::`)) found.push([key.slice(prefix.length + 2), text])
    return found
  }
  /** All that is there, of columns without a language. */
  entries(): [key: string, text: string][] {
    return [...this.#cells].filter(([{ language }]) => language === '').map(([{ key }, text]) => [key, text])
  }
  place(column?: string): Place {
    return { sheet: this.sheet, row: this.number, ...(column === undefined ? {} : { column }) }
  }
}

export type Table = {
  readonly name: string
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
}

/** The first row that has anything names the columns. Columns without a name are notes to oneself, and left out. */
export function readTable(
  sheet: Sheet,
  aliases: Readonly<Record<string, string>>,
  translated: ReadonlySet<string>,
  faults: Faults,
): Table {
  const [head, ...rest] = sheet.rows
  if (!head) return { name: sheet.name, columns: [], rows: [] }
  const headers = head.cells.map((cell) => cell.trim())
  const columns = headers.map((header) => (header === '' ? null : columnOf(header, aliases, translated)))
  const seen = new Map<string, string>()
  for (const column of columns) {
    if (!column) continue
    const name = `${column.key}::${column.language}`
    if (seen.has(name))
      faults.add(
        'column-twice',
        { sheet: sheet.name, row: head.number, column: column.header },
        column.header,
      )
    seen.set(name, column.header)
  }
  const rows: Row[] = []
  for (const { number, cells } of rest) {
    const filled = new Map<Column, string>()
    cells.forEach((cell, at) => {
      const column = columns[at]
      const text = tidy(cell)
      if (column && text !== '') filled.set(column, text)
    })
    if (filled.size > 0) rows.push(new Row(sheet.name, number, filled))
  }
  return { name: sheet.name, columns: columns.filter((one) => one !== null), rows }
}

/** `label::中文 (zh)`, `media::image::English`, `bind::odk:length`; one colon does where two are not used. */
function columnOf(
  header: string,
  aliases: Readonly<Record<string, string>>,
  translated: ReadonlySet<string>,
): Column {
  const parts = header.includes('::')
    ? header.split('::').map((part) => part.trim())
    : splitOnce(header, translated, aliases)
  const [first = '', ...rest] = parts
  const key = aliasOf(first, aliases)
  if (key === 'media' && rest.length > 0) {
    const [kind = '', language = ''] = rest
    return { key: aliasOf(kind, aliases), language, header }
  }
  if (translated.has(key)) return { key, language: rest.join('::'), header }
  // What is written into the bind under its XForms name has a column of its own, which may be translated.
  if (key === 'bind' && rest.length > 0) {
    const under = BIND_COLUMNS[rest[0]!]
    if (under) return { key: under, language: rest.slice(1).join('::'), header }
  }
  return { key: [key, ...rest].join('::'), language: '', header }
}

const BIND_COLUMNS: Readonly<Record<string, string>> = {
  relevant: 'relevant',
  required: 'required',
  constraint: 'constraint',
  calculate: 'calculation',
  readonly: 'read_only',
  'jr:constraintMsg': 'constraint_message',
  'jr:requiredMsg': 'required_message',
}

/** `label:English` of older workbooks; `jr:count` is one name. */
function splitOnce(
  header: string,
  translated: ReadonlySet<string>,
  aliases: Readonly<Record<string, string>>,
): string[] {
  const at = header.indexOf(':')
  if (at < 0) return [header]
  const first = aliasOf(header.slice(0, at).trim(), aliases)
  if (!translated.has(first) && !['media', 'bind', 'body', 'control', 'instance'].includes(first))
    return [header]
  const rest = header.slice(at + 1).trim()
  return first === 'media' ? [first, ...rest.split(':').map((part) => part.trim())] : [first, rest]
}

function aliasOf(name: string, aliases: Readonly<Record<string, string>>): string {
  const plain = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, '_')
  if (Object.hasOwn(aliases, plain)) return aliases[plain]!
  return Object.values(aliases).includes(plain) ? plain : name.trim()
}

const tidy = (cell: string): string => cell.replaceAll('\u00a0', ' ').trim()

/** Spreadsheets put curly quotes where an expression needs plain ones, and break lines where it needs none. */
export const asExpression = (text: string): string =>
  text
    .replaceAll(/[\u2018\u2019]/g, "'")
    .replaceAll(/[\u201c\u201d]/g, '"')
    .replaceAll(/\s+/g, ' ')
    .trim()
