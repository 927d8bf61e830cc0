import type { CellFlaw } from '../sheet/workbook.ts'

/** A row of a file as a person sees it: `row` is the number of the line it starts on, the header being 1. */
export type CsvRow =
  | {
      readonly type: 'cells'
      readonly row: number
      readonly cells: readonly string[]
      /** Of a workbook: cells that do not say what was meant, and whether the row is seen at all. */
      readonly flaws?: ReadonlyMap<number, CellFlaw>
      readonly hidden?: boolean
    }
  | {
      readonly type: 'fault'
      readonly row: number
      readonly reason: 'unclosed-quote' | 'text-after-quote' | 'wrong-column-count'
      readonly expected?: number
      readonly found?: number
    }

/** A quoted cell may hold line breaks; one that runs on for longer has lost its closing quote. */
const MAX_LINES_IN_ROW = 50

/**
 * Reads RFC 4180 text, the first row giving the number of columns. After a fault it goes on with the next line, so
 * one lost quote costs one row and not the rest of the file. Empty lines are no rows.
 */
export function* parseCsv(
  text: string,
  delimiter: string,
  /** Of a text that goes on from another: the number of its first line, and how many columns rows have. */
  from: { readonly line: number; readonly columns: number } = { line: 1, columns: 0 },
): Generator<CsvRow> {
  let position = 0
  let { line, columns } = from
  while (position < text.length) {
    const lineEnd = endOfLine(text, position)
    if (lineEnd.at === position) {
      position = lineEnd.next
      line++
      continue
    }
    const read = readCells(text, position, delimiter)
    const cells = read.type === 'cells' ? withoutSpare(read.cells, columns) : null
    if (read.type === 'cells' && cells && (columns === 0 || cells.length === columns)) {
      if (columns === 0) columns = cells.length
      yield { type: 'cells', row: line, cells }
      position = read.next
      line += read.lines
      continue
    }
    if (read.type === 'fault') yield { type: 'fault', row: line, reason: read.reason }
    else if (read.lines > 1) yield { type: 'fault', row: line, reason: 'unclosed-quote' }
    else
      yield {
        type: 'fault',
        row: line,
        reason: 'wrong-column-count',
        expected: columns,
        found: read.cells.length,
      }
    position = lineEnd.next
    line++
  }
}

/** Spreadsheets pad rows with empty cells to the right. */
function withoutSpare(cells: string[], columns: number): string[] {
  let end = cells.length
  while (end > Math.max(columns, 1) && cells[end - 1] === '') end--
  return end === cells.length ? cells : cells.slice(0, end)
}

/** A line ends with LF, CRLF or a lone CR. */
function endOfLine(text: string, from: number): { at: number; next: number } {
  for (let at = from; at < text.length; at++) {
    if (!isBreak(text.charCodeAt(at))) continue
    const isPair = text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10
    return { at, next: isPair ? at + 2 : at + 1 }
  }
  return { at: text.length, next: text.length }
}

type ReadCells =
  | { readonly type: 'cells'; readonly cells: string[]; readonly next: number; readonly lines: number }
  | { readonly type: 'fault'; readonly reason: 'unclosed-quote' | 'text-after-quote' }

function readCells(text: string, start: number, delimiter: string): ReadCells {
  const cells: string[] = []
  let position = start
  let lines = 1
  for (;;) {
    if (text[position] === '"') {
      const quoted = readQuoted(text, position + 1)
      if (quoted === null) return { type: 'fault', reason: 'unclosed-quote' }
      cells.push(quoted.cell)
      lines += quoted.breaks
      position = quoted.next
    } else {
      const from = position
      while (position < text.length && !endsCell(text, position, delimiter)) position++
      cells.push(text.slice(from, position))
    }
    if (text[position] === delimiter) position++
    else if (position === text.length || isBreak(text.charCodeAt(position)))
      return { type: 'cells', cells, next: endOfLine(text, position).next, lines }
    else return { type: 'fault', reason: 'text-after-quote' }
  }
}

const isBreak = (code: number): boolean => code === 10 || code === 13
const endsCell = (text: string, at: number, delimiter: string): boolean =>
  text[at] === delimiter || isBreak(text.charCodeAt(at))

function readQuoted(text: string, start: number): { cell: string; next: number; breaks: number } | null {
  let cell = ''
  let from = start
  let breaks = 0
  for (;;) {
    const quote = text.indexOf('"', from)
    if (quote === -1) return null
    const piece = text.slice(from, quote)
    breaks += piece.match(/\r\n|\n|\r/g)?.length ?? 0
    if (breaks >= MAX_LINES_IN_ROW) return null
    cell += piece
    if (text[quote + 1] !== '"') return { cell, next: quote + 1, breaks }
    cell += '"'
    from = quote + 2
  }
}
