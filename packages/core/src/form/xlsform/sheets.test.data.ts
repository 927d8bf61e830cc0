import type { Sheet } from '../../sheet/workbook.ts'

/** A sheet as it is typed: the first line names the columns, `|` parts the cells. */
export function sheet(name: string, text: string): Sheet {
  const rows = text
    .trim()
    .split('\n')
    .map((line, at) => ({ number: at + 1, cells: line.split('|').map((cell) => cell.trim()) }))
  return { name, rows: rows.filter(({ cells }) => cells.some((cell) => cell !== '')) }
}
