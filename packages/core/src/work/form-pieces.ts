/** Files of a form, packed and cut to what an entry carries, and put together again. */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { sha256 } from '../crypto/hash.ts'
import { derivedId } from '../ids.ts'
import type { Value } from '../record/change.ts'
import type { Projection } from '../record/project.ts'

/** Bytes of a piece before base64: with it well within what an entry's part may hold (log/limits.ts). */
const PIECE_BYTES = 27_000
/** What a form's files may be packed together, in bytes. Every station gets them all, by stick too. */
export const MAX_PACKED_BYTES = 2 * 1024 * 1024
/** What one file may unpack to, in bytes: a list of a whole town's doors is a few MiB. */
const MAX_FILE_BYTES = 32 * 1024 * 1024

export type Packed = {
  /** Of the file as it was. */
  readonly bytes: number
  readonly pieces: readonly { readonly id: string; readonly data: string }[]
}

export const packedBytes = (packed: readonly Packed[]): number =>
  packed.reduce((sum, { pieces }) => sum + pieces.reduce((of, { data }) => of + data.length, 0), 0) * 0.75

export function pack(content: Uint8Array): Packed {
  const packed = zstdCompressSync(content)
  const pieces: { id: string; data: string }[] = []
  for (let at = 0; at < packed.length; at += PIECE_BYTES) {
    const piece = packed.subarray(at, at + PIECE_BYTES)
    pieces.push({ id: pieceId(piece), data: piece.toString('base64') })
  }
  return { bytes: content.length, pieces }
}

const pieceId = (piece: Uint8Array): string => derivedId('pc', [piece], 15)

/** From what the form holds, however it was packed: the same file is the same record, whoever adds it. */
export const formRecordId = (
  community: string,
  { form, version }: { readonly form: string; readonly version: string },
  xml: Uint8Array,
  files: Readonly<Record<string, Uint8Array>>,
): string =>
  derivedId(
    'fo',
    [
      community,
      form,
      version,
      sha256(xml),
      ...Object.keys(files)
        .sort()
        .flatMap((name) => [name, sha256(files[name]!)]),
    ],
    15,
  )

export type Stored = { readonly bytes: number; readonly pieces: readonly string[] }

/** Anything but what `pack` made is nothing: what others wrote is not trusted to be well-formed. */
export function storedOf(value: Value | undefined): Stored | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const { bytes, pieces } = value
  if (typeof bytes !== 'number' || bytes < 0 || bytes > MAX_FILE_BYTES || !Array.isArray(pieces)) return null
  return pieces.every((one) => typeof one === 'string') ? { bytes, pieces: pieces as string[] } : null
}

/** Null while a piece is missing, or is not what its id says. */
export function unpack(stored: Stored, find: (id: string) => Projection | null): Uint8Array | null {
  const parts: Buffer[] = []
  for (const id of stored.pieces) {
    const record = find(id)
    const said = record
      ? [record.fields.data, ...(record.conflicts.data ?? []).map(({ value }) => value)]
      : []
    const piece = said
      .flatMap((data) => (typeof data === 'string' ? [Buffer.from(data, 'base64')] : []))
      .find((one) => pieceId(one) === id)
    if (!piece) return null
    parts.push(piece)
  }
  try {
    const content = zstdDecompressSync(Buffer.concat(parts), { maxOutputLength: MAX_FILE_BYTES })
    return content.length === stored.bytes ? content : null
  } catch {
    return null
  }
}
