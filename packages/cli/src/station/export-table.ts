import { basename, extname } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import {
  BYTE_ORDER_MARK,
  compareNames,
  csvRows,
  type ExportAsk,
  exportTables,
  fail,
  findGrid,
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
  const parts = partsOf(station, ask)
  if (!parts.ok) return parts
  // Counted first: that so many rows leave is on the disk before the first of them is.
  const first = parts.value.counted[0]!
  const count = parts.value.counted.reduce((sum, { rows }) => sum + rows, 0)
  const part = FilePart.open(ask.file)
  if (!part.ok) return part
  return part.value.attempt(async () => {
    const { columns } = first
    const noted = await noteExport(station, action, {
      what: 'table',
      name: ask.what,
      spaces: parts.value.counted.flatMap(({ space, rows }) => (rows > 0 && space !== null ? [space] : [])),
      count,
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
    const wrote = await writeRows(part.value, { columns, count, parts: parts.value.each }, ask, geo)
    if (!wrote.ok) return wrote
    return ok({
      file: ask.file,
      format: ask.format,
      rows: count,
      columns: columns.map(({ id }) => id),
      masked: !ask.plain,
      withoutPlace: ask.format === 'geojson' ? geo.withoutPlace : null,
      bytes: part.value.bytes,
      noted: noted.value.export,
    })
  })
}

type Parts = {
  readonly counted: readonly {
    readonly space: string | null
    readonly rows: number
    readonly columns: PlannedExport['columns']
  }[]
  readonly each: Iterable<PlannedExport>
}

/** A part for each grid, of which one is in memory at a time: a town of many grids is larger than a laptop. */
function partsOf(station: Station, ask: TableToExport): Result<Parts, Problem> {
  const community = openRecordSet(station, { follow: false, spaces: [] })
  const one = ask.filter?.grid === undefined ? null : findGrid(community, ask.filter.grid)
  const readable = new Set(station.spaces().map(({ id }) => id))
  const grids = [...community.ofType('grid')]
    .filter(({ fields }) => readable.has(String(fields.space)) && (!one || fields.space === one.space))
    .sort((a, b) => compareNames(String(a.fields.name), String(b.fields.name)))
  const spaces: (string | null)[] = grids.map(({ fields }) => String(fields.space))
  if (spaces.length === 0 || (ask.filter?.grid !== undefined && !one)) spaces.splice(0, spaces.length, null)
  const planOf = (space: string | null) =>
    planExport(openRecordSet(station, { follow: false, spaces: space === null ? [] : [space] }), ask)
  const counted: Parts['counted'][number][] = []
  let last: PlannedExport | null = null
  for (const space of spaces) {
    const planned = planOf(space)
    if (!planned.ok) return planned
    counted.push({ space, rows: planned.value.rows.length, columns: planned.value.columns })
    last = spaces.length === 1 ? planned.value : null
  }
  return ok({
    counted,
    each: {
      *[Symbol.iterator]() {
        if (last) yield last
        else
          for (const space of spaces) {
            const planned = planOf(space)
            if (planned.ok) yield planned.value
          }
      },
    },
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
  table: {
    readonly columns: PlannedExport['columns']
    readonly count: number
    readonly parts: Iterable<PlannedExport>
  },
  ask: TableToExport,
  geo: GeoCount,
): Promise<Result<void, ExportTableProblem>> {
  const total = table.count
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
    const sheet = await streamRows(part.stream(), { name, columns: sheetColumns(table, style) })
    for (const planned of table.parts)
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
      ? csvRows(table.parts, style)
      : ask.format === 'jsonl'
        ? jsonRows(table.parts)
        : geoRows(table.parts, geo)
  for (const piece of pieces) {
    part.write(piece)
    if (!(await turn())) return fail({ type: 'interrupted' })
  }
  return ok(undefined)
}
