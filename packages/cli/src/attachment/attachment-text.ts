import {
  type AttachmentRow,
  addressOf,
  type BlobPlace,
  type BlobStatus,
  type RecordSet,
  shortAddress,
} from '@doorstep/core'
import { bytesText } from '../voice/bytes.ts'
import { type Language, plural, say, type Words } from '../voice/language.ts'
import { labelled, table } from '../voice/table.ts'
import { instantWords, isoTime, type Today } from '../voice/time.ts'
import { shortId, valueText } from '../voice/value-text.ts'

/** Where it is: here, in part, or missing and who has it. */
export function placeText(place: BlobPlace, language: Language): string {
  const holders = place.holders.slice(0, 3).join(language === 'zh' ? '、' : ', ')
  const has: Words = holders
    ? [`,${holders} 有`, `, ${holders} has it`]
    : [',还不知道谁有', ', nobody is known to have it']
  const percent = place.bytes > 0 ? Math.floor((100 * place.receivedBytes) / place.bytes) : 0
  switch (place.state) {
    case 'here':
      return say(language, place.isKept ? ['在这里,保留', 'here, kept'] : ['在这里', 'here'])
    case 'partly':
      return say(language, [`收到 ${percent}%${has[0]}`, `${percent}% here${has[1]}`])
    case 'left':
      return say(language, [`没有留在这里${has[0]}`, `not kept here${has[1]}`])
    case 'missing':
      return say(language, [`缺${has[0]}`, `missing${has[1]}`])
  }
}

/** The door it belongs to, as people say it; empty where nobody lives there any more. */
export const doorOfAttachment = (set: RecordSet, { household }: AttachmentRow): string =>
  household === null ? '' : shortAddress(addressOf(set, set.getA('household', household)))

export const kindText = (row: AttachmentRow, language: Language): string =>
  [valueText('attachment', 'kind', row.kind, language), valueText('attachment', 'phase', row.phase, language)]
    .filter(Boolean)
    .join(' ')

/** What it is in a few words, without showing it: for lists, pipes and screen readers. */
export function attachmentWords(row: AttachmentRow, language: Language): string {
  const size = row.width && row.height ? ` ${row.width}×${row.height}` : ''
  const caption = row.caption ? ` ${row.caption}` : ''
  return `${kindText(row, language)}${caption}${size} ${bytesText(row.bytes)}`
}

/** `doorOf` says at which door each is, where that is not the same for all. */
export function attachmentsText(
  rows: readonly AttachmentRow[],
  today: Today,
  doorOf: (row: AttachmentRow) => string = () => '',
): string {
  const { language } = today
  if (rows.length === 0) return say(language, ['没有附件。', 'No attachments.'])
  const head: Words[] = [
    ['门牌', 'Door'],
    ['种类', 'Kind'],
    ['说明', 'Caption'],
    ['时间', 'When'],
    ['谁', 'By'],
    ['大小', 'Size'],
    ['原件', 'Original'],
    ['预览', 'Preview'],
    ['id', 'id'],
  ]
  return table(
    head.map((words) => say(language, words)),
    rows.map((row) => [
      doorOf(row),
      kindText(row, language),
      row.caption ?? '',
      instantWords(row.atMs, today),
      row.by.name,
      bytesText(row.bytes),
      placeText(row.original, language),
      row.preview ? placeText(row.preview, language) : '',
      shortId(row.id),
    ]),
  )
}

export function attachmentText(row: AttachmentRow, today: Today, door: string): string {
  const { language } = today
  const lines: readonly (readonly [Words, string | null])[] = [
    [['id', 'id'], row.id],
    [['种类', 'Kind'], kindText(row, language)],
    [['说明', 'Caption'], row.caption],
    [['关于', 'About'], [door, row.about].filter(Boolean).join('  ')],
    [['时间', 'When'], instantWords(row.atMs, today)],
    [['谁', 'By'], row.by.name],
    [
      ['格式', 'Format'],
      [row.mediaType, row.width && row.height ? `${row.width}×${row.height}` : '', bytesText(row.bytes)]
        .filter(Boolean)
        .join('  '),
    ],
    [['原件', 'Original'], placeText(row.original, language)],
    [['预览', 'Preview'], row.preview && placeText(row.preview, language)],
  ]
  return labelled(lines.map(([words, text]) => [say(language, words), text] as const))
}

const placeJson = (place: BlobPlace | null) => place && { ...place, holders: [...place.holders] }

export const attachmentJson = ({ atMs, original, preview, bytes, ...row }: AttachmentRow) => ({
  ...row,
  bytes,
  at: isoTime(atMs),
  original: placeJson(original),
  preview: placeJson(preview),
})

export function statusText(
  { here, wanted, left, onlyHere, budget, overBytes }: BlobStatus,
  language: Language,
) {
  const tally = ({ count, bytes }: BlobStatus['here']) =>
    say(language, [`${count} 份,${bytesText(bytes)}`, `${plural(count, 'file')}, ${bytesText(bytes)}`])
  const room = budget.bytes === null ? say(language, ['不限', 'no limit']) : bytesText(budget.bytes)
  const originals = say(
    language,
    budget.originals === 'all' ? ['都收', 'all'] : ['有人要才收', 'when asked for'],
  )
  const lines: readonly (readonly [Words, string | null])[] = [
    [['在这里(原件和预览)', 'Here (originals and previews)'], tally(here)],
    [['还要收', 'To come'], tally(wanted)],
    [['没有留在这里', 'Not kept here'], tally(left)],
    [['只有这里有', 'Only here'], tally(onlyHere)],
    [['最多占用', 'At most'], room],
    [['原件', 'Originals'], originals],
    [
      ['超出', 'Beyond it'],
      overBytes === 0
        ? null
        : say(language, [
            `${bytesText(overBytes)}:别处没有或答应过保留的不会丢`,
            `${bytesText(overBytes)}: what nobody else has, or was promised to be kept, never goes`,
          ]),
    ],
  ]
  return labelled(lines.map(([words, text]) => [say(language, words), text] as const))
}
