import { isValue, type Value } from '../record/change.ts'
import { checkField, type RecordDefinition } from '../record/define.ts'
import { type JsonCheck, join } from './json-check.ts'
import type { CellSource, TextPiece } from './mapping.ts'
import { parseTextPattern } from './text-pattern.ts'

const DATE_ORDERS = ['year-first', 'day-first', 'month-first'] as const

/** `"column"`, `{column, values, date}`, `{text: "{a} {b}"}` or `{value}`, checked against the field it fills. */
export function parseFieldSource(
  check: JsonCheck,
  json: unknown,
  path: string,
  definition: RecordDefinition,
  name: string,
): CellSource | null {
  const field = Object.hasOwn(definition.fields, name) ? definition.fields[name] : undefined
  if (!field) return check.fault(path, 'unknown-field', { allowed: Object.keys(definition.fields) })
  if (field.type === 'id') return check.fault(path, 'linked-by-itself')
  if (field.type === 'json') return check.fault(path, 'not-importable')
  const fits = (value: Value, at: string) => {
    const checked = checkField(definition, name, value)
    if (!checked.ok) check.fault(at, checked.problem.rule, { value })
  }
  return parseSource(check, json, path, ['column', 'text', 'value', 'values', 'date'], fits)
}

/** One source or a list of them; `split` cuts one cell into several elements. */
export function parseSetSources(
  check: JsonCheck,
  json: unknown,
  path: string,
  definition: RecordDefinition,
  name: string,
): CellSource[] {
  if (!definition.sets || !Object.hasOwn(definition.sets, name)) {
    check.fault(path, 'unknown-set', { allowed: Object.keys(definition.sets ?? {}) })
    return []
  }
  const fits = (value: Value, at: string) => {
    if (value !== null && (typeof value !== 'string' || value === '')) check.fault(at, 'not-a-text')
  }
  const items = Array.isArray(json) ? json.map((item, at) => [item, join(path, at)] as const) : [[json, path]]
  return items
    .map(([item, at]) =>
      parseSource(check, item, at as string, ['column', 'text', 'value', 'values', 'split'], fits),
    )
    .filter((source) => source !== null)
}

function parseSource(
  check: JsonCheck,
  json: unknown,
  path: string,
  allowed: readonly string[],
  fits: (value: Value, path: string) => void,
): CellSource | null {
  if (typeof json === 'string') return cellSource(columnPieces(json))
  const object = check.object(json, path, allowed)
  if (!object) return null
  const kinds = ['column', 'text', 'value'].filter((kind) => Object.hasOwn(object, kind))
  if (kinds.length !== 1)
    return check.fault(path, 'not-exactly-one-of', { allowed: ['column', 'text', 'value'] })
  if (kinds[0] === 'value') {
    const { value } = object
    if (!isValue(value, 1)) return check.fault(join(path, 'value'), 'not-a-value')
    fits(value, join(path, 'value'))
    for (const key of ['values', 'date', 'split'])
      if (Object.hasOwn(object, key)) check.fault(join(path, key), 'useless-beside-value')
    return { type: 'value', value }
  }
  const pieces = piecesOf(check, object, path)
  return (
    pieces && {
      ...cellSource(pieces),
      values: parseValues(check, object.values, join(path, 'values'), fits),
      dateOrder: check.oneOf(object.date, join(path, 'date'), DATE_ORDERS, 'year-first'),
      split: object.split === undefined ? null : check.text(object.split, join(path, 'split')),
    }
  )
}

const columnPieces = (column: string): TextPiece[] => [{ type: 'column', column }]
const cellSource = (pieces: readonly TextPiece[]) =>
  ({ type: 'cell', pieces, values: null, dateOrder: 'year-first', split: null }) as const

function piecesOf(check: JsonCheck, object: Readonly<Record<string, unknown>>, path: string) {
  if (object.column !== undefined) {
    const column = check.text(object.column, join(path, 'column'))
    return column === null ? null : columnPieces(column)
  }
  const pattern = check.text(object.text, join(path, 'text'))
  if (pattern === null) return null
  const pieces = parseTextPattern(pattern, [])
  if (!pieces.some((piece) => piece.type === 'column'))
    return check.fault(join(path, 'text'), 'names-no-column')
  return pieces
}

function parseValues(
  check: JsonCheck,
  json: unknown,
  path: string,
  fits: (value: Value, path: string) => void,
): ReadonlyMap<string, Value> | null {
  if (json === undefined) return null
  const object = check.object(json, path, null)
  if (!object) return null
  const values = new Map<string, Value>()
  for (const [text, value] of Object.entries(object)) {
    if (isValue(value, 1)) {
      if (value !== null) fits(value, join(path, text))
      values.set(text, value)
    } else check.fault(join(path, text), 'not-a-value')
  }
  return values
}
