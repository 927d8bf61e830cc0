import { recordTypes } from '../records/registry.ts'
import { AGE_GROUPS, type Choices, type Dimension, dimensions } from '../report/dimensions.ts'
import { type MeasureName, measures, type Tally, type Where } from '../report/measures.ts'
import { compareNames } from '../report/name-order.ts'
import { daysOf, monthPeriod } from '../report/period.ts'
import { percentOf } from '../report/protect.ts'
import { repeatRow } from '../sheet/repeat-row.ts'
import { type FormSheet, saveForm } from '../sheet/workbook.ts'
import { caseKindsOf } from '../work/case-kinds.ts'
import { categoryLabel } from '../work/categories.ts'
import type { Language } from '../work/language.ts'
import type { Count, Expression, Word } from './expression.ts'
import { Numbers } from './numbers.ts'
import {
  countsOf,
  type EachOfRow,
  expressionsOf,
  type ReadTemplate,
  rowKey,
  type TemplateCell,
} from './read-template.ts'
import { resolveFilters, valueLabel } from './resolve.ts'

export type FillContext = {
  readonly tally: Tally
  readonly month: string
  /** All that is counted lies in these. */
  readonly grids: readonly string[]
  /** They are all that this station reads. */
  readonly allGrids: boolean
  readonly limit: number
  readonly language: Language
  readonly words: Readonly<Record<Word, string>>
}
export type FilledTemplate = { readonly bytes: Uint8Array; readonly numbers: number; readonly hidden: number }

/** Stands for a number that is hidden, as in the page of the month. */
const HIDDEN = '∗'
/** Of nothing there is no share; and a row for each of none stays one empty row. */
const NONE = '–'

/** Where a cell of the template comes to stand, and for which value of its row. */
type Placed = { readonly cell: TemplateCell; readonly row: number; readonly value: string | null }
type Row = { readonly each: EachOfRow; readonly values: readonly string[] }

/** The template with its numbers in it. `read` is used up. */
export async function fillTemplate(read: ReadTemplate, context: FillContext): Promise<FilledTemplate> {
  const rows = new Map<string, Row>()
  for (const [key, cells] of Map.groupBy(read.cells, rowKey)) {
    const each = cells.flatMap((cell) => expressionsOf(cell)).find((one) => one.type === 'each')
    if (each) rows.set(key, { each, values: valuesOf(each, cells, context) })
  }
  const placed = place(read, rows)
  const numbers = new Numbers(context.tally)
  const filler = new Filler(numbers, context, rows)
  for (const one of placed) for (const expression of expressionsOf(one.cell)) filler.take(expression, one)
  numbers.protect(context.limit)
  for (const one of placed) filler.write(read.form.getWorksheet(one.cell.sheet)!, one)
  return { bytes: await saveForm(read.form), numbers: filler.numbers, hidden: numbers.hidden }
}

/** Makes room from the bottom up, so that what is above keeps its place; then says where everything stands. */
function place({ form, cells }: ReadTemplate, rows: ReadonlyMap<string, Row>): Placed[] {
  const repeats = [...rows].map(([key, { values }]) => {
    const at = key.indexOf('!')
    return { row: Number(key.slice(0, at)), sheet: key.slice(at + 1), extra: Math.max(0, values.length - 1) }
  })
  for (const { row, sheet, extra } of [...repeats].sort((a, b) => b.row - a.row))
    repeatRow(form, form.getWorksheet(sheet)!, row, extra)
  return cells.flatMap((cell): Placed[] => {
    const above = repeats.filter(({ row, sheet }) => sheet === cell.sheet && row < cell.row)
    const row = above.reduce((sum, { extra }) => sum + extra, cell.row)
    const values = rows.get(rowKey(cell))?.values
    if (!values) return [{ cell, row, value: null }]
    return values.length === 0
      ? [{ cell, row, value: null }]
      : values.map((value, down) => ({ cell, row: row + down, value }))
  })
}

function valuesOf(each: EachOfRow, cells: readonly TemplateCell[], context: FillContext): string[] {
  const { tally, month, grids } = context
  const { dimension } = each
  const narrowed = resolveFilters(each.filters, month)
  const where: Where = { grid: grids, ...(narrowed.ok ? narrowed.where : {}) }
  const wanted = where[dimension]
  const choices: Choices | null = dimensions[dimension].choices
  if (dimension === 'grid') return grids.filter((grid) => where.grid!.includes(grid))
  if (dimension === 'day' && narrowed.ok) return daysOf(narrowed.period)
  if (dimension === 'age') return AGE_GROUPS.filter((age) => !wanted || wanted.includes(age))
  if (choices) return Object.keys(choices).filter((code) => !wanted || wanted.includes(code))
  const counts = cells.flatMap((cell) => expressionsOf(cell).flatMap(countsOf))
  const from: readonly Count[] = counts.length > 0 ? counts : [{ measure: 'households', filters: [] }]
  const values = new Set<string>()
  for (const { measure, filters } of from) {
    const resolved = resolveFilters(filters, month)
    if (!resolved.ok || !knows(measure, dimension)) continue
    for (const value of tally.valuesOf(measure, resolved.period, dimension, { grid: grids }))
      values.add(value)
  }
  return [...values].filter((value) => !wanted || wanted.includes(value)).sort(compareNames)
}

const knows = (measure: MeasureName, dimension: Dimension): boolean =>
  (measures[measure].filters as readonly Dimension[]).includes(dimension)

class Filler {
  numbers = 0
  readonly #numbers: Numbers
  readonly #context: FillContext
  readonly #rows: ReadonlyMap<string, Row>

  constructor(numbers: Numbers, context: FillContext, rows: ReadonlyMap<string, Row>) {
    this.#numbers = numbers
    this.#context = context
    this.#rows = rows
  }

  take(expression: Expression, at: Placed): void {
    if (this.#isEmptyRow(at)) return
    const [part, whole] = countsOf(expression).map((count) => this.#key(count, at))
    if (part !== undefined) this.numbers++
    if (part !== undefined && whole !== undefined) this.#numbers.takeShare(part, whole)
  }

  write(sheet: FormSheet, at: Placed): void {
    const { cell, row } = at
    const target = sheet.getCell(row, cell.column)
    const [only] = cell.pieces
    const isAlone = cell.pieces.length === 1 && typeof only !== 'string'
    if (isAlone && only!.type === 'percent') {
      const share = this.#share(only!, at)
      target.value = typeof share === 'number' ? share / 100 : share
      // Cells that look alike share one style: the format is set on a copy.
      if (typeof share === 'number' && (!target.numFmt || target.numFmt === 'General'))
        target.style = { ...target.style, numFmt: '0%' }
      return
    }
    if (isAlone) {
      target.value = this.#text(only!, at)
      return
    }
    const text = cell.pieces
      .map((piece) => (typeof piece === 'string' ? piece : String(this.#text(piece, at))))
      .join('')
    const rich = target.value as { richText?: { font?: object; text: string }[] } | null
    const font = rich?.richText?.[0]?.font
    // Words that were bold in part take the look of their beginning: what stands between the braces is gone.
    target.value = font ? ({ richText: [{ font, text }] } as never) : text
  }

  #isEmptyRow({ cell, value }: Placed): boolean {
    return value === null && this.#rows.has(rowKey(cell))
  }

  #text(expression: Expression, at: Placed): string | number {
    if (this.#isEmptyRow(at)) return NONE
    switch (expression.type) {
      case 'word':
        return this.#context.words[expression.word]
      case 'each':
        return this.#label(expression.dimension, at.value!)
      case 'count':
        return this.#numbers.shown(this.#key(expression.count, at)) ?? HIDDEN
      case 'percent':
        return this.#share(expression, at)
    }
  }

  #share(expression: Expression, at: Placed): string | number {
    if (this.#isEmptyRow(at)) return NONE
    const [part, whole] = countsOf(expression).map((count) => this.#numbers.shown(this.#key(count, at)))
    return whole === 0 ? NONE : (percentOf(part!, whole!) ?? HIDDEN)
  }

  #label(dimension: Dimension, value: string): string {
    const { language } = this.#context
    if (dimension === 'category') return categoryLabel(value, language)
    const at = language === 'zh' ? 0 : 1
    if (dimension === 'kind') {
      const devices: Choices = recordTypes.device.fields.kind.choices
      return caseKindsOf(this.#context.tally.set).get(value)?.label[at] ?? devices[value]?.[at] ?? value
    }
    return valueLabel(dimension, value, at)
  }

  #key({ measure, filters }: Count, { cell, value }: Placed): string {
    const { month, grids, allGrids } = this.#context
    const resolved = resolveFilters(filters, month)
    // A template with faults is not filled in.
    if (!resolved.ok) throw new Error(`not checked: ${resolved.rule}`)
    const each = this.#rows.get(rowKey(cell))?.each
    const row: Where = each && value !== null ? { [each.dimension]: [value] } : {}
    const { grid = grids, ...where } = { ...resolved.where, ...row }
    const inside = grid.filter((name) => grids.includes(name))
    // All grids are no filter: so a row for each grid adds up to the number without one.
    return this.#numbers.take(measure, resolved.period, {
      ...where,
      ...(allGrids && inside.length === grids.length && !row.grid ? {} : { grid: inside }),
    })
  }
}

export const fillWords = (
  month: string,
  words: Pick<Record<Word, string>, 'community' | 'today' | 'maker'>,
  language: Language,
): Record<Word, string> => {
  const { from, until } = monthPeriod(month)!
  const [year, number] = month.split('-')
  return { ...words, from, until, month: language === 'zh' ? `${year}年${Number(number)}月` : month }
}
