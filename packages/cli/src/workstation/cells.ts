import stringWidth from 'string-width'

/** Text as a terminal shows it: measured in cells, a Chinese character two of them. No glyph is ever split. */

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

export const glyphsOf = (text: string): string[] => [...graphemes.segment(text)].map(({ segment }) => segment)

/** Control characters and line ends would move the cursor; what records hold may contain anything. */
export const printable = (text: string): string =>
  text.replaceAll(/[^\S ]+/gu, ' ').replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, '')

export const cellsOf = (text: string): number => stringWidth(text)

/** At most `width` cells; what does not fit ends in an ellipsis of one cell. */
export function cut(text: string, width: number): string {
  if (width <= 0) return ''
  if (cellsOf(text) <= width) return text
  let kept = ''
  let cells = 0
  for (const glyph of glyphsOf(text)) {
    const next = cells + cellsOf(glyph)
    if (next > width - 1) break
    kept += glyph
    cells = next
  }
  return `${kept}…`
}

/** The end of a text being typed, where the cursor is. */
export function cutStart(text: string, width: number): string {
  if (width <= 0) return ''
  if (cellsOf(text) <= width) return text
  let kept = ''
  for (const glyph of glyphsOf(text).reverse()) {
    if (cellsOf(kept) + cellsOf(glyph) > width - 1) break
    kept = glyph + kept
  }
  return `…${kept}`
}

/** Exactly `width` cells. */
export const pad = (text: string, width: number): string => {
  const fitted = cut(text, width)
  return fitted + ' '.repeat(Math.max(0, width - cellsOf(fitted)))
}

/** Lines of at most `width` cells: at spaces where there are any, between Chinese characters else. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    for (const piece of paragraph.match(/[\u0021-\u024f]+\s*|\s+|[^\s\u0021-\u024f]+?/gu) ?? []) {
      for (const part of cellsOf(piece) > width ? glyphsOf(piece) : [piece]) {
        if (cellsOf((line + part).trimEnd()) > width) {
          lines.push(line.trimEnd())
          line = part.trimStart()
        } else line += part
      }
    }
    lines.push(line.trimEnd())
  }
  return lines
}

export const dropLastGlyph = (text: string): string => glyphsOf(text).slice(0, -1).join('')
