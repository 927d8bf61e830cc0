import type { DiaryRow } from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { table } from './table.ts'
import { isoTime, lateWords, type Today } from './time.ts'
import { shortId } from './value-text.ts'

/** When it is to be done, or that it was. */
export function diaryState({ dueOn, overdueDays, done }: DiaryRow, language: Language): string {
  if (done) return say(language, [`已办 ${done.on}`, `done ${done.on}`])
  return dueOn === null ? '' : lateWords(overdueDays, language)
}

export function diaryText(rows: readonly DiaryRow[], { language }: Today): string {
  if (rows.length === 0) return say(language, ['没有日记。', 'Nothing in the diary.'])
  const head: readonly Words[] = [
    ['日期', 'Day'],
    ['要办', 'To do'],
    ['内容', 'Text'],
    ['地址', 'Address'],
    ['谁', 'By'],
    ['编号', 'id'],
  ]
  return table(
    head.map((words) => say(language, words)),
    rows.map((row) => [
      row.on ?? '',
      diaryState(row, language),
      row.text ?? '',
      row.address,
      row.by.name,
      shortId(row.id),
    ]),
  )
}

export const diaryJson = ({ by, atMs, done, ...row }: DiaryRow) => ({
  ...row,
  done: done && {
    on: done.on,
    by: done.by.member,
    byName: done.by.name,
    at: isoTime(done.atMs),
    note: done.note,
  },
  by: by.member,
  byName: by.name,
  at: isoTime(atMs),
})
