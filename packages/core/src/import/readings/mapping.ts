import { fail, ok, type Result } from '../../result.ts'
import { isSignal, type Signal, signals } from '../../series/observation.ts'
import { calendarIn } from '../../work/day.ts'
import { JsonCheck, join } from '../json-check.ts'
import type { RegisterEncoding } from '../mapping.ts'
import { parseDelimiter } from '../parse-delimiter.ts'
import type { MappingProblem } from '../parse-mapping.ts'
import { unitsOf } from './units.ts'

/** How the columns of a utility's export are readings. Its JSON form is described in docs/readings.md. */
export type ReadingsMapping = {
  readonly name: string
  readonly encoding: RegisterEncoding | null
  readonly delimiter: string
  /** The column with the meter's number, which is the address of a device record. */
  readonly meter: string
  /** One column, or a day and a time of day. */
  readonly time: readonly string[]
  readonly order: TimeOrder
  /** IANA; null: the community's own. */
  readonly timeZone: string | null
  readonly readings: readonly ReadingColumn[]
}
export type ReadingColumn = {
  readonly column: string
  readonly signal: Signal
  /** A unit of that signal, or the column that says it. */
  readonly unit: { readonly text: string } | { readonly column: string }
}

/** `year-first` takes 2026-10-01 08:28:55, 2026/10/1 8:28, 20261001082855 and ISO 8601; `unix`: seconds or milliseconds. */
export const TIME_ORDERS = ['year-first', 'day-first', 'month-first', 'unix'] as const
export type TimeOrder = (typeof TIME_ORDERS)[number]

export const READINGS_MAPPING = 'readings/1'
const KEYS = ['doorstep', 'name', 'note', 'encoding', 'delimiter', 'meter', 'time', 'timeZone', 'readings']

export function parseReadingsMapping(text: string): Result<ReadingsMapping, MappingProblem> {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    const detail = error instanceof SyntaxError ? error.message : ''
    return fail({ type: 'bad-mapping', faults: [{ path: '', rule: 'not-json', detail }] })
  }
  const check = new JsonCheck()
  const file = check.object(json, '', KEYS)
  if (!file) return fail({ type: 'bad-mapping', faults: check.faults })
  if (file.doorstep !== READINGS_MAPPING)
    check.fault('doorstep', 'not-one-of', { allowed: [READINGS_MAPPING], found: file.doorstep })
  const encodings = ['utf-8', 'gb18030'] as const
  const mapping: ReadingsMapping = {
    name: check.text(file.name, 'name') ?? '',
    encoding: file.encoding === undefined ? null : check.oneOf(file.encoding, 'encoding', encodings, 'utf-8'),
    delimiter: parseDelimiter(check, file.delimiter),
    meter: check.text(file.meter, 'meter') ?? '',
    ...timeOf(check, file.time),
    timeZone: zoneOf(check, file.timeZone),
    readings: readingsOf(check, file.readings),
  }
  return check.faults.length === 0 ? ok(mapping) : fail({ type: 'bad-mapping', faults: check.faults })
}

/** `"抄表时间"`, `{"column": …, "order": …}` or `{"date": …, "clock": …, "order": …}`. */
function timeOf(check: JsonCheck, json: unknown): Pick<ReadingsMapping, 'time' | 'order'> {
  if (typeof json === 'string') return { time: [check.text(json, 'time') ?? ''], order: 'year-first' }
  const file = check.object(json, 'time', ['column', 'date', 'clock', 'order'])
  if (!file) return { time: [], order: 'year-first' }
  const order = check.oneOf(file.order, 'time.order', TIME_ORDERS, 'year-first')
  if ((file.column === undefined) === (file.date === undefined)) {
    check.fault('time', 'not-exactly-one-of', { allowed: ['column', 'date'] })
    return { time: [], order }
  }
  if (file.column !== undefined) return { time: [check.text(file.column, 'time.column') ?? ''], order }
  return {
    time: [check.text(file.date, 'time.date') ?? '', check.text(file.clock, 'time.clock') ?? ''],
    order,
  }
}

function zoneOf(check: JsonCheck, json: unknown): string | null {
  if (json === undefined) return null
  const zone = check.text(json, 'timeZone')
  if (zone === null) return null
  try {
    calendarIn(zone)
    return zone
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return check.fault('timeZone', 'unknown-time-zone', { found: zone })
  }
}

function readingsOf(check: JsonCheck, json: unknown): ReadingColumn[] {
  const list = check.list(json, 'readings')
  if (Array.isArray(json) && list.length === 0) check.fault('readings', 'required')
  return list.flatMap((item, at): ReadingColumn[] => {
    const path = join('readings', at)
    const file = check.object(item, path, ['column', 'signal', 'unit'])
    if (!file) return []
    const column = check.text(file.column, join(path, 'column'))
    const { signal } = file
    if (!isSignal(signal) || signals[signal].form === 'condition' || signals[signal].form === 'event') {
      check.fault(join(path, 'signal'), 'not-one-of', { allowed: MEASURED, found: signal })
      return []
    }
    const unit = unitOf(check, file.unit, join(path, 'unit'), signal)
    return column === null || unit === null ? [] : [{ column, signal, unit }]
  })
}

const MEASURED = Object.entries(signals)
  .filter(([, { form }]) => form === 'register' || form === 'gauge')
  .map(([name]) => name)

function unitOf(check: JsonCheck, json: unknown, path: string, signal: Signal): ReadingColumn['unit'] | null {
  if (typeof json === 'object' && json !== null) {
    const file = check.object(json, path, ['column'])
    const column = check.text(file?.column, join(path, 'column'))
    return column === null ? null : { column }
  }
  const text = check.text(json, path)
  if (text === null) return null
  if (unitsOf(signal).includes(text)) return { text }
  return check.fault(path, 'not-one-of', { allowed: unitsOf(signal), found: text })
}
