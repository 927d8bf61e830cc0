import type { RecordDefinition } from '../record/define.ts'
import { recordTypes } from '../records/registry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { categoryCode } from '../work/categories.ts'
import { choiceWords, type Meaning, meanings } from './header-words.ts'
import { cleanText } from './read-cell.ts'
import type { ImportableType } from './record-links.ts'
import { openRows, type RowSource } from './row-source.ts'

export type ProposedColumn = {
  readonly column: string
  /** `person.name`; null where nobody knows what it means, and it is not read. */
  readonly field: string | null
  /** Texts of a column of choices that have no choice of ours: to be written in, or the rows are rejected. */
  readonly unknownValues: readonly string[]
}
export type ProposedMapping = {
  /** As a file: what `import --mapping` reads. */
  readonly mapping: { readonly [key: string]: unknown }
  readonly columns: readonly ProposedColumn[]
  readonly headerRow: number
}
export type ProposeProblem = Problem & { type: 'no-mapping-proposed' | 'empty-file' }

type Found = { readonly column: string; readonly at: number; readonly meaning: Meaning }

/** How far a header may stand below titles, and how many rows are looked at for the values of choices. */
const TITLE_ROWS = 20
const SAMPLE_ROWS = 20_000
/** More different texts than this in a column are not choices. */
const MOST_VALUES = 60

/** A mapping to begin with, from what the columns are called and what stands in them; a clerk corrects it. */
export async function proposeMapping(
  file: Uint8Array,
  name: string,
  sheet?: string,
): Promise<Result<ProposedMapping, ProposeProblem | Problem>> {
  const asked = { encoding: null, delimiter: ',', ...(sheet === undefined ? {} : { sheet }) }
  const source = await openRows(file, asked)
  if (!source.ok) return source
  const head = findHeader(source.value)
  if (!head) return fail({ type: 'empty-file' })
  const found = meant(head.header)
  const columnOf = (record: ImportableType, field: string) =>
    found.find(({ meaning }) => meaning.record === record && meaning.name === field)?.column ?? null
  const building = columnOf('building', 'name')
  const room = columnOf('dwelling', 'room')
  if (building === null || room === null)
    return fail({
      type: 'no-mapping-proposed',
      lacking: [building === null ? 'building.name' : null, room === null ? 'dwelling.room' : null].filter(
        (one) => one !== null,
      ),
      columns: head.header.filter((one) => one !== ''),
    })
  const values = valuesOf(head.rows, found)
  const choices = new Map(found.map((one) => [one, translate(one.meaning, values.get(one) ?? [])]))
  return ok({
    mapping: mappingFile(name, found, choices, columnOf),
    columns: head.header.flatMap((column, at): ProposedColumn[] => {
      if (column === '') return []
      const one = found.find((each) => each.at === at)
      const field = one ? `${one.meaning.record}.${one.meaning.name}` : null
      return [{ column, field, unknownValues: (one && choices.get(one)?.unknown) ?? [] }]
    }),
    headerRow: head.row,
  })
}

/** The first row of which at least three columns mean something; else the first row. */
function findHeader({ rows }: RowSource) {
  const above: { header: string[]; row: number }[] = []
  while (above.length < TITLE_ROWS) {
    const next = rows.next()
    if (next.done) break
    if (next.value.type === 'fault') continue
    const one = { header: next.value.cells.map(cleanText), row: next.value.row }
    if (meant(one.header).length >= 3) return { ...one, rows }
    above.push(one)
  }
  return above[0] ? { ...above[0], rows } : null
}

const bareWord = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s*_\-./:()[\]{}（）【】<>“”"']/g, '')

/** Each meaning once, each column once: exact names before names that only begin or end so. */
function meant(header: readonly string[]): readonly Found[] {
  const found: Found[] = []
  const take = (fits: (word: string, header: string) => boolean) => {
    for (const meaning of meanings)
      for (const [at, column] of header.entries()) {
        if (found.some((one) => one.at === at || one.meaning === meaning)) continue
        const bare = bareWord(column)
        if (bare !== '' && meaning.words.some((word) => fits(bareWord(word), bare)))
          found.push({ column, at, meaning })
      }
  }
  take((word, bare) => word === bare)
  take((word, bare) => /^\p{Script=Han}{2,}$/u.test(word) && (bare.startsWith(word) || bare.endsWith(word)))
  return found.sort((a, b) => a.at - b.at)
}

const definition = (type: ImportableType): RecordDefinition => recordTypes[type]
const isChoice = ({ record, name }: Meaning) =>
  definition(record).fields[name]?.type === 'choice' || name === 'categories'

function valuesOf(rows: RowSource['rows'], found: readonly Found[]): ReadonlyMap<Found, readonly string[]> {
  const chosen = found.filter(({ meaning }) => isChoice(meaning))
  const values = new Map(chosen.map((one) => [one, new Set<string>()]))
  for (let read = 0; read < SAMPLE_ROWS; read++) {
    const next = rows.next()
    if (next.done) break
    if (next.value.type === 'fault') continue
    for (const one of chosen) {
      const text = cleanText(next.value.cells[one.at] ?? '')
      const seen = values.get(one)!
      if (text === '' || seen.size > MOST_VALUES) continue
      for (const part of one.meaning.name === 'categories' ? text.split(/[、,,;;]/) : [text])
        if (part.trim() !== '') seen.add(part.trim())
    }
  }
  return new Map([...values].map(([one, seen]) => [one, [...seen]]))
}

type Translated = { readonly values: Record<string, string>; readonly unknown: readonly string[] }

function translate({ record, name }: Meaning, texts: readonly string[]): Translated | undefined {
  if (name === 'categories') {
    const values = Object.fromEntries(texts.map((text) => [text, categoryCode(text) ?? text]))
    return { values, unknown: texts.filter((text) => categoryCode(text) === null) }
  }
  const choices = definition(record).fields[name]?.choices
  if (!choices) return undefined
  const values: Record<string, string> = {}
  for (const [code, labels] of Object.entries(choices))
    for (const label of [code, ...labels]) values[label] = code
  const unknown: string[] = []
  for (const text of texts) {
    if (Object.hasOwn(values, text)) continue
    const known = choiceWords[name]?.[text.toLowerCase()] ?? choiceWords[name]?.[text]
    if (known) values[text] = known
    else unknown.push(text)
  }
  // What the register itself uses comes first; the rest of our own labels is left out.
  const used = texts.filter((text) => Object.hasOwn(values, text))
  return {
    values: Object.fromEntries(
      (used.length > 0 ? used : Object.keys(values)).map((text) => [text, values[text]!]),
    ),
    unknown,
  }
}

function mappingFile(
  name: string,
  found: readonly Found[],
  choices: ReadonlyMap<Found, Translated | undefined>,
  columnOf: (record: ImportableType, field: string) => string | null,
): ProposedMapping['mapping'] {
  const street = columnOf('building', 'street')
  const building = columnOf('building', 'name')!
  const unit = columnOf('dwelling', 'unit')
  const room = columnOf('dwelling', 'room')!
  const person = columnOf('person', 'name')
  const idNumber = columnOf('person', 'idNumber')
  const fieldsOf = (record: ImportableType) => {
    const fields: Record<string, unknown> = {}
    const sets: Record<string, unknown> = {}
    for (const one of found) {
      if (one.meaning.record !== record) continue
      const { column, meaning } = one
      const translated = choices.get(one)
      if (Object.hasOwn(definition(record).sets ?? {}, meaning.name))
        sets[meaning.name] = { column, split: '、', ...(translated ? { values: translated.values } : {}) }
      else fields[meaning.name] = translated ? { column, values: translated.values } : column
    }
    return { fields, ...(Object.keys(sets).length > 0 ? { sets } : {}) }
  }
  const door = [
    ...(street === null ? [] : [street]),
    building,
    ...(unit === null ? [] : [{ column: unit, mayBeEmpty: true }]),
    room,
  ]
  const records: Record<string, unknown> = {
    building: { key: street === null ? [building] : [street, building], ...fieldsOf('building') },
    dwelling: {
      key: unit === null ? [room] : [{ column: unit, mayBeEmpty: true }, room],
      ...fieldsOf('dwelling'),
    },
    household: fieldsOf('household'),
  }
  if (person !== null) {
    records.person = {
      key: [...(idNumber === null ? [] : [[idNumber]]), [person, ...door]],
      optional: true,
      ...fieldsOf('person'),
    }
    records.residence = fieldsOf('residence')
  }
  return {
    doorstep: 'mapping/1',
    name,
    note: '按表头推测,请核对后再导入 / proposed from the headers; check it before importing',
    gridName: 'G-{nn}',
    records,
  }
}
