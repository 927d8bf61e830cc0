import { compareBytes, fromHex, toHex } from '../bytes/bytes.ts'
import { decodeCbor, encodeCbor, isBytes, isCount } from '../bytes/cbor.ts'
import type { Entry, EntryHeader } from '../log/entry.ts'
import { MAX_ENTRY_BYTES, MAX_PARTS } from '../log/limits.ts'
import { fail, ok, type Result } from '../result.ts'
import type { ErasedName } from '../store/store.ts'

/** What one name costs in a list besides its parts: log, sequence, hash, their CBOR heads. */
export const NAME_BYTES = 64
/** A part's index, in CBOR. */
export const PART_BYTES = 3

/**
 * An erasure ends with a blob that is not sealed, the list of what it erases: CBOR `[[log, seq, hash, part…], …]`,
 * so that stations which cannot read a space erase in it too. Nothing personal is in it.
 */
export const isErasure = (header: EntryHeader): boolean => header.blobs.at(-1)?.key === -1

/** In one order, each entry once, its parts ascending; the deed (blob 0) is never named. */
export const encodeErasedList = (names: readonly ErasedName[]): Uint8Array =>
  encodeCbor(
    [...names]
      .sort(inOrder)
      .map(({ log, seq, hash, parts }) => [fromHex(log), seq, hash, ...[...parts].sort((a, b) => a - b)]),
  )

export function parseErasedList(bytes: Uint8Array): Result<ErasedName[]> {
  const malformed = () => fail({ type: 'malformed', detail: 'erasure' })
  const decoded = decodeCbor(bytes, MAX_ENTRY_BYTES)
  if (!decoded.ok || !Array.isArray(decoded.value)) return malformed()
  const names: ErasedName[] = []
  for (const item of decoded.value as unknown[]) {
    if (!Array.isArray(item) || item.length < 4 || item.length > MAX_PARTS + 3) return malformed()
    const [log, seq, hash, ...parts] = item as unknown[]
    if (!isBytes(log, 16) || !isCount(seq) || !isBytes(hash, 32)) return malformed()
    let last = 0
    for (const part of parts) {
      if (!isCount(part) || part <= last || part > MAX_PARTS) return malformed()
      last = part
    }
    const name = { log: toHex(log), seq, hash, parts: parts as number[] }
    const before = names.at(-1)
    if (before && inOrder(before, name) >= 0) return malformed()
    names.push(name)
  }
  return ok(names)
}

const inOrder = (a: ErasedName, b: ErasedName): number =>
  a.log === b.log ? a.seq - b.seq || compareBytes(a.hash, b.hash) : a.log < b.log ? -1 : 1

/**
 * The list of an erasure, whose other blobs are a deed and sealed parts; null where it is of no such shape. A blob
 * that is missing is for whoever admits to judge: here it is malformed.
 */
export function erasedListOf({ header, raw }: Entry): readonly ErasedName[] | null {
  const last = header.blobs.length - 1
  if (last < 1 || header.blobs.some((blob, index) => (blob.key === -1) !== (index === last))) return null
  const bytes = raw.blobs[last]
  const names = bytes && parseErasedList(bytes)
  return names?.ok ? names.value : null
}
