import type { ExportedTable } from '../station/export-table.ts'
import { bytesText } from './bytes.ts'
import { type Language, plural, say, type Words } from './language.ts'

export function exportedText(done: ExportedTable, language: Language): string {
  const { file, rows, columns, masked, withoutPlace, bytes, format } = done
  const lines: (Words | false)[] = [
    [
      `写好了 ${file}:${rows} 行,${columns.length} 列,${bytesText(bytes)}。`,
      `Written to ${file}: ${plural(rows, 'row')}, ${plural(columns.length, 'column')}, ${bytesText(bytes)}.`,
    ],
    masked
      ? [
          '身份证号、电话等打了星号。这次导出已记下:doorstep audit list --action table',
          'ID numbers, phones and the like are masked. It is written down: doorstep audit list --action table',
        ]
      : [
          '没有打星号。请看管好这个文件,用完删掉。这次导出已记下:doorstep audit list --action table',
          'Nothing is masked. Guard this file, and delete it after use. It is written down: doorstep audit list --action table',
        ],
    withoutPlace !== null &&
      withoutPlace > 0 && [
        `其中 ${withoutPlace} 行不知道坐标,没有写进去(楼栋的经度、纬度)。`,
        `${plural(withoutPlace, 'row')} without a known place (latitude and longitude of the building) ${withoutPlace === 1 ? 'is' : 'are'} not in it.`,
      ],
    !masked &&
      format === 'csv' && [
        '用 Excel 打开 CSV 会丢掉身份证号的最后几位;要在 Excel 里看,请导出 .xlsx。',
        'Excel drops the last digits of ID numbers when it opens a CSV; to look at it in Excel, export .xlsx.',
      ],
  ]
  return lines.flatMap((words) => (words ? [say(language, words)] : [])).join('\n')
}

export function reportWrittenText(
  { file, month, bytes, noted }: { file: string; month: string; bytes: number; noted: string | null },
  language: Language,
): string {
  return say(language, [
    `写好了 ${file}:${month} 的报表,${bytesText(bytes)}。${noted ? '已记下。' : '这台机器不能写,没有记下。'}`,
    `Written to ${file}: the report of ${month}, ${bytesText(bytes)}. ${noted ? 'It is written down.' : 'This station writes nothing, so it is not written down.'}`,
  ])
}
