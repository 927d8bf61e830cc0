import type { LeaveRow } from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { table } from './table.ts'
import { shortId, valueText } from './value-text.ts'

const STATES: Readonly<Record<LeaveRow['state'], Words>> = {
  away: ['外出中', 'Away'],
  'to-come': ['还没走', 'To come'],
  back: ['已回来', 'Back'],
  withdrawn: ['已撤回', 'Taken back'],
}

export function leavesText(rows: readonly LeaveRow[], language: Language): string {
  if (rows.length === 0) return say(language, ['没有外出报备。', 'No leave notices.'])
  const head: Words[] = [
    ['编号', 'Id'],
    ['住址', 'Address'],
    ['起', 'From'],
    ['止', 'Until'],
    ['状态', 'State'],
    ['谁说的', 'Said by'],
  ]
  return table(
    head.map((words) => say(language, words)),
    rows.map((row) => [
      shortId(row.id),
      row.address || shortId(row.household),
      row.from ?? '',
      `${row.until ?? ''}${row.isOpen ? say(language, ['(没说到哪天,到时再问)', ' (no end given: ask then)']) : ''}`,
      say(language, STATES[row.state]),
      row.saidBy === null ? '' : valueText('leave', 'saidBy', row.saidBy, language),
    ]),
  )
}

/** `外出中,到 2026-12-01,网格员说的`. */
export function leaveText(row: LeaveRow, language: Language): string {
  const until = row.isOpen
    ? say(language, [`没说到哪天,${row.until} 再问`, `no end given, ask on ${row.until}`])
    : say(language, [`到 ${row.until}`, `until ${row.until}`])
  const from = row.state === 'to-come' ? say(language, [`${row.from} 起`, `from ${row.from}`]) : ''
  const who = row.saidBy === null ? '' : valueText('leave', 'saidBy', row.saidBy, language)
  return [
    say(language, STATES[row.state]),
    from,
    until,
    who && say(language, [`${who}说的`, `said by: ${who}`]),
  ]
    .filter(Boolean)
    .join(say(language, [',', ', ']))
}

export const leaveJson = ({ by, atMs, isOpen, ...row }: LeaveRow): object => ({
  ...row,
  openEnded: isOpen,
  by: by.member,
  byName: by.name,
  at: new Date(atMs).toISOString(),
})
