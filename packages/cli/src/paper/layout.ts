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
  | {
      readonly type: 'area'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly tone: 'ink' | 'quiet' | 'light'
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
    case 'bars':
      return barRows(block, width, fonts)
    case 'scale':
      return scaleRows(block, width, fonts)
    case 'rule':
      return [{ height: 10, marks: [{ type: 'line', x: 0, width, y: 5, bold: true }] }]
    case 'space':
      return [{ height: block.height, marks: [] }]
  }
}

const area = (
  x: number,
  y: number,
  width: number,
  height: number,
  tone: Extract<Mark, { type: 'area' }>['tone'],
): Mark => ({ type: 'area', x, y, width, height, tone })

function barRows(block: Extract<Block, { type: 'bars' }>, width: number, fonts: Fonts): Row[] {
  const { values, labels, height, size } = block
  const most = Math.max(...values.map((value) => value ?? 0), 0)
  const step = width / Math.max(1, values.length)
  const bars = values.map((value, at): Mark => {
    const x = at * step + step * 0.15
    if (value === null) return area(at * step + step / 2 - 1, height - 4, 2, 2, 'quiet')
    const tall = most === 0 ? 1 : Math.max(1, (value / most) * (height - 6))
    return area(x, height - tall, step * 0.7, tall, 'quiet')
  })
  const base: Mark = { type: 'line', x: 0, width, y: height, bold: true }
  const texts = [...labels].map(([at, label]): Mark => {
    const wide = fonts.width(label, size, 'plain')
    const x = Math.min(width - wide, Math.max(0, at * step + step / 2 - wide / 2))
    return { type: 'text', text: label, x, size, weight: 'plain', tone: 'quiet' }
  })
  return [
    { height: height + 3, marks: [...bars, base] },
    { height: size * LEADING, marks: texts },
  ]
}

/** The dark part is the middle half, the black stroke the middle, the triangle of bars above it one's own. */
function scaleRows(block: Extract<Block, { type: 'scale' }>, width: number, fonts: Fonts): Row[] {
  const { low, middle, high, own, texts, size } = block
  const most = Math.max(high * 1.3, (own ?? 0) * 1.05) || 1
  const x = (value: number) => (value / most) * width
  const tall = size
  const text = (words: string, at: number, weight: Weight): Mark => {
    const wide = fonts.width(words, size, weight)
    return {
      type: 'text',
      text: words,
      x: Math.min(width - wide, Math.max(0, x(at) - wide / 2)),
      size,
      weight,
      tone: weight === 'strong' ? 'ink' : 'quiet',
    }
  }
  const arrow = [0, 1, 2, 3, 4, 5].map((at) =>
    area(x(own ?? 0) - 6 + at, size * 0.2 + at * 1.6, 12 - 2 * at, 1.8, 'ink'),
  )
  const ends = [text(texts.low, low, 'plain'), text(texts.high, high, 'plain')]
  // Two numbers close together are written side by side.
  const [left, right] = ends as [Extract<Mark, { type: 'text' }>, Extract<Mark, { type: 'text' }>]
  const apart = left.x + fonts.width(left.text, size, 'plain') + size / 2
  return [
    ...(own === null
      ? []
      : [
          { height: size * LEADING, marks: [text(texts.own, own, 'strong')] },
          { height: size * 0.9, marks: arrow },
        ]),
    {
      height: tall + 4,
      marks: [
        area(0, 0, width, tall, 'light'),
        area(x(low), 0, Math.max(1, x(high) - x(low)), tall, 'quiet'),
        area(x(middle) - 1.5, -2, 3, tall + 4, 'ink'),
      ],
    },
    {
      height: size * LEADING,
      marks: [
        left,
        { ...right, x: Math.min(width - fonts.width(right.text, size, 'plain'), Math.max(right.x, apart)) },
      ],
    },
  ]
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
