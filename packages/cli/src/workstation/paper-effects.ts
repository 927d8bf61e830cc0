import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { addressOf, shortAddress } from '@doorstep/core'
import { printHomeSheet } from '../station/print-home-sheet.ts'
import { printNotice } from '../station/print-notice.ts'
import { sendToPrinter } from '../station/send-to-printer.ts'
import type { Desk } from './desk.ts'
import { keepHow } from './how.ts'
import type { Effect } from './state.ts'

export type PaperEffect = Extract<
  Effect,
  { type: 'print-notice' | 'print-meters' | 'send-print' | 'keep-how' }
>

const SIZE = 18

/** Outside of the home: what is printed is meant to be seen. */
export const printFolder = (): string => process.env.DOORSTEP_PRINT_DIR ?? join(homedir(), 'doorstep-print')

export async function paper(desk: Desk, effect: PaperEffect): Promise<void> {
  const { station, records } = desk
  if (effect.type === 'keep-how') return keepHow(station, effect.household, effect.how)
  if (effect.type === 'send-print') {
    const sent = sendToPrinter(effect.file)
    if (!sent.ok) return desk.fail(sent.problem)
    return desk.dispatch({ type: 'done', words: ['已送打印机', 'Sent to the printer'] })
  }
  const { household } = effect
  const { language } = desk.state
  const folder = printFolder()
  const door = shortAddress(addressOf(records, records.getA('household', household))).replaceAll(
    /[\\/]/g,
    '-',
  )
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    return desk.fail({
      type: 'file-unwritable',
      file: folder,
      code: (error as NodeJS.ErrnoException).code ?? '',
    })
  }
  const printed =
    effect.type === 'print-meters'
      ? await printHomeSheet(
          station,
          { id: household, space: records.getA('household', household)?.space ?? '' },
          { language, size: SIZE, set: records, file: join(folder, `${door}-meters-${desk.day}.pdf`) },
        )
      : await printNotice(station, records, {
          ...{ household, kind: effect.kind, language, size: SIZE },
          file: join(folder, `${door}-${effect.kind}-${desk.day}.pdf`),
        })
  if (!printed.ok) return desk.fail(printed.problem)
  desk.refresh()
  desk.dispatch({ type: 'notice-written', file: printed.value.file })
}
