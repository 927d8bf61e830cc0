import { setImmediate } from 'node:timers/promises'
import { mayAct } from '../membership/roles.ts'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Draftbook, Edit } from '../station/edit.ts'
import type { Station } from '../station/station.ts'
import { plainOf } from '../work/masked-record.ts'
import type { CsvRow } from './csv.ts'
import { type CellChange, changeIn, exportedColumns, type TypeColumns } from './exported-columns.ts'
import type { ImportOptions, ImportReport } from './import-register.ts'
import { IMPORT_ACTION } from './last-imported.ts'
import { cleanText } from './read-cell.ts'
import type { Rejection } from './register.ts'
import { openRows, type RowSource } from './row-source.ts'

export type ExportedOptions = Omit<ImportOptions, 'mapping' | 'grid' | 'split' | 'where'>
export type ImportExportedProblem = Problem & { type: 'mapping-needed' | 'role-may-not' | 'interrupted' }

/** What the rows of a file want of one record. */
type Wanted = {
  readonly id: string
  /** When the record was last changed, as the file says; null when it does not. */
  readonly asOf: string | null
  readonly changes: Map<string, { readonly change: CellChange; readonly row: number }>
}

/** Records in one write. */
const CHUNK_RECORDS = 500
const TITLE_ROWS = 20

/**
 * Brings a table back that `export` wrote and somebody corrected. Rows find their records by id, so nothing is made
 * and nothing is removed. A cell that says what the record says changes nothing; one that was changed is written,
 * and stands beside the present value where the record changed after the file was made.
 */
export async function importExported(
  station: Station,
  options: ExportedOptions,
): Promise<Result<ImportReport, ImportExportedProblem | Problem>> {
  const role = station.member()?.role
  if (!role || !mayAct(role, IMPORT_ACTION))
    return fail({ type: 'role-may-not', role: role ?? null, action: IMPORT_ACTION })
  const { sheet, dryRun = false, signal, onProgress } = options
  const asked = { encoding: null, delimiter: ',', ...(sheet === undefined ? {} : { sheet }) }
  const source = await openRows(options.file, asked)
  if (!source.ok) return source
  const columns = findColumns(source.value)
  if (columns === null) return fail({ type: 'mapping-needed' })
  const reader = new ExportedReader(station, columns, source.value.encoding)
  for (const line of { [Symbol.iterator]: () => source.value.rows })
    reader.take(line, options.hiddenRows ?? false)
  const counts = { created: 0, updated: 0, unchanged: 0, conflicts: 0, erased: reader.erased }
  const all = [...reader.wanted.values()]
  for (let from = 0; from < all.length; from += CHUNK_RECORDS) {
    if (signal?.aborted) return fail({ type: 'interrupted', ...counts })
    const chunk = all.slice(from, from + CHUNK_RECORDS)
    const decide = (book: Pick<Draftbook, 'get'>) =>
      chunk.map((wanted) => ({ wanted, ...editOf(plainOf(book.get(wanted.id)!), wanted) }))
    type Decided = ReturnType<typeof decide>
    let decided: Decided = decide(station)
    if (!dryRun && decided.some(({ edit }) => edit)) {
      const written = await station.write(IMPORT_ACTION, (book) => {
        const now = decide(book)
        for (const { wanted, edit, space } of now) {
          if (!edit) continue
          const done = book.edit(wanted.id, edit, space)
          if (!done.ok) return done
        }
        return ok(now)
      })
      if (!written.ok) return written
      decided = written.value.value
    }
    for (const { edit, isConflict } of decided) {
      if (!edit) counts.unchanged++
      else {
        counts.updated++
        if (isConflict) counts.conflicts++
      }
    }
    onProgress?.({ done: Math.min(from + CHUNK_RECORDS, all.length), total: all.length, grid: '' })
    await setImmediate()
  }
  return ok({
    encoding: source.value.encoding,
    read: reader.read,
    ...counts,
    skipped: [...reader.skipped].map(([reason, rows]) => ({ reason, rows })),
    rejected: reader.rejected,
    grids: [],
  })
}

function findColumns({ rows }: RowSource): readonly TypeColumns[] | null {
  for (let above = 0; above < TITLE_ROWS; above++) {
    const next = rows.next()
    if (next.done || next.value.type === 'fault') return null
    const columns = exportedColumns(next.value.cells.map(cleanText))
    if (columns.length > 0) return columns
  }
  return null
}

class ExportedReader {
  readonly wanted = new Map<string, Wanted>()
  readonly rejected: Rejection[] = []
  readonly skipped = new Map<string, number>()
  read = 0
  erased = 0
  readonly #station: Station
  readonly #columns: readonly TypeColumns[]
  readonly #guarded: boolean
  readonly #erasedIds = new Set<string>()

  constructor(station: Station, columns: readonly TypeColumns[], encoding: RowSource['encoding']) {
    this.#station = station
    this.#columns = columns
    this.#guarded = encoding !== 'xlsx'
  }

  take(line: CsvRow, hiddenRows: boolean): void {
    this.read++
    if (line.type === 'fault') {
      const { type: _, ...fault } = line
      this.rejected.push({ ...fault, column: null })
      return
    }
    const { row, cells } = line
    if (line.hidden && !hiddenRows) return this.#skip('hidden-row')
    if (cells.every((text) => text.trim() === '')) return this.#skip('empty-row')
    let named = 0
    for (const columns of this.#columns) {
      const id = (cells[columns.idAt] ?? '').trim()
      if (id === '') continue
      named++
      const found = this.#station.get(id)
      if (!found || found.type !== columns.type) this.#unknown(row, columns, id)
      else if (found.fields.movedTo) this.#reject(row, columns.idHeader, 'moved-away')
      else this.#record(line, columns, plainOf(found))
    }
    if (named === 0) this.#reject(row, this.#columns[0]!.idHeader, 'no-id')
  }

  #skip(reason: string): void {
    this.skipped.set(reason, (this.skipped.get(reason) ?? 0) + 1)
  }

  #reject(row: number, column: string, reason: string, detail: object = {}): void {
    this.rejected.push({ row, column, reason, ...detail })
  }

  #unknown(row: number, columns: TypeColumns, id: string): void {
    const { store } = this.#station.trunk
    if (!this.#station.spaces().some(({ id: space }) => store.isErasedRecord(space, id)))
      return this.#reject(row, columns.idHeader, 'no-such-id', { value: id })
    if (!this.#erasedIds.has(id)) this.erased++
    this.#erasedIds.add(id)
  }

  #record(line: CsvRow & { type: 'cells' }, columns: TypeColumns, record: Projection): void {
    const { row, cells, flaws } = line
    const asOf = columns.changedAt === null ? null : (cells[columns.changedAt] ?? '').trim()
    const wanted = this.wanted.get(record.id) ?? { id: record.id, asOf, changes: new Map() }
    this.wanted.set(record.id, wanted)
    for (const field of columns.fields) {
      const flaw = flaws?.get(field.at)
      if (flaw && !(flaw === 'is-a-date' && field.column.type === 'date')) {
        this.#reject(row, field.header, flaw)
        continue
      }
      const text = cells[field.at] ?? ''
      const read = changeIn(field, this.#guarded ? text.replace(/^'(?=[=+\-@\t\r])/, '') : text, record)
      if (!read.ok) this.rejected.push({ row, ...read.fault })
      else if (read.value) {
        const before = wanted.changes.get(read.value.name)
        if (!before) wanted.changes.set(read.value.name, { change: read.value, row })
        else if (JSON.stringify(before.change) !== JSON.stringify(read.value))
          this.#reject(row, field.header, 'contradicts-row', { firstRow: before.row })
      }
    }
  }
}

function editOf(
  record: Projection,
  { asOf, changes }: Wanted,
): { readonly edit: Edit | null; readonly space: string; readonly isConflict: boolean } {
  const isFresh = asOf === new Date(record.changedAt).toISOString()
  const set: Record<string, Value> = {}
  const dispute: Record<string, Value> = {}
  const add: Record<string, readonly string[]> = {}
  const remove: Record<string, readonly string[]> = {}
  let isConflict = false
  for (const { change } of changes.values()) {
    if (change.type === 'elements') {
      const there = record.sets[change.name] ?? []
      add[change.name] = change.elements.filter((one) => !there.includes(one))
      // What somebody added after the file was made stays.
      remove[change.name] = isFresh ? there.filter((one) => !change.elements.includes(one)) : []
      continue
    }
    const { name, value } = change
    const current = record.fields[name] ?? null
    if (current === value) continue
    if (isFresh || current === null) set[name] = value
    else {
      dispute[name] = value
      isConflict = true
    }
  }
  const isEmpty =
    [set, dispute].every((part) => Object.keys(part).length === 0) &&
    [add, remove].every((part) => Object.values(part).every((elements) => elements.length === 0))
  return { edit: isEmpty ? null : { set, dispute, add, remove }, space: record.space, isConflict }
}
