import type { ImportReport, ProposedMapping } from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { ruleWords } from './rule-words.ts'
import { table } from './table.ts'
import { fieldLabel } from './value-text.ts'

/** More than a person reads on a screen; JSON lists them all. */
const MOST_REJECTED = 20

export function importText(report: ImportReport, dryRun: boolean, language: Language): string {
  const { read, created, updated, unchanged, conflicts, erased, skipped, rejected, grids } = report
  const would: Words = dryRun ? ['(只看,没有写)', ' (nothing was written)'] : ['', '']
  const lines: (Words | null)[] = [
    [
      `读了 ${read} 行:新建 ${created} 条,更新 ${updated},未变 ${unchanged}${would[0]}`,
      `${read} rows read: ${created} records created, ${updated} updated, ${unchanged} unchanged${would[1]}`,
    ],
    conflicts > 0
      ? [
          `其中 ${conflicts} 条与人改过的不一样,两种说法都留着:doorstep conflict list`,
          `${conflicts} of them differ from what a person wrote; both values stay: doorstep conflict list`,
        ]
      : null,
    erased > 0
      ? [
          `名册里还有 ${erased} 条已按规定删除的,没有再写入。`,
          `The register still has ${erased} records that were erased; they were not written again.`,
        ]
      : null,
    ...skipped.map(
      ({ reason, rows }): Words => [
        `略过 ${rows} 行(${ruleWords(reason)[0]})`,
        `${rows} rows skipped (${ruleWords(reason)[1]})`,
      ],
    ),
    ...(grids.length > 1
      ? grids.map(
          ({ name, households }): Words => [`${name}:${households} 户`, `${name}: ${households} households`],
        )
      : []),
    rejected.length > 0
      ? [`没有收 ${rejected.length} 处,其余照收:`, `${rejected.length} not taken, the rest was:`]
      : null,
    ...rejected.slice(0, MOST_REJECTED).map(rejectionWords),
    rejected.length > MOST_REJECTED
      ? [
          `  ……另有 ${rejected.length - MOST_REJECTED} 处,用 --json 看全`,
          `  … and ${rejected.length - MOST_REJECTED} more, see --json`,
        ]
      : null,
  ]
  return lines.flatMap((words) => (words ? [say(language, words)] : [])).join('\n')
}

function rejectionWords({ row, column, reason, ...detail }: ImportReport['rejected'][number]): Words {
  const [zh, en] = ruleWords(reason, detail)
  return column === null
    ? [`  第 ${row} 行:${zh}`, `  row ${row}: ${en}`]
    : [`  第 ${row} 行“${column}”:${zh}`, `  row ${row}, "${column}": ${en}`]
}

/** What each column was taken for, and what is left to a person. */
export function proposedText(
  { columns, headerRow }: ProposedMapping,
  to: string,
  file: string,
  language: Language,
): string {
  const rows = columns.map(({ column, field, unknownValues }) => {
    const [type = '', name = ''] = field?.split('.') ?? []
    return [
      column,
      field === null ? say(language, ['(不读)', '(not read)']) : fieldLabel(type, name, language),
      field ?? '',
      unknownValues.length > 0
        ? say(language, [`要补:${unknownValues.join('、')}`, `to be filled in: ${unknownValues.join(', ')}`])
        : '',
    ]
  })
  return [
    table(
      [
        say(language, [`第 ${headerRow} 行的列`, `Column in row ${headerRow}`]),
        say(language, ['当作', 'Taken for']),
        say(language, ['字段', 'Field']),
        say(language, ['不认识的值', 'Unknown values']),
      ],
      rows,
    ),
    say(language, [
      `写好了 ${to}。请核对改正,再试:doorstep import ${file} --mapping ${to} --dry-run`,
      `Written to ${to}. Check and correct it, then try: doorstep import ${file} --mapping ${to} --dry-run`,
    ]),
  ].join('\n')
}
