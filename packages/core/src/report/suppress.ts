/**
 * Small numbers about people do not leave: a count from 1 to k − 1 is hidden, and with it as many others as it takes
 * that no hidden one follows from what is shown. Zero is shown: it is about nobody.
 */

/** The parts add up to the total, which is a cell too, or is not shown at all. */
export type SumLine = { readonly parts: readonly number[]; readonly total: number | null }

/** 5 is the usual limit of official statistics for counts of people. */
export const DEFAULT_LIMIT = 5

/**
 * Which of the cells to hide; lines name cells by their place. Afterwards, of each line that shows its total, the
 * hidden parts add up to `limit` at least, and no hidden cell can be computed from all the lines together.
 */
export function suppress(counts: readonly number[], lines: readonly SumLine[], limit: number): boolean[] {
  const hidden = counts.map((count) => count > 0 && count < limit)
  for (;;) {
    const line = lines.find((one) => isThin(one)) ?? lineOf(determined(counts.length, lines, hidden))
    if (!line || !hideOneMore(line)) return hidden
  }

  function isThin({ parts, total }: SumLine): boolean {
    if (total === null || hidden[total]) return false
    const gone = parts.filter((at) => hidden[at])
    return gone.length > 0 && (gone.length < 2 || gone.reduce((sum, at) => sum + counts[at]!, 0) < limit)
  }

  function lineOf(cell: number | null): SumLine | undefined {
    if (cell === null) return undefined
    const through = lines.filter(({ parts, total }) => parts.includes(cell) || total === cell)
    return through.find((line) => smallestShown(line) !== null)
  }

  function hideOneMore(line: SumLine): boolean {
    const next = smallestShown(line)
    if (next === null) return false
    hidden[next] = true
    return true
  }

  /** Another part with somebody in it; when there is none, the total; then a zero. */
  function smallestShown({ parts, total }: SumLine): number | null {
    const shown = parts.filter((at) => !hidden[at]).sort((a, b) => counts[a]! - counts[b]!)
    const part = shown.find((at) => counts[at]! > 0)
    if (part !== undefined) return part
    if (total !== null && !hidden[total]) return total
    return shown[0] ?? null
  }
}

/** A hidden cell whose value follows from the shown ones: by elimination over all lines. */
function determined(cells: number, lines: readonly SumLine[], hidden: readonly boolean[]): number | null {
  const columns = Array.from({ length: cells }, (_, at) => at).filter((at) => hidden[at])
  const place = new Map(columns.map((cell, at) => [cell, at]))
  const rows: number[][] = []
  for (const { parts, total } of lines) {
    if (total === null) continue
    const row = columns.map(() => 0)
    for (const at of parts) if (hidden[at]) row[place.get(at)!]! += 1
    if (hidden[total]) row[place.get(total)!]! -= 1
    if (row.some((one) => one !== 0)) rows.push(row)
  }
  let rank = 0
  for (let column = 0; column < columns.length && rank < rows.length; column++) {
    const pivot = rows.findIndex((row, at) => at >= rank && Math.abs(row[column]!) > TINY)
    if (pivot < 0) continue
    const [row] = rows.splice(pivot, 1)
    const scaled = row!.map((one) => one / row![column]!)
    rows.splice(rank, 0, scaled)
    rows.forEach((other, at) => {
      const factor = other[column]!
      if (at === rank || Math.abs(factor) <= TINY) return
      rows[at] = other.map((one, to) => one - factor * scaled[to]!)
    })
    rank++
  }
  for (const row of rows.slice(0, rank)) {
    const terms = row.flatMap((one, at) => (Math.abs(one) > TINY ? [at] : []))
    if (terms.length === 1) return columns[terms[0]!]!
  }
  return null
}
/** Entries are small whole numbers and their quotients. */
const TINY = 1e-9
