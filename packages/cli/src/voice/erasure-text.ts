import {
  definitionOf,
  type Erasure,
  openRecordSet,
  type Projection,
  type Station,
  titleOf,
} from '@doorstep/core'
import { stationName } from '../station/names.ts'
import { type Language, say, type Words } from './language.ts'
import { table } from './table.ts'

/** What is about to go, masked as everywhere. */
export function erasingText(station: Station, records: readonly Projection[], language: Language): string {
  const set = openRecordSet(station, { follow: false })
  const label = (type: string) => say(language, definitionOf(type)?.label ?? [type, type])
  return [
    say(language, [
      '以下记录将永久删除,无法恢复;留下一份不含内容的证明:',
      'These records will be erased for good and cannot be brought back; a proof without their content stays:',
    ]),
    table(
      [say(language, ['编号', 'Id']), say(language, ['种类', 'Type']), say(language, ['名称', 'Name'])],
      records.map((record) => [record.id, label(record.type), titleOf(set, record, language)]),
    ),
  ].join('\n')
}

/** What went, and plainly what no erasure reaches. */
export function erasedText(station: Station, erasure: Erasure, language: Language): string {
  const { erased, notReached } = erasure
  const parts = erased.reduce((sum, one) => sum + one.parts, 0)
  const stations = notReached.flatMap((one) => (one.type === 'station' ? [one] : []))
  const named = (former: boolean) =>
    stations.filter((one) => one.former === former).map((one) => stationName(station, one.station))
  const waiting = named(false)
  const former = named(true)
  const held = notReached.reduce((sum, one) => sum + (one.type === 'held' ? one.entries : 0), 0)
  const lines: (Words | null)[] = [
    [
      `已删除 ${erased.length} 条记录的 ${parts} 处内容,本机文件里也没有了。`,
      `Erased ${parts} parts of ${erased.length} records; nothing of them is left in this machine's files.`,
    ],
    held > 0
      ? [
          `另有 ${held} 条扣下的条目也写到它们,没有动;放行后会自动删除:doorstep quarantine list`,
          `${held} entries that are held back are about them too and were left; let in, they are erased by themselves: doorstep quarantine list`,
        ]
      : null,
    waiting.length > 0
      ? [
          `这些机器下次同步时删除;不再同步的就一直留着:${waiting.join('、')}`,
          `These machines erase them when they next sync; one that never does keeps them: ${waiting.join(', ')}`,
        ]
      : null,
    former.length > 0
      ? [
          `已移除或离开的机器可能再也不会同步,里面的够不着:${former.join('、')}`,
          `Machines that were removed or left may never sync again and are not reached: ${former.join(', ')}`,
        ]
      : null,
    [
      '以前写好的数据包和 U 盘、备份、打印的纸,这里也够不着:请收回销毁。旧数据包再读入时,被删的内容不会回来。',
      'Bundles and sticks written before, backups and printed paper are not reached: collect and destroy them. An old bundle that is read again does not bring back what was erased.',
    ],
  ]
  return lines.flatMap((words) => (words ? [say(language, words)] : [])).join('\n')
}
