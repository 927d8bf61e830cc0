import type { Value } from '../record/change.ts'
import type { RecordDefinition } from '../record/define.ts'
import { recordTypes } from '../records/registry.ts'
import { type BuildingSize, brokenDoorRule, MAX_DWELLINGS_IN_BUILDING, MAX_STOREYS } from './lay-out.ts'
import type { CountSource, Layout, Mapping, RecordMapping } from './mapping.ts'
import { keyWord } from './natural-key.ts'
import { type CellFault, type CellRead, readField, readSet } from './read-cell.ts'
import { type ImportableType, importableTypes, recordLinks } from './record-links.ts'
import type { LaidOutBuilding, RecordContent } from './register.ts'

/** What one row says: a draft of each record it speaks of, not yet joined with those of other rows. */
export type RowDraft = {
  readonly drafts: ReadonlyMap<ImportableType, RecordDraft>
  readonly laidOut: LaidOutBuilding | null
  readonly faults: readonly CellFault[]
}
export type RecordDraft = RecordContent & {
  readonly key: readonly string[]
  readonly keyColumn: string | null
}

type Cell = (column: string) => string
const EMPTY: RecordMapping = { keys: [], optional: false, fields: {}, sets: {} }

export function readRow(mapping: Mapping, cell: Cell): RowDraft {
  const faults: CellFault[] = []
  const drafts = new Map<ImportableType, RecordDraft>()
  for (const type of importableTypes) {
    const record = mapping.records[type]
    if (!record || (mapping.layout && type !== 'building')) continue
    const within: string[] = []
    const links = recordLinks[type].filter((link) => link.required)
    if (links.some((link) => !drafts.has(link.target))) continue
    for (const link of links) within.push(...drafts.get(link.target)!.key)
    const own = ownKey(record, cell)
    if (own.type === 'absent') continue
    // With a fault the row is still read to its end, so that a person sees all its faults at once.
    if (own.type === 'incomplete') faults.push({ column: own.column, reason: 'empty-key' })
    const words = own.type === 'words' ? own.words : []
    const key = [...within, type, ...words]
    drafts.set(type, { key, keyColumn: own.column, ...contentOf(type, record, cell, faults) })
  }
  const laidOut = mapping.layout ? readLayout(mapping, mapping.layout, cell, faults) : null
  return { drafts, laidOut, faults }
}

type OwnKey =
  | { readonly type: 'words'; readonly words: readonly string[]; readonly column: string | null }
  | { readonly type: 'absent' }
  | { readonly type: 'incomplete'; readonly column: string }

function ownKey(record: RecordMapping, cell: Cell): OwnKey {
  if (record.keys.length === 0) return { type: 'words', words: [], column: null }
  for (const columns of record.keys) {
    const words = columns.map(({ column }) => keyWord(cell(column)))
    const whole = columns.every(({ mayBeEmpty }, at) => mayBeEmpty || words[at] !== '')
    if (whole && words.some((word) => word !== ''))
      return { type: 'words', words, column: columns[0]!.column }
  }
  if (record.optional && record.keys.every(([first]) => cell(first!.column) === '')) return { type: 'absent' }
  const first = record.keys[0]!
  const lacking = first.find(({ column, mayBeEmpty }) => !mayBeEmpty && cell(column) === '') ?? first[0]!
  return { type: 'incomplete', column: lacking.column }
}

function contentOf(
  type: ImportableType,
  record: RecordMapping,
  cell: Cell,
  faults: CellFault[],
): RecordContent {
  const definition: RecordDefinition = recordTypes[type]
  const set: Record<string, Value> = {}
  const sets: Record<string, readonly string[]> = {}
  for (const [name, source] of Object.entries(record.fields)) {
    const read = readField(source, definition, name, cell)
    if (read.ok) set[name] = read.value
    else faults.push({ ...read.fault, record: type, field: name })
  }
  for (const [name, sources] of Object.entries(record.sets)) {
    const read = readSet(sources, cell)
    if (read.ok) sets[name] = read.value
    else faults.push({ ...read.fault, record: type, field: name })
  }
  return { set, sets }
}

function readLayout(
  mapping: Mapping,
  layout: Layout,
  cell: Cell,
  faults: CellFault[],
): LaidOutBuilding | null {
  const storeys = readCount(layout.storeys, MAX_STOREYS, cell)
  const dwellings = readCount(layout.dwellings, MAX_DWELLINGS_IN_BUILDING, cell)
  const units = layout.units ? readCount(layout.units.count, 100, cell) : { ok: true as const, value: 1 }
  const dwelling = contentOf('dwelling', mapping.records.dwelling ?? EMPTY, cell, faults)
  const household = contentOf('household', mapping.records.household ?? EMPTY, cell, faults)
  for (const count of [storeys, dwellings, units]) if (!count.ok) faults.push(count.fault)
  if (!storeys.ok || !dwellings.ok || !units.ok) return null
  const size: BuildingSize = { storeys: storeys.value, dwellings: dwellings.value, units: units.value }
  const broken = brokenDoorRule(layout, size)
  if (broken) {
    const column = layout.dwellings.type === 'column' ? layout.dwellings.column : null
    faults.push({ column, reason: broken, ...size })
    return null
  }
  return { size, dwelling, household }
}

function readCount(source: CountSource, max: number, cell: Cell): CellRead<number> {
  if (source.type === 'constant') return { ok: true, value: source.count }
  const { column } = source
  const value = cell(column)
  const wrong = (reason: string, detail: object = {}): CellRead<number> => ({
    ok: false,
    fault: { column, reason, value, ...detail },
  })
  if (value === '') return wrong('empty')
  const text = value.normalize('NFKC')
  if (!/^[+-]?\d+(\.\d+)?$/.test(text)) return wrong('not-a-number')
  const count = Number(text)
  if (!Number.isInteger(count)) return wrong('not-an-integer')
  if (count < 1) return wrong('too-small', { min: 1 })
  return count > max ? wrong('too-large', { max }) : { ok: true, value: count }
}
