import { createHash } from 'node:crypto'
import type { PlainRecord } from './generate.ts'

/** The same for the same records, whoever keeps them and in whatever order. */
export function digestRecords(records: readonly PlainRecord[]): string {
  const lines = records.map((record) => canonical(comparable(record))).sort()
  return createHash('sha256').update(lines.join('\n')).digest('hex')
}

/** Categories are a set; steps taken in one instant have no order. */
const comparable = ({ categories, steps, ...record }: PlainRecord) => ({
  ...record,
  ...(categories?.length ? { categories: [...categories].sort() } : {}),
  ...(steps ? { steps: steps.map(canonical).sort() } : {}),
})

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  const fields = keys.flatMap((key) => {
    const field = (value as Record<string, unknown>)[key]
    return field === undefined ? [] : [`${JSON.stringify(key)}:${canonical(field)}`]
  })
  return `{${fields.join()}}`
}
