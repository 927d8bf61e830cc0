import { fail, ok, type Problem, type Result } from '../result.ts'
import { parseCsv } from './csv.ts'
import { decodeText, type EncodingProblem } from './decode-text.ts'
import { columnsOf, type Mapping } from './mapping.ts'
import { RowMerger } from './merge-rows.ts'
import { type CellFault, cleanText } from './read-cell.ts'
import { readRow } from './read-row.ts'
import type { Register, Rejection } from './register.ts'

export type RegisterProblem =
  | EncodingProblem
  | (Problem & { type: 'missing-column' | 'duplicate-column' | 'bad-header' })

/** Only rows whose cells are exactly these. */
export type RowFilter = Readonly<Record<string, string>>

/**
 * Reads a register: pure, so it may be tried on any file. Bad rows are listed and the good ones kept; only a file
 * that cannot be read at all, or lacks a column, is a problem.
 */
export function readRegister(
  bytes: Uint8Array,
  mapping: Mapping,
  options: { readonly where?: RowFilter } = {},
): Result<Register, RegisterProblem> {
  const decoded = decodeText(bytes, mapping.encoding)
  if (!decoded.ok) return decoded
  const { text, encoding } = decoded.value
  const rows = parseCsv(text.replace(/^\ufeff/, ''), mapping.delimiter)
  const first = rows.next()
  if (first.done) return fail({ type: 'empty-file' })
  if (first.value.type === 'fault')
    return fail({ type: 'bad-header', row: first.value.row, reason: first.value.reason })
  const where = Object.entries(options.where ?? {})
  const header = first.value.cells.map(cleanText)
  const indexes = findColumns(header, [...columnsOf(mapping), ...where.map(([column]) => column)])
  if (!indexes.ok) return indexes

  const merger = new RowMerger(mapping)
  const rejected: Rejection[] = []
  const skipped = new Map<string, number>()
  let read = 0
  for (const line of rows) {
    if (line.type === 'fault') {
      read++
      const { type: _, ...fault } = line
      rejected.push({ ...fault, column: null })
      continue
    }
    const cells = new Map<string, string>()
    const cell = (column: string) => {
      let clean = cells.get(column)
      if (clean === undefined) {
        clean = cleanText(line.cells[indexes.value.get(column)!]!)
        cells.set(column, clean)
      }
      return clean
    }
    if (where.some(([column, wanted]) => cell(column) !== cleanText(wanted))) continue
    read++
    const reason = reasonToSkip(mapping, line.cells, cell)
    if (reason !== null) {
      skipped.set(reason, (skipped.get(reason) ?? 0) + 1)
      continue
    }
    const draft = readRow(mapping, cell)
    for (const fault of eachOnce(draft.faults)) rejected.push({ row: line.row, ...fault })
    if (draft.faults.length === 0) rejected.push(...merger.add(line.row, draft, cell))
  }
  return ok({
    encoding,
    read,
    skipped: [...skipped].map(([reason, count]) => ({ reason, rows: count })),
    rejected,
    buildings: merger.buildings(),
  })
}

/** A bad cell may be read for several fields. */
const eachOnce = (faults: readonly CellFault[]): CellFault[] =>
  faults.filter(
    ({ column, reason }, at) =>
      faults.findIndex((other) => other.column === column && other.reason === reason) === at,
  )

function findColumns(
  header: readonly string[],
  wanted: readonly string[],
): Result<ReadonlyMap<string, number>, RegisterProblem> {
  const present = header.filter((name) => name !== '')
  const missing = [...new Set(wanted)].filter((name) => !header.includes(cleanText(name)))
  if (missing.length > 0) return fail({ type: 'missing-column', columns: missing, present })
  const indexes = new Map<string, number>()
  for (const name of wanted) {
    const at = header.indexOf(cleanText(name))
    if (header.lastIndexOf(cleanText(name)) !== at)
      return fail({ type: 'duplicate-column', column: name, present })
    indexes.set(name, at)
  }
  return ok(indexes)
}

function reasonToSkip(
  mapping: Mapping,
  cells: readonly string[],
  cell: (column: string) => string,
): string | null {
  if (cells.every((text) => cleanText(text) === '')) return 'empty-row'
  for (const rule of mapping.skipWhen)
    if (rule.is.includes(cell(rule.column)) !== rule.negated) return rule.reason
  return null
}
