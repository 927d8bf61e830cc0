import type { MoveRow } from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { table } from './table.ts'
import { instantWords, type Today } from './time.ts'
import { shortId } from './value-text.ts'

const STATES: Readonly<Record<MoveRow['state'], Words>> = {
  moved: ['已转', 'Moved'],
  away: ['已转走', 'Moved away'],
  disputed: ['转到了两处', 'Moved to two grids'],
  late: ['有晚到的', 'Something came late'],
}

/** Who moved where, and below what waits for somebody, as it is typed. */
export function movesText(rows: readonly MoveRow[], now: Today): string {
  const { language } = now
  if (rows.length === 0) return say(language, ['没有转过网格的住户。', 'No household has changed grid.'])
  const list = table(
    [
      say(language, ['住户', 'Household']),
      say(language, ['从', 'From']),
      say(language, ['到', 'To']),
      say(language, ['状态', 'State']),
      say(language, ['谁', 'By']),
      say(language, ['何时', 'When']),
      say(language, ['原因', 'Why']),
      'id',
    ],
    rows.map((row) => [
      row.title,
      row.from.name,
      row.to.map(({ name }) => name).join(' / '),
      say(language, STATES[row.state]) + (row.state === 'late' ? ` ${row.late.length}` : ''),
      row.by.name,
      instantWords(row.atMs, now),
      row.reason ?? '',
      shortId(row.household),
    ]),
  )
  const next = rows.flatMap((row) => nextOf(row) ?? [])
  return next.length === 0 ? list : `${list}\n\n${next.map((line) => `  ${line}`).join('\n')}`
}

export function nextOf({ household, state }: MoveRow): string | null {
  if (state === 'late') return `doorstep household carry ${shortId(household)}`
  return state === 'disputed' ? `doorstep conflict settle ${shortId(household)} movedTo --choice N` : null
}

export const movedWords = (name: string, language: Language): string =>
  say(language, [`已转到 ${name}`, `moved to ${name}`])
