import { encodeCbor } from '../bytes/cbor.ts'
import { sha256Of } from '../crypto/hash.ts'
import { deriveKey, seal, unseal } from '../crypto/seal.ts'
import type { EntryRef } from '../log/entry.ts'
import { type Value, valuesIn } from '../record/change.ts'
import { MAX_PAGE_VALUES } from '../record/columns.ts'
import {
  encodePage,
  MAX_PAGE_PARTS,
  MAX_PAGE_RECORDS,
  type PageRecord,
  type PlaceOf,
} from '../record/page.ts'
import { type DecodedPage, decodePage } from '../record/page-read.ts'
import { fail, type Result } from '../result.ts'

export { MAX_PAGE_RECORDS, type PageRecord }
export type SealedPage = { readonly hash: Uint8Array; readonly bytes: Uint8Array; readonly records: number }

/** As JSON, beyond which a page is closed; one record alone may be larger. */
const FULL_PAGE_BYTES = 8 * 1024 * 1024
export const MAX_PAGE_BYTES = 8 * 1024 * 1024
/** One record as JSON: with it a page is within what it may unpack to, packed well or not. */
export const MAX_RECORD_BYTES = 2 * 1024 * 1024

const contextOf = (space: string): Uint8Array => encodeCbor(['doorstep/page/1', space])

/** Pages are sealed under the generation's key in a context of their own: they are of a space, not of a log. */
export const pageKeyOf = (secret: Uint8Array, space: string): Uint8Array =>
  deriveKey(secret, Buffer.from(space), 'doorstep/page/1')

export function sealPage(
  key: Uint8Array,
  space: string,
  records: readonly PageRecord[],
  placeOf: PlaceOf,
): SealedPage {
  return { ...sealPacked(key, space, encodePage(records, placeOf)), records: records.length }
}

export function sealPacked(
  key: Uint8Array,
  space: string,
  packed: Uint8Array,
): { hash: Uint8Array; bytes: Uint8Array } {
  const bytes = seal(key, packed, contextOf(space))
  return { hash: sha256Of(bytes), bytes }
}

/** Puts records into pages as they come, handing each over when it is full. */
export class PageWriter {
  readonly #full: (records: readonly PageRecord[]) => void
  #records: PageRecord[] = []
  #bytes = 0
  #writes = 0
  #values = 0

  constructor(full: (records: readonly PageRecord[]) => void) {
    this.#full = full
  }

  /** `bytes`: the record as JSON. */
  add(record: PageRecord, bytes: number): void {
    const writes = record.plain.size
    const values = valuesOf(record)
    const isFull =
      this.#bytes + bytes > FULL_PAGE_BYTES ||
      this.#writes + writes > MAX_PAGE_PARTS ||
      this.#values + values > MAX_PAGE_VALUES
    if (isFull) this.close()
    this.#records.push(record)
    this.#bytes += bytes
    this.#writes += writes
    this.#values += values
    if (this.#records.length === MAX_PAGE_RECORDS) this.close()
  }

  close(): void {
    if (this.#records.length > 0) this.#full(this.#records)
    this.#records = []
    this.#bytes = 0
    this.#writes = 0
    this.#values = 0
  }
}

function valuesOf({ plain }: PageRecord): number {
  let count = 0
  for (const [key, value] of plain) if (!key.startsWith('@')) count += valuesIn(value as Value)
  return count
}

/** What a sealed page holds, packed. */
export function unsealPage(key: Uint8Array, space: string, sealed: Uint8Array): Result<Uint8Array> {
  if (sealed.length > MAX_PAGE_BYTES) return fail({ type: 'too-large', bytes: sealed.length })
  return unseal(key, sealed, contextOf(space))
}

/** Reads a foreign page: bounded before it is unpacked and after. */
export function openPage(
  key: Uint8Array,
  space: string,
  sealed: Uint8Array,
  entryAt: (ordinal: number, at: number) => EntryRef | undefined,
): Result<DecodedPage> {
  const packed = unsealPage(key, space, sealed)
  return packed.ok ? decodePage(packed.value, entryAt) : packed
}
