/**
 * Workbooks (.xlsx) as rows of text, and back. The one place that knows `exceljs`, which is heavy: it is loaded on
 * first use, so whoever reads no workbook does not pay for it.
 */
import type { Writable } from 'node:stream'
import type ExcelJS from 'exceljs'
import { isDate } from '../record/define.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { cellText } from './cell-text.ts'
import { unpackedSize } from './zip-size.ts'

/** `number` is the row as the person sees it at the left of the sheet, from 1; empty rows are left out. */
export type SheetRow = { readonly number: number; readonly cells: readonly string[] }
export type Sheet = { readonly name: string; readonly rows: readonly SheetRow[] }

export type WorkbookProblem = Problem & {
  readonly type: 'not-a-workbook' | 'workbook-old-format' | 'workbook-too-large' | 'workbook-damaged'
}

/** A street's whole register unpacks to some tens of MiB; a file that unpacks to more than this is no honest one. */
export const MAX_UNPACKED_BYTES = 256 * 1024 * 1024

export const isWorkbook = (bytes: Uint8Array): boolean => startsWith(bytes, [0x50, 0x4b, 0x03, 0x04])
/** .xls of before 2007, and a workbook locked by a password, both lie in the same older container. */
export const isOldWorkbook = (bytes: Uint8Array): boolean => startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0])

/**
 * All sheets in their order, each cell as its reader sees it: a formula by its last result, a date as ISO 8601, a
 * number with the 15 digits a spreadsheet keeps, of merged cells the first alone.
 */
export async function readWorkbook(bytes: Uint8Array): Promise<Result<readonly Sheet[], WorkbookProblem>> {
  const workbook = await loadWorkbook(bytes)
  if (!workbook.ok) return workbook
  return ok(workbook.value.worksheets.map((sheet) => ({ name: sheet.name, rows: rowsOf(sheet) })))
}

/** What a register's reader need not know, and what makes reading slow. */
const BESIDES = ['dataValidations', 'conditionalFormatting', 'extLst', 'drawing', 'legacyDrawing']

async function loadWorkbook(
  bytes: Uint8Array,
  ignoreNodes: readonly string[] = BESIDES,
): Promise<Result<ExcelJS.Workbook, WorkbookProblem>> {
  if (isOldWorkbook(bytes)) return fail({ type: 'workbook-old-format' })
  if (!isWorkbook(bytes)) return fail({ type: 'not-a-workbook' })
  const unpackedBytes = unpackedSize(bytes)
  if (unpackedBytes === null)
    return fail({ type: 'workbook-damaged', reason: 'the list of what it holds is missing' })
  if (unpackedBytes > MAX_UNPACKED_BYTES)
    return fail({ type: 'workbook-too-large', bytes: unpackedBytes, maxBytes: MAX_UNPACKED_BYTES })
  const workbook = await newWorkbook()
  try {
    await workbook.xlsx.load(Buffer.from(bytes) as unknown as ExcelJS.Buffer, {
      ignoreNodes: [...ignoreNodes],
    })
  } catch (cause) {
    return fail({ type: 'workbook-damaged', reason: cause instanceof Error ? cause.message : String(cause) })
  }
  return workbook.worksheets.length === 0 ? fail({ type: 'not-a-workbook' }) : ok(workbook)
}

/** Why a cell does not say what its author meant. */
export type CellFlaw =
  /** A number of 16 digits or more: a spreadsheet keeps 15, and what it shows of the others is not what was typed. */
  | 'digits-lost'
  /** A formula that no spreadsheet has computed yet. */
  | 'no-result'
  | 'error-value'
  /** A date: room 3-1 may have become the first of March. No flaw where a date is wanted. */
  | 'is-a-date'

/** A row of a sheet that is read as a register; `cells` and `flaws` count columns from 0. */
export type RegisterRow = SheetRow & {
  readonly flaws: ReadonlyMap<number, CellFlaw>
  readonly hidden: boolean
}
export type RegisterSheet = { readonly name: string; readonly rows: readonly RegisterRow[] }

/**
 * The sheet of that name, else the only visible one that is not empty. A cell that is merged downwards stands in each
 * of its rows, as somebody reads it; merged sideways, in its first column.
 */
export async function readRegisterSheet(
  bytes: Uint8Array,
  name?: string,
): Promise<
  Result<RegisterSheet, WorkbookProblem | (Problem & { type: 'no-such-sheet' | 'sheet-not-chosen' })>
> {
  const workbook = await loadWorkbook(bytes)
  if (!workbook.ok) return workbook
  const sheets = workbook.value.worksheets
  const named = sheets.find((sheet) => sheet.name.trim() === name?.trim())
  const filled = sheets.filter((sheet) => sheet.state === 'visible' && sheet.actualRowCount > 0)
  const names = (filled.length > 0 ? filled : sheets).map((sheet) => sheet.name)
  if (name !== undefined && !named) return fail({ type: 'no-such-sheet', sheet: name, sheets: names })
  if (!named && filled.length > 1) return fail({ type: 'sheet-not-chosen', sheets: names })
  const sheet = named ?? filled[0]
  return ok(sheet ? { name: sheet.name, rows: registerRows(sheet) } : { name: '', rows: [] })
}

function registerRows(sheet: ExcelJS.Worksheet): RegisterRow[] {
  const rows: RegisterRow[] = []
  sheet.eachRow({ includeEmpty: false }, (row, number) => {
    const cells: string[] = []
    const flaws = new Map<number, CellFlaw>()
    row.eachCell({ includeEmpty: false }, (cell, column) => {
      const { master } = cell
      if (cell.isMerged && master.fullAddress.col !== column) return
      const flaw = flawOf(master.value)
      const text = flaw === 'error-value' ? '' : paddedText(master)
      if (text === '' && flaw === null) return
      while (cells.length < column) cells.push('')
      cells[column - 1] = text
      if (flaw) flaws.set(column - 1, flaw)
    })
    if (cells.length > 0) rows.push({ number, cells, flaws, hidden: row.hidden === true })
  })
  return rows
}

/** Beyond the 15 digits that a spreadsheet keeps. */
const LOST_FROM = 1e15

function flawOf(value: ExcelJS.CellValue): CellFlaw | null {
  if (typeof value === 'number') return Math.abs(value) >= LOST_FROM ? 'digits-lost' : null
  if (value instanceof Date) return 'is-a-date'
  if (typeof value !== 'object' || value === null) return null
  if ('error' in value) return 'error-value'
  if ('formula' in value || 'sharedFormula' in value) {
    const { result } = value as { result?: ExcelJS.CellValue }
    return result === undefined ? 'no-result' : flawOf(result)
  }
  return null
}

/** A number under the format `0000` is seen with its zeros. */
function paddedText(cell: ExcelJS.Cell): string {
  const text = cellText(cell.value)
  return /^0{2,}$/.test(cell.numFmt ?? '') && /^\d+$/.test(text)
    ? text.padStart(cell.numFmt.length, '0')
    : text
}

function rowsOf(sheet: ExcelJS.Worksheet): SheetRow[] {
  const rows: SheetRow[] = []
  sheet.eachRow({ includeEmpty: false }, (row, number) => {
    const cells: string[] = []
    row.eachCell({ includeEmpty: false }, (cell, column) => {
      const text = cell.isMerged && cell.master !== cell ? '' : cellText(cell.value)
      if (text === '') return
      while (cells.length < column) cells.push('')
      cells[column - 1] = text
    })
    if (cells.length > 0) rows.push({ number, cells })
  })
  return rows
}

/** Text stays text, whatever it begins with: a workbook has formulas only where one is asked for, and here none is. */
export type CellToWrite = string | number | boolean | Date | null
export type SheetToWrite = {
  /** Cut to what Excel takes: 31 characters, none of `\ / ? * [ ] :`. */
  readonly name: string
  readonly rows: readonly (readonly CellToWrite[])[]
  /** So many rows at the top are set in bold and stay while the rest scrolls. 1 unless told. */
  readonly headerRows?: number
}

/** Columns are as wide as what stands in them, Chinese counting double; dates show as `yyyy-mm-dd`. */
export async function writeWorkbook(sheets: readonly SheetToWrite[]): Promise<Uint8Array> {
  const workbook = await newWorkbook()
  for (const { name, rows, headerRows = 1 } of sheets) {
    const sheet = workbook.addWorksheet(sheetName(name), {
      views: headerRows > 0 ? [{ state: 'frozen', ySplit: headerRows }] : [],
    })
    for (const row of rows) sheet.addRow([...row])
    for (let number = 1; number <= headerRows && number <= rows.length; number++)
      sheet.getRow(number).font = { bold: true }
    layOut(sheet, rows)
  }
  return new Uint8Array(await workbook.xlsx.writeBuffer())
}

const MIN_WIDTH = 8
const MAX_WIDTH = 60

function layOut(sheet: ExcelJS.Worksheet, rows: readonly (readonly CellToWrite[])[]): void {
  const widths: number[] = []
  rows.forEach((row, at) => {
    row.forEach((value, column) => {
      if (value instanceof Date) sheet.getRow(at + 1).getCell(column + 1).numFmt = 'yyyy-mm-dd'
      const text = value instanceof Date ? 'yyyy-mm-dd' : String(value ?? '')
      widths[column] = Math.max(widths[column] ?? MIN_WIDTH, widthOf(text) + 2)
    })
  })
  widths.forEach((width, column) => {
    sheet.getColumn(column + 1).width = Math.min(width, MAX_WIDTH)
  })
}

const widthOf = (text: string): number =>
  Math.max(
    ...text.split('\n').map((line) => [...line].reduce((sum, sign) => sum + (sign > '\u2e7f' ? 2 : 1), 0)),
  )

const sheetName = (name: string): string => name.replaceAll(/[\\/?*[\]:]/g, ' ').slice(0, 31)

async function newWorkbook(): Promise<ExcelJS.Workbook> {
  const { default: exceljs } = await import('exceljs')
  return new exceljs.Workbook()
}

const startsWith = (bytes: Uint8Array, head: readonly number[]): boolean =>
  head.every((byte, at) => bytes[at] === byte)

/** A table that is written while it is computed: one sheet, a header that stays, and a filter over it. */
export type RowsToWrite = {
  readonly name: string
  readonly columns: readonly { readonly header: string; readonly type: 'text' | 'number' | 'date' }[]
}
export type RowWriter = {
  /** Days as YYYY-MM-DD in columns of dates. */
  readonly add: (cells: readonly CellToWrite[]) => void
  readonly end: () => Promise<void>
}

/** Into a stream, row by row, so that a town's table is never in memory as a whole. Columns of text stay text. */
export async function streamRows(to: Writable, { name, columns }: RowsToWrite): Promise<RowWriter> {
  const { default: exceljs } = await import('exceljs')
  const writer = new exceljs.stream.xlsx.WorkbookWriter({ stream: to, useStyles: true })
  const sheet = writer.addWorksheet(sheetName(name), { views: [{ state: 'frozen', ySplit: 1 }] })
  sheet.columns = columns.map(({ header, type }) => ({
    header,
    width: Math.min(Math.max(widthOf(header) * 0.6, 12), 40),
    ...(type === 'number' ? {} : { style: { numFmt: type === 'date' ? 'yyyy-mm-dd' : '@' } }),
  }))
  sheet.getRow(1).font = { bold: true }
  sheet.getRow(1).commit()
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: 1, column: Math.max(1, columns.length) } }
  return {
    add: (cells) =>
      sheet.addRow(cells.map((cell, at) => (columns[at]!.type === 'date' ? dayCell(cell) : cell))).commit(),
    end: async () => {
      sheet.commit()
      await writer.commit()
    },
  }
}

const dayCell = (cell: CellToWrite): CellToWrite =>
  typeof cell === 'string' && isDate(cell) ? new Date(`${cell}T00:00:00Z`) : cell

export type Form = ExcelJS.Workbook
export type FormSheet = ExcelJS.Worksheet

/** A workbook to be filled in and saved again, with its styles, merged cells, widths and formulas. */
export const openForm = (bytes: Uint8Array): Promise<Result<Form, WorkbookProblem>> => loadWorkbook(bytes, [])

/** What its formulas gave before is not what they give now: whoever opens it computes them. */
export async function saveForm(form: Form): Promise<Uint8Array> {
  form.calcProperties = { ...form.calcProperties, fullCalcOnLoad: true }
  return new Uint8Array(await form.xlsx.writeBuffer())
}
