import {
  type ErasureDue,
  erasureTitle,
  type RecordSet,
  type RetentionRow,
  retentionClasses,
} from '@doorstep/core'
import { type Language, say } from './language.ts'
import { table } from './table.ts'
import { shortId } from './value-text.ts'

export const retentionText = (rows: readonly RetentionRow[], language: Language): string =>
  table(
    [
      say(language, ['记录', 'Records']),
      say(language, ['天', 'Days']),
      say(language, ['从何时起', 'Counted from']),
      say(language, ['依据', 'Basis']),
    ],
    rows.map((row) => [
      say(language, row.label),
      String(row.days),
      say(language, row.from),
      say(language, row.source),
    ]),
  )

/** Nothing is erased by looking. */
export function erasureText(set: RecordSet, due: readonly ErasureDue[], language: Language): string {
  if (due.length === 0) return say(language, ['没有到期的记录。', 'No record has had its time.'])
  const rows = due.map((row) => [
    erasureTitle(set, row, language),
    say(language, retentionClasses[row.class].label),
    row.since,
    row.dueOn,
    row.family === row.record ? '' : shortId(row.family),
    shortId(row.record),
  ])
  return table(
    [
      say(language, ['记录', 'Record']),
      say(language, ['类别', 'Class']),
      say(language, ['起', 'Since']),
      say(language, ['到期', 'Due']),
      say(language, ['随', 'With']),
      'id',
    ],
    rows,
  )
}
