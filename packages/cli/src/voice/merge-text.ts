import {
  type Alike,
  type Duplicate,
  type DuplicateReason,
  gridName,
  type Mergeable,
  type MergedRecords,
  type MergeRow,
  memberName,
  personRow,
  type RecordSet,
  shown,
  titleOf,
} from '@doorstep/core'
import { type Language, say, type Words } from './language.ts'
import { table } from './table.ts'
import { isoTime } from './time.ts'
import { fieldLabel, shortId } from './value-text.ts'

export function mergedText(type: Mergeable, { survivor, chosen }: MergedRecords, language: Language): string {
  const lines = [
    say(language, [
      `已合并,以后是 ${shortId(survivor)}。两条都还在,可以分开:doorstep ${type} unmerge ${shortId(survivor)} --reason …`,
      `Merged; from now on ${shortId(survivor)}. Both are kept and can be taken apart: doorstep ${type} unmerge ${shortId(survivor)} --reason …`,
    ]),
  ]
  const named = (side: 'keep' | 'other') =>
    Object.keys(chosen)
      .filter((field) => chosen[field] === side)
      .map((field) => fieldLabel(type, field, language))
      .join(language === 'zh' ? '、' : ', ')
  for (const [side, zh, en] of [
    ['keep', '两条不一样,用了第一条的', 'They differed; of the first hold'],
    ['other', '两条不一样,用了第二条的', 'They differed; of the second hold'],
  ] as const)
    if (named(side) !== '') lines.push(say(language, [`${zh}:${named(side)}`, `${en}: ${named(side)}`]))
  return lines.join('\n')
}

const STATES = {
  same: ['是一条', 'one'],
  apart: ['不是同一条', 'not the same'],
  unsaid: ['没有说', 'unsaid'],
} as const

export function mergesText(set: RecordSet, rows: readonly MergeRow[], language: Language): string {
  if (rows.length === 0) return say(language, ['没有合并过的。', 'Nothing was merged.'])
  const named = (id: string) => {
    const [record] = set.members(id).filter((one) => one.id === id)
    return `${record ? titleOf(set, record, language) : ''} ${shortId(id)}`.trim()
  }
  return table(
    [
      say(language, ['一条', 'One']),
      say(language, ['另一条', 'The other']),
      '',
      say(language, ['谁说的', 'By']),
      say(language, ['原因', 'Why']),
    ],
    rows.map((row) => {
      const last = row.live.at(-1)
      return [
        named(row.one),
        named(row.other),
        say(language, STATES[row.state]),
        last ? `${memberName(set, last.by)} ${last.on}` : '',
        last?.reason ?? '',
      ]
    }),
  )
}

export const mergeJson = ({ acts, live, ...row }: MergeRow) => ({
  ...row,
  acts: acts.map(({ at, past, ...act }) => ({
    ...act,
    holds: live.some(({ id }) => id === act.id),
    givenUp: Object.fromEntries(
      Object.entries(past).map(([field, records]) => [field, Object.keys(records)]),
    ),
    at: isoTime(at),
  })),
})

const REASONS: Readonly<Record<DuplicateReason, Words>> = {
  'same-id-number': ['身份证号相同', 'same ID number'],
  'same-name-and-birth': ['姓名和生日相同', 'same name and birth date'],
  'same-name-at-door': ['同一门牌同名', 'same name at the same door'],
  'same-sound-at-door': ['同一门牌同音', 'names sound alike at the same door'],
  'same-phone': ['电话相同', 'same phone'],
  'same-door': ['同一门牌', 'same door'],
  'same-name': ['同名', 'same name'],
}
export const reasonsText = (reasons: readonly DuplicateReason[], language: Language): string =>
  reasons.map((reason) => say(language, REASONS[reason])).join(language === 'zh' ? '、' : ', ')

/** What a record is called in a list of look-alikes: a name, and where. */
function placed(set: RecordSet, id: string, language: Language): string {
  const record = set.get(id)
  if (!record) return id
  if (record.type !== 'person') {
    const name = shown('household', 'name', record.fields.name, set.viewer)
    return [name, titleOf(set, record, language)].filter(Boolean).join('  ')
  }
  const row = personRow(set, record, { on: LATEST_DAY, language })
  return [row.name ?? id, row.address].filter(Boolean).join('  ')
}
const LATEST_DAY = '9999-12-30'

export function duplicatesText(
  set: RecordSet,
  type: Mergeable,
  rows: readonly Duplicate[],
  language: Language,
): string {
  if (rows.length === 0) return say(language, ['没有像重复的。', 'Nothing looks twice.'])
  const list = table(
    [
      say(language, ['一条', 'One']),
      say(language, ['另一条', 'The other']),
      say(language, ['理由', 'Why']),
      say(language, ['分', 'Score']),
      '',
      'id',
    ],
    rows.map((row) => [
      placed(set, row.one, language),
      placed(set, row.other, language),
      reasonsText(row.reasons, language),
      String(row.score),
      row.acrossGrids ? say(language, ['跨网格', 'two grids']) : '',
      `${shortId(row.one)} ${shortId(row.other)}`,
    ]),
  )
  return `${list}\n\n${say(language, [
    `是同一条:doorstep ${type} merge … --reason …;不是:doorstep ${type} not-same … --reason …`,
    `The same? doorstep ${type} merge … --reason …; not the same? doorstep ${type} not-same … --reason …`,
  ])}`
}

export const duplicateJson = (set: RecordSet, row: Duplicate) => ({
  ...row,
  grids: [row.one, row.other].map((id) => gridName(set, set.get(id)?.space ?? '')),
})

/** Before somebody is saved who may be there already. */
export const alikeText = (
  set: RecordSet,
  type: Mergeable,
  alike: readonly Alike[],
  language: Language,
): string =>
  alike
    .slice(0, MOST_ALIKE)
    .map(({ id, reasons }) => {
      const who = `${placed(set, id, language)} ${shortId(id)} (${reasonsText(reasons, language)})`
      return say(language, [
        `${type === 'person' ? '可能是同一个人' : '可能是同一户'}:${who}`,
        `This may be the same ${type}: ${who}`,
      ])
    })
    .join('\n')
const MOST_ALIKE = 3
