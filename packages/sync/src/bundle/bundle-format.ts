import { decodeCbor, type EntryRef, isBytes, isCount, isId, isText, isTuple, toHex } from '@doorstep/core'

/**
 * A bundle file: these bytes; a manifest frame; one frame a segment, pasts first; an empty frame; SHA-256 of all
 * before it. A frame is a 4-byte big-endian length and its bytes. Immutable once written.
 */
export const BUNDLE_MAGIC = 'DOORSTEP-BUNDLE-1\n'
export const MAX_MANIFEST_BYTES = 1024 * 1024

export type BundleManifest = {
  readonly community: string
  /** Who wrote it. */
  readonly station: string
  /** Milliseconds since 1970 by the writer's clock. */
  readonly at: number
  /** What the writer held: its heads let the reader know what the writer has, its digests let both be compared. */
  readonly spaces: readonly {
    readonly id: string
    readonly entries: number
    readonly digest: string
    readonly heads: readonly EntryRef[]
  }[]
}

export function frame(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

export function parseManifest(bytes: Uint8Array): BundleManifest | null {
  const decoded = decodeCbor(bytes, MAX_MANIFEST_BYTES)
  if (!decoded.ok || !isTuple(decoded.value, 4)) return null
  const [community, station, at, list] = decoded.value
  if (!isId(community) || !isId(station) || !isCount(at) || !Array.isArray(list)) return null
  const spaces: BundleManifest['spaces'][number][] = []
  for (const item of list) {
    if (
      !isTuple(item, 4) ||
      !isId(item[0]) ||
      !isCount(item[1]) ||
      !isText(item[2], 64) ||
      !Array.isArray(item[3])
    )
      return null
    const heads: EntryRef[] = []
    for (const head of item[3]) {
      if (!isTuple(head, 3) || !isBytes(head[0], 16) || !isCount(head[1]) || !isBytes(head[2], 32))
        return null
      heads.push({ log: toHex(head[0]), seq: head[1], hash: head[2] })
    }
    spaces.push({ id: item[0], entries: item[1], digest: item[2], heads })
  }
  return { community, station, at, spaces }
}
