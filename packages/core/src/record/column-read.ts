import { isAscii, isUtf8 } from 'node:buffer'
import { MalformedError, StreamReader, StreamWriter } from '../bytes/streams.ts'
import { isValue, valuesIn } from './change.ts'
import {
  FALSE,
  FLOAT,
  ID,
  ITEM,
  LIST,
  MAX_DEPTH,
  MAX_PAGE_VALUES,
  MAX_WORDS,
  NULL,
  OBJECT,
  RunReader,
  TEXT,
  TRUE,
  WHOLE,
  WHOLE_TEXT,
} from './columns.ts'
import { TAG_LETTERS } from './tag.ts'

/** What columns of one page share while it is read: its ids, and the tags of its parts up to the record at hand. */
export type ReadContext = {
  readonly ids: readonly string[]
  /** As letters, one after the other. */
  readonly tags: StreamWriter
  first: number
  values: number
  /** Bytes. */
  text: number
}

/** Texts and keys of all values of one page as JSON, in bytes: a long word costs one each time. A page is closed at 8 MiB. */
export const MAX_PAGE_TEXT = 24 * 1024 * 1024
/** One value as JSON, in characters: it stood in a part of 48 KiB, of which JSON escapes a byte with six. */
const MAX_WHOLE_TEXT = 512 * 1024

const FORBIDDEN = new Set(['__proto__', 'constructor'])
const QUOTE = 0x22
const COMMA = 0x2c
const [LEFT, RIGHT, OPEN, CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d]

type ObjectShape = {
  /** Keys as JSON writes them, with what goes before and behind; digits first, as objects have them. */
  readonly heads: readonly Uint8Array[]
  readonly columns: readonly ColumnReader[]
  /** Bytes of all heads. */
  readonly length: number
}

/**
 * The other way round, of foreign bytes: throws `MalformedError` at whatever a part may not hold. A value is read as
 * the bytes of its JSON, as `JSON.stringify` has them: of most values a hash is all that is ever made.
 */
export class ColumnReader {
  readonly #context: ReadContext
  readonly #kinds: RunReader
  readonly #numbers: StreamReader
  readonly #lengths: StreamReader
  readonly #text: Texts
  /** As JSON. Null: each text stands for itself. */
  readonly #words: readonly Uint8Array[] | null
  readonly #uses: RunReader | null
  readonly #places: StreamReader
  readonly #shapes: readonly ObjectShape[]
  readonly #inside = new Map<string, ColumnReader>()
  readonly #items: ColumnReader | null
  #lastPlace = 0

  constructor(context: ReadContext, described: unknown, next: () => Uint8Array, depth = MAX_DEPTH) {
    this.#context = context
    if (depth < 0 || !Array.isArray(described) || described.length !== 4) throw new MalformedError('columns')
    const [shapes, inside, items, words] = described as unknown[]
    this.#kinds = new RunReader(new StreamReader(next()))
    this.#numbers = new StreamReader(next())
    this.#lengths = new StreamReader(next())
    this.#text = new Texts(new StreamReader(next()).rest())
    const uses = new StreamReader(next())
    this.#places = new StreamReader(next())
    if (
      words !== -1 &&
      (!Number.isSafeInteger(words) || (words as number) < 0 || (words as number) > MAX_WORDS)
    )
      throw new MalformedError('words')
    this.#words = words === -1 ? null : Array.from({ length: words as number }, () => this.#readWord())
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
    this.#shapes = (shapes as unknown[]).map((keys) => this.#readShape(keys))
  }

  #readShape(keys: unknown): ObjectShape {
    if (!Array.isArray(keys) || new Set(keys).size !== keys.length) throw new MalformedError('a shape')
    if (!(keys as unknown[]).every((key) => this.#inside.has(key as string)))
      throw new MalformedError('a shape')
    const inOrder = Object.keys(Object.fromEntries((keys as string[]).map((key) => [key, null])))
    const heads = inOrder.map((key, at) => Buffer.from(`${at === 0 ? '' : ','}${JSON.stringify(key)}:`))
    const length = heads.reduce((sum, head) => sum + head.length, 0)
    return { heads, columns: inOrder.map((key) => this.#inside.get(key)!), length }
  }

  /** The next value, as JSON. */
  next(to: StreamWriter): void {
    this.#count(1)
    const kind = this.#kinds.next()
    switch (kind) {
      case NULL:
        return to.ascii('null')
      case FALSE:
        return to.ascii('false')
      case TRUE:
        return to.ascii('true')
      case WHOLE:
        return to.ascii(String(this.#numbers.signed()))
      case FLOAT: {
        const value = this.#numbers.float()
        if (!Number.isFinite(value)) throw new MalformedError('a number')
        return to.ascii(JSON.stringify(value))
      }
      case TEXT:
        return this.#nextText(to)
      case WHOLE_TEXT:
        return this.#nextWhole(to)
      case ITEM: {
        const { tags, first } = this.#context
        const at = TAG_LETTERS * (first + this.#places.signed())
        const item = this.#numbers.count()
        if (at < 0 || at >= tags.length || item > 999) throw new MalformedError('an item')
        to.byte(QUOTE)
        to.copy(tags.done(), at, at + TAG_LETTERS)
        return to.ascii(`.${item}"`)
      }
      case ID: {
        this.#lastPlace += this.#places.signed()
        const id = this.#context.ids[this.#lastPlace]
        if (id === undefined) throw new MalformedError('an id')
        to.byte(QUOTE)
        to.ascii(id)
        return to.byte(QUOTE)
      }
      case LIST: {
        const length = this.#numbers.count()
        if (length > 0 && !this.#items) throw new MalformedError('a list')
        to.byte(LEFT)
        for (let n = 0; n < length; n++) {
          if (n > 0) to.byte(COMMA)
          this.#items!.next(to)
        }
        return to.byte(RIGHT)
      }
      case OBJECT: {
        const shape = this.#shapes[this.#numbers.count()]
        if (!shape) throw new MalformedError('a shape')
        this.#write(shape.length)
        to.byte(OPEN)
        for (let n = 0; n < shape.heads.length; n++) {
          to.copy(shape.heads[n]!)
          shape.columns[n]!.next(to)
        }
        return to.byte(CLOSE)
      }
      default:
        throw new MalformedError('a kind')
    }
  }

  #nextText(to: StreamWriter): void {
    const before = to.length
    if (this.#words) {
      const word = this.#words[this.#uses?.next() ?? 0]
      if (word === undefined) throw new MalformedError('a word')
      to.copy(word)
    } else this.#text.next(this.#lengths.count(), to)
    this.#write(to.length - before)
  }
  #readWord(): Uint8Array {
    const word = new StreamWriter()
    this.#text.next(this.#lengths.count(), word)
    return word.done()
  }
  #nextWhole(to: StreamWriter): void {
    const quoted = new StreamWriter()
    this.#nextText(quoted)
    const text = JSON.parse(textOf(quoted.done())) as string
    if (text.length > MAX_WHOLE_TEXT) throw new MalformedError('a value')
    const value: unknown = JSON.parse(text)
    if (!isValue(value, MAX_DEPTH)) throw new MalformedError('a value')
    this.#count(valuesIn(value) - 1)
    to.text(JSON.stringify(value))
  }
  #count(more: number): void {
    this.#context.values += more
    if (this.#context.values > MAX_PAGE_VALUES) throw new MalformedError('too many values')
  }
  /** One word may be used many times, and an object's keys. */
  #write(more: number): void {
    this.#context.text += more
    if (this.#context.text > MAX_PAGE_TEXT) throw new MalformedError('too much text')
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
    if (!own || !this.#text.isAtEnd) return false
    return [...this.#inside.values(), ...(this.#items ? [this.#items] : [])].every(({ isAtEnd }) => isAtEnd)
  }
}

/** Texts one after the other, cut by their lengths in UTF-16. */
class Texts {
  readonly #bytes: Buffer
  readonly #isAscii: boolean
  /** Nothing in it that JSON writes otherwise than it stands. */
  readonly #isPlain: boolean
  #at = 0

  constructor(bytes: Buffer) {
    if (!isUtf8(bytes)) throw new MalformedError('text')
    this.#bytes = bytes
    this.#isAscii = isAscii(bytes)
    this.#isPlain = bytes.every((byte) => byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH)
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  /** As JSON. */
  next(length: number, to: StreamWriter): void {
    const from = this.#at
    this.#at = this.#isAscii ? from + length : this.#after(length)
    if (this.#at > this.#bytes.length) throw new MalformedError('text')
    if (!this.#isPlain) return to.text(JSON.stringify(this.#bytes.toString('utf8', from, this.#at)))
    to.byte(QUOTE)
    to.copy(this.#bytes, from, this.#at)
    to.byte(QUOTE)
  }

  #after(length: number): number {
    let at = this.#at
    let left = length
    while (left > 0 && at < this.#bytes.length) {
      const first = this.#bytes[at]!
      at += first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
      left -= first < 0xf0 ? 1 : 2
    }
    // Too short, or half a letter.
    if (left !== 0) throw new MalformedError('text')
    return at
  }
}
const BACKSLASH = 0x5c

export const textOf = (utf8: Uint8Array): string =>
  Buffer.from(utf8.buffer, utf8.byteOffset, utf8.byteLength).toString()
