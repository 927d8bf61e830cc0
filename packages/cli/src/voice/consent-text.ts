import type { ConsentRow, ConsentState } from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { table } from './table.ts'
import { fieldLabel, shortId, valueText } from './value-text.ts'

const STATES: Readonly<Record<ConsentState, Words>> = {
  'in-force': ['有效', 'in force'],
  withdrawn: ['已撤回', 'withdrawn'],
  outweighed: ['被撤回盖过', 'outweighed by a withdrawal'],
  expired: ['已到期', 'expired'],
  'not-yet': ['未开始', 'not yet'],
  'no-guardian': ['缺监护人', 'no guardian'],
}

export function consentsText(rows: readonly ConsentRow[], language: Language): string {
  if (rows.length === 0)
    return say(language, [
      '没有记下任何同意或依据。\n  doorstep consent give 住户 --purpose 用途 --how paper',
      'No consent or other basis is noted.\n  doorstep consent give HOUSEHOLD --purpose PURPOSE --how paper',
    ])
  const label = (field: string) => fieldLabel('consent', field, language)
  const value = (field: string, of: string | null) => valueText('consent', field, of, language)
  return table(
    [
      label('purpose'),
      label('subject'),
      say(language, ['状态', 'State']),
      label('basis'),
      label('how'),
      label('from'),
      label('until'),
      'id',
    ],
    rows.map((row) => [
      value('purpose', row.purpose),
      row.title,
      `${say(language, STATES[row.state])}${row.withdrawnOn ? ` ${row.withdrawnOn}` : ''}`,
      value('basis', row.basis),
      [value('how', row.how), row.guardian].filter(Boolean).join(' · '),
      row.from ?? '',
      row.until ?? '',
      shortId(row.id),
    ]),
  )
}
