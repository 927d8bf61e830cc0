import {
  addressOf,
  addressText,
  listCases,
  ok,
  type RecordSet,
  type Result,
  type Station,
} from '@doorstep/core'
import { type NoticeKind, noticePaper } from '../paper/notice-paper.ts'
import { type WrittenPaper, writePaper } from '../paper/write-paper.ts'
import type { Language } from '../voice/language.ts'
import { memberNames } from './names.ts'
import { officeContact } from './office-contact.ts'
import { communityName, notePrint } from './printing.ts'
import { todayOf } from './today.ts'

export type PrintNotice = {
  readonly household: string
  readonly kind: NoticeKind
  readonly language: Language
  readonly size: number
  readonly file: string
  /** Today when not given. */
  readonly on?: string
  readonly at?: string
}

export type PrintedNotice = WrittenPaper & { readonly export: string | null; readonly hazards: number }

/** That it is printed is written down first; the notice itself names nobody who lives there, and no reason. */
export async function printNotice(
  station: Station,
  set: RecordSet,
  { household, kind, language, size, file, on, at }: PrintNotice,
): Promise<Result<PrintedNotice>> {
  const record = set.getA('household', household)
  if (!record) throw new Error(`household ${household} of a notice is not there`)
  const { today } = todayOf(station, language)
  const hazards =
    kind === 'hazard'
      ? listCases(set, { on: today, household, open: true, language }).filter((one) =>
          one.kind?.endsWith('hazard'),
        )
      : []
  const noted = await notePrint(station, 'notice', {
    spaces: [record.space],
    count: 1,
    reason: kind,
    subject: household,
  })
  if (!noted.ok) return noted
  const paper = noticePaper({
    kind,
    language,
    size,
    address: addressText(addressOf(set, record), language),
    community: communityName(station),
    contact: officeContact(station),
    worker: memberNames(station).get(station.identity.member) ?? '',
    on: on ?? today,
    at: at ?? null,
    today,
    hazards,
  })
  const written = await writePaper(station, file, paper.title, [paper])
  return written.ok
    ? ok({ ...written.value, export: noted.value?.export ?? null, hazards: hazards.length })
    : written
}
