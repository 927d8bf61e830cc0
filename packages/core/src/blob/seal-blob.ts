import { createCipheriv, createDecipheriv } from 'node:crypto'
import { sameBytes, toHex } from '../bytes/bytes.ts'
import { sha256, sha256Of } from '../crypto/hash.ts'
import { deriveKey } from '../crypto/seal.ts'
import { fail, ok, type Result } from '../result.ts'
import { CHUNK_BYTES, CHUNK_PLAIN_BYTES, chunkSize, chunksIn, LEAF_BYTES, sealedSizeOf } from './limits.ts'

/**
 * A blob as it lies on disks and goes over wires: chunks, each sealed by itself; a leaf, the SHA-256 of each; and the
 * address: its size (4 bytes) and 28 of a SHA-256 over size and leaves. So whoever has the leaves knows of every chunk
 * at once whether it is the one, and whoever has the address knows it of the leaves, with no key to anything.
 */
export type SealedBlob = {
  /** Hex of the address. */
  readonly blob: string
  readonly leaves: Uint8Array
  readonly sealed: Uint8Array
}

export type BlobUse = 'original' | 'preview'

/** One random key a photo; its two blobs never share one. */
const keyFor = (key: Uint8Array, use: BlobUse): Uint8Array =>
  deriveKey(key, new Uint8Array(0), `doorstep/blob/${use}/1`)

/** The key seals one text only, so the chunk's number is a nonce that never repeats. */
function nonceOf(index: number): Uint8Array {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(index, 8)
  return nonce
}
/** Authenticated with a chunk: how large the whole is, so that none can be cut short. */
function aboutOf(sealedBytes: number): Uint8Array {
  const about = Buffer.alloc(4)
  about.writeUInt32BE(sealedBytes)
  return about
}

export const addressOf = (sealedBytes: number, leaves: Uint8Array): Uint8Array => {
  const size = aboutOf(sealedBytes)
  return Buffer.concat([size, sha256('doorstep/blob-address/1', size, leaves).subarray(0, 28)])
}

export const areLeavesOf = (blob: string, leaves: Uint8Array): boolean => {
  const sealedBytes = sealedSizeOf(blob)
  return (
    leaves.length === chunksIn(sealedBytes) * LEAF_BYTES && toHex(addressOf(sealedBytes, leaves)) === blob
  )
}

export const isChunkOf = (blob: string, leaves: Uint8Array, index: number, chunk: Uint8Array): boolean =>
  index < chunksIn(sealedSizeOf(blob)) &&
  chunk.length === chunkSize(sealedSizeOf(blob), index) &&
  sameBytes(sha256Of(chunk), leaves.subarray(index * LEAF_BYTES, (index + 1) * LEAF_BYTES))

export function sealBlob(key: Uint8Array, use: BlobUse, text: Uint8Array): SealedBlob {
  const own = keyFor(key, use)
  const count = Math.max(1, Math.ceil(text.length / CHUNK_PLAIN_BYTES))
  const sealedBytes = text.length + count * (CHUNK_BYTES - CHUNK_PLAIN_BYTES)
  const sealed = Buffer.allocUnsafe(sealedBytes)
  const leaves = Buffer.allocUnsafe(count * LEAF_BYTES)
  for (let index = 0; index < count; index++) {
    const cipher = createCipheriv('aes-256-gcm', own, nonceOf(index))
    cipher.setAAD(aboutOf(sealedBytes))
    const at = index * CHUNK_BYTES
    const plain = text.subarray(index * CHUNK_PLAIN_BYTES, (index + 1) * CHUNK_PLAIN_BYTES)
    sealed.set(cipher.update(plain), at)
    cipher.final()
    sealed.set(cipher.getAuthTag(), at + plain.length)
    leaves.set(sha256Of(sealed.subarray(at, at + chunkSize(sealedBytes, index))), index * LEAF_BYTES)
  }
  return { blob: toHex(addressOf(sealedBytes, leaves)), leaves, sealed }
}

/** Fails with `unreadable` where a chunk is not what was sealed, or under another key. */
export function openBlob(key: Uint8Array, use: BlobUse, sealed: Uint8Array): Result<Uint8Array> {
  const own = keyFor(key, use)
  const texts: Uint8Array[] = []
  for (let index = 0; index < chunksIn(sealed.length); index++) {
    const at = index * CHUNK_BYTES
    const chunk = sealed.subarray(at, at + chunkSize(sealed.length, index))
    const end = chunk.length - (CHUNK_BYTES - CHUNK_PLAIN_BYTES)
    if (end < 0) return fail({ type: 'unreadable' })
    const decipher = createDecipheriv('aes-256-gcm', own, nonceOf(index))
    decipher.setAAD(aboutOf(sealed.length))
    decipher.setAuthTag(chunk.subarray(end))
    try {
      texts.push(decipher.update(chunk.subarray(0, end)))
      decipher.final()
    } catch {
      return fail({ type: 'unreadable' })
    }
  }
  return ok(Buffer.concat(texts))
}
