import { fromHex, toHex } from '../bytes/bytes.ts'
import type { Change } from '../record/change.ts'
import { isSealedSize, sealedSizeOf } from './limits.ts'

/** A blob that a record names, in what everybody may see of it: its address, and whether it is a preview. */
export type BlobName = {
  /** Hex of the address. */
  readonly blob: string
  readonly isPreview: boolean
}

const HEX = /^[0-9a-f]{64}$/
const NAME_BYTES = 32 + 1

export const isBlob = (value: unknown): value is string =>
  typeof value === 'string' && HEX.test(value) && isSealedSize(sealedSizeOf(value))

/** What an attachment's fields name, the preview first; what is no address is no name. */
export function namesIn(fields: (name: string) => unknown): BlobName[] {
  const names: BlobName[] = []
  for (const field of ['preview', 'original'] as const) {
    const blob = fields(field)
    if (isBlob(blob)) names.push({ blob, isPreview: field === 'preview' })
  }
  return names
}

/** What one change names. An attachment is written once, so its names stand together in one part. */
export function namesInChange(change: Change): BlobName[] {
  if (!change.id.startsWith('at-')) return []
  const fields = new Map<string, unknown>()
  for (const write of change.writes) if (write.type === 'field') fields.set(write.name, write.value)
  return namesIn((name) => fields.get(name))
}

/** Stands in the clear before a sealed part, so that a blind station keeps, serves and erases what the part names. */
export function encodeNames(names: readonly BlobName[]): Uint8Array {
  const bytes = Buffer.alloc(1 + names.length * NAME_BYTES)
  bytes[0] = names.length
  for (const [at, name] of names.entries()) {
    const from = 1 + at * NAME_BYTES
    bytes.set(fromHex(name.blob), from)
    bytes[from + 32] = name.isPreview ? 1 : 0
  }
  return bytes
}

/** The names before a sealed part and where it begins; null for what no writer of ours made. */
export function parseNames(part: Uint8Array): { names: BlobName[]; end: number } | null {
  const count = part[0]
  if (count === undefined || count > 2) return null
  const end = 1 + count * NAME_BYTES
  if (part.length < end) return null
  const names: BlobName[] = []
  for (let from = 1; from < end; from += NAME_BYTES) {
    const blob = toHex(part.subarray(from, from + 32))
    const kind = part[from + 32]!
    if (kind > 1 || !isBlob(blob)) return null
    names.push({ blob, isPreview: kind === 1 })
  }
  return { names, end }
}
