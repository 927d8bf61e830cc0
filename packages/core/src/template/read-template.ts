import { isDimension } from '../report/dimensions.ts'
import { measures } from '../report/measures.ts'
import { fail, ok, type Result } from '../result.ts'
import { type Form, openForm, type WorkbookProblem } from '../sheet/workbook.ts'
import { zippedNames } from '../sheet/zip-size.ts'
import { type Count, type Expression, parseExpression } from './expression.ts'
import { resolveFilters } from './resolve.ts'

/** What is wrong, by sheet and cell as the clerk sees them. */
export type TemplateFault = {
  readonly sheet: string
  readonly cell: string
  readonly text: string
  readonly rule: string
  readonly [detail: string]: unknown
}
/** A cell with something to fill in: texts and expressions in turn. */
export type TemplateCell = {
  readonly sheet: string
  readonly row: number
  readonly column: number
  readonly pieces: readonly (string | Expression)[]
}
export type ReadTemplate = {
  readonly form: Form
  readonly cells: readonly TemplateCell[]
  readonly faults: readonly TemplateFault[]
  /** Parts of the workbook that would not survive: charts, pivot tables, macros. */
  readonly lost: readonly string[]
}

const PLACEHOLDER = /(\{\{.*?\}\})/s
/** A form of a department has some hundreds of cells to fill in; more is a mistake, or an attack on whoever fills it. */
const MOST_CELLS = 5000
/** Any month will do to try what is written. */
const ANY_MONTH = '2026-01'
const KEPT_NOT: readonly (readonly [RegExp, string])[] = [
  [/^xl\/charts\//, 'charts'],
  [/^xl\/pivot/, 'pivot-tables'],
  [/vbaProject/, 'macros'],
  [/^xl\/(ctrlProps|activeX)\//, 'controls'],
  [/^xl\/slicers\//, 'slicers'],
]

export async function readTemplate(bytes: Uint8Array): Promise<Result<ReadTemplate, WorkbookProblem>> {
  const opened = await openForm(bytes)
  if (!opened.ok) return opened
  const form = opened.value
  const cells: TemplateCell[] = []
  const faults: TemplateFault[] = []
  for (const sheet of form.worksheets)
    sheet.eachRow((line, row) => {
      line.eachCell((cell, column) => {
        if (cell.isMerged && cell.master !== cell) return
        const text = plainText(cell.value)
        const wrong = (rule: string, detail: object = {}, of: string = text) =>
          void faults.push({ ...detail, sheet: sheet.name, cell: cell.address, text: of, rule })
        if (text.includes('{{') && cell.formula) return wrong('in-a-formula')
        if (!text.includes('{{')) return
        const pieces = text.split(PLACEHOLDER).filter((piece) => piece !== '')
        const parsed = pieces.map((piece): string | Expression | null => {
          if (!/^\{\{.*\}\}$/s.test(piece)) {
            if (piece.includes('{{')) wrong('braces-not-closed')
            return piece
          }
          const read = parseExpression(piece.slice(2, -2))
          if (!read.ok) {
            const { rule, ...detail } = read.fault
            wrong(String(rule), detail, piece)
            return null
          }
          for (const { filters } of countsOf(read.expression)) {
            const resolved = resolveFilters(filters, ANY_MONTH)
            if (resolved.ok) continue
            const { ok: _, rule, ...detail } = resolved
            wrong(rule, detail, piece)
          }
          return read.expression
        })
        if (parsed.includes(null)) return
        cells.push({ sheet: sheet.name, row, column, pieces: parsed as (string | Expression)[] })
      })
    })
  faults.push(...rowFaults(form, cells))
  const names = zippedNames(bytes)
  const lost = KEPT_NOT.flatMap(([pattern, name]) => (names.some((one) => pattern.test(one)) ? [name] : []))
  if (cells.length > MOST_CELLS)
    return fail({
      type: 'workbook-too-large',
      bytes: bytes.length,
      maxBytes: bytes.length,
      cells: cells.length,
    })
  return ok({ form, cells, faults, lost })
}

/** The text of a cell, whatever is bold in it. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  if ('richText' in value) return (value.richText as { text: string }[]).map(({ text }) => text).join('')
  return 'formula' in value ? String(value.formula) : ''
}

export const countsOf = (expression: Expression): readonly Count[] =>
  expression.type === 'count'
    ? [expression.count]
    : expression.type === 'percent'
      ? [expression.part, expression.whole]
      : []

export const expressionsOf = ({ pieces }: TemplateCell): readonly Expression[] =>
  pieces.filter((piece) => typeof piece !== 'string')

export const rowKey = ({ sheet, row }: Pick<TemplateCell, 'sheet' | 'row'>): string => `${row}!${sheet}`

export type EachOfRow = Extract<Expression, { type: 'each' }>

/** One `each` a row; everything that is counted in it must be told apart by that. */
function rowFaults(form: Form, cells: readonly TemplateCell[]): TemplateFault[] {
  const faults: TemplateFault[] = []
  const rows = Map.groupBy(cells, rowKey)
  for (const row of rows.values()) {
    const eachs = row.flatMap((cell) =>
      expressionsOf(cell).flatMap((one) => (one.type === 'each' ? [{ one, cell }] : [])),
    )
    const first = eachs[0]
    if (!first) continue
    const fault = (cell: TemplateCell, rule: string, detail: object = {}) => {
      const { address, value } = form.getWorksheet(cell.sheet)!.getCell(cell.row, cell.column)
      faults.push({ ...detail, sheet: cell.sheet, cell: address, text: plainText(value), rule })
    }
    for (const { one, cell } of eachs)
      if (one.dimension !== first.one.dimension) fault(cell, 'two-each-in-row', { found: one.dimension })
    const { dimension } = first.one
    for (const cell of row)
      for (const expression of expressionsOf(cell))
        for (const { measure } of countsOf(expression))
          if (isDimension(dimension) && !(measures[measure].filters as readonly string[]).includes(dimension))
            fault(cell, 'not-told-apart', { found: measure, value: dimension })
  }
  return faults
}
