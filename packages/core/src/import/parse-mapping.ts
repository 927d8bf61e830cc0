import type { RecordDefinition } from '../record/define.ts'
import { recordTypes } from '../records/registry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { type Fault, JsonCheck, join } from './json-check.ts'
import type { KeyColumn, Mapping, RecordMapping, SkipRule, TextPiece } from './mapping.ts'
import { parseFieldSource, parseSetSources } from './parse-cell-source.ts'
import { parseDelimiter } from './parse-delimiter.ts'
import { parseLayout } from './parse-layout.ts'
import { type ImportableType, importableTypes, recordLinks } from './record-links.ts'
import { parseTextPattern } from './text-pattern.ts'

export type MappingProblem = Problem & { type: 'bad-mapping'; faults: readonly Fault[] }

const KEYS = [
  'doorstep',
  'name',
  'note',
  'encoding',
  'delimiter',
  'skipWhen',
  'records',
  'layout',
  'gridName',
]

const ENCODINGS = ['utf-8', 'gb18030'] as const

/** A mapping file's text. */
export function parseMappingText(text: string): Result<Mapping, MappingProblem> {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    const detail = error instanceof SyntaxError ? error.message : ''
    return fail({ type: 'bad-mapping', faults: [{ path: '', rule: 'not-json', detail }] })
  }
  return parseMapping(json)
}

/** A mapping as JSON. The problem names every fault with its path. */
export function parseMapping(json: unknown): Result<Mapping, MappingProblem> {
  const check = new JsonCheck()
  const file = check.object(json, '', KEYS)
  if (!file) return fail({ type: 'bad-mapping', faults: check.faults })
  if (file.doorstep !== 'mapping/1')
    check.fault('doorstep', 'not-one-of', { allowed: ['mapping/1'], found: file.doorstep })
  const layout = file.layout === undefined ? null : parseLayout(check, file.layout, 'layout')
  const mapping: Mapping = {
    name: check.text(file.name, 'name') ?? '',
    encoding: file.encoding === undefined ? null : check.oneOf(file.encoding, 'encoding', ENCODINGS, 'utf-8'),
    delimiter: parseDelimiter(check, file.delimiter),
    skipWhen: parseSkipRules(check, file.skipWhen),
    records: parseRecords(check, file.records, layout !== null),
    layout,
    gridName: parseGridName(check, file.gridName),
  }
  return check.faults.length === 0 ? ok(mapping) : fail({ type: 'bad-mapping', faults: check.faults })
}

function parseSkipRules(check: JsonCheck, json: unknown): SkipRule[] {
  if (json === undefined) return []
  const rules: SkipRule[] = []
  for (const [at, item] of check.list(json, 'skipWhen').entries()) {
    const path = join('skipWhen', at)
    const rule = check.object(item, path, ['column', 'is', 'isNot', 'reason'])
    if (!rule) continue
    const column = check.text(rule.column, join(path, 'column'))
    const reason = check.text(rule.reason, join(path, 'reason'))
    if (reason !== null && !/^[a-z][a-z0-9-]{0,40}$/.test(reason))
      check.fault(join(path, 'reason'), 'not-a-machine-word')
    const negated = rule.is === undefined
    const cells = negated ? rule.isNot : rule.is
    const named = join(path, negated ? 'isNot' : 'is')
    if (rule.is !== undefined && rule.isNot !== undefined)
      check.fault(path, 'not-exactly-one-of', { allowed: ['is', 'isNot'] })
    const is = (Array.isArray(cells) ? cells : [cells]).map((cell) => {
      if (typeof cell !== 'string') check.fault(named, 'not-a-text')
      return String(cell)
    })
    if (column !== null && reason !== null) rules.push({ column, is, negated, reason })
  }
  return rules
}

function parseGridName(check: JsonCheck, json: unknown): readonly TextPiece[] {
  const pattern = json === undefined ? 'G-{nn}' : (check.text(json, 'gridName') ?? '{n}')
  const pieces = parseTextPattern(pattern, ['n'])
  if (pieces.filter((piece) => piece.type === 'number').length !== 1)
    check.fault('gridName', 'needs-one-number')
  return pieces
}

function parseRecords(check: JsonCheck, json: unknown, laidOut: boolean): Mapping['records'] {
  const file = check.object(json, 'records', importableTypes)
  const records: Partial<Record<ImportableType, RecordMapping>> = {}
  if (!file) return records
  for (const type of importableTypes) {
    if (file[type] === undefined) continue
    const record = parseRecord(check, type, file[type], laidOut)
    if (record) records[type] = record
  }
  if (!records.building) check.fault('records.building', 'required')
  for (const type of importableTypes) {
    if (!records[type]) continue
    for (const link of recordLinks[type])
      if (link.required && !file[link.target] && !(laidOut && isLaidOut(link.target)))
        check.fault(join('records', link.target), 'required', { by: type })
  }
  if (laidOut)
    for (const type of ['person', 'residence'] as const)
      if (records[type]) check.fault(join('records', type), 'not-with-layout')
  return records
}

export const isLaidOut = (type: ImportableType): boolean => type === 'dwelling' || type === 'household'

/** What the layout itself writes of a dwelling. */
const LAID_OUT_FIELDS = ['unit', 'floor', 'room']

function parseRecord(
  check: JsonCheck,
  type: ImportableType,
  json: unknown,
  laidOut: boolean,
): RecordMapping | null {
  const path = join('records', type)
  const definition: RecordDefinition = recordTypes[type]
  const file = check.object(json, path, ['key', 'optional', 'fields', 'sets'])
  if (!file) return null
  const byLayout = laidOut && isLaidOut(type)
  const fields: Record<string, RecordMapping['fields'][string]> = {}
  const sets: Record<string, RecordMapping['sets'][string]> = {}
  for (const [name, source] of entriesOf(check, file.fields, join(path, 'fields'))) {
    const at = join(join(path, 'fields'), name)
    if (byLayout && LAID_OUT_FIELDS.includes(name)) check.fault(at, 'made-by-layout')
    const parsed = parseFieldSource(check, source, at, definition, name)
    if (parsed) fields[name] = parsed
  }
  for (const [name, sources] of entriesOf(check, file.sets, join(path, 'sets')))
    sets[name] = parseSetSources(check, sources, join(join(path, 'sets'), name), definition, name)
  for (const [name, field] of Object.entries(definition.fields)) {
    const made = byLayout && LAID_OUT_FIELDS.includes(name)
    if (field.required && field.type !== 'id' && !made && !Object.hasOwn(fields, name))
      if (!Object.hasOwn(Object(file.fields), name)) check.fault(join(join(path, 'fields'), name), 'required')
  }
  if (byLayout && file.key !== undefined) check.fault(join(path, 'key'), 'made-by-layout')
  const optional = check.flag(file.optional, join(path, 'optional'))
  const keys = parseKeys(check, file.key, join(path, 'key'))
  const standsAlone = !recordLinks[type].some((link) => link.required)
  if (standsAlone && keys.length === 0) check.fault(join(path, 'key'), 'required')
  if (optional && (type === 'building' || keys.length === 0))
    check.fault(join(path, 'optional'), 'needs-a-key')
  return { keys, optional, fields, sets }
}

const entriesOf = (check: JsonCheck, json: unknown, path: string): [string, unknown][] =>
  json === undefined ? [] : Object.entries(check.object(json, path, null) ?? {})

/** `["a", "b"]`, or a list of such lists, the first that is filled being used. */
function parseKeys(check: JsonCheck, json: unknown, path: string): KeyColumn[][] {
  if (json === undefined) return []
  const list = check.list(json, path)
  const nested = list.some((item) => Array.isArray(item))
  return (nested ? list : [list])
    .map((key, at) =>
      check
        .list(key, nested ? join(path, at) : path)
        .map((item, n) => parseKeyColumn(check, item, join(nested ? join(path, at) : path, n)))
        .filter((column) => column !== null),
    )
    .filter((key) => key.length > 0)
}

function parseKeyColumn(check: JsonCheck, json: unknown, path: string): KeyColumn | null {
  if (typeof json === 'string') {
    const name = check.text(json, path)
    return name === null ? null : { column: name, mayBeEmpty: false }
  }
  const file = check.object(json, path, ['column', 'mayBeEmpty'])
  const column = file && check.text(file.column, join(path, 'column'))
  return column === null || !file
    ? null
    : { column, mayBeEmpty: check.flag(file.mayBeEmpty, join(path, 'mayBeEmpty')) }
}
