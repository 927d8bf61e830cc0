import stringWidth from 'string-width'

/** No column is cut shorter than this, in terminal columns: an address or a name still says something. */
const MIN_WIDTH = 8
const GAP = 2

/**
 * Columns aligned by what a terminal shows: a Chinese character is two columns wide. On a terminal the widest columns
 * are cut until a row fits on a line; in a pipe nothing is cut.
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  width: number = terminalWidth(),
): string {
  const all = [head, ...rows].map((row) => head.map((_, column) => oneLine(row[column] ?? '')))
  const widths = fitted(
    head.map((_, column) => Math.max(...all.map((row) => stringWidth(row[column]!)))),
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
  return told.map(([label, text]) => `${padded(label, widest)}  ${text}`.trimEnd()).join('\n')
}

export const terminalWidth = (): number =>
  process.stdout.isTTY ? (process.stdout.columns ?? 80) : Number.POSITIVE_INFINITY

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ')

const padded = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - stringWidth(text)))

/** Takes from the widest column first, one terminal column at a time, as far as MIN_WIDTH. */
function fitted(natural: readonly number[], width: number): number[] {
  const widths = [...natural]
  let over = widths.reduce((sum, one) => sum + one, 0) + GAP * (widths.length - 1) - width
  while (over > 0) {
    const widest = Math.max(...widths)
    if (widest <= MIN_WIDTH) break
    widths[widths.indexOf(widest)] = widest - 1
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
