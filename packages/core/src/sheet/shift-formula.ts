/** A row of a sheet that was put `extra` more times below itself. */
export type RowRepeat = { readonly sheet: string; readonly row: number; readonly extra: number }

const TEXT = /"(?:[^"]|"")*"/
const SHEET = /(?:'(?:[^']|'')+'|[\p{L}_][\p{L}\p{N}_.]*)!/u
const PLACE = /\$?[A-Z]{1,3}\$?\d+/
const PART = new RegExp(
  `(${TEXT.source})|(?<![\\p{L}\\p{N}_.$])(${SHEET.source})?(${PLACE.source})(?::(${PLACE.source}))?(?![\\p{L}\\p{N}_(.])`,
  'gu',
)

/**
 * A formula after a row was repeated: places below it have moved down, and a range over it reaches over all its
 * copies. `own` is the sheet the formula stands in.
 */
export const shiftFormula = (formula: string, own: string, { sheet, row, extra }: RowRepeat): string =>
  rewritten(formula, own, sheet, (first, last) => {
    const move = (at: number) => (at > row ? at + extra : at)
    return last === null ? [move(first), null] : [move(first), last >= row ? last + extra : last]
  })

/** As `shiftFormula`, of a formula in the repeated row, for its copy `down` rows below: its own row is the copy's. */
export const copyFormula = (formula: string, { sheet, row, extra }: RowRepeat, down: number): string =>
  rewritten(formula, sheet, sheet, (first, last) => {
    if (first === row && (last === null || last === row))
      return [row + down, last === null ? null : row + down]
    const move = (at: number) => (at > row ? at + extra : at)
    return last === null ? [move(first), null] : [move(first), last >= row ? last + extra : last]
  })

function rewritten(
  formula: string,
  own: string,
  target: string,
  move: (first: number, last: number | null) => [number, number | null],
): string {
  return formula.replace(
    PART,
    (all, text, sheet: string | undefined, first: string | undefined, last?: string) => {
      if (text !== undefined || first === undefined) return all
      if ((sheet === undefined ? own : sheetName(sheet)) !== target) return all
      const [from, to] = move(rowOf(first), last === undefined ? null : rowOf(last))
      return `${sheet ?? ''}${atRow(first, from)}${last === undefined || to === null ? '' : `:${atRow(last, to)}`}`
    },
  )
}

const sheetName = (prefix: string): string => prefix.slice(0, -1).replace(/^'|'$/g, '').replaceAll("''", "'")
const rowOf = (place: string): number => Number(/\d+$/.exec(place)![0])
const atRow = (place: string, row: number): string => place.replace(/\d+$/, String(row))
