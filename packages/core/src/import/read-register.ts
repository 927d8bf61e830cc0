import { fail, ok, type Problem, type Result } from '../result.ts'
import type { CellFlaw } from '../sheet/workbook.ts'
import type { EncodingProblem } from './decode-text.ts'
import { columnsOf, type Mapping, textColumnsOf } from './mapping.ts'
import { RowMerger } from './merge-rows.ts'
import { type CellFault, cleanText } from './read-cell.ts'
import { readRow } from './read-row.ts'
import type { Register, Rejection } from './register.ts'
import { csvSource, type HeaderProblem, type RowSource, takeHeader } from './row-source.ts'

export type RegisterProblem =
  | EncodingProblem
  | HeaderProblem
  | (Problem & { type: 'missing-column' | 'duplicate-column' })

/** Only rows whose cells are exactly these. */
export type RowFilter = Readonly<Record<string, string>>

/**
 * Reads a register: pure, so it may be tried on any file. Bad rows are listed and the good ones kept; only a file
 * that cannot be read at all, or lacks a column, is a problem.
 */
export function readRegister(
  bytes: Uint8Array,
  mapping: Mapping,
  options: ReadOptions = {},
): Result<Register, RegisterProblem> {
  const source = csvSource(bytes, mapping)
  return source.ok ? readRegisterRows(source.value, mapping, options) : source
}

export type ReadOptions = {
  readonly where?: RowFilter
  /** Rows that are hidden in a workbook are read too. */
  readonly hiddenRows?: boolean
}

export function readRegisterRows(
  source: RowSource,
  mapping: Mapping,
  options: ReadOptions = {},
): Result<Register, RegisterProblem> {
  const { encoding } = source
  const where = Object.entries(options.where ?? {})
  const wanted = [...columnsOf(mapping), ...where.map(([column]) => column)]
  const head = takeHeader(source, wanted.map(cleanText))
  if (!head.ok) return head
  const { header, rows } = head.value
  const indexes = findColumns(header, wanted)
  if (!indexes.ok) return indexes
  const texts = textColumnsOf(mapping)

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
        clean = cleanText(line.cells[indexes.value.get(column)!] ?? '')
        cells.set(column, clean)
      }
      return clean
    }
    if (where.some(([column, text]) => cell(column) !== cleanText(text))) continue
    read++
    const reason = line.hidden && !options.hiddenRows ? 'hidden-row' : reasonToSkip(mapping, line.cells, cell)
    if (reason !== null) {
      skipped.set(reason, (skipped.get(reason) ?? 0) + 1)
      continue
    }
    const draft = readRow(mapping, cell)
    const faults = withFlaws(draft.faults, line.flaws, indexes.value, texts)
    for (const fault of eachOnce(faults)) rejected.push({ row: line.row, ...fault })
    if (faults.length === 0) rejected.push(...merger.add(line.row, draft, cell))
  }
  return ok({
    encoding,
    read,
    skipped: [...skipped].map(([reason, count]) => ({ reason, rows: count })),
    rejected,
    buildings: merger.buildings(),
  })
}

/** What a cell of a workbook does not say is told instead of what was read from it. */
function withFlaws(
  faults: readonly CellFault[],
  flaws: ReadonlyMap<number, CellFlaw> | undefined,
  indexes: ReadonlyMap<string, number>,
  texts: ReadonlySet<string>,
): readonly CellFault[] {
  if (!flaws || flaws.size === 0) return faults
  const told: CellFault[] = []
  for (const [column, at] of indexes) {
    const flaw = flaws.get(at)
    if (flaw && (flaw !== 'is-a-date' || texts.has(column))) told.push({ column, reason: flaw })
  }
  const flawed = new Set(told.map(({ column }) => column))
  return [...told, ...faults.filter(({ column }) => !flawed.has(column))]
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
