import type { CellToWrite, RowsToWrite } from '../sheet/workbook.ts'
import { type CellStyle, cellOf, headerOf } from './cell.ts'
import type { CellType, RowRecords } from './column.ts'
import type { PlannedExport } from './plan-export.ts'

const SHEET_TYPES: Readonly<Record<CellType, 'text' | 'number' | 'date'>> = {
  text: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'text',
  date: 'date',
  instant: 'text',
  list: 'text',
}

/** Numbers of identity cards and phones are columns of text: as numbers they would lose their last digits. */
export const sheetColumns = (
  { columns }: Pick<PlannedExport, 'columns'>,
  style: CellStyle,
): RowsToWrite['columns'] =>
  columns.map((column) => ({
    header: style.codes ? column.id : headerOf(column),
    type: SHEET_TYPES[column.type],
  }))

export const sheetCells = (
  { columns, context }: PlannedExport,
  row: RowRecords,
  style: CellStyle,
): CellToWrite[] => columns.map((column) => cellOf(column, column.value(row, context), style))
