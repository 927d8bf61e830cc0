import { cellsOf, cut, pad, printable } from './cells.ts'

/** How a span looks; each has a word or a sign beside it, since colour may be missing. */
export type Tone = 'plain' | 'strong' | 'quiet' | 'alarm' | 'warn' | 'good' | 'typed'
export type Span = { readonly text: string; readonly tone: Tone }
/** One row of the screen. `decoration` is not read aloud. */
export type Line = {
  readonly spans: readonly Span[]
  readonly selected?: boolean
  readonly decoration?: boolean
  /** Read aloud in its place: a row of a table as a sentence. */
  readonly spoken?: string
  /** Just happened: read aloud before all else. */
  readonly announced?: boolean
  /** What is being typed ends here: the terminal's cursor stands at the end of the line, where an input method draws. */
  readonly cursor?: boolean
}

export const span = (text: string, tone: Tone = 'plain'): Span => ({ text: printable(text), tone })
export const line = (...parts: readonly (Span | string)[]): Line => ({
  spans: parts.map((part) => (typeof part === 'string' ? span(part) : part)),
})
export const blank: Line = { spans: [], decoration: true }
export const rule = (columns: number): Line => ({
  spans: [{ text: '─'.repeat(columns), tone: 'quiet' }],
  decoration: true,
})

export const textOfLine = (one: Line): string => one.spans.map((part) => part.text).join('')

/** Cuts a line to the screen: whole spans while they fit, then one with an ellipsis. */
export function fitLine(one: Line, columns: number): Line {
  const spans: Span[] = []
  let left = columns
  for (const part of one.spans) {
    const cells = cellsOf(part.text)
    if (cells <= left) {
      spans.push(part)
      left -= cells
      continue
    }
    if (left > 0) spans.push({ ...part, text: cut(part.text, left) })
    break
  }
  return { ...one, spans }
}

/** Left and right on one row; the right one is kept whole, the left one gives way. */
export function apart(left: Line, right: Line, columns: number): Line {
  const rightCells = Math.min(columns, cellsOf(textOfLine(right)))
  const fitted = fitLine(left, Math.max(0, columns - rightCells - (rightCells > 0 ? 2 : 0)))
  const gap = columns - rightCells - cellsOf(textOfLine(fitted))
  return {
    spans: [
      ...fitted.spans,
      { text: ' '.repeat(Math.max(0, gap)), tone: 'plain' },
      ...fitLine(right, columns).spans,
    ],
  }
}

export type Cell = { readonly text: string; readonly width: number; readonly tone?: Tone }

/** A row of a list: cells of fixed widths; the marker, not only the colour, shows which one is selected. */
export const row = (cells: readonly Cell[], selected = false): Line => ({
  spans: [
    { text: selected ? ' › ' : '   ', tone: 'strong' },
    ...cells.map(({ text, width, tone = 'plain' }) => ({
      text: `${pad(printable(text), width - 1)} `,
      tone,
    })),
  ],
  selected,
})

/** Part of a list around the selected row, headings kept above their first row. */
export function windowOf<T>(
  rows: readonly T[],
  at: number,
  height: number,
): { readonly from: number; readonly rows: readonly T[] } {
  if (rows.length <= height) return { from: 0, rows }
  const from = Math.min(Math.max(0, at - Math.floor(height / 2)), rows.length - height)
  return { from, rows: rows.slice(from, from + height) }
}
