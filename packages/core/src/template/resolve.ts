/** From what is written to what is counted: months become days, labels become codes. */
import { isDate } from '../record/define.ts'
import { recordTypes } from '../records/registry.ts'
import { type Choices, type Dimension, dimensions } from '../report/dimensions.ts'
import type { Where } from '../report/measures.ts'
import { monthBefore, monthPeriod, type Period } from '../report/period.ts'
import { bare } from '../work/address.ts'
import { defaultCaseKinds } from '../work/case-kinds.ts'
import { categoryCode } from '../work/categories.ts'
import type { Filter } from './expression.ts'

export type Resolved =
  | { readonly ok: true; readonly period: Period; readonly where: Where }
  | { readonly ok: false; readonly rule: string; readonly [detail: string]: unknown }

const THIS = new Set(['this', '本月', '当月'])
const LAST = new Set(['last', '上月'])

/** `month`: of the report. What a filter names wins over it. */
export function resolveFilters(filters: readonly Filter[], month: string): Resolved {
  let period = monthPeriod(month)!
  const where: Partial<Record<Dimension, readonly string[]>> = {}
  for (const { name, values } of filters) {
    if (name === 'month') {
      const text = values[0]!.toLowerCase()
      const found = THIS.has(text) ? period : monthPeriod(LAST.has(text) ? monthBefore(month) : text)
      if (!found || values.length > 1) return { ok: false, rule: 'no-such-month', found: values.join('|') }
      period = found
    } else if (name === 'from' || name === 'until') {
      const text = values[0]!.toLowerCase()
      const day = text === 'year' || text === '年初' ? `${month.slice(0, 4)}-01-01` : text
      if (!isDate(day)) return { ok: false, rule: 'date', value: text }
      period = { ...period, [name]: day }
    } else {
      const codes = values.map((text) => codeOf(name, text))
      const wrong = codes.indexOf(null)
      if (wrong >= 0)
        return { ok: false, rule: 'no-such-value', found: values[wrong], allowed: allowedOf(name) }
      where[name] = codes as string[]
    }
  }
  return { ok: true, period, where }
}

function codeOf(dimension: Dimension, text: string): string | null {
  const choices: Choices | null = dimensions[dimension].choices
  if (dimension === 'category') return categoryCode(text) ?? text
  if (dimension === 'building') return bare(text)
  if (dimension === 'kind') return kindOf(text)
  if (!choices) return text
  const wanted = text.toLowerCase()
  const found = Object.entries(choices).find(
    ([code, [zh, en]]) => code === wanted || zh === text || en.toLowerCase() === wanted,
  )
  return found?.[0] ?? null
}

/** Of a case or a device, by code or by the program's own names; what a community calls its own is its code. */
function kindOf(text: string): string {
  const wanted = text.toLowerCase()
  const isMeant = ([zh, en]: readonly [string, string]) => zh === text || en.toLowerCase() === wanted
  const ofCase = defaultCaseKinds.find(({ label }) => isMeant(label))?.code
  const devices: Choices = recordTypes.device.fields.kind.choices
  return ofCase ?? Object.keys(devices).find((code) => isMeant(devices[code]!)) ?? text
}

const allowedOf = (dimension: Dimension): readonly string[] =>
  Object.entries((dimensions[dimension].choices ?? {}) as Choices).map(([code, [zh]]) =>
    code === zh ? code : `${code} ${zh}`,
  )

/** What a value is called in a cell. */
export const valueLabel = (dimension: Dimension, value: string, language: 0 | 1): string => {
  const choices: Choices | null = dimensions[dimension].choices
  return choices?.[value]?.[language] ?? value
}
