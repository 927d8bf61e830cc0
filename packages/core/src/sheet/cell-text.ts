/** What a cell of a workbook shows, as text. */
import type { CellValue } from 'exceljs'

/** Before this a date is a time of day alone: spreadsheets count days from here. */
const FIRST_DAY_MS = Date.UTC(1900, 0, 1)
const DAY_MS = 24 * 60 * 60 * 1000

export function cellText(value: CellValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (value instanceof Date) return dateText(value)
  if ('richText' in value) return value.richText.map(({ text }) => text).join('')
  if ('error' in value) return value.error
  if ('formula' in value || 'sharedFormula' in value) return cellText(value.result)
  // The text of a link may itself be rich, whatever the types say.
  if ('hyperlink' in value) return cellText((value as { text: CellValue }).text)
  return ''
}

/** A spreadsheet keeps 15 digits: what follows is noise of the binary number (0.1 + 0.2). */
const numberText = (value: number): string =>
  Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(15)))

/** A workbook's dates have no zone; the library gives them as if they were UTC. */
function dateText(value: Date): string {
  const time = value.getTime()
  if (Number.isNaN(time)) return ''
  const iso = new Date(Math.round(time / 1000) * 1000).toISOString()
  if (time < FIRST_DAY_MS) return iso.slice(11, 19)
  return time % DAY_MS === 0 ? iso.slice(0, 10) : iso.slice(0, 19)
}
