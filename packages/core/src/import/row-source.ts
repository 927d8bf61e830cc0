import { fail, ok, type Problem, type Result } from '../result.ts'
import { isOldWorkbook, isWorkbook, type RegisterSheet, readRegisterSheet } from '../sheet/workbook.ts'
import { type CsvRow, parseCsv } from './csv.ts'
import { decodeText, type EncodingProblem } from './decode-text.ts'
import type { Mapping, RegisterEncoding } from './mapping.ts'
import { cleanText } from './read-cell.ts'

/** The rows of a register, whether it came as a CSV or as a workbook. */
export type RowSource = {
  readonly encoding: RegisterEncoding | 'xlsx'
  readonly rows: Iterator<CsvRow>
}
export type RowsAsked = Pick<Mapping, 'encoding' | 'delimiter'> & { readonly sheet?: string }
export type HeaderProblem = Problem & { type: 'empty-file' | 'bad-header' }

export async function openRows(bytes: Uint8Array, asked: RowsAsked): Promise<Result<RowSource>> {
  if (!isWorkbook(bytes) && !isOldWorkbook(bytes)) return csvSource(bytes, asked)
  const sheet = await readRegisterSheet(bytes, asked.sheet)
  return sheet.ok ? ok({ encoding: 'xlsx', rows: sheetRows(sheet.value) }) : sheet
}

export function csvSource(bytes: Uint8Array, asked: RowsAsked): Result<RowSource, EncodingProblem> {
  const decoded = decodeText(bytes, asked.encoding)
  if (!decoded.ok) return decoded
  const { text, encoding } = decoded.value
  return ok({ encoding, rows: parseCsv(text.replace(/^\ufeff/, ''), asked.delimiter) })
}

function* sheetRows({ rows }: RegisterSheet): Generator<CsvRow> {
  for (const { number, cells, flaws, hidden } of rows)
    yield { type: 'cells', row: number, cells, flaws, hidden }
}

/** How far down a workbook's header may stand: titles and dates of forms stand above it. */
const TITLE_ROWS = 20

/**
 * The names of the columns, and the rows below. In a CSV the first row has them; in a workbook the first of the
 * first rows that has all that are wanted, since registers begin with a title.
 */
export function takeHeader(
  { encoding, rows }: RowSource,
  wanted: readonly string[],
): Result<
  { readonly header: readonly string[]; readonly row: number; readonly rows: Iterable<CsvRow> },
  HeaderProblem
> {
  const above: CsvRow[] = []
  const most = encoding === 'xlsx' ? TITLE_ROWS : 1
  let first: { header: readonly string[]; row: number } | null = null
  while (above.length < most) {
    const next = rows.next()
    if (next.done) break
    above.push(next.value)
    if (next.value.type === 'fault')
      return fail({ type: 'bad-header', row: next.value.row, reason: next.value.reason })
    const header = next.value.cells.map(cleanText)
    const found = { header, row: next.value.row }
    first ??= found
    if (most === 1 || wanted.every((name) => header.includes(name)))
      return ok({ ...found, rows: { [Symbol.iterator]: () => rows } })
  }
  if (!first) return fail({ type: 'empty-file' })
  return ok({ ...first, rows: [] })
}
