import stringWidth from 'string-width'

/** Columns aligned by what a terminal shows: a Chinese character is two columns wide. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => stringWidth(row[column] ?? ''))))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, widths[column]! - stringWidth(cell))))
      .join('  ')
      .trimEnd()
  return all.map(line).join('\n')
}
