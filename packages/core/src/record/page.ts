import { MalformedError, packStreams, StreamReader, StreamWriter, unpackStreams } from '../bytes/streams.ts'
import { isId } from '../ids.ts'
import type { EntryRef } from '../log/entry.ts'
import { MAX_PARTS } from '../log/limits.ts'
import { fail, ok, type Result } from '../result.ts'
import type { Value } from './change.ts'
import { ColumnReader, ColumnWriter, IdTable, MAX_COLUMNS, PageContext, type ReadContext } from './columns.ts'
import { writeTagOf } from './fold.ts'
import type { PlainRecord } from './plain.ts'

export type PageRecord = { readonly id: string; readonly type: string; readonly plain: PlainRecord }

/** Where a part stands: its entry by a number that grows along each log, and its place in it. */
export type PartPlace = { readonly entry: number; readonly part: number }
/** Finds a part by its stamp; undefined where there is none. */
export type PlaceOf = (tag: string, log: string, seq: number) => PartPlace | undefined

export const MAX_PAGE_RECORDS = 8192
/** What is unpacked of foreign bytes at most: a bomb ends here. */
const MAX_PAGE_TEXT_BYTES = 24 * 1024 * 1024
/** Parts on one page: each costs a hash to read. The largest record has fewer. */
export const MAX_PAGE_PARTS = 65_536
/** Those of its columns, the one for all others, and its own. */
const MAX_STREAMS = 6 * (MAX_COLUMNS + 1) + 16
/** What says what stands where. A write of the longest name takes 60 bytes. */
const MAX_SHAPES_BYTES = 8 * 1024 * 1024
/** The column of all fields for which there is no room. */
const ODD = '*'

const FIELD = 0
const ADD = 1
const APPEND = 2
/** A write as a shape has it: kind, name, which of the record's stamps, and of an item its number in its part. */
type ShapedWrite = readonly [kind: number, name: string, stamp: number, item: number]

const KEY =
  /^(?:@([0-9a-z]+)|([a-zA-Z0-9]+)#([0-9a-z]+)|([a-zA-Z0-9]+)\+(.+)#([0-9a-z]+)|([a-zA-Z0-9]+)!([0-9a-z]+)\.(\d+))$/s

/** A stamp of a record whose entry or part cannot be found: its page cannot be made. */
class UnknownPartError extends Error {}

type Stamped = PartPlace & { tag: string; member: string; at: number; version: number }

/**
 * Packs records into columns. Tags are left out: they follow from the hash of their entry, which whoever reads the
 * page knows. What all parts of an entry share, its author and time, stands once.
 */
export function encodePage(records: readonly PageRecord[], placeOf: PlaceOf): Uint8Array {
  const whole = records.map(({ id, type, plain }) => ({ id, type, ...shapeOf(plain, placeOf) }))
  const entries = new Map<number, { member: string; at: number }>()
  for (const { stamps } of whole)
    for (const { entry, member, at } of stamps) entries.set(entry, { member, at })
  const ordinals = [...entries.keys()].sort((a, b) => a - b)
  const members = [...new Set([...entries.values()].map(({ member }) => member))]
  const memberPlaces = new Map(members.map((member, place) => [member, place]))
  const entryPlaces = new Map(ordinals.map((ordinal, place) => [ordinal, place]))
  const ordinalStream = new StreamWriter()
  const memberStream = new StreamWriter()
  const atStream = new StreamWriter()
  let before = -1
  let time = 0
  for (const ordinal of ordinals) {
    const { member, at } = entries.get(ordinal)!
    ordinalStream.count(ordinal - before - 1)
    memberStream.count(memberPlaces.get(member)!)
    atStream.signed(at - time)
    before = ordinal
    time = at
  }
  const context = new PageContext()
  const { ids } = context
  const oddIds = new StreamWriter()
  const odd: string[] = []
  for (const { id } of whole) {
    const isUsual = IdTable.isUsual(id)
    oddIds.byte(isUsual ? 0 : 1)
    if (isUsual) ids.placeOf(id)
    else odd.push(id)
  }
  const shapes = new Map<string, number>()
  const shapeStream = new StreamWriter()
  const entryStream = new StreamWriter()
  const partStream = new StreamWriter()
  const versionStream = new StreamWriter()
  const columns = new Map<string, ColumnWriter>()
  let lastEntry = 0
  let lastPart = 0
  for (const { type, stamps, writes } of whole) {
    const name = JSON.stringify([type, stamps.length, writes.map(({ shaped }) => shaped)])
    if (!shapes.has(name)) shapes.set(name, shapes.size)
    shapeStream.count(shapes.get(name)!)
    context.beginRecord(stamps.map(({ tag }) => tag))
    for (const { entry, part, version } of stamps) {
      const place = entryPlaces.get(entry)!
      entryStream.signed(place - lastEntry)
      partStream.signed(place === lastEntry ? part - lastPart : part)
      versionStream.count(version)
      lastEntry = place
      lastPart = part
    }
    for (const { shaped, value } of writes) {
      const own = columnName(type, shaped)
      const name = columns.has(own) || context.takeColumns(1) ? own : ODD
      const column = columns.get(name) ?? new ColumnWriter(context)
      columns.set(name, column)
      column.add(value)
    }
  }
  const values: Uint8Array[] = []
  const described = [...columns].map(([name, column]) => [name, column.write(values)])
  const head = JSON.stringify([
    'page/1',
    records.length,
    members,
    odd,
    [...shapes.keys()].map((name) => JSON.parse(name) as unknown),
    described,
  ])
  const own = [
    ordinalStream,
    memberStream,
    atStream,
    oddIds,
    shapeStream,
    entryStream,
    partStream,
    versionStream,
  ]
  return packStreams([Buffer.from(head), ...own.map((stream) => stream.done()), ...ids.streams(), ...values])
}

const columnName = (type: string, [kind, name]: ShapedWrite): string => `${type} ${kind}${name}`

function shapeOf(plain: PlainRecord, placeOf: PlaceOf) {
  const stamps: Stamped[] = []
  const rest: { kind: number; name: string; tag: string; item: number; value: Value }[] = []
  for (const [key, value] of plain) {
    const match = KEY.exec(key)
    if (!match) throw new UnknownPartError(key)
    if (match[1] !== undefined) {
      const [member, at, log, seq, version] = value as [string, number, string, number, number]
      const place = placeOf(match[1], log, seq)
      if (!place) throw new UnknownPartError(key)
      stamps.push({ ...place, tag: match[1], member, at, version })
    } else if (match[2] !== undefined)
      rest.push({ kind: FIELD, name: match[2], tag: match[3]!, item: 0, value: value as Value })
    else if (match[4] !== undefined)
      rest.push({ kind: ADD, name: match[4], tag: match[6]!, item: 0, value: match[5]! })
    else
      rest.push({
        kind: APPEND,
        name: match[7]!,
        tag: match[8]!,
        item: Number(match[9]),
        value: value as Value,
      })
  }
  stamps.sort((a, b) => a.entry - b.entry || a.part - b.part)
  const places = new Map(stamps.map(({ tag }, place) => [tag, place]))
  const writes = rest.map(({ kind, name, tag, item, value }) => {
    const stamp = places.get(tag)
    if (stamp === undefined) throw new UnknownPartError(tag)
    return { shaped: [kind, name, stamp, item] as ShapedWrite, value }
  })
  writes.sort((a, b) => compareShaped(a.shaped, b.shaped))
  return { stamps, writes }
}

const compareShaped = (a: ShapedWrite, b: ShapedWrite): number =>
  a[2] - b[2] || a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0) || a[3] - b[3]

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
    (id, type, writes) => records.push({ id, type, plain: new Map(writes) }),
    placed,
  )
  return visited.ok ? ok({ records, entries: visited.value }) : visited
}

type Visit = (id: string, type: string, writes: [string, unknown][]) => void

/** The same, record by record, their writes in order; gives the entries. What was visited before a failure is void. */
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
  /** Of the stamp and the writes, where it is the same for all records: they have one stamp, which stands in all keys. */
  readonly order: readonly number[] | null
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
  const entries: (EntryRef & { ordinal: number; member: string; at: number })[] = []
  let ordinal = -1
  let at = 0
  while (!ordinals.isAtEnd) {
    ordinal += ordinals.count() + 1
    at += times.signed()
    const entry = entryAt(ordinal, entries.length)
    const member = (members as string[])[memberPlaces.count()]
    if (!entry || member === undefined || at < 0 || !Number.isSafeInteger(at))
      throw new MalformedError('an entry')
    entries.push({ log: entry.log, seq: entry.seq, hash: entry.hash, ordinal, member, at })
  }
  const prefixes = next()
  const ids = IdTable.read(prefixes, next())
  const context: ReadContext = { ids, tags: [], first: 0, values: 0 }
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
  let partsRead = 0
  for (let n = 0; n < (count as number); n++) {
    const id = odds.byte() === 0 ? ids[idAt++] : (odd as string[])[oddAt++]
    const shape = shapes[shapePlaces.count()]
    if (id === undefined || !shape) throw new MalformedError('a record')
    const first = context.tags.length
    context.first = first
    const writes: [string, unknown][] = []
    for (let stamp = 0; stamp < shape.stamps; stamp++) {
      const step = entryPlaces.signed()
      place += step
      part = parts.signed() + (step === 0 ? part : 0)
      const entry = entries[place]
      if (++partsRead > MAX_PAGE_PARTS) throw new MalformedError('too many parts')
      if (!entry || part < 1 || part > MAX_PARTS) throw new MalformedError('a part')
      const tag = writeTagOf(entry.hash, part)
      context.tags.push(tag)
      placed?.set(tag, { entry: place, part })
      writes.push([`@${tag}`, [entry.member, entry.at, entry.log, entry.seq, versions.count()]])
    }
    for (let at = 0; at < shape.writes.length; at++) {
      const [kind, name, stamp, item] = shape.writes[at]!
      const value = shape.columns[at]!.next()
      const tag = context.tags[first + stamp]!
      if (kind === FIELD) writes.push([`${name}#${tag}`, value])
      else if (kind === APPEND) writes.push([`${name}!${tag}.${item}`, value])
      else if (typeof value !== 'string' || value === '') throw new MalformedError('an element')
      else writes.push([`${name}+${value}#${tag}`, true])
    }
    const sorted = shape.order
      ? shape.order.map((at) => writes[at]!)
      : writes.sort(([a], [b]) => (a < b ? -1 : 1))
    if (!shape.order)
      for (let at = 1; at < sorted.length; at++)
        if (sorted[at]![0] === sorted[at - 1]![0]) throw new MalformedError('a write stands twice')
    visit(id, shape.type, sorted)
  }
  const all = [ordinals, memberPlaces, times, odds, shapePlaces, entryPlaces, parts, versions]
  const isWhole = all.every(({ isAtEnd }) => isAtEnd) && oddAt === odd.length && taken === streams.length
  if (!isWhole || ![...columns.values()].every(({ isAtEnd }) => isAtEnd))
    throw new MalformedError('something is left over')
  return entries
}

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
  return { type, stamps: stamps as number, writes, columns: found, order: orderOf(stamps as number, writes) }
}

function orderOf(stamps: number, writes: readonly ShapedWrite[]): readonly number[] | null {
  if (stamps !== 1 || writes.some(([kind]) => kind === ADD)) return null
  const keys = [
    '@',
    ...writes.map(([kind, name, , item]) => (kind === FIELD ? `${name}#` : `${name}!.${item}`)),
  ]
  if (new Set(keys).size !== keys.length) throw new MalformedError('a write stands twice')
  return [...keys.keys()].sort((a, b) => (keys[a]! < keys[b]! ? -1 : 1))
}

/** A page of some records of another. `placed`: where their parts stand there. */
export function pageWithOnly(
  records: readonly PageRecord[],
  entries: readonly EntryRef[],
  placed: ReadonlyMap<string, PartPlace>,
): { packed: Uint8Array; entries: EntryRef[] } {
  const used = new Set<number>()
  const packed = encodePage(records, (tag) => {
    const place = placed.get(tag)
    if (place) used.add(place.entry)
    return place
  })
  return { packed, entries: [...used].sort((a, b) => a - b).map((at) => entries[at]!) }
}
