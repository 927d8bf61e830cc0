import type { ReadingsReport } from '@doorstep/core'
import { DIRT_WORDS } from './dirt-words.ts'
import { type Language, say, type Words } from './language.ts'
import { ruleWords } from './rule-words.ts'
import { table } from './table.ts'

/** More than a person reads on a screen; JSON has more. */
const MOST_REJECTED = 20

export function readingsImportText(
  report: ReadingsReport & { readonly summarised: number; readonly dryRun: boolean },
  timeZone: string,
  language: Language,
): string {
  const { read, kept, known, devices, from, until, rejectedRows, rejected, dirt, summarised, dryRun } = report
  const day = (instant: string) => new Date(instant).toLocaleDateString('sv-SE', { timeZone })
  const would: Words = dryRun ? ['(只看,没有写)', ' (nothing was written)'] : ['', '']
  const lines: (Words | null)[] = [
    [
      `读了 ${read} 行:新收 ${kept} 个读数,已有 ${known} 个,${devices} 台设备${would[0]}`,
      `${read} rows read: ${kept} readings kept, ${known} known already, of ${devices} devices${would[1]}`,
    ],
    from !== null && until !== null
      ? [`从 ${day(from)} 到 ${day(until)}`, `from ${day(from)} to ${day(until)}`]
      : null,
    summarised > 0 ? [`写了 ${summarised} 份每日小结`, `${summarised} daily summaries written`] : null,
    rejectedRows > 0
      ? [`没有收 ${rejectedRows} 行,其余照收:`, `${rejectedRows} rows not taken, the rest was:`]
      : null,
    ...rejected.slice(0, MOST_REJECTED).map(rejectionWords),
    rejected.length > MOST_REJECTED ? ['  ……其余用 --json 看', '  … see the others with --json'] : null,
  ]
  const odd = Object.entries(dirt).filter(([, count]) => count > 0)
  const said = lines.flatMap((words) => (words ? [say(language, words)] : []))
  if (odd.length === 0) return said.join('\n')
  return [
    ...said,
    say(language, [
      '收下的读数里有这些不对劲,原样留着,用的时候按规则处理:',
      'Odd in what was kept; it stays as it is, and rules settle it when it is read:',
    ]),
    table(
      [
        say(language, ['不对劲', 'Odd']),
        say(language, ['次数', 'Times']),
        say(language, ['怎么处理', 'What is done']),
      ],
      odd.map(([kind, count]) => {
        const { name, done } = DIRT_WORDS[kind as keyof typeof DIRT_WORDS]
        return [say(language, name), String(count), say(language, done)]
      }),
    ),
  ].join('\n')
}

function rejectionWords({ row, column, reason, rows, ...detail }: ReadingsReport['rejected'][number]): Words {
  const [zh, en] = ruleWords(reason, detail)
  const more: Words = typeof rows === 'number' && rows > 1 ? [`(共 ${rows} 行)`, ` (${rows} rows)`] : ['', '']
  return column === null
    ? [`  第 ${row} 行:${zh}${more[0]}`, `  row ${row}: ${en}${more[1]}`]
    : [`  第 ${row} 行“${column}”:${zh}${more[0]}`, `  row ${row}, "${column}": ${en}${more[1]}`]
}
