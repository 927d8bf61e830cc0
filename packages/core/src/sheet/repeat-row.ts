import type ExcelJS from 'exceljs'
import { copyFormula, type RowRepeat, shiftFormula } from './shift-formula.ts'
import type { Form, FormSheet } from './workbook.ts'

/**
 * Puts a row `extra` more times below itself, with its values, styles and cells merged sideways. What stands below
 * moves down with all that names it: merged cells, formulas of every sheet, conditional formats, the print area.
 */
export function repeatRow(form: Form, sheet: FormSheet, row: number, extra: number): void {
  if (extra < 1) return
  const repeat: RowRepeat = { sheet: sheet.name, row, extra }
  const merges = (sheet.model.merges ?? []).map(parseRange)
  for (const one of merges) sheet.unMergeCells(rangeText(one))
  const source = sheet.getRow(row)
  const { height } = source
  eachFormula(form, (cell, formula, of) => {
    const isOwn = of === sheet && cell.fullAddress.row === row
    // Also where nothing moves: shared by several cells, it would name rows that no longer lie beside each other.
    cell.value = { formula: isOwn ? formula : shiftFormula(formula, of.name, repeat) } as never
  })
  const cells = Array.from({ length: Math.max(source.cellCount, sheet.columnCount) }, (_, at) => {
    const cell = source.getCell(at + 1)
    return { value: cell.value, style: cell.style }
  })
  sheet.spliceRows(row + 1, 0, ...Array.from({ length: extra }, () => []))
  for (let down = 0; down <= extra; down++) {
    const copy = sheet.getRow(row + down)
    if (height) copy.height = height
    cells.forEach(({ value, style }, at) => {
      const cell = copy.getCell(at + 1)
      cell.style = style
      cell.value = isFormula(value) ? ({ formula: copyFormula(value.formula, repeat, down) } as never) : value
    })
  }
  for (const one of movedMerges(merges, repeat)) sheet.mergeCells(rangeText(one))
  shiftRest(sheet, repeat)
}

type Range = { top: number; left: string; bottom: number; right: string }

function parseRange(text: string): Range {
  const [from = '', to = from] = text.replaceAll('$', '').split(':')
  const part = (place: string) => /^([A-Z]+)(\d+)$/.exec(place)!
  return {
    left: part(from)[1]!,
    top: Number(part(from)[2]),
    right: part(to)[1]!,
    bottom: Number(part(to)[2]),
  }
}
const rangeText = ({ top, left, bottom, right }: Range): string => `${left}${top}:${right}${bottom}`

/** Merged in the row itself: in each copy; over the row and more: over all copies; below: further down. */
function movedMerges(merges: readonly Range[], { row, extra }: RowRepeat): Range[] {
  return merges.flatMap((one) => {
    if (one.top === row && one.bottom === row)
      return Array.from({ length: extra + 1 }, (_, down) => ({ ...one, top: row + down, bottom: row + down }))
    return [movedRange(one, { row, extra })]
  })
}

const movedRange = (one: Range, { row, extra }: Pick<RowRepeat, 'row' | 'extra'>): Range => ({
  ...one,
  top: one.top > row ? one.top + extra : one.top,
  bottom: one.bottom >= row ? one.bottom + extra : one.bottom,
})

const isFormula = (value: ExcelJS.CellValue): value is ExcelJS.CellFormulaValue =>
  typeof value === 'object' && value !== null && 'formula' in value && typeof value.formula === 'string'

function eachFormula(
  form: Form,
  visit: (cell: ExcelJS.Cell, formula: string, sheet: FormSheet) => void,
): void {
  for (const sheet of form.worksheets)
    sheet.eachRow((line) => {
      line.eachCell((cell) => {
        // Of one that is shared, what it says in this cell.
        if (typeof cell.formula === 'string') visit(cell, cell.formula, sheet)
      })
    })
}

type Formatting = { ref: string }

function shiftRest(sheet: FormSheet, repeat: RowRepeat): void {
  const { conditionalFormattings } = sheet as unknown as { conditionalFormattings?: Formatting[] }
  for (const one of conditionalFormattings ?? [])
    one.ref = one.ref
      .split(' ')
      .map((ref) => rangeText(movedRange(parseRange(ref), repeat)))
      .join(' ')
  const { printArea } = sheet.pageSetup
  if (printArea)
    sheet.pageSetup.printArea = printArea
      .split('&&')
      .map((ref) => rangeText(movedRange(parseRange(ref), repeat)))
      .join('&&')
}
