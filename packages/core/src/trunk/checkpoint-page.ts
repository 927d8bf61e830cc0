import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { encodeCbor } from '../bytes/cbor.ts'
import { sha256Of } from '../crypto/hash.ts'
import { deriveKey, seal, unseal } from '../crypto/seal.ts'
import { isId } from '../ids.ts'
import { type PlainRecord, parsePlain } from '../record/plain.ts'
import { fail, ok, type Result } from '../result.ts'

export type PageRecord = { readonly id: string; readonly type: string; readonly plain: PlainRecord }
export type SealedPage = { readonly hash: Uint8Array; readonly bytes: Uint8Array; readonly records: number }

/** Some hundred records a page: one seal for all of them, and well under a frame once packed. */
export const MAX_PAGE_RECORDS = 400
/** Text beyond which a page is closed; one record alone may be larger. */
const FULL_PAGE_BYTES = 256 * 1024
/** What is unpacked of foreign bytes at most: a bomb ends here. */
export const MAX_PAGE_TEXT_BYTES = 8 * 1024 * 1024
export const MAX_PAGE_BYTES = 4 * 1024 * 1024
/** One record's text: with it a page is within both, packed well or not. */
export const MAX_RECORD_BYTES = 2 * 1024 * 1024

const contextOf = (space: string): Uint8Array => encodeCbor(['doorstep/page/1', space])

/** Pages are sealed under the generation's key in a context of their own: they are of a space, not of a log. */
export const pageKeyOf = (secret: Uint8Array, space: string): Uint8Array =>
  deriveKey(secret, Buffer.from(space), 'doorstep/page/1')

export function sealPage(key: Uint8Array, space: string, records: readonly string[]): SealedPage {
  const packed = zstdCompressSync(Buffer.from(`[${records.join(',')}]`))
  const bytes = seal(key, packed, contextOf(space))
  return { hash: sha256Of(bytes), bytes, records: records.length }
}

/** JSON, since it keeps the order in which an author gave the keys of a value: the record's hash goes by it. */
export const pageRecord = (id: string, type: string, plain: PlainRecord): string =>
  JSON.stringify([id, type, [...plain]])

/** Packs records as they come into pages, handing each over when it is full. */
export class PageWriter {
  readonly #full: (records: readonly string[]) => void
  #records: string[] = []
  #bytes = 0

  constructor(full: (records: readonly string[]) => void) {
    this.#full = full
  }

  add(record: string): void {
    const bytes = Buffer.byteLength(record)
    if (this.#bytes + bytes > FULL_PAGE_BYTES) this.close()
    this.#records.push(record)
    this.#bytes += bytes
    if (this.#records.length === MAX_PAGE_RECORDS) this.close()
  }

  close(): void {
    if (this.#records.length > 0) this.#full(this.#records)
    this.#records = []
    this.#bytes = 0
  }
}

/** Reads a foreign page: bounded before it is unpacked and after. */
export function openPage(key: Uint8Array, space: string, sealed: Uint8Array): Result<readonly PageRecord[]> {
  if (sealed.length > MAX_PAGE_BYTES) return fail({ type: 'too-large', bytes: sealed.length })
  const packed = unseal(key, sealed, contextOf(space))
  if (!packed.ok) return packed
  const malformed = () => fail({ type: 'malformed', detail: 'checkpoint page' })
  let items: unknown
  try {
    const text = zstdDecompressSync(packed.value, { maxOutputLength: MAX_PAGE_TEXT_BYTES })
    items = JSON.parse(text.toString('utf8'))
  } catch {
    return malformed()
  }
  if (!Array.isArray(items) || items.length > MAX_PAGE_RECORDS) return malformed()
  const records: PageRecord[] = []
  for (const item of items as unknown[]) {
    if (!Array.isArray(item) || item.length !== 3) return malformed()
    const [id, type, entries] = item as unknown[]
    const plain = parsePlain(entries)
    if (!isId(id) || typeof type !== 'string' || type.length > 40 || !plain) return malformed()
    records.push({ id, type, plain })
  }
  return ok(records)
}
