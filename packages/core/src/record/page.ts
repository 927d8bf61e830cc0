import { packStreams, StreamWriter } from '../bytes/streams.ts'
import type { EntryRef } from '../log/entry.ts'
import type { Value } from './change.ts'
import { ColumnWriter, IdTable, MAX_COLUMNS, PageContext } from './columns.ts'
import type { PlainRecord } from './plain.ts'

export type PageRecord = { readonly id: string; readonly type: string; readonly plain: PlainRecord }

/** Where a part stands: its entry by a number that grows along each log, and its place in it. */
export type PartPlace = { readonly entry: number; readonly part: number }
/** Finds a part by its stamp; undefined where there is none. */
export type PlaceOf = (tag: string, log: string, seq: number) => PartPlace | undefined

export const MAX_PAGE_RECORDS = 8192
/** What is unpacked of foreign bytes at most: a bomb ends here. */
export const MAX_PAGE_TEXT_BYTES = 24 * 1024 * 1024
/** Parts on one page: each costs a hash to read. The largest record has fewer. */
export const MAX_PAGE_PARTS = 65_536
/** Those of its columns, the one for all others, and its own. */
export const MAX_STREAMS = 6 * (MAX_COLUMNS + 1) + 16
/** What says what stands where. A write of the longest name takes 60 bytes. */
export const MAX_SHAPES_BYTES = 8 * 1024 * 1024
/** The column of all fields for which there is no room. */
export const ODD = '*'

export const FIELD = 0
export const ADD = 1
export const APPEND = 2
/** A write as a shape has it: kind, name, which of the record's stamps, and of an item its number in its part. */
export type ShapedWrite = readonly [kind: number, name: string, stamp: number, item: number]

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

export const columnName = (type: string, [kind, name]: ShapedWrite): string => `${type} ${kind}${name}`

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
