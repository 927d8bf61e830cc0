import {
  createSigner,
  decodeCbor,
  type EntryRef,
  encodeCbor,
  isBlob,
  isBytes,
  isCount,
  isId,
  isSignedBy,
  isText,
  isTuple,
  type KeyPair,
  MAX_SEGMENT_BYTES,
  stationIdOf,
  toHex,
} from '@doorstep/core'

/**
 * A bundle file: these bytes; a manifest frame, signed by the station that wrote it; frames, pasts first; an empty
 * frame; SHA-256 of all before it. A frame is a 4-byte big-endian length and its bytes. Immutable once written. A frame
 * is a segment; or an offered checkpoint, `[segment, isNeeded]`, after which come the pieces
 * `[hash, total, offset, bytes]` of its manifest and its pages; or, last, `[blob, index, bytes]` of a photo or recording:
 * the leaves (index 0), then its chunks.
 */
export const BUNDLE_MAGIC = 'DOORSTEP-BUNDLE-1\n'
export const MAX_MANIFEST_BYTES = 1024 * 1024
/** A segment, with what an offer adds to it. */
export const MAX_FRAME_BYTES = MAX_SEGMENT_BYTES + 16
const PIECE_BYTES = 60 * 1024

export type BundleManifest = {
  readonly community: string
  /** Who wrote it, as its signature proves: what it says it held decides who counts as a witness. */
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

export type BundleFrame =
  | { readonly type: 'segment'; readonly bytes: Uint8Array }
  | { readonly type: 'offer'; readonly segment: Uint8Array; readonly isNeeded: boolean }
  | {
      readonly type: 'piece'
      readonly hash: Uint8Array
      readonly total: number
      readonly offset: number
      readonly bytes: Uint8Array
    }
  | { readonly type: 'blob'; readonly blob: string; readonly index: number; readonly bytes: Uint8Array }

export const encodeOffer = (segment: Uint8Array, isNeeded: boolean): Uint8Array =>
  encodeCbor([segment, isNeeded])

export function* piecesOf(hash: Uint8Array, blob: Uint8Array): IterableIterator<Uint8Array> {
  for (let offset = 0; offset < blob.length; offset += PIECE_BYTES)
    yield encodeCbor([hash, blob.length, offset, blob.subarray(offset, offset + PIECE_BYTES)])
}

/** What is neither an offer nor a piece is a segment, and whether it is one the gate says. */
export function parseFrame(bytes: Uint8Array): BundleFrame {
  // CBOR arrays of 2 to 4; a segment is one of 6.
  if (bytes[0] === 0x82 || bytes[0] === 0x83 || bytes[0] === 0x84) {
    const decoded = decodeCbor(bytes, MAX_FRAME_BYTES)
    const wire = decoded.ok ? decoded.value : null
    if (isTuple(wire, 2) && isBytes(wire[0]) && typeof wire[1] === 'boolean')
      return { type: 'offer', segment: wire[0], isNeeded: wire[1] }
    if (isTuple(wire, 3)) {
      const blob = isBytes(wire[0], 32) ? toHex(wire[0]) : null
      if (isBlob(blob) && isCount(wire[1]) && isBytes(wire[2]))
        return { type: 'blob', blob, index: wire[1], bytes: wire[2] }
    }
    if (isTuple(wire, 4)) {
      const [hash, total, offset, piece] = wire
      if (isBytes(hash, 32) && isCount(total) && isCount(offset) && isBytes(piece))
        return { type: 'piece', hash, total, offset, bytes: piece }
    }
  }
  return { type: 'segment', bytes }
}

/** Stands first in what is signed, so that the signature counts for nothing else. */
const TAG = 'doorstep/bundle/1'

export function signManifest(manifest: Omit<BundleManifest, 'station'>, signing: KeyPair): Uint8Array {
  const said = encodeCbor([
    TAG,
    signing.publicKey,
    manifest.community,
    manifest.at,
    manifest.spaces.map((space) => [
      space.id,
      space.entries,
      space.digest,
      space.heads.map((head) => [Buffer.from(head.log, 'hex'), head.seq, head.hash]),
    ]),
  ])
  return encodeCbor([said, createSigner(signing.privateKey)(said)])
}

/** Null for what is no manifest. One that its station did not sign is nobody's word. */
export function parseManifest(
  bytes: Uint8Array,
): { readonly manifest: BundleManifest; readonly isSigned: boolean } | null {
  const signed = decodeCbor(bytes, MAX_MANIFEST_BYTES)
  if (!signed.ok || !isTuple(signed.value, 2)) return null
  const [said, signature] = signed.value
  if (!isBytes(said) || !isBytes(signature, 64)) return null
  const decoded = decodeCbor(said, MAX_MANIFEST_BYTES)
  if (!decoded.ok || !isTuple(decoded.value, 5)) return null
  const [tag, key, community, at, list] = decoded.value
  if (tag !== TAG || !isBytes(key, 32) || !isId(community) || !isCount(at) || !Array.isArray(list))
    return null
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
  const manifest = { community, station: stationIdOf(key), at, spaces }
  return { manifest, isSigned: isSignedBy(key, said, signature) }
}
