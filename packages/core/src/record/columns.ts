import { MalformedError, StreamReader, StreamWriter } from '../bytes/streams.ts'
import { fromBase32, toBase32 } from '../ids.ts'
import type { Value } from './change.ts'

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

/**
 * Values of one field, one kind of thing beside the other: kinds, numbers, letters; what stands inside objects and
 * lists in columns of its own.
 */
export class ColumnWriter {
  readonly #ids: IdTable
  readonly #kinds = new StreamWriter()
  readonly #numbers = new StreamWriter()
  readonly #lengths = new StreamWriter()
  readonly #text = new StreamWriter()
  readonly #places = new StreamWriter()
  readonly #inside = new Map<string, ColumnWriter>()
  readonly #shapes = new Map<string, { at: number; columns: ColumnWriter[] }>()
  #items: ColumnWriter | null = null
  #lastPlace = 0

  constructor(ids: IdTable) {
    this.#ids = ids
  }

  add(value: Value): void {
    if (value === null) this.#kinds.byte(NULL)
    else if (value === false) this.#kinds.byte(FALSE)
    else if (value === true) this.#kinds.byte(TRUE)
    else if (typeof value === 'string') this.#addText(value)
    else if (typeof value === 'number') this.#addNumber(value)
    else if (Array.isArray(value)) {
      this.#kinds.byte(LIST)
      this.#numbers.count(value.length)
      if (value.length === 0) return
      this.#items ??= new ColumnWriter(this.#ids)
      for (const item of value) this.#items.add(item)
    } else this.#addObject(value)
  }
  #addText(value: string): void {
    if (IdTable.isUsual(value)) {
      this.#kinds.byte(ID)
      const place = this.#ids.placeOf(value)
      this.#places.signed(place - this.#lastPlace)
      this.#lastPlace = place
      return
    }
    this.#kinds.byte(TEXT)
    this.#lengths.count(value.length)
    this.#text.text(value)
  }
  #addNumber(value: number): void {
    const isWhole = Number.isSafeInteger(value) && Math.abs(value) < 2 ** 51 && !Object.is(value, -0)
    this.#kinds.byte(isWhole ? WHOLE : FLOAT)
    if (isWhole) this.#numbers.signed(value)
    else this.#numbers.float(value)
  }
  #addObject(value: { [key: string]: Value }): void {
    const keys = Object.keys(value)
    const name = JSON.stringify(keys)
    let shape = this.#shapes.get(name)
    if (!shape) {
      const columns = keys.map((key) => {
        const column = this.#inside.get(key) ?? new ColumnWriter(this.#ids)
        this.#inside.set(key, column)
        return column
      })
      shape = { at: this.#shapes.size, columns }
      this.#shapes.set(name, shape)
    }
    this.#kinds.byte(OBJECT)
    this.#numbers.count(shape.at)
    for (const [at, key] of keys.entries()) shape.columns[at]!.add(value[key]!)
  }

  /** In one order: its own streams, then those of what stands inside. `names` tells what they are. */
  write(streams: Uint8Array[]): unknown {
    streams.push(
      ...[this.#kinds, this.#numbers, this.#lengths, this.#text, this.#places].map((one) => one.done()),
    )
    const shapes = [...this.#shapes.keys()].map((name) => JSON.parse(name) as string[])
    const inside = [...this.#inside].map(([key, column]) => [key, column.write(streams)])
    return [shapes, inside, this.#items ? this.#items.write(streams) : null]
  }
}

const FORBIDDEN = new Set(['__proto__', 'constructor'])

/** The other way round, of foreign bytes: throws `MalformedError` at whatever a part may not hold. */
export class ColumnReader {
  readonly #ids: readonly string[]
  readonly #kinds: StreamReader
  readonly #numbers: StreamReader
  readonly #lengths: StreamReader
  readonly #text: string
  readonly #places: StreamReader
  readonly #shapes: readonly { readonly keys: readonly string[]; readonly columns: readonly ColumnReader[] }[]
  readonly #inside = new Map<string, ColumnReader>()
  readonly #items: ColumnReader | null
  #textAt = 0
  #lastPlace = 0

  constructor(ids: readonly string[], described: unknown, next: () => Uint8Array, depth = MAX_DEPTH) {
    this.#ids = ids
    if (depth < 0 || !Array.isArray(described) || described.length !== 3) throw new MalformedError('columns')
    const [shapes, inside, items] = described as unknown[]
    this.#kinds = new StreamReader(next())
    this.#numbers = new StreamReader(next())
    this.#lengths = new StreamReader(next())
    this.#text = new StreamReader(next()).text()
    this.#places = new StreamReader(next())
    if (!Array.isArray(shapes) || !Array.isArray(inside)) throw new MalformedError('columns')
    for (const item of inside as unknown[]) {
      if (!Array.isArray(item) || item.length !== 2 || typeof item[0] !== 'string')
        throw new MalformedError('columns')
      if (FORBIDDEN.has(item[0]) || this.#inside.has(item[0])) throw new MalformedError('a name')
      this.#inside.set(item[0], new ColumnReader(ids, item[1], next, depth - 1))
    }
    this.#items = items === null ? null : new ColumnReader(ids, items, next, depth - 1)
    this.#shapes = (shapes as unknown[]).map((keys) => {
      if (!Array.isArray(keys) || new Set(keys).size !== keys.length) throw new MalformedError('a shape')
      const columns = (keys as unknown[]).map((key) => this.#inside.get(key as string))
      if (columns.includes(undefined)) throw new MalformedError('a shape')
      return { keys: keys as string[], columns: columns as ColumnReader[] }
    })
  }

  next(): Value {
    const kind = this.#kinds.byte()
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
      case TEXT: {
        const from = this.#textAt
        this.#textAt += this.#lengths.count()
        if (this.#textAt > this.#text.length) throw new MalformedError('text')
        return this.#text.substring(from, this.#textAt)
      }
      case ID: {
        this.#lastPlace += this.#places.signed()
        const id = this.#ids[this.#lastPlace]
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

  /** Whether all was read: nothing is hidden behind. */
  get isAtEnd(): boolean {
    const own = [this.#kinds, this.#numbers, this.#lengths, this.#places].every(({ isAtEnd }) => isAtEnd)
    if (!own || this.#textAt !== this.#text.length) return false
    return [...this.#inside.values(), ...(this.#items ? [this.#items] : [])].every(({ isAtEnd }) => isAtEnd)
  }
}
