/** Which fields the columns of an exported table are, and what a cell of one says that the record does not. */
import { cellOf, columnOfHeader, LIST_SEPARATOR } from '../export/cell.ts'
import { type Column, recordColumns } from '../export/column.ts'
import type { Value } from '../record/change.ts'
import type { RecordDefinition } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import { recordTypes } from '../records/registry.ts'
import { categoryCode } from '../work/categories.ts'
import { looksMasked, maskKindOf, maskValue } from '../work/mask.ts'
import type { CellSource } from './mapping.ts'
import { type CellRead, readField } from './read-cell.ts'

/** What may be brought back: the register itself. Visits and cases are recorded where they happen. */
export const editableTypes = ['building', 'dwelling', 'household', 'person', 'residence', 'device'] as const
export type EditableType = (typeof editableTypes)[number]

export type FieldColumn = { readonly at: number; readonly header: string; readonly column: Column }
export type TypeColumns = {
  readonly type: EditableType
  readonly idAt: number
  readonly idHeader: string
  /** Where it says what the file was made from; null when that column was taken out. */
  readonly changedAt: number | null
  readonly fields: readonly FieldColumn[]
}

/** The types whose id stands in a column of its own, with their fields; empty for a header of any other file. */
export function exportedColumns(header: readonly string[]): readonly TypeColumns[] {
  const ids = header.map((text) => columnOfHeader(text) ?? text)
  return editableTypes.flatMap((type): TypeColumns[] => {
    const idAt = ids.indexOf(`${type}.id`)
    if (idAt < 0) return []
    const fields = recordColumns(type).flatMap((column): FieldColumn[] => {
      const at = ids.indexOf(column.id)
      return at < 0 ? [] : [{ at, header: header[at]!, column }]
    })
    const changedAt = ids.indexOf(`${type}.changed`)
    return [{ type, idAt, idHeader: header[idAt]!, changedAt: changedAt < 0 ? null : changedAt, fields }]
  })
}

/** A value or the elements of a set, where the cell says something new; null where it says what is known. */
export type CellChange =
  | { readonly type: 'set'; readonly name: string; readonly value: Value }
  | { readonly type: 'elements'; readonly name: string; readonly elements: readonly string[] }

/** `raw` is the cell as it stands in the file; what it shows of a masked value is nothing new. */
export function changeIn(
  { column, header }: FieldColumn,
  raw: string,
  record: Projection,
): CellRead<CellChange | null> {
  const { type, name } = column.of!
  const isSet = column.type === 'list'
  const current: Value = isSet ? [...(record.sets[name] ?? [])].sort() : (record.fields[name] ?? null)
  if (shownForms(column, current).has(raw.trim())) return { ok: true, value: null }
  const fault = (reason: string): CellRead<never> => ({ ok: false, fault: { column: header, reason } })
  if (raw.trim() !== '' && looksMasked(type, name, raw.trim())) return fault('masked')
  if (isSet) {
    const elements = raw.split(LIST_SEPARATOR.trim()).flatMap((text) => {
      const word = text.trim()
      return word === '' ? [] : [name === 'categories' ? (categoryCode(word) ?? word) : word]
    })
    const same = elements.length === (current as string[]).length
    if (same && elements.every((one) => (current as string[]).includes(one))) return { ok: true, value: null }
    return { ok: true, value: { type: 'elements', name, elements: [...new Set(elements)] } }
  }
  const read = readField(sourceOf(column, header), recordTypes[type] as RecordDefinition, name, () =>
    raw.trim(),
  )
  if (!read.ok) return read
  return { ok: true, value: read.value === current ? null : { type: 'set', name, value: read.value } }
}

/** Every way in which an export may have written a value. */
function shownForms(column: Column, value: Value): ReadonlySet<string> {
  const kind = maskKindOf(column.of!.type, column.of!.name)
  const isEmpty = value === null || value === '' || (Array.isArray(value) && value.length === 0)
  if (isEmpty) return new Set([''])
  const forms = new Set<string>()
  for (const language of ['zh', 'en'] as const)
    for (const codes of [false, true])
      forms.add(String(cellOf(column, value, { language, codes }) ?? '').trim())
  if (kind) forms.add(String(maskValue(kind, value)))
  return forms
}

function sourceOf(column: Column, header: string): CellSource {
  const { type, name } = column.of!
  const choices = (recordTypes[type] as RecordDefinition).fields[name]?.choices
  const values = choices
    ? new Map(
        Object.entries(choices).flatMap(([code, labels]) =>
          [code, ...labels].map((text) => [text, code] as const),
        ),
      )
    : null
  return {
    type: 'cell',
    pieces: [{ type: 'column', column: header }],
    values,
    dateOrder: 'year-first',
    split: null,
  }
}
