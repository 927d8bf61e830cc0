/**
 * Registers as they were recorded: a CSV file with a row for each reading, of one home or of many. A simulated meter
 * that follows it shows what the file says, dirt and all: negative steps are shown, a gap stands still.
 */
import { fail, ok, parseCsv, type Result } from '@doorstep/core'
import type { Counter } from './counter.ts'

/** Names as in the header. The defaults are those of the DAIAD data, a semicolon between cells. */
export type ReplayColumns = {
  /** Whose meter it is; null: the file is of one. */
  readonly key: string | null
  readonly time: string
  readonly value: string
}

const METERS_ZONE = '+08:00'

export const DAIAD_COLUMNS: ReplayColumns = { key: 'user key', time: 'datetime', value: 'meter reading' }

export type Replay = {
  readonly key: string
  readonly firstMs: number
  readonly lastMs: number
  readonly rows: number
  readonly counter: Counter
}

export type ReplayFile = {
  readonly replays: readonly Replay[]
  /** Rows that are no reading: a cell that is no number or no time, or too few cells. */
  readonly badRows: number
}

export type BadReplay =
  | { readonly type: 'replay-without-column'; readonly column: string; readonly columns: readonly string[] }
  | { readonly type: 'replay-empty' }

/**
 * @param times what one unit of the file is in the meter's, 0.001 where the file tells litres
 * @returns one replay for each key in the order they first appear; rows in the order of their times
 */
export function readReplay(
  text: string,
  times: number,
  columns: ReplayColumns = DAIAD_COLUMNS,
): Result<ReplayFile, BadReplay> {
  const delimiter = delimiterOf(text)
  let place: { key: number; time: number; value: number } | null = null
  let badRows = 0
  const points = new Map<string, { atMs: number; value: number }[]>()
  for (const row of parseCsv(text, delimiter)) {
    if (place === null) {
      const header = row.type === 'cells' ? row.cells.map((cell) => cell.trim()) : []
      const wanted = { key: columns.key ?? columns.time, time: columns.time, value: columns.value }
      const missing = Object.values(wanted).find((name) => !header.includes(name))
      if (missing !== undefined)
        return fail({ type: 'replay-without-column', column: missing, columns: header })
      place = {
        key: header.indexOf(wanted.key),
        time: header.indexOf(wanted.time),
        value: header.indexOf(wanted.value),
      }
      continue
    }
    const point = row.type === 'cells' ? pointOf(row.cells, place, times) : null
    if (row.type !== 'cells' || point === null) {
      badRows += 1
      continue
    }
    const key = columns.key === null ? '' : row.cells[place.key]!.trim()
    const known = points.get(key)
    if (known) known.push(point)
    else points.set(key, [point])
  }
  if (points.size === 0) return fail({ type: 'replay-empty' })
  const replays = [...points].map(([key, all]): Replay => {
    const sorted = all.sort((a, b) => a.atMs - b.atMs)
    return {
      key,
      firstMs: sorted[0]!.atMs,
      lastMs: sorted.at(-1)!.atMs,
      rows: sorted.length,
      counter: { at: (atMs) => valueAt(sorted, atMs) },
    }
  })
  return ok({ replays, badRows })
}

function pointOf(
  cells: readonly string[],
  place: { readonly time: number; readonly value: number },
  times: number,
): { atMs: number; value: number } | null {
  const atMs = parseTime(cells[place.time] ?? '')
  const text = (cells[place.value] ?? '').trim()
  const value = Number(text)
  return atMs === null || text === '' || !Number.isFinite(value) ? null : { atMs, value: value * times }
}

/** `dd/mm/yyyy hh:mm[:ss]` or ISO 8601. What names no zone is what the meter's own clock shows, which is Beijing's. */
function parseTime(text: string): number | null {
  const [, day, month, year, hour, minute, second = '00'] =
    /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim()) ?? []
  const two = (part: string) => part.padStart(2, '0')
  const iso = day
    ? `${year}-${two(month!)}-${two(day)}T${two(hour!)}:${minute}:${second}${METERS_ZONE}`
    : text.trim().replace(/^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)$/, `$1T$2${METERS_ZONE}`)
  const atMs = /^\d{4}-\d{2}-\d{2}T/.test(iso) ? Date.parse(iso) : Number.NaN
  return Number.isNaN(atMs) ? null : atMs
}

/** The last reading at or before; before the first, the first. */
function valueAt(points: readonly { atMs: number; value: number }[], atMs: number): number {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle]!.atMs <= atMs) low = middle + 1
    else high = middle
  }
  return points[Math.max(0, low - 1)]!.value
}

/** Whatever stands most often in the header. */
function delimiterOf(text: string): string {
  const header = text.slice(0, text.indexOf('\n'))
  const counted = [';', ',', '\t'].map((mark) => ({ mark, count: header.split(mark).length }))
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).mark
}
