import stringWidth from 'string-width'

/** No column is cut shorter than this, in terminal columns: an address or a name still says something. */
const MIN_WIDTH = 8
const GAP = 2

/**
 * Columns aligned by what a terminal shows: a Chinese character is two columns wide. A column in which nothing
 * stands is left out. On a terminal columns are cut until a row fits on a line; in a pipe nothing is cut.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number = terminalWidth(),
): string {
  const used = head.map((_, at) => at).filter((at) => rows.length === 0 || rows.some((row) => row[at]))
  const all = [head, ...rows].map((row) => used.map((at) => oneLine(row[at] ?? '')))
  const widths = fitted(
    used.map((_, column) => all.reduce((most, row) => Math.max(most, stringWidth(row[column]!)), 0)),
    width,
  )
  return all
    .map((row) =>
      row
        .map((cell, column) => padded(cut(cell, widths[column]!), widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A label and what it says, line by line; what is empty is left out. */
export function labelled(lines: readonly (readonly [label: string, text: string | null])[]): string {
  const told = lines.filter((line): line is readonly [string, string] => line[1] !== null && line[1] !== '')
  const widest = Math.max(0, ...told.map(([label]) => stringWidth(label)))
  return told.map(([label, text]) => `${padded(label, widest)}  ${oneLine(text)}`.trimEnd()).join('\n')
}

export const terminalWidth = (): number =>
  process.stdout.isTTY ? (process.stdout.columns ?? 80) : Number.POSITIVE_INFINITY

/** What others wrote stays on its line and never speaks to the terminal: control characters become spaces. */
const oneLine = (text: string): string => text.replace(/\s*[\u0000-\u001f\u007f-\u009f]+\s*/g, ' ')

const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - stringWidth(text)))

/**
 * Takes from the widest column first, one terminal column at a time, as far as MIN_WIDTH. What a row is called stands
 * first and its id last: both give way only when the columns between them have.
 */
function fitted(natural: readonly number[], width: number): number[] {
  const widths = [...natural]
  const columns = [...widths.keys()]
  let over = widths.reduce((sum, one) => sum + one, 0) + GAP * (widths.length - 1) - width
  for (const group of [columns.slice(1, -1), columns])
    while (over > 0) {
      const widest = group.reduce((a, b) => (widths[b]! > widths[a]! ? b : a), group[0] ?? -1)
      if (widest < 0 || widths[widest]! <= MIN_WIDTH) break
      widths[widest]!--
      over--
    }
  return widths
}

/** Whole characters only, with a sign that something is missing. */
export function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let kept = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break
    kept += segment
  }
  return `${kept}…`
}
