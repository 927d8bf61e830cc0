import { type Row, ratiosOf, type Unit } from './row.ts'
import { type Side, sideNames } from './side.ts'

/** Markdown, so that it reads the same on a terminal and in a README; behind a peer's value, how many times better Doorstep is. */
export function toTable(rows: readonly Row[], shownSides: readonly Side[]): string {
  const head = ['', 'unit', ...shownSides.map((side) => sideNames[side]), 'limit', '× limit', 'the limit is']
  return markdown(
    [head, ...rows.map((row) => cellsOf(row, shownSides))],
    new Set(head.keys().filter((n) => n >= 2 && n < head.length - 1)),
  )
}

function cellsOf(row: Row, shownSides: readonly Side[]): string[] {
  const ratios = ratiosOf(row)
  const { limit, unit, values } = row
  return [
    row.what,
    unit,
    ...shownSides.map((side) => {
      const ratio = ratios[side]
      return shown(values[side], unit) + (ratio === undefined ? '' : ` (${ratioText(ratio)}×)`)
    }),
    limit ? shown(limit.value, unit) : '',
    limit && values.doorstep !== undefined ? ratioText(values.doorstep / limit.value) : '',
    limit?.what ?? '',
  ]
}

const ratioText = (ratio: number): string => (ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0))

function shown(value: number | undefined, unit: Unit): string {
  if (value === undefined) return '–'
  if (unit === 'records/s' || unit === 'turns') return String(Math.round(value))
  if (unit === 'MB') return value < 1 ? value.toFixed(3) : value.toFixed(1)
  if (unit === 'KB') return value.toFixed(1)
  return value < 0.1 ? value.toFixed(3) : value.toFixed(2)
}

/** `right`: columns of numbers, set to the right. */
export function markdown(cells: readonly (readonly string[])[], right: ReadonlySet<number>): string {
  const [head] = cells
  const widths = head!.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column]!)), 3))
  const rule = widths.map((width, column) =>
    right.has(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  )
  const lines = cells.map((row) =>
    row.map((cell, column) => padded(cell, widths[column]!, right.has(column))),
  )
  return [lines[0]!, rule, ...lines.slice(1)].map((row) => `| ${row.join(' | ')} |`).join('\n')
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
