import type { Check, Counted, Diagnosis, Wrong } from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { table } from './table.ts'

const NAMES: Readonly<Record<Check['name'], Words>> = {
  file: ['存储文件', 'Store file'],
  entries: ['条目与链', 'Entries and chains'],
  signatures: ['签名', 'Signatures'],
  erasures: ['删除', 'Erasures'],
  records: ['记录重算', 'Records folded again'],
  checkpoints: ['检查点', 'Checkpoints'],
  blobs: ['照片与录音', 'Photos and recordings'],
  drafts: ['草稿', 'Drafts'],
  readings: ['原始读数', 'Raw readings'],
  'void-parts': ['作废部分', 'Void parts'],
  forks: ['分叉', 'Forks'],
  newer: ['要更新的版本', 'Needs a newer version'],
  unheard: ['久无消息的站点', 'Stations without word'],
}

/** What a check counted is said by its name; what else it found is said only when there is some. */
const COUNTED: Readonly<Partial<Record<Counted, Words>>> = {
  parts: ['部分', 'parts'],
  unconfirmed: ['已通知、未确认', 'announced, not confirmed'],
  unnamed: ['待下次删除', 'for the next erasure'],
  left: ['还在', 'still here'],
  aside: ['损坏后另存', 'set aside, damaged'],
  differing: ['不一致', 'differ'],
}

const WRONG: Readonly<Record<Wrong['what'], Words>> = {
  file: ['文件', 'file'],
  malformed: ['不成条目', 'malformed'],
  hash: ['哈希不符', 'hash'],
  chain: ['链断了', 'chain'],
  signature: ['签名不符', 'signature'],
  'not-erased': ['还在', 'still here'],
  gone: ['没有了', 'gone'],
  differs: ['不一致', 'differs'],
  page: ['检查点页不符', 'checkpoint page'],
  damaged: ['已损坏', 'damaged'],
  'damaged-alone': ['已损坏,别处没有', 'damaged, and known to be nowhere else'],
  unreadable: ['读不出', 'not readable'],
}

export const doctorText = ({ checks }: Diagnosis, language: Language): string =>
  table(
    (
      [
        ['检查', 'Check'],
        ['结果', 'Result'],
        ['详情', 'Detail'],
      ] as const
    ).map((words) => say(language, words)),
    checks.map((check) => [
      say(language, NAMES[check.name]),
      say(language, check.ok ? ['好', 'ok'] : ['不对', 'WRONG']),
      [countsText(check, language), ...check.wrong.map((one) => wrongText(one, language))]
        .filter(Boolean)
        .join('; '),
    ]),
  )

function countsText({ counts }: Check, language: Language): string {
  const [first, ...more] = Object.entries(counts) as [Counted, number][]
  return [
    ...(first ? [String(first[1])] : []),
    ...more.flatMap(([counted, n]) =>
      n > 0 ? [`${n} ${say(language, COUNTED[counted] ?? [counted, counted])}`] : [],
    ),
  ].join(', ')
}

const wrongText = ({ what, name }: Wrong, language: Language): string =>
  [say(language, WRONG[what]), name].filter(Boolean).join(': ')
