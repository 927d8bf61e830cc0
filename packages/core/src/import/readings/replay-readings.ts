/** Past readings in a file, as some utility or trial exported them, through rules: no store and no record is touched. */
import { fail, ok, type Problem, type Result } from '../../result.ts'
import type { Observation } from '../../series/observation.ts'
import type { Rule } from '../../watch/finding.ts'
import { type Replay, replayRules } from '../../watch/replay.ts'
import { calendarIn, DEFAULT_TIME_ZONE } from '../../work/day.ts'
import type { CsvRow } from '../csv.ts'
import { headerOf } from './import-readings.ts'
import type { ReadingsMapping } from './mapping.ts'
import { RowReader } from './read-rows.ts'
import { TimeReader } from './read-time.ts'
import { Rejections } from './rejections.ts'
import { streamRows } from './stream-rows.ts'

export type ReadingsReplay = Replay & {
  /** Rows of the file below its header. */
  readonly read: number
  readonly rejectedRows: number
  /** ISO 8601, UTC. */
  readonly from: string
  readonly until: string
}

/** `nowMs`: what lies after it no clock can have said. Every meter's number is a home of its own. */
export async function replayReadings(
  input: {
    readonly chunks: AsyncIterable<Uint8Array>
    readonly mapping: ReadingsMapping
    readonly nowMs: number
  },
  rules: readonly Rule[],
): Promise<Result<ReadingsReplay, Problem>> {
  const { chunks, mapping, nowMs } = input
  const timeZone = mapping.timeZone ?? DEFAULT_TIME_ZONE
  const meters = { find: (number: string) => ({ device: number }) }
  const rejections = new Rejections()
  const times = new TimeReader(mapping.order, timeZone)
  const readings: Observation[] = []
  let reader: RowReader | null = null
  let read = 0
  for await (const batch of streamRows(chunks, mapping)) {
    if (!batch.ok) return batch
    let rows: Iterable<CsvRow> = batch.value.rows
    if (!reader) {
      const head = headerOf(batch.value, mapping)
      if (!head.ok) return head
      rows = head.value.rows
      reader = new RowReader(mapping, head.value.columns, times, meters, rejections, nowMs)
    }
    for (const row of rows) {
      read++
      for (const one of reader.read(row)) readings.push(one)
    }
  }
  const replay = replayRules(readings, rules, calendarIn(timeZone))
  if (readings.length === 0) return fail({ type: 'empty-file' })
  const [fromMs, untilMs] = readings.reduce(
    ([least, most], { atMs }) => [Math.min(least, atMs), Math.max(most, atMs)],
    [Infinity, -Infinity],
  )
  return ok({
    ...replay,
    read,
    rejectedRows: rejections.rows,
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
  })
}
