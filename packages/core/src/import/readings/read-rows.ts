import { whyRefused } from '../../series/limits.ts'
import type { Observation, Signal } from '../../series/observation.ts'
import type { CsvRow } from '../csv.ts'
import { cleanText } from '../read-cell.ts'
import type { ReadingsMapping } from './mapping.ts'
import type { MeterBook } from './meter-book.ts'
import type { TimeReader } from './read-time.ts'
import type { Rejections } from './rejections.ts'
import { toSignalUnit, unitsOf } from './units.ts'

/** Where each column of the mapping stands. */
export type Columns = ReadonlyMap<string, number>
type ReadingAt = {
  readonly column: string
  readonly at: number
  readonly signal: Signal
  readonly unit: string | null
  readonly unitAt: number
  readonly unitColumn: string
}
type Row = { readonly cells: readonly string[]; readonly meter: string; readonly atMs: number }
type Wrong = {
  readonly reason: string
  readonly ofMeter?: true
  readonly column?: string
  readonly detail?: object
}

/** One row at a time: what it says, or why it says nothing. */
export class RowReader {
  readonly #mapping: ReadingsMapping
  readonly #times: TimeReader
  readonly #meters: Pick<MeterBook, 'find'>
  readonly #rejections: Rejections
  readonly #nowMs: number
  readonly #meterAt: number
  readonly #timeAt: readonly number[]
  readonly #readings: readonly ReadingAt[]

  constructor(
    mapping: ReadingsMapping,
    columns: Columns,
    times: TimeReader,
    meters: Pick<MeterBook, 'find'>,
    rejections: Rejections,
    nowMs: number,
  ) {
    const place = (column: string) => columns.get(cleanText(column))!
    this.#mapping = mapping
    this.#times = times
    this.#meters = meters
    this.#rejections = rejections
    this.#nowMs = nowMs
    this.#meterAt = place(mapping.meter)
    this.#timeAt = mapping.time.map(place)
    this.#readings = mapping.readings.map(({ column, signal, unit }) => ({
      column,
      signal,
      at: place(column),
      unit: 'text' in unit ? unit.text : null,
      unitAt: 'column' in unit ? place(unit.column) : -1,
      unitColumn: 'column' in unit ? unit.column : '',
    }))
  }

  read(line: CsvRow): Observation[] {
    if (line.type === 'fault') {
      const { type: _, row, reason, ...detail } = line
      this.#rejections.add(row, null, reason, detail)
      return []
    }
    const { row, cells } = line
    if (cells.every((text) => text.trim() === '')) {
      this.#rejections.add(row, null, 'empty-row')
      return []
    }
    const meter = textIn(cells, this.#meterAt)
    if (meter === '') {
      this.#rejections.add(row, this.#mapping.meter, 'empty')
      return []
    }
    const time = this.#timeAt.map((at) => textIn(cells, at)).join(' ')
    const atMs = this.#times.read(time.trim())
    if (typeof atMs !== 'number') {
      this.#rejections.add(row, this.#mapping.time[0]!, time.trim() === '' ? 'empty' : atMs, { value: time })
      return []
    }
    const heard: Observation[] = []
    let isRejected = false
    for (const reading of this.#readings) {
      const wrong = this.#readingIn(reading, { cells, meter, atMs }, heard)
      if (!wrong) continue
      if (wrong.ofMeter)
        this.#rejections.addOfMeter(row, this.#mapping.meter, wrong.reason, meter, !isRejected)
      else this.#rejections.add(row, wrong.column, wrong.reason, wrong.detail, !isRejected)
      isRejected = true
    }
    return heard
  }

  /** Into `heard`; else why not. */
  #readingIn(reading: ReadingAt, { cells, meter, atMs }: Row, heard: Observation[]): Wrong | null {
    const { column, at, signal, unit, unitAt, unitColumn } = reading
    const text = textIn(cells, at)
    if (text === '') return { reason: 'empty', column }
    const plain = /^[\d.+-]+$/.test(text) ? text : text.normalize('NFKC')
    // Digits that a spreadsheet cut off (4e+05) are not made up again.
    if (!/^[+-]?\d+(\.\d+)?$/.test(plain)) return { reason: 'not-a-number', column, detail: { value: text } }
    const inUnit = unit ?? textIn(cells, unitAt)
    const value = toSignalUnit(Number(plain), inUnit, signal)
    if (value === null)
      return {
        reason: 'unknown-unit',
        column: unitColumn,
        detail: { value: inUnit, allowed: unitsOf(signal) },
      }
    const found = this.#meters.find(meter, signal, atMs)
    if ('reason' in found) return { reason: found.reason, ofMeter: true }
    const one: Observation = { device: found.device, signal, atMs, value }
    const refused = whyRefused(one, this.#nowMs)
    if (refused === 'time')
      return {
        reason: 'impossible-time',
        column: this.#mapping.time[0]!,
        detail: { value: new Date(atMs).toISOString() },
      }
    if (refused) return { reason: 'not-a-number', column, detail: { value: text } }
    heard.push(one)
    return null
  }
}

/** Most cells are clean; a workbook's may not be. */
function textIn(cells: readonly string[], at: number): string {
  const text = cells[at] ?? ''
  return /^[\w.:/+-]*(?: [\w.:/+-]+)*$/.test(text) ? text : cleanText(text)
}
