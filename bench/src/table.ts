import { type Row, ratioOf, type Unit } from './row.ts'

const HEAD = ['', 'unit', 'Doorstep', 'PouchDB', 'ratio', 'limit', '× limit', 'the limit is'] as const
/** Columns of numbers: set to the right. */
const RIGHT = new Set([2, 3, 4, 5, 6])

/** Markdown, so that it reads the same on a terminal and in a README. */
export function toTable(rows: readonly Row[]): string {
  const cells = [[...HEAD], ...rows.map(cellsOf)]
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column]!)), 3))
  const rule = widths.map((width, column) =>
    RIGHT.has(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  )
  const lines = cells.map((row) =>
    row.map((cell, column) => padded(cell, widths[column]!, RIGHT.has(column))),
  )
  return [lines[0]!, rule, ...lines.slice(1)].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

function cellsOf(row: Row): string[] {
  const ratio = ratioOf(row)
  const { limit, unit } = row
  return [
    row.what,
    unit,
    shown(row.doorstep, unit),
    shown(row.pouch, unit),
    ratio === null ? '' : ratio.toFixed(2),
    limit ? shown(limit.value, unit) : '',
    limit && row.doorstep !== null ? (row.doorstep / limit.value).toFixed(1) : '',
    limit?.what ?? '',
  ]
}

function shown(value: number | null, unit: Unit): string {
  if (value === null) return '–'
  if (unit === 'records/s') return String(Math.round(value))
  if (unit === 'MB') return value.toFixed(1)
  return value.toFixed(unit === 'ms' ? 3 : 2)
}

const padded = (text: string, width: number, right: boolean): string => {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return right ? space + text : text + space
}

/** Columns on a terminal: Chinese characters and full-width forms take two (Unicode, East Asian Width W and F). */
export function widthOf(text: string): number {
  let width = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    const wide =
      (code >= 0x2e80 && code <= 0xa4cf) ||
      (code >= 0xac00 && code <= 0xd7a3) ||
      (code >= 0xf900 && code <= 0xfaff) ||
      (code >= 0xfe30 && code <= 0xfe6f) ||
      (code >= 0xff00 && code <= 0xff60) ||
      (code >= 0x20000 && code <= 0x3fffd)
    width += wide ? 2 : 1
  }
  return width
}
