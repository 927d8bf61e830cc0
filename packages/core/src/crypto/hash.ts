import { hash } from 'node:crypto'
import { fromHex } from '../bytes/bytes.ts'

/** SHA-256 over length-prefixed pieces, so that no two lists of pieces read the same. */
export function sha256(...pieces: (string | Uint8Array)[]): Uint8Array {
  const buffers: Uint8Array[] = []
  for (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece
    const length = Buffer.allocUnsafe(4)
    length.writeUInt32BE(bytes.length)
    buffers.push(length, bytes)
  }
  return sha256Of(Buffer.concat(buffers))
}

/** Plain SHA-256 of one run of bytes. By way of hex: a buffer of node's own takes longer than a short hash. */
export const sha256Of = (bytes: string | Uint8Array): Uint8Array => fromHex(hash('sha256', bytes, 'hex'))
