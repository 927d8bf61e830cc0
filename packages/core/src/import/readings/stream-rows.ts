import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { fail, ok, type Problem, type Result } from '../../result.ts'
import { isOldWorkbook, isWorkbook } from '../../sheet/workbook.ts'
import { type CsvRow, parseCsv } from '../csv.ts'
import { decodeText, MAX_FILE_BYTES } from '../decode-text.ts'
import type { RegisterEncoding } from '../mapping.ts'
import { openRows } from '../row-source.ts'

export type RowsProblem = Problem & {
  readonly type:
    | 'file-too-large'
    | 'not-a-csv'
    | 'wrong-encoding'
    | 'unknown-encoding'
    | 'empty-file'
    | 'not-gzip'
}
export type RowBatch = { readonly encoding: RegisterEncoding | 'xlsx'; readonly rows: readonly CsvRow[] }

/** So much text is held while a cell in quotes has not ended. */
const MOST_CARRIED = 1024 * 1024
/** So much is looked at to tell the encoding. */
const HEAD_BYTES = 256 * 1024

/**
 * The rows of a file of any length, some thousand at a time, as they are read: a CSV, gzipped or not, or a workbook. The
 * first batch begins with the header. A problem ends them.
 */
export async function* streamRows(
  chunks: AsyncIterable<Uint8Array>,
  asked: { readonly encoding: RegisterEncoding | null; readonly delimiter: string; readonly sheet?: string },
): AsyncGenerator<Result<RowBatch, Problem>> {
  const read = new HeadReader(chunks)
  let head = await read.head(4)
  let bytes: HeadReader = read
  if (head[0] === 0x1f && head[1] === 0x8b) {
    bytes = new HeadReader(Readable.from(read.rest()).pipe(createGunzip()))
    try {
      head = await bytes.head(4)
    } catch {
      return yield fail({ type: 'not-gzip' })
    }
  }
  if (isWorkbook(head) || isOldWorkbook(await bytes.head(8))) return yield* workbookRows(bytes, asked)
  try {
    yield* csvRows(bytes, asked)
  } catch (error) {
    // Cut short or damaged on the way; a gzip says so by its own check sum.
    if ((error as { code?: string }).code?.startsWith('Z_')) yield fail({ type: 'not-gzip' })
    else throw error
  }
}

async function* workbookRows(
  bytes: HeadReader,
  asked: { readonly encoding: RegisterEncoding | null; readonly delimiter: string; readonly sheet?: string },
): AsyncGenerator<Result<RowBatch, Problem>> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes.rest()) {
    parts.push(chunk)
    length += chunk.length
    if (length > MAX_FILE_BYTES)
      return yield fail({ type: 'file-too-large', bytes: length, maxBytes: MAX_FILE_BYTES })
  }
  const opened = await openRows(Buffer.concat(parts), asked)
  if (!opened.ok) return yield opened
  yield ok({ encoding: 'xlsx', rows: [...{ [Symbol.iterator]: () => opened.value.rows }] })
}

async function* csvRows(
  bytes: HeadReader,
  {
    encoding: declared,
    delimiter,
  }: { readonly encoding: RegisterEncoding | null; readonly delimiter: string },
): AsyncGenerator<Result<RowBatch, Problem>> {
  const head = await bytes.head(HEAD_BYTES)
  const whole = head.length < HEAD_BYTES ? head : head.subarray(0, head.lastIndexOf(0x0a) + 1)
  const decoded = decodeText(whole.length > 0 ? whole : head, declared)
  if (!decoded.ok) return yield decoded
  const { encoding } = decoded.value
  const decoder = new TextDecoder(encoding, { fatal: true })
  let carried = ''
  const place = { line: 1, columns: 0 }
  for await (const chunk of bytes.rest()) {
    let text: string
    try {
      text = carried + decoder.decode(chunk, { stream: true })
    } catch {
      return yield fail({ type: 'wrong-encoding', declared: encoding, row: place.line })
    }
    const end = endOfRows(text)
    carried = text.slice(end)
    if (end > 0) yield ok({ encoding, rows: rowsOf(text.slice(0, end), delimiter, place) })
  }
  try {
    carried += decoder.decode()
  } catch {
    return yield fail({ type: 'wrong-encoding', declared: encoding, row: place.line })
  }
  if (carried !== '') yield ok({ encoding, rows: rowsOf(carried, delimiter, place) })
}

function rowsOf(text: string, delimiter: string, place: { line: number; columns: number }): CsvRow[] {
  const rows = [...parseCsv(text, delimiter, place)]
  if (place.columns === 0) {
    const first = rows.find((row) => row.type === 'cells')
    place.columns = first?.type === 'cells' ? first.cells.length : 0
  }
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) place.line++
  return rows
}

/** After the last line that no open quote runs over. */
function endOfRows(text: string): number {
  const last = text.lastIndexOf('\n') + 1
  if (!text.includes('"')) return last
  let end = 0
  let isOpen = false
  for (let at = 0; at < last; at++) {
    const code = text.charCodeAt(at)
    if (code === 34) isOpen = !isOpen
    else if (code === 10 && !isOpen) end = at + 1
  }
  // A quote that was lost would hold the rest of the file.
  return text.length - end > MOST_CARRIED ? last : end
}

/** Bytes whose beginning may be looked at before they are read. */
class HeadReader {
  readonly #chunks: AsyncIterator<Uint8Array>
  #held: Uint8Array = new Uint8Array(0)
  #ended = false

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }
  /** Fewer where there are no more. */
  async head(length: number): Promise<Uint8Array> {
    const parts = [this.#held]
    let size = this.#held.length
    while (size < length && !this.#ended) {
      const next = await this.#chunks.next()
      if (next.done) this.#ended = true
      else {
        parts.push(next.value)
        size += next.value.length
      }
    }
    this.#held = parts.length === 1 ? this.#held : Buffer.concat(parts)
    return this.#held.subarray(0, length)
  }
  async *rest(): AsyncGenerator<Uint8Array> {
    if (this.#held.length > 0) yield this.#held
    this.#held = new Uint8Array(0)
    while (!this.#ended) {
      const next = await this.#chunks.next()
      if (next.done) this.#ended = true
      else yield next.value
    }
  }
}
