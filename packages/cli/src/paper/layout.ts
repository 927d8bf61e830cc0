/** From blocks to rows of known height: lines are broken as Unicode says (UAX 14), Chinese and English alike. */
import LineBreaker from 'linebreak'
import type { Block, Tone } from './block.ts'
import type { Fonts, Weight } from './fonts.ts'

/** Everything that is drawn, within a row; `x` from the left edge of the text, `y` from the top of the row. */
export type Mark =
  | {
      readonly type: 'text'
      readonly text: string
      readonly x: number
      readonly size: number
      readonly weight: Weight
      readonly tone: Tone
    }
  | { readonly type: 'box'; readonly x: number; readonly side: number; readonly ticked: boolean }
  | {
      readonly type: 'line'
      readonly x: number
      readonly width: number
      readonly y: number
      readonly bold: boolean
    }

export type Row = { readonly height: number; readonly marks: readonly Mark[] }
/** Rows that stay together. */
export type Chunk = { readonly rows: readonly Row[]; readonly height: number }

/** Line height in multiples of the type size. */
const LEADING = 1.45
/** Room to write in by hand, in multiples of the type size. */
const WRITING = 2

export function layOut(blocks: readonly Block[], width: number, fonts: Fonts): Chunk[] {
  return blocks.map((block) =>
    chunkOf(
      block.type === 'group'
        ? layOut(block.blocks, width, fonts).flatMap(({ rows }) => rows)
        : rowsOf(block, width, fonts),
    ),
  )
}

const chunkOf = (rows: readonly Row[]): Chunk => ({
  rows,
  height: rows.reduce((sum, { height }) => sum + height, 0),
})

function rowsOf(block: Exclude<Block, { type: 'group' }>, width: number, fonts: Fonts): Row[] {
  switch (block.type) {
    case 'text': {
      const { text, size, weight = 'plain', tone = 'ink', indent = 0 } = block
      return breakLines(text, width - indent, (part) => fonts.width(part, size, weight)).map((line) => ({
        height: size * LEADING,
        marks: [{ type: 'text', text: line, x: indent, size, weight, tone }],
      }))
    }
    case 'boxes':
      return boxRows(block, width, fonts)
    case 'lines': {
      const { count, size, indent = 0 } = block
      const height = size * WRITING
      return Array.from({ length: count }, () => ({
        height,
        marks: [{ type: 'line', x: indent, width: width - indent, y: height - 2, bold: false }],
      }))
    }
    case 'pairs':
      return pairRows(block, width, fonts)
    case 'rule':
      return [{ height: 10, marks: [{ type: 'line', x: 0, width, y: 5, bold: true }] }]
    case 'space':
      return [{ height: block.height, marks: [] }]
  }
}

function boxRows(block: Extract<Block, { type: 'boxes' }>, width: number, fonts: Fonts): Row[] {
  const { labels, size, indent = 0, ticked } = block
  const side = size * 0.9
  const start = side + size * 0.4
  const rows: Mark[][] = [[]]
  let x = indent
  for (const [at, label] of labels.entries()) {
    const lines = breakLines(label, width - indent - start, (part) => fonts.width(part, size, 'plain'))
    const wide = start + Math.max(...lines.map((line) => fonts.width(line, size, 'plain')))
    if (x > indent && x + wide > width) {
      rows.push([])
      x = indent
    }
    rows.at(-1)!.push({ type: 'box', x, side, ticked: ticked?.has(at) ?? false })
    for (const [index, line] of lines.entries()) {
      if (index > 0) rows.push([])
      rows.at(-1)!.push({ type: 'text', text: line, x: x + start, size, weight: 'plain', tone: 'ink' })
    }
    x += wide + size * 1.2
  }
  return rows.map((marks) => ({ height: size * LEADING * 1.1, marks }))
}

function pairRows(block: Extract<Block, { type: 'pairs' }>, width: number, fonts: Fonts): Row[] {
  const { rows, size, indent = 0 } = block
  const widest = Math.max(0, ...rows.map(([label]) => fonts.width(label, size, 'plain')))
  // A long label stands above what it names.
  const column = Math.min(widest + size, (width - indent) * 0.42)
  return rows.flatMap(([label, value]) => {
    const labels = breakLines(label, column - size * 0.5, (part) => fonts.width(part, size, 'plain'))
    const values = breakLines(value, width - indent - column, (part) => fonts.width(part, size, 'strong'))
    return Array.from({ length: Math.max(labels.length, values.length) }, (_, at) => ({
      height: size * LEADING,
      marks: [
        ...mark(labels[at], indent, size, 'plain', 'quiet'),
        ...mark(values[at], indent + column, size, 'strong', 'ink'),
      ],
    }))
  })
}

const mark = (text: string | undefined, x: number, size: number, weight: Weight, tone: Tone): Mark[] =>
  text === undefined || text === '' ? [] : [{ type: 'text', text, x, size, weight, tone }]

/** Lines no wider than `width`; a word that alone is wider is cut where it must be. */
export function breakLines(text: string, width: number, measure: (text: string) => number): string[] {
  return text.split(/\r?\n/).flatMap((paragraph) => breakParagraph(paragraph, width, measure))
}

function breakParagraph(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = []
  let line = ''
  let from = 0
  const breaker = new LineBreaker(text)
  for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) {
    const part = text.slice(from, next.position)
    from = next.position
    if (measure((line + part).trimEnd()) <= width) {
      line += part
      continue
    }
    if (line !== '') lines.push(line.trimEnd())
    line = ''
    for (const character of part) {
      if (line !== '' && measure((line + character).trimEnd()) > width) {
        lines.push(line)
        line = ''
      }
      line += character
    }
  }
  return [...lines, line.trimEnd()]
}
