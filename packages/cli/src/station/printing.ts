import { resolve } from 'node:path'
import { type NoteExport, noteExport, type Result, type Station } from '@doorstep/core'
import { Flags } from '@oclif/core'
import { wrongUse } from '../flags.ts'
import type { WrittenPaper } from '../paper/write-paper.ts'
import { bytesText } from '../voice/bytes.ts'
import { plural, type Words } from '../voice/language.ts'
import { spacesOf } from './names.ts'

/** Smaller than this is not read by old eyes in a stairway. Points. */
export const SMALLEST_SIZE = 16
const LARGEST_SIZE = 40

/** Flags that everything printed shares. */
export const printFlags = {
  to: Flags.string({ helpValue: 'FILE.pdf', description: 'PDF 写到哪里 · the PDF to write' }),
  size: Flags.integer({
    default: 18,
    description: `字号(磅),${SMALLEST_SIZE}–${LARGEST_SIZE} · size of type in points`,
    parse: async (text) => {
      const size = Number(text)
      return Number.isInteger(size) && size >= SMALLEST_SIZE && size <= LARGEST_SIZE
        ? size
        : wrongUse(
            `字号为 ${SMALLEST_SIZE} 到 ${LARGEST_SIZE} 磅的整数`,
            `the size is a whole number of points from ${SMALLEST_SIZE} to ${LARGEST_SIZE}`,
          )
    },
  }),
}

/** Where it goes: what was asked for, else beside where one is. */
export const paperFile = (to: string | undefined, name: string): string => resolve(to ?? name)

export const communityName = (station: Station): string =>
  spacesOf(station).find(({ kind }) => kind === 'community')?.name ?? ''

/** That it was printed is written down before it is. */
export const notePrint = (
  station: Station,
  what: NoteExport['what'],
  noted: Omit<NoteExport, 'what'>,
): Promise<Result<{ readonly export: string } | null>> =>
  noteExport(station, 'paper.print', { what, ...noted })

/** What was written, and what could not be printed. */
export const printedWords = ({ file, pages, bytes, missing }: WrittenPaper): Words => {
  const size = bytesText(bytes)
  const rare = missing.join(' ')
  return [
    `已写好 ${file}:${pages} 页,${size}。这次打印已记下。${missing.length > 0 ? `\n字库里没有这些字,印成了 〓,请手写补上:${rare}` : ''}`,
    `Wrote ${file}: ${plural(pages, 'page')}, ${size}. That it was printed is written down.${missing.length > 0 ? `\nThe typeface lacks these characters, printed as 〓; please write them in by hand: ${rare}` : ''}`,
  ]
}
