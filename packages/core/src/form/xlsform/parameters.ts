/** The column `parameters`: `start=1 end=10 step=1`, also with commas or semicolons between. */
import type { Faults } from './fault.ts'
import type { Row } from './table.ts'

export type Parameters = Readonly<Record<string, string>>

export function readParameters(row: Row, known: readonly string[], faults: Faults): Parameters {
  const text = row.expression('parameters')
  const found: Record<string, string> = {}
  for (const [, key, value] of text.matchAll(/([A-Za-z][\w-]*)\s*=\s*("[^"]*"|'[^']*'|[^\s,;]+)/g)) {
    const name = key!.toLowerCase()
    if (known.includes(name)) found[name] = value!.replaceAll(/^["']|["']$/g, '')
    else faults.add('parameter-unknown', row.place('parameters'), key, known)
  }
  if (text !== '' && !text.includes('=')) faults.add('parameter-invalid', row.place('parameters'), text)
  return found
}

/** Bounds of a range; 1 to 10 by 1 unless told. */
export function rangeOf(row: Row, parameters: Parameters, faults: Faults) {
  const { start = '1', end = '10', step = '1' } = parameters
  const numbers = [start, end, step].map(Number)
  if (numbers.some((one) => !Number.isFinite(one)) || numbers[2] === 0)
    faults.add('parameter-invalid', row.place('parameters'), `start=${start} end=${end} step=${step}`)
  return { start, end, step, isWhole: numbers.every(Number.isInteger) }
}
