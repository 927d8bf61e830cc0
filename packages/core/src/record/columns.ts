import { MalformedError, type StreamReader, StreamWriter } from '../bytes/streams.ts'
import { fromBase32, toBase32 } from '../ids.ts'
import type { Value } from './change.ts'

/** As deep as a part may nest a value. */
export const MAX_DEPTH = 12
export const NULL = 0
export const FALSE = 1
export const TRUE = 2
export const WHOLE = 3
export const FLOAT = 4
export const TEXT = 5
export const LIST = 6
export const OBJECT = 7
/** Text that is an id of the usual length: its place in the table of ids. */
export const ID = 8
/** Text that names an item of a timeline by its part, as `tag.number`: which of the page's parts, and the number. */
export const ITEM = 9
/** What would need a column that there is no room for, as JSON. */
export const WHOLE_TEXT = 10

const ITEM_NAME = /^([0-9a-hjkmnp-tv-z]{26})\.(0|[1-9]\d{0,2})$/
const USUAL_ID = /^[a-z]{2}-[0-9a-hjkmnp-tv-z]{16}$/

/** Ids by their place: random bytes stand here once, and are named by short numbers everywhere else. */
export class IdTable {
  readonly #places = new Map<string, number>()
  readonly #kinds = new StreamWriter()
  readonly #bytes = new StreamWriter()

  static isUsual(text: string): boolean {
    return text.length === 19 && USUAL_ID.test(text)
  }
  placeOf(id: string): number {
    const known = this.#places.get(id)
    if (known !== undefined) return known
    const place = this.#places.size
    this.#places.set(id, place)
    this.#kinds.text(id.slice(0, 2))
    this.#bytes.bytes(fromBase32(id.slice(3)))
    return place
  }
  streams(): Uint8Array[] {
    return [this.#kinds.done(), this.#bytes.done()]
  }
  static read(kinds: Uint8Array, bytes: Uint8Array): string[] {
    const prefixes = Buffer.from(kinds).toString('latin1')
    if (2 * bytes.length !== 10 * kinds.length || !/^[a-z]*$/.test(prefixes)) throw new MalformedError('ids')
    const letters = toBase32(bytes)
    return Array.from(
      { length: bytes.length / 10 },
      (_, at) => `${prefixes.slice(2 * at, 2 * at + 2)}-${letters.slice(16 * at, 16 * at + 16)}`,
    )
  }
}

/** Columns of one page: six streams each. Records of all types there are have some hundreds. */
export const MAX_COLUMNS = 3000
/** What names the keys of all objects on a page, in characters. */
const MAX_SHAPE_TEXT = 1024 * 1024

/** What columns of one page share: its ids, and the tags of its parts up to the record at hand. */
export class PageContext {
  readonly ids = new IdTable()
  #columns = 0
  #shapeText = 0
  readonly #tags = new Map<string, number>()
  #count = 0
  /** The first part of the record at hand. */
  first = 0

  beginRecord(tags: readonly string[]): void {
    this.first = this.#count
    for (const tag of tags) this.#tags.set(tag, this.#count++)
  }
  partOf(tag: string): number | undefined {
    return this.#tags.get(tag)
  }
  /** Takes room for columns, and for the text that says what they are, where there is some: keys may be anything. */
  takeColumns(count: number, text = 0): boolean {
    if (this.#columns + count > MAX_COLUMNS || this.#shapeText + text > MAX_SHAPE_TEXT) return false
    this.#columns += count
    this.#shapeText += text
    return true
  }
}

/** On one page: a common value costs no byte, so bytes do not bound them. The largest record alone has fewer. */
export const MAX_PAGE_VALUES = 1024 * 1024
/** So few different texts, and so often, that each is better named by its place among them. */
export const MAX_WORDS = 250
const isVocabulary = (words: number, uses: number): boolean => words <= MAX_WORDS && 4 * words <= uses

/**
 * Small numbers of which one is the most common: that one, and then each other with how many of the common stand
 * before it. Where others are frequent, all as they are.
 */
function writeRuns(values: readonly number[], to: StreamWriter): void {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const [common, count] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))
  const isPlain = 3 * (values.length - count) > values.length
  to.byte(isPlain ? 255 : common)
  if (isPlain) {
    for (const value of values) to.byte(value)
    return
  }
  let gap = 0
  for (const value of values) {
    if (value === common) gap++
    else {
      to.count(gap)
      to.byte(value)
      gap = 0
    }
  }
  to.count(gap)
}

export class RunReader {
  readonly #from: StreamReader
  readonly #common: number
  #gap: number
  constructor(from: StreamReader) {
    this.#from = from
    this.#common = from.byte()
    this.#gap = this.#common === 255 ? 0 : from.count()
  }
  next(): number {
    if (this.#common === 255) return this.#from.byte()
    if (this.#gap > 0) {
      this.#gap--
      return this.#common
    }
    const value = this.#from.byte()
    this.#gap = this.#from.count()
    return value
  }
  get isAtEnd(): boolean {
    return this.#gap === 0 && this.#from.isAtEnd
  }
}

/**
 * Values of one field, one kind of thing beside the other: kinds, numbers, letters; what stands inside objects and
 * lists in columns of its own.
 */
export class ColumnWriter {
  readonly #context: PageContext
  readonly #kinds: number[] = []
  readonly #numbers = new StreamWriter()
  readonly #texts: string[] = []
  readonly #places = new StreamWriter()
  readonly #inside = new Map<string, ColumnWriter>()
  readonly #shapes = new Map<string, { at: number; columns: ColumnWriter[] }>()
  #items: ColumnWriter | null = null
  #lastPlace = 0

  constructor(context: PageContext) {
    this.#context = context
  }

  add(value: Value): void {
    if (value === null) this.#kinds.push(NULL)
    else if (value === false) this.#kinds.push(FALSE)
    else if (value === true) this.#kinds.push(TRUE)
    else if (typeof value === 'string') this.#addText(value)
    else if (typeof value === 'number') this.#addNumber(value)
    else if (Array.isArray(value)) this.#addList(value)
    else this.#addObject(value)
  }
  #addList(value: readonly Value[]): void {
    if (value.length > 0 && !this.#items) {
      if (!this.#context.takeColumns(1)) return this.#addWhole(value)
      this.#items = new ColumnWriter(this.#context)
    }
    this.#kinds.push(LIST)
    this.#numbers.count(value.length)
    for (const item of value) this.#items!.add(item)
  }
  #addWhole(value: unknown): void {
    this.#kinds.push(WHOLE_TEXT)
    this.#texts.push(JSON.stringify(value))
  }
  #addText(value: string): void {
    if (IdTable.isUsual(value)) {
      this.#kinds.push(ID)
      const place = this.#context.ids.placeOf(value)
      this.#places.signed(place - this.#lastPlace)
      this.#lastPlace = place
      return
    }
    const item = value.length > 27 && value.length < 31 ? ITEM_NAME.exec(value) : null
    const part = item ? this.#context.partOf(item[1]!) : undefined
    if (item && part !== undefined) {
      this.#kinds.push(ITEM)
      this.#places.signed(part - this.#context.first)
      this.#numbers.count(Number(item[2]))
      return
    }
    this.#kinds.push(TEXT)
    this.#texts.push(value)
  }
  #addNumber(value: number): void {
    const isWhole = Number.isSafeInteger(value) && Math.abs(value) < 2 ** 51 && !Object.is(value, -0)
    this.#kinds.push(isWhole ? WHOLE : FLOAT)
    if (isWhole) this.#numbers.signed(value)
    else this.#numbers.float(value)
  }
  #addObject(value: { [key: string]: Value }): void {
    const keys = Object.keys(value)
    const name = JSON.stringify(keys)
    let shape = this.#shapes.get(name)
    if (!shape) {
      const fresh = keys.filter((key) => !this.#inside.has(key)).length
      if (!this.#context.takeColumns(fresh, name.length)) return this.#addWhole(value)
      const columns = keys.map((key) => {
        const column = this.#inside.get(key) ?? new ColumnWriter(this.#context)
        this.#inside.set(key, column)
        return column
      })
      shape = { at: this.#shapes.size, columns }
      this.#shapes.set(name, shape)
    }
    this.#kinds.push(OBJECT)
    this.#numbers.count(shape.at)
    for (const [at, key] of keys.entries()) shape.columns[at]!.add(value[key]!)
  }

  /** In one order: its own streams, then those of what stands inside. `names` tells what they are. */
  write(streams: Uint8Array[]): unknown {
    const [kinds, lengths, text, uses] = Array.from({ length: 4 }, () => new StreamWriter()) as [
      StreamWriter,
      StreamWriter,
      StreamWriter,
      StreamWriter,
    ]
    if (this.#kinds.length > 0) writeRuns(this.#kinds, kinds)
    const words = new Map<string, number>()
    for (const one of this.#texts) if (!words.has(one)) words.set(one, words.size)
    const named = isVocabulary(words.size, this.#texts.length)
    for (const one of named ? words.keys() : this.#texts) {
      lengths.count(one.length)
      text.text(one)
    }
    if (named && words.size > 1) {
      const places = this.#texts.map((one) => words.get(one)!)
      writeRuns(places, uses)
    }
    streams.push(...[kinds, this.#numbers, lengths, text, uses, this.#places].map((one) => one.done()))
    const shapes = [...this.#shapes.keys()].map((name) => JSON.parse(name) as string[])
    const inside = [...this.#inside].map(([key, column]) => [key, column.write(streams)])
    return [shapes, inside, this.#items ? this.#items.write(streams) : null, named ? words.size : -1]
  }
}
