import type { NumberName, TextPiece } from './mapping.ts'

/** Cuts `#{ff}-{nn}` or `{blk} {street}` into pieces. `numbers` says which one-letter names are counters here. */
export function parseTextPattern(pattern: string, numbers: readonly NumberName[]): TextPiece[] {
  const pieces: TextPiece[] = []
  let from = 0
  for (const match of pattern.matchAll(/\{([^{}]+)\}/g)) {
    if (match.index > from) pieces.push({ type: 'text', text: pattern.slice(from, match.index) })
    const name = match[1]!
    const letter = name[0] as NumberName
    if (numbers.includes(letter) && name === letter.repeat(name.length))
      pieces.push({ type: 'number', of: letter, width: name.length })
    else pieces.push({ type: 'column', column: name })
    from = match.index + match[0].length
  }
  if (from < pattern.length) pieces.push({ type: 'text', text: pattern.slice(from) })
  return pieces
}

/** Puts a pattern together again. */
export function fillTextPattern(
  pieces: readonly TextPiece[],
  cell: (column: string) => string,
  numbers: Readonly<Partial<Record<NumberName, number>>> = {},
): string {
  let text = ''
  for (const piece of pieces) {
    if (piece.type === 'text') text += piece.text
    else if (piece.type === 'column') text += cell(piece.column)
    else text += padded(numbers[piece.of] ?? 0, piece.width)
  }
  return text
}

const padded = (number: number, width: number): string =>
  (number < 0 ? '-' : '') + String(Math.abs(number)).padStart(width, '0')
