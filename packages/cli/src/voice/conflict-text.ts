import type { ConflictRow } from '@doorstep/core'
import { say } from './language.ts'
import { table } from './table.ts'
import { instantWords, type Today } from './time.ts'
import { shortId, valueText } from './value-text.ts'

/** Each conflict with its values numbered, and how to end it. */
export function conflictsText(rows: readonly ConflictRow[], now: Today): string {
  const { language } = now
  if (rows.length === 0) return say(language, ['没有两种说法。', 'No conflicts.'])
  return rows
    .map((row) => {
      const values = table(
        ['', say(language, ['值', 'Value']), say(language, ['谁', 'By']), say(language, ['何时', 'When'])],
        row.values.map(({ value, by, atMs }, at) => [
          String(at + 1),
          valueText(row.type, row.field, value, language) || say(language, ['(空)', '(empty)']),
          by.name,
          instantWords(atMs, now),
        ]),
      )
      const settle = `doorstep conflict settle ${shortId(row.record)} ${row.field} --choice N`
      return `${row.title} · ${say(language, row.label)}\n${values}\n  ${settle}`
    })
    .join('\n\n')
}
