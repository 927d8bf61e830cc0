import type { Value } from '../record/change.ts'
import type { Mapping, TextPiece } from './mapping.ts'
import { keyName } from './natural-key.ts'
import type { RowDraft } from './read-row.ts'
import { type ImportableType, importableTypes, recordLinks } from './record-links.ts'
import type { LaidOutBuilding, RegisterBuilding, RegisterRecord, Rejection } from './register.ts'

type Merged = {
  readonly type: ImportableType
  readonly key: readonly string[]
  readonly set: Record<string, Value>
  readonly sets: Record<string, string[]>
  readonly links: Record<string, RegisterRecord | null>
  /** Which row gave each field its value. */
  readonly rows: Record<string, number>
}
type MergedBuilding = {
  readonly record: Merged
  readonly rows: number[]
  readonly gridName: readonly TextPiece[]
  readonly gridNameText: string
  readonly records: Set<Merged>
  readonly laidOut: LaidOutBuilding | null
}

/**
 * Joins rows that speak of the same building, dwelling or person. What one row leaves empty another may say; a row
 * that says something else than an earlier one is rejected, and so is a second row of the same thing.
 */
export class RowMerger {
  readonly #mapping: Mapping
  readonly #records = new Map<string, Merged>()
  readonly #buildings = new Map<Merged, MergedBuilding>()
  readonly #firstRows = new Map<string, number>()

  constructor(mapping: Mapping) {
    this.#mapping = mapping
  }

  /** Takes a faultless row in, or says why not. */
  add(row: number, draft: RowDraft, cell: (column: string) => string): Rejection[] {
    const subject = importableTypes.findLast((type) => draft.drafts.has(type))!
    const subjectDraft = draft.drafts.get(subject)!
    const subjectName = keyName(subjectDraft.key)
    const firstRow = this.#firstRows.get(subjectName)
    if (firstRow !== undefined)
      return [{ row, column: keyColumnOf(this.#mapping, subject, draft), reason: 'duplicate-key', firstRow }]
    const gridName = this.#mapping.gridName.map(
      (piece): TextPiece => (piece.type === 'column' ? { type: 'text', text: cell(piece.column) } : piece),
    )
    const rejections = this.#contradictions(row, draft, JSON.stringify(gridName))
    if (rejections.length > 0) return rejections
    this.#firstRows.set(subjectName, row)
    const merged = new Map<ImportableType, Merged>()
    for (const type of draft.drafts.keys()) merged.set(type, this.#merge(row, type, draft, merged))
    const record = merged.get('building')!
    let building = this.#buildings.get(record)
    if (!building) {
      building = {
        record,
        rows: [],
        gridName,
        gridNameText: JSON.stringify(gridName),
        records: new Set(),
        laidOut: draft.laidOut,
      }
      this.#buildings.set(record, building)
    }
    building.rows.push(row)
    for (const each of merged.values()) building.records.add(each)
    return []
  }

  #contradictions(row: number, draft: RowDraft, gridNameText: string): Rejection[] {
    const rejections: Rejection[] = []
    for (const [type, { key, set }] of draft.drafts) {
      const known = this.#records.get(keyName(key))
      if (!known) continue
      for (const [name, value] of Object.entries(set)) {
        const before = known.set[name] ?? null
        if (value === null || before === null || before === value) continue
        const column = columnOfField(this.#mapping, type, name)
        rejections.push({
          row,
          column,
          reason: 'contradicts-row',
          firstRow: known.rows[name],
          record: type,
          field: name,
        })
      }
      const building = type === 'building' ? this.#buildings.get(known) : undefined
      if (building && building.gridNameText !== gridNameText) {
        const column = this.#mapping.gridName.find((piece) => piece.type === 'column')?.column ?? null
        rejections.push({ row, column, reason: 'contradicts-row', firstRow: building.rows[0] })
      }
    }
    return rejections
  }

  #merge(
    row: number,
    type: ImportableType,
    draft: RowDraft,
    others: ReadonlyMap<ImportableType, Merged>,
  ): Merged {
    const { key, set, sets } = draft.drafts.get(type)!
    const name = keyName(key)
    let merged = this.#records.get(name)
    if (!merged) {
      merged = { type, key, set: {}, sets: {}, links: {}, rows: {} }
      this.#records.set(name, merged)
    }
    for (const [field, value] of Object.entries(set)) {
      if (value !== null || merged.set[field] === undefined) merged.set[field] = value
      if (value !== null) merged.rows[field] ??= row
    }
    for (const [field, elements] of Object.entries(sets)) {
      merged.sets[field] ??= []
      for (const element of elements)
        if (!merged.sets[field].includes(element)) merged.sets[field].push(element)
    }
    for (const link of recordLinks[type])
      if (this.#mapping.records[link.target]) merged.links[link.field] = others.get(link.target) ?? null
    return merged
  }

  buildings(): RegisterBuilding[] {
    return [...this.#buildings.values()].map(({ records, ...building }) => ({
      ...building,
      records: [...records],
      doors: null,
    }))
  }
}

/** The column that tells rows of this kind apart; a residence is told by its person. */
function keyColumnOf(mapping: Mapping, subject: ImportableType, draft: RowDraft): string | null {
  const own = draft.drafts.get(subject)!.keyColumn
  if (own !== null) return own
  for (const link of recordLinks[subject]) {
    const column = link.required ? keyColumnOf(mapping, link.target, draft) : null
    if (column !== null) return column
  }
  return null
}

function columnOfField(mapping: Mapping, type: ImportableType, name: string): string | null {
  const source = mapping.records[type]?.fields[name]
  if (source?.type !== 'cell') return null
  return source.pieces.find((piece) => piece.type === 'column')?.column ?? null
}
