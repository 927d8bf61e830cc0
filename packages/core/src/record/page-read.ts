import { MalformedError, StreamReader, StreamWriter, unpackStreams } from '../bytes/streams.ts'
import { isId } from '../ids.ts'
import type { EntryRef } from '../log/entry.ts'
import { MAX_PARTS } from '../log/limits.ts'
import { fail, ok, type Result } from '../result.ts'
import { ColumnReader, type ReadContext, textOf } from './column-read.ts'
import { IdTable } from './columns.ts'
import {
  ADD,
  APPEND,
  columnName,
  FIELD,
  MAX_PAGE_PARTS,
  MAX_PAGE_RECORDS,
  MAX_PAGE_TEXT_BYTES,
  MAX_SHAPES_BYTES,
  MAX_STREAMS,
  ODD,
  type PageRecord,
  type PartPlace,
  type ShapedWrite,
} from './page.ts'
import { mayConflict, plainOfText } from './plain.ts'
import { putWriteTag, TAG_LETTERS } from './tag.ts'

export type DecodedPage = {
  readonly records: readonly PageRecord[]
  /** The entries its parts stand in. */
  readonly entries: readonly EntryRef[]
}

/**
 * Reads a page's foreign bytes: bounded, every name, value and stamp one that a part may have. `entryAt` gives the
 * entry with a number; `at` counts those of this page.
 */
export function decodePage(
  packed: Uint8Array,
  entryAt: (ordinal: number, at: number) => EntryRef | undefined,
  placed?: Map<string, PartPlace>,
): Result<DecodedPage> {
  const records: PageRecord[] = []
  const visited = visitPage(
    packed,
    entryAt,
    ({ id, type, text }) => records.push({ id, type, plain: plainOfText(textOf(text)) }),
    placed,
  )
  return visited.ok ? ok({ records, entries: visited.value }) : visited
}

/** A record as what is hashed of it, which is overwritten by the next; whether its projection may have conflicts. */
export type RecordText = {
  readonly id: string
  readonly type: string
  readonly text: Uint8Array
  readonly mayConflict: boolean
}
type Visit = (record: RecordText) => void

/** The same, record by record, each as text alone; gives the entries. What was visited before a failure is void. */
export function visitPage(
  packed: Uint8Array,
  entryAt: (ordinal: number, at: number) => EntryRef | undefined,
  visit: Visit,
  placed?: Map<string, PartPlace>,
): Result<readonly EntryRef[]> {
  try {
    return ok(readPage(packed, entryAt, visit, placed))
  } catch (error) {
    if (error instanceof MalformedError || error instanceof SyntaxError)
      return fail({ type: 'malformed', detail: `checkpoint page: ${error.message}` })
    throw error
  }
}

type Shape = {
  readonly type: string
  readonly stamps: number
  readonly writes: readonly ShapedWrite[]
  readonly columns: ColumnReader[]
  readonly mayConflict: boolean
  /**
   * The stamp (0) and the writes in the order of their keys, where that is the same for all records, because they have
   * one stamp, which stands in all keys; and each has a column of its own, so that they may be read in that order.
   */
  readonly order:
    | readonly { readonly at: number; readonly head: Uint8Array; readonly tail: Uint8Array }[]
    | null
}

function readPage(
  packed: Uint8Array,
  entryAt: (ordinal: number, at: number) => EntryRef | undefined,
  visit: Visit,
  placed?: Map<string, PartPlace>,
): readonly EntryRef[] {
  const streams = unpackStreams(packed, MAX_PAGE_TEXT_BYTES, MAX_STREAMS)
  let taken = 0
  const next = (): Uint8Array => {
    const stream = streams[taken++]
    if (!stream) throw new MalformedError('a stream is missing')
    return stream
  }
  const headBytes = next()
  if (headBytes.length > MAX_SHAPES_BYTES) throw new MalformedError('shapes')
  const head: unknown = JSON.parse(
    Buffer.from(headBytes.buffer, headBytes.byteOffset, headBytes.length).toString(),
  )
  if (!Array.isArray(head) || head.length !== 6 || head[0] !== 'page/1') throw new MalformedError('page')
  const [, count, members, odd, shapeItems, described] = head as unknown[]
  if (!Number.isSafeInteger(count) || (count as number) < 0 || (count as number) > MAX_PAGE_RECORDS)
    throw new MalformedError('records')
  if (!Array.isArray(members) || !members.every(isId) || !Array.isArray(odd) || !odd.every(isId))
    throw new MalformedError('ids')
  const ordinals = new StreamReader(next())
  const memberPlaces = new StreamReader(next())
  const times = new StreamReader(next())
  const odds = new StreamReader(next())
  const shapePlaces = new StreamReader(next())
  const entryPlaces = new StreamReader(next())
  const parts = new StreamReader(next())
  const versions = new StreamReader(next())
  const entries: (EntryRef & { stamp: string })[] = []
  let ordinal = -1
  let at = 0
  while (!ordinals.isAtEnd) {
    ordinal += ordinals.count() + 1
    at += times.signed()
    const entry = entryAt(ordinal, entries.length)
    const member = (members as string[])[memberPlaces.count()]
    if (!entry || member === undefined || at < 0 || !Number.isSafeInteger(at))
      throw new MalformedError('an entry')
    const { log, seq, hash } = entry
    entries.push({ log, seq, hash, stamp: `["${member}",${at},"${log}",${seq},` })
  }
  const prefixes = next()
  const ids = IdTable.read(prefixes, next())
  const context: ReadContext = { ids, tags: new StreamWriter(), first: 0, values: 0, text: 0 }
  const columns = new Map<string, ColumnReader>()
  if (!Array.isArray(described) || !Array.isArray(shapeItems)) throw new MalformedError('columns')
  for (const item of described as unknown[]) {
    if (!Array.isArray(item) || item.length !== 2 || typeof item[0] !== 'string' || columns.has(item[0]))
      throw new MalformedError('columns')
    columns.set(item[0], new ColumnReader(context, item[1], next))
  }
  const shapes = (shapeItems as unknown[]).map((item) => readShape(item, columns))
  let idAt = 0
  let oddAt = 0
  let place = 0
  let part = 0
  const text = new StreamWriter()
  const scratch = new StreamWriter()
  const tag = Buffer.alloc(TAG_LETTERS)
  for (let n = 0; n < (count as number); n++) {
    const id = odds.byte() === 0 ? ids[idAt++] : (odd as string[])[oddAt++]
    const shape = shapes[shapePlaces.count()]
    if (id === undefined || !shape) throw new MalformedError('a record')
    const first = context.tags.length / TAG_LETTERS
    if (first + shape.stamps > MAX_PAGE_PARTS) throw new MalformedError('too many parts')
    context.first = first
    const stamps: string[] = []
    for (let stamp = 0; stamp < shape.stamps; stamp++) {
      const step = entryPlaces.signed()
      place += step
      part = parts.signed() + (step === 0 ? part : 0)
      const entry = entries[place]
      if (!entry || part < 1 || part > MAX_PARTS) throw new MalformedError('a part')
      putWriteTag(entry.hash, part, tag, 0)
      context.tags.copy(tag)
      placed?.set(textOf(tag), { entry: place, part })
      stamps.push(`${entry.stamp}${versions.count()}]`)
    }
    text.clear()
    text.ascii(`["${id}",[`)
    if (shape.order) putInOrder(shape, shape.order, tag, stamps[0]!, text)
    else putSorted(shape, context.tags.done().subarray(TAG_LETTERS * first), stamps, scratch, text)
    text.ascii(']]')
    visit({ id, type: shape.type, text: text.done(), mayConflict: shape.mayConflict })
  }
  const all = [ordinals, memberPlaces, times, odds, shapePlaces, entryPlaces, parts, versions]
  const isWhole = all.every(({ isAtEnd }) => isAtEnd) && oddAt === odd.length && taken === streams.length
  if (!isWhole || ![...columns.values()].every(({ isAtEnd }) => isAtEnd))
    throw new MalformedError('something is left over')
  return entries
}

function putInOrder(
  { columns }: Shape,
  order: NonNullable<Shape['order']>,
  tag: Uint8Array,
  stamp: string,
  to: StreamWriter,
): void {
  for (const { at, head, tail } of order) {
    to.copy(head)
    to.copy(tag)
    to.copy(tail)
    if (at === 0) to.ascii(stamp)
    else columns[at - 1]!.next(to)
    to.byte(END)
  }
}
const END = 0x5d

function putSorted(
  shape: Shape,
  tags: Uint8Array,
  stamps: readonly string[],
  lines: StreamWriter,
  to: StreamWriter,
): void {
  lines.clear()
  const names = stamps.map((_, at) => textOf(tags.subarray(TAG_LETTERS * at, TAG_LETTERS * (at + 1))))
  const places: { readonly key: string; readonly from: number; readonly end: number }[] = []
  const line = (key: string, write: () => void) => {
    const from = lines.length
    write()
    lines.byte(END)
    places.push({ key, from, end: lines.length })
  }
  for (const [at, stamp] of stamps.entries())
    line(`@${names[at]!}`, () => lines.ascii(`["@${names[at]!}",${stamp}`))
  for (const [at, [kind, name, stamp, item]] of shape.writes.entries()) {
    const column = shape.columns[at]!
    const tag = names[stamp]!
    if (kind === ADD) {
      const element = new StreamWriter()
      column.next(element)
      const quoted = element.done()
      if (quoted[0] !== QUOTE || quoted.length === 2) throw new MalformedError('an element')
      line(`${name}+${JSON.parse(textOf(quoted)) as string}#${tag}`, () => {
        lines.ascii(`["${name}+`)
        lines.copy(quoted, 1, quoted.length - 1)
        lines.ascii(`#${tag}",true`)
      })
      continue
    }
    const key = kind === FIELD ? `${name}#${tag}` : `${name}!${tag}.${item}`
    line(key, () => {
      lines.ascii(`["${key}",`)
      column.next(lines)
    })
  }
  places.sort((a, b) => (a.key < b.key ? -1 : 1))
  const written = lines.done()
  for (const [at, { key, from, end }] of places.entries()) {
    if (key === places[at - 1]?.key) throw new MalformedError('a write stands twice')
    if (at > 0) to.byte(COMMA)
    to.copy(written, from, end)
  }
}
const QUOTE = 0x22
const COMMA = 0x2c

const NAME = /^[a-z][A-Za-z0-9]{0,40}$/

function readShape(value: unknown, columns: ReadonlyMap<string, ColumnReader>): Shape {
  if (!Array.isArray(value) || value.length !== 3) throw new MalformedError('a shape')
  const [type, stamps, items] = value as unknown[]
  if (typeof type !== 'string' || type.length > 40 || !Number.isSafeInteger(stamps) || (stamps as number) < 0)
    throw new MalformedError('a shape')
  if (!Array.isArray(items)) throw new MalformedError('a shape')
  const writes: ShapedWrite[] = []
  const found: ColumnReader[] = []
  for (const item of items as unknown[]) {
    if (!Array.isArray(item) || item.length !== 4) throw new MalformedError('a write')
    const [kind, name, stamp, number] = item as [unknown, unknown, unknown, unknown]
    const isStamped =
      Number.isSafeInteger(stamp) && (stamp as number) >= 0 && (stamp as number) < (stamps as number)
    const isNumbered = Number.isSafeInteger(number) && (number as number) >= 0 && (number as number) < 1000
    if (typeof name !== 'string' || !NAME.test(name) || !isStamped || !isNumbered)
      throw new MalformedError('a write')
    if (kind !== FIELD && kind !== ADD && kind !== APPEND) throw new MalformedError('a write')
    const write = [kind, name, stamp as number, number as number] as ShapedWrite
    const column = columns.get(columnName(type, write)) ?? columns.get(ODD)
    if (!column) throw new MalformedError('a write')
    writes.push(write)
    found.push(column)
  }
  const keys = writes.map(([kind, name]) =>
    kind === FIELD ? `${name}#` : kind === ADD ? `${name}+#` : `${name}!`,
  )
  return {
    type,
    stamps: stamps as number,
    writes,
    columns: found,
    mayConflict: mayConflict(keys.sort()),
    order: orderOf(stamps as number, writes, found),
  }
}

function orderOf(
  stamps: number,
  writes: readonly ShapedWrite[],
  columns: readonly ColumnReader[],
): Shape['order'] {
  if (stamps !== 1 || writes.some(([kind]) => kind === ADD)) return null
  const keys = [
    ['@', ''],
    ...writes.map(([kind, name, , item]) => (kind === FIELD ? [`${name}#`, ''] : [`${name}!`, `.${item}`])),
  ].map(([before, after], at) => ({ at, before: before!, after: after! }))
  keys.sort((a, b) => (a.before + a.after < b.before + b.after ? -1 : 1))
  if (new Set(keys.map(({ before, after }) => before + after)).size !== keys.length)
    throw new MalformedError('a write stands twice')
  if (new Set(columns).size !== columns.length) return null
  return keys.map(({ at, before, after }, n) => ({
    at,
    head: Buffer.from(`${n === 0 ? '' : ','}["${before}`),
    tail: Buffer.from(`${after}",`),
  }))
}
