import type { Value } from '../record/change.ts'
import type { RecordDefinition } from '../record/define.ts'
import type { Projection } from '../record/project.ts'
import { type RecordType, recordTypes } from '../records/registry.ts'
import type { Calendar } from '../work/day.ts'
import type { Language } from '../work/language.ts'
import { maskValue } from '../work/mask.ts'
import { plainOf } from '../work/masked-record.ts'
import type { RecordSet } from '../work/record-set.ts'

/** What stands in the cells of a column: `list` several codes or tags, `instant` milliseconds since 1970. */
export type CellType = 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'instant' | 'list'

/** The records that one row speaks of. */
export type RowRecords = Readonly<Partial<Record<RecordType, Projection>>>

export type RowContext = {
  readonly set: RecordSet
  readonly calendar: Calendar
  /** Ages, lateness and who lives where are of this day. */
  readonly on: string
  /** As a masked viewer sees it, or the text behind. */
  readonly plain: boolean
  readonly language: Language
}

export type Column = {
  /** Never changes its meaning: `household.phone`, `address`. */
  readonly id: string
  readonly label: readonly [zh: string, en: string]
  readonly type: CellType
  /** Whose choices and categories give labels to what stands in the cells. */
  readonly of: { readonly type: RecordType; readonly name: string } | null
  readonly value: (row: RowRecords, context: RowContext) => Value
}

/** Free texts of forms and keys of photos are for other exports; ids of records are given by `idColumn`. */
const LEFT_OUT: ReadonlySet<string> = new Set(['attachment.key', 'visit.submission'])

/** One column for each field and set of a record type: a field that is added to the type is exported by itself. */
export function recordColumns(type: RecordType): Column[] {
  const definition: RecordDefinition = recordTypes[type]
  const fields = Object.entries(definition.fields).flatMap(([name, field]): Column[] => {
    if (field.derived || field.type === 'id' || field.type === 'json' || LEFT_OUT.has(`${type}.${name}`))
      return []
    return [
      {
        id: `${type}.${name}`,
        label: field.label,
        type: field.type === 'choice' ? 'text' : field.type,
        of: { type, name },
        value: (row, { plain }) => fieldOf(row[type], name, plain),
      },
    ]
  })
  const sets = Object.entries(definition.sets ?? {}).map(
    ([name, { label }]): Column => ({
      id: `${type}.${name}`,
      label,
      type: 'list',
      of: { type, name },
      value: (row, { plain }) => setOf(row[type], name, plain),
    }),
  )
  return [...fields, ...sets]
}

function fieldOf(record: Projection | undefined, name: string, plain: boolean): Value {
  if (!record) return null
  return (plain ? plainOf(record) : record).fields[name] ?? null
}

function setOf(record: Projection | undefined, name: string, plain: boolean): Value {
  if (!record) return null
  const behind = plainOf(record).sets[name] ?? []
  if (behind.length === 0) return []
  const shown = plain ? behind : record.sets[name]
  // That there is something is no secret; what it is, is.
  return shown ? [...shown].sort() : [String(maskValue('category', behind[0]!))]
}

export const idColumn = (type: RecordType): Column => ({
  id: `${type}.id`,
  label: [`${recordTypes[type].label[0]}编号`, `${recordTypes[type].label[1]} id`],
  type: 'text',
  of: null,
  value: (row) => row[type]?.id ?? null,
})

/** When the record last changed: who brings the file back shows by it what it was made from. */
export const changedColumn = (type: RecordType): Column => ({
  id: `${type}.changed`,
  label: [`${recordTypes[type].label[0]}改动时间`, `${recordTypes[type].label[1]} changed at`],
  type: 'instant',
  of: null,
  value: (row) => row[type]?.changedAt ?? null,
})

export const derivedColumn = (
  id: string,
  label: readonly [string, string],
  type: CellType,
  value: Column['value'],
): Column => ({ id, label, type, of: null, value })
