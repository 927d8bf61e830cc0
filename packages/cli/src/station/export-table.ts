import { basename, extname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import {
  BYTE_ORDER_MARK,
  csvRows,
  type ExportAsk,
  exportTables,
  fail,
  type GeoCount,
  geoRows,
  jsonRows,
  mayAct,
  noteExport,
  ok,
  openRecordSet,
  type PlannedExport,
  type Problem,
  planExport,
  type Result,
  type Station,
  sheetCells,
  sheetColumns,
  streamRows,
} from '@doorstep/core'
import { FilePart } from './file-part.ts'

export const exportFormats = ['xlsx', 'csv', 'jsonl', 'geojson'] as const
export type ExportFormat = (typeof exportFormats)[number]

export type TableToExport = ExportAsk & {
  readonly file: string
  readonly format: ExportFormat
  readonly reason?: string
  /** Ids of columns and codes of choices instead of labels. */
  readonly codes: boolean
  /** A byte order mark at the head of a CSV: without it Excel takes UTF-8 for something else. */
  readonly bom: boolean
  readonly onProgress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}
export type ExportedTable = {
  readonly file: string
  readonly format: ExportFormat
  readonly rows: number
  readonly columns: readonly string[]
  readonly masked: boolean
  /** Of GeoJSON: rows whose place is not known. */
  readonly withoutPlace: number | null
  readonly bytes: number
  /** The record that says so. */
  readonly noted: string
}
export type ExportTableProblem = Problem & { type: 'role-may-not' | 'interrupted' }

export const formatOf = (file: string): ExportFormat | null =>
  exportFormats.find((format) => extname(file).toLowerCase() === `.${format}`) ?? null

/** A table as a file. That it leaves, what it holds and why is on the disk before the file appears. */
export async function exportTable(
  station: Station,
  ask: TableToExport,
): Promise<Result<ExportedTable, ExportTableProblem | Problem>> {
  const action = ask.plain ? 'table.unmask' : 'table.write'
  const role = station.member()?.role ?? null
  if (role === null || !mayAct(role, action)) return fail({ type: 'role-may-not', role, action })
  const set = openRecordSet(station, { follow: false })
  const planned = planExport(set, ask)
  if (!planned.ok) return planned
  const part = FilePart.open(ask.file)
  if (!part.ok) return part
  return part.value.attempt(async () => {
    const { columns, rows } = planned.value
    const noted = await noteExport(station, action, {
      what: 'table',
      name: ask.what,
      spaces: [...new Set(rows.flatMap((row) => Object.values(row).map(({ space }) => space)))].sort(),
      count: rows.length,
      format: ask.format,
      to: basename(ask.file).slice(-120),
      columns: columns
        .map(({ id }) => id)
        .join(' ')
        .slice(0, 2000),
      masked: !ask.plain,
      ...(filtersText(ask) ? { filters: filtersText(ask) } : {}),
      ...(ask.reason === undefined ? {} : { reason: ask.reason }),
    })
    if (!noted.ok) return noted
    if (noted.value === null) return fail({ type: 'role-may-not', role, action })
    const geo = { features: 0, withoutPlace: 0 }
    const wrote = await writeRows(part.value, planned.value, ask, geo)
    if (!wrote.ok) return wrote
    return ok({
      file: ask.file,
      format: ask.format,
      rows: rows.length,
      columns: columns.map(({ id }) => id),
      masked: !ask.plain,
      withoutPlace: ask.format === 'geojson' ? geo.withoutPlace : null,
      bytes: part.value.bytes,
      noted: noted.value.export,
    })
  })
}

export const filtersText = ({ filter = {} }: Pick<ExportAsk, 'filter'>): string =>
  Object.entries(filter)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
    .slice(0, 300)

/** Rows between looks at the signal, at the screen, and turns of others in this process. */
const TURN_ROWS = 500

async function writeRows(
  part: FilePart,
  planned: PlannedExport,
  ask: TableToExport,
  geo: GeoCount,
): Promise<Result<void, ExportTableProblem>> {
  const total = planned.rows.length
  let done = 0
  const turn = async (): Promise<boolean> => {
    if (++done % TURN_ROWS !== 0) return true
    ask.onProgress?.(done, total)
    await setImmediate()
    return ask.signal?.aborted !== true
  }
  const style = { language: ask.language, codes: ask.codes }
  if (ask.format === 'xlsx') {
    const name = exportTables[ask.what].label[ask.language === 'zh' ? 0 : 1]
    const sheet = await streamRows(part.stream(), { name, columns: sheetColumns(planned, style) })
    for (const row of planned.rows) {
      sheet.add(sheetCells(planned, row, style))
      if (!(await turn())) return fail({ type: 'interrupted' })
    }
    await sheet.end()
    return ok(undefined)
  }
  if (ask.format === 'csv' && ask.bom) part.write(BYTE_ORDER_MARK)
  const pieces =
    ask.format === 'csv'
      ? csvRows(planned, style)
      : ask.format === 'jsonl'
        ? jsonRows(planned)
        : geoRows(planned, geo)
  for (const piece of pieces) {
    part.write(piece)
    if (!(await turn())) return fail({ type: 'interrupted' })
  }
  return ok(undefined)
}
