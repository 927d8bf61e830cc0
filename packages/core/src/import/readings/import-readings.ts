import { fail, ok, type Problem, type Result } from '../../result.ts'
import type { SeriesStore } from '../../series/series-store.ts'
import type { Station } from '../../station/station.ts'
import { openRecordSet } from '../../work/record-set.ts'
import type { CsvRow } from '../csv.ts'
import { cleanText } from '../read-cell.ts'
import { takeHeader } from '../row-source.ts'
import { type DirtCounts, Keeper, type Sink, Trial } from './keep-readings.ts'
import type { ReadingsMapping } from './mapping.ts'
import { MeterBook } from './meter-book.ts'
import { type Columns, RowReader } from './read-rows.ts'
import { TimeReader } from './read-time.ts'
import { type ReadingRejection, Rejections } from './rejections.ts'
import { type RowBatch, streamRows } from './stream-rows.ts'

export type ReadingsReport = {
  /** Rows of the file below its header. */
  readonly read: number
  /** Readings that were not there; of a dry run, that would be kept. */
  readonly kept: number
  /** Readings that were there, or stood in the file twice. */
  readonly known: number
  /** Devices that something was read of. */
  readonly devices: number
  /** ISO 8601, UTC: the first and the last reading; null where there is none. */
  readonly from: string | null
  readonly until: string | null
  readonly rejectedRows: number
  /** The first of them. Of a whole meter one, with how many `rows` it had. */
  readonly rejected: readonly ReadingRejection[]
  /** What is odd in what was kept; it stays, and is settled whenever it is read. */
  readonly dirt: DirtCounts
}
/**
 * Brings in what a utility exported of its meters: readings that no line of ours hears. Each goes to the device record
 * whose address is the meter's number, where the home allows it on that day and today. The same file again adds nothing.
 */
export async function importReadings(
  station: Station,
  series: SeriesStore,
  input: {
    readonly chunks: AsyncIterable<Uint8Array>
    readonly mapping: ReadingsMapping
    readonly sheet?: string
    readonly dryRun?: boolean
    readonly signal?: AbortSignal
    /** After every batch: rows so far. */
    readonly onProgress?: (rows: number) => void
  },
): Promise<Result<ReadingsReport, Problem>> {
  const { mapping, signal } = input
  const set = openRecordSet(station, { follow: false })
  const meters = new MeterBook(set, station.now)
  const sink: Sink = input.dryRun ? new Trial(series) : new Keeper(series)
  const rejections = new Rejections()
  const times = new TimeReader(mapping.order, mapping.timeZone ?? meters.calendar.timeZone)
  let reader: RowReader | null = null
  let read = 0
  const asked = { ...mapping, ...(input.sheet === undefined ? {} : { sheet: input.sheet }) }
  for await (const batch of streamRows(input.chunks, asked)) {
    if (!batch.ok) return batch
    let rows: Iterable<CsvRow> = batch.value.rows
    if (!reader) {
      const head = headerOf(batch.value, mapping)
      if (!head.ok) return head
      rows = head.value.rows
      reader = new RowReader(mapping, head.value.columns, times, meters, rejections, station.now)
    }
    for (const row of rows) {
      read++
      for (const one of reader.read(row)) sink.add(one)
    }
    const kept = await sink.settle()
    if (!kept.ok) return kept
    input.onProgress?.(read)
    if (signal?.aborted) return fail({ type: 'interrupted', kept: sink.kept })
  }
  if (!reader) return fail({ type: 'empty-file' })
  const done = await sink.end()
  if (!done.ok) return done
  const { fromMs, untilMs, dirt, devices } = done.value
  return ok({
    read,
    kept: sink.kept,
    known: sink.known,
    devices,
    from: fromMs === null ? null : new Date(fromMs).toISOString(),
    until: untilMs === null ? null : new Date(untilMs).toISOString(),
    rejectedRows: rejections.rows,
    rejected: rejections.list(),
    dirt,
  })
}

/** The columns that the mapping names, and the rows below. */
export function headerOf(
  { encoding, rows }: RowBatch,
  mapping: ReadingsMapping,
): Result<{ readonly columns: Columns; readonly rows: Iterable<CsvRow> }, Problem> {
  const wanted = [
    mapping.meter,
    ...mapping.time,
    ...mapping.readings.flatMap(({ column, unit }) => [column, ...('column' in unit ? [unit.column] : [])]),
  ].map(cleanText)
  const head = takeHeader({ encoding, rows: rows[Symbol.iterator]() }, wanted)
  if (!head.ok) return head
  const { header } = head.value
  const present = header.filter((name) => name !== '')
  const missing = [...new Set(wanted)].filter((name) => !header.includes(name))
  if (missing.length > 0) return fail({ type: 'missing-column', columns: missing, present })
  const twice = wanted.find((name) => header.lastIndexOf(name) !== header.indexOf(name))
  if (twice !== undefined) return fail({ type: 'duplicate-column', column: twice, present })
  return ok({ columns: new Map(wanted.map((name) => [name, header.indexOf(name)])), rows: head.value.rows })
}
