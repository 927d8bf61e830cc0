import { isPracticeCommunity, ok, type Result, type Station } from '@doorstep/core'
import { writeFileOnce } from '../station/write-file.ts'
import type { PaperSheet } from './block.ts'
import type { Rendered } from './render.ts'

export const PRACTICE_BANNER = '练习 PRACTICE · 练习 PRACTICE · 练习 PRACTICE'

export type WrittenPaper = Omit<Rendered, 'bytes'> & { readonly file: string; readonly bytes: number }

/** Draws the sheets and writes them into one PDF, which appears whole or not at all. */
export async function writePaper(
  station: Station,
  file: string,
  title: string,
  sheets: readonly PaperSheet[],
): Promise<Result<WrittenPaper>> {
  const { renderPaper } = await import('./render.ts')
  const banner = isPracticeCommunity(station.identity.community) ? PRACTICE_BANNER : null
  const { bytes, ...rest } = await renderPaper(sheets, { title, banner })
  const written = writeFileOnce(file, bytes)
  return written.ok ? ok({ file, bytes: bytes.length, ...rest }) : written
}
