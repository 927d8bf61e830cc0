import { ok, type Projection, type RecordSet, type Result, type Station } from '@doorstep/core'
import { homeSheetPaper } from '../paper/home-sheet-paper.ts'
import { type WrittenPaper, writePaper } from '../paper/write-paper.ts'
import type { Language } from '../voice/language.ts'
import { sheetOf } from './home-sheet.ts'
import { communityName, notePrint } from './printing.ts'

export type PrintedHomeSheet = WrittenPaper & { readonly export: string | null; readonly meters: number }

/** That it is printed is written down first. */
export async function printHomeSheet(
  station: Station,
  household: Pick<Projection, 'id' | 'space'>,
  {
    language,
    size,
    file,
    set,
  }: { readonly language: Language; readonly size: number; readonly file: string; readonly set?: RecordSet },
): Promise<Result<PrintedHomeSheet>> {
  const made = await sheetOf(station, household, language, set)
  if (!made.ok) return made
  const { sheet, frame } = made.value
  const noted = await notePrint(station, 'meters', {
    spaces: [household.space],
    count: 1,
    subject: household.id,
  })
  if (!noted.ok) return noted
  const paper = homeSheetPaper(sheet, frame, { size, community: communityName(station) })
  const written = await writePaper(station, file, paper.title, [paper])
  return written.ok
    ? ok({ ...written.value, export: noted.value?.export ?? null, meters: sheet.meters.length })
    : written
}
