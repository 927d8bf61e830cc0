/** Exports as text, a piece at a time: a table of a whole town is never in memory as one text. */
import type { Value } from '../record/change.ts'
import { type CellStyle, cellOf, harmless, headerOf } from './cell.ts'
import type { Column, RowRecords } from './column.ts'
import type { PlannedExport } from './plan-export.ts'

export const BYTE_ORDER_MARK = '\ufeff'

/** RFC 4180 with CRLF; each piece is a row. A table may come in parts, a grid each, of the same columns. */
export function* csvRows(parts: Iterable<PlannedExport>, style: CellStyle): Generator<string> {
  let headed = false
  for (const { columns, rows, context } of parts) {
    if (!headed) yield csvLine(columns.map((column) => (style.codes ? column.id : headerOf(column))))
    headed = true
    for (const row of rows)
      yield csvLine(columns.map((column) => cellOf(column, column.value(row, context), style)))
  }
}

export const csvLine = (cells: readonly (string | number | null)[]): string =>
  `${cells.map((cell) => (typeof cell === 'number' ? String(cell) : quoted(harmless(cell ?? '')))).join(',')}\r\n`

const quoted = (text: string): string =>
  /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** One JSON object a row: ids of columns, codes, numbers, lists; days YYYY-MM-DD, instants ISO 8601 UTC. */
export function* jsonRows(parts: Iterable<PlannedExport>): Generator<string> {
  for (const planned of parts)
    for (const row of planned.rows) yield `${JSON.stringify(rowObject(planned, row))}\n`
}

function rowObject({ columns, context }: PlannedExport, row: RowRecords): Record<string, Value> {
  const object: Record<string, Value> = {}
  for (const column of columns) object[column.id] = jsonValue(column, column.value(row, context))
  return object
}

const jsonValue = ({ type }: Column, value: Value): Value =>
  type === 'instant' && typeof value === 'number' ? new Date(value).toISOString() : value

export type GeoCount = { features: number; withoutPlace: number }

/** RFC 7946: a point where the building of a row is known to stand. Rows without one are counted, and not given. */
export function* geoRows(parts: Iterable<PlannedExport>, count: GeoCount): Generator<string> {
  yield '{"type":"FeatureCollection","features":['
  for (const planned of parts)
    for (const row of planned.rows) {
      const { latitude, longitude } = row.building?.fields ?? {}
      if (typeof latitude !== 'number' || typeof longitude !== 'number') {
        count.withoutPlace++
        continue
      }
      const feature = {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [longitude, latitude] },
        properties: rowObject(planned, row),
      }
      yield `${count.features === 0 ? '' : ','}\n${JSON.stringify(feature)}`
      count.features++
    }
  yield `\n],"withoutPlace":${count.withoutPlace}}\n`
}
