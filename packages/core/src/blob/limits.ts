/** What a photo, scan or recording may be at most before sealing, in bytes: an hour of speech at 64 kbit/s. */
export const MAX_BLOB_BYTES = 30 * 1024 * 1024
/**
 * A sealed chunk, in bytes: what a cut costs at most, and what a link must carry within the time after which a silent
 * peer is taken for dead (6 s), so at least 2.7 KiB/s.
 */
export const CHUNK_BYTES = 16 * 1024
const TAG_BYTES = 16
/** Plain bytes in a whole chunk. */
export const CHUNK_PLAIN_BYTES = CHUNK_BYTES - TAG_BYTES
/** A preview is one chunk. */
export const MAX_PREVIEW_BYTES = CHUNK_PLAIN_BYTES

export const LEAF_BYTES = 32
export const MAX_CHUNKS = Math.ceil(MAX_BLOB_BYTES / CHUNK_PLAIN_BYTES)
const MAX_SEALED_BYTES = MAX_BLOB_BYTES + MAX_CHUNKS * TAG_BYTES

export const chunksIn = (sealedBytes: number): number => Math.ceil(sealedBytes / CHUNK_BYTES)
export const chunkSize = (sealedBytes: number, index: number): number =>
  Math.min(CHUNK_BYTES, sealedBytes - index * CHUNK_BYTES)

/** Whether anything can be sealed to so many bytes. */
export const isSealedSize = (bytes: number): boolean =>
  Number.isInteger(bytes) &&
  bytes > TAG_BYTES &&
  bytes <= MAX_SEALED_BYTES &&
  chunkSize(bytes, chunksIn(bytes) - 1) > TAG_BYTES

/** How large a blob is, sealed, in bytes: its address begins with it. */
export const sealedSizeOf = (blob: string): number => Number.parseInt(blob.slice(0, 8), 16)
