import { MalformedError, StreamReader, StreamWriter } from '../bytes/streams.ts'
import { fromBase32, toBase32 } from '../ids.ts'
import { isValue, type Value, valuesIn } from './change.ts'

/** As deep as a part may nest a value. */
const MAX_DEPTH = 12
const NULL = 0
const FALSE = 1
const TRUE = 2
const WHOLE = 3
const FLOAT = 4
const TEXT = 5
const LIST = 6
const OBJECT = 7
/** Text that is an id of the usual length: its place in the table of ids. */
const ID = 8
/** Text that names an item of a timeline by its part, as `tag.number`: which of the page's parts, and the number. */
const ITEM = 9
/** What would need a column that there is no room for, as JSON. */
const WHOLE_TEXT = 10

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

/** The same while a page is read. */
export type ReadContext = {
  readonly ids: readonly string[]
  readonly tags: string[]
  first: number
  values: number
}

/** On one page: a common value costs no byte, so bytes do not bound them. The largest record alone has fewer. */
export const MAX_PAGE_VALUES = 1024 * 1024
/** One value as JSON, in characters: it stood in a part of 48 KiB, of which JSON escapes a byte with six. */
const MAX_WHOLE_TEXT = 512 * 1024

/** So few different texts, and so often, that each is better named by its place among them. */
const MAX_WORDS = 250
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

class RunReader {
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

const FORBIDDEN = new Set(['__proto__', 'constructor'])

/** The other way round, of foreign bytes: throws `MalformedError` at whatever a part may not hold. */
export class ColumnReader {
  readonly #context: ReadContext
  readonly #kinds: RunReader
  readonly #numbers: StreamReader
  readonly #lengths: StreamReader
  readonly #text: string
  /** Null: each text stands for itself. */
  readonly #words: readonly string[] | null
  readonly #uses: RunReader | null
  readonly #places: StreamReader
  readonly #shapes: readonly { readonly keys: readonly string[]; readonly columns: readonly ColumnReader[] }[]
  readonly #inside = new Map<string, ColumnReader>()
  readonly #items: ColumnReader | null
  #textAt = 0
  #lastPlace = 0

  constructor(context: ReadContext, described: unknown, next: () => Uint8Array, depth = MAX_DEPTH) {
    this.#context = context
    if (depth < 0 || !Array.isArray(described) || described.length !== 4) throw new MalformedError('columns')
    const [shapes, inside, items, words] = described as unknown[]
    this.#kinds = new RunReader(new StreamReader(next()))
    this.#numbers = new StreamReader(next())
    this.#lengths = new StreamReader(next())
    this.#text = new StreamReader(next()).text()
    const uses = new StreamReader(next())
    this.#places = new StreamReader(next())
    if (
      words !== -1 &&
      (!Number.isSafeInteger(words) || (words as number) < 0 || (words as number) > MAX_WORDS)
    )
      throw new MalformedError('words')
    this.#words = words === -1 ? null : Array.from({ length: words as number }, () => this.#cut())
    this.#uses = this.#words && this.#words.length > 1 ? new RunReader(uses) : null
    if (!this.#uses && !uses.isAtEnd) throw new MalformedError('words')
    if (!Array.isArray(shapes) || !Array.isArray(inside)) throw new MalformedError('columns')
    for (const item of inside as unknown[]) {
      if (!Array.isArray(item) || item.length !== 2 || typeof item[0] !== 'string')
        throw new MalformedError('columns')
      if (FORBIDDEN.has(item[0]) || this.#inside.has(item[0])) throw new MalformedError('a name')
      this.#inside.set(item[0], new ColumnReader(context, item[1], next, depth - 1))
    }
    this.#items = items === null ? null : new ColumnReader(context, items, next, depth - 1)
    this.#shapes = (shapes as unknown[]).map((keys) => {
      if (!Array.isArray(keys) || new Set(keys).size !== keys.length) throw new MalformedError('a shape')
      const columns = (keys as unknown[]).map((key) => this.#inside.get(key as string))
      if (columns.includes(undefined)) throw new MalformedError('a shape')
      return { keys: keys as string[], columns: columns as ColumnReader[] }
    })
  }

  next(): Value {
    this.#count(1)
    const kind = this.#kinds.next()
    switch (kind) {
      case NULL:
        return null
      case FALSE:
        return false
      case TRUE:
        return true
      case WHOLE:
        return this.#numbers.signed()
      case FLOAT: {
        const value = this.#numbers.float()
        if (!Number.isFinite(value)) throw new MalformedError('a number')
        return value
      }
      case TEXT:
        return this.#nextText()
      case WHOLE_TEXT:
        return this.#readWhole(this.#nextText())
      case ITEM: {
        const tag = this.#context.tags[this.#context.first + this.#places.signed()]
        const item = this.#numbers.count()
        if (tag === undefined || item > 999) throw new MalformedError('an item')
        return `${tag}.${item}`
      }
      case ID: {
        this.#lastPlace += this.#places.signed()
        const id = this.#context.ids[this.#lastPlace]
        if (id === undefined) throw new MalformedError('an id')
        return id
      }
      case LIST: {
        const length = this.#numbers.count()
        const list: Value[] = []
        if (length > 0 && !this.#items) throw new MalformedError('a list')
        for (let n = 0; n < length; n++) list.push(this.#items!.next())
        return list
      }
      case OBJECT: {
        const shape = this.#shapes[this.#numbers.count()]
        if (!shape) throw new MalformedError('a shape')
        const object: { [key: string]: Value } = {}
        for (let n = 0; n < shape.keys.length; n++) object[shape.keys[n]!] = shape.columns[n]!.next()
        return object
      }
      default:
        throw new MalformedError('a kind')
    }
  }

  #nextText(): string {
    if (!this.#words) return this.#cut()
    const word = this.#words[this.#uses?.next() ?? 0]
    if (word === undefined) throw new MalformedError('a word')
    return word
  }
  #readWhole(text: string): Value {
    if (text.length > MAX_WHOLE_TEXT) throw new MalformedError('a value')
    const value: unknown = JSON.parse(text)
    if (!isValue(value, MAX_DEPTH)) throw new MalformedError('a value')
    this.#count(valuesIn(value) - 1)
    return value
  }
  #count(more: number): void {
    this.#context.values += more
    if (this.#context.values > MAX_PAGE_VALUES) throw new MalformedError('too many values')
  }

  #cut(): string {
    const from = this.#textAt
    this.#textAt += this.#lengths.count()
    if (this.#textAt > this.#text.length) throw new MalformedError('text')
    return this.#text.substring(from, this.#textAt)
  }

  /** Whether all was read: nothing is hidden behind. */
  get isAtEnd(): boolean {
    const own = [
      this.#kinds,
      this.#numbers,
      this.#lengths,
      this.#places,
      ...(this.#uses ? [this.#uses] : []),
    ].every(({ isAtEnd }) => isAtEnd)
    if (!own || this.#textAt !== this.#text.length) return false
    return [...this.#inside.values(), ...(this.#items ? [this.#items] : [])].every(({ isAtEnd }) => isAtEnd)
  }
}
