import { createReadStream, statSync } from 'node:fs'
import { fail, ok, type Result } from '@doorstep/core'

export type FileChunks = {
  readonly bytes: number
  /** How much of it was handed out. */
  readonly done: () => number
  readonly chunks: AsyncIterable<Uint8Array>
}

const CHUNK_BYTES = 256 * 1024

/** A file of any length, piece by piece, with how far it got. */
export function fileChunks(file: string): Result<FileChunks> {
  let bytes: number
  try {
    const stat = statSync(file)
    if (!stat.isFile()) return fail({ type: 'file-unreadable', file, code: 'EISDIR' })
    bytes = stat.size
  } catch (error) {
    return fail({ type: 'file-unreadable', file, code: (error as NodeJS.ErrnoException).code ?? '' })
  }
  let done = 0
  async function* read(): AsyncGenerator<Uint8Array> {
    for await (const chunk of createReadStream(file, { highWaterMark: CHUNK_BYTES })) {
      done += (chunk as Buffer).length
      yield chunk as Buffer
    }
  }
  return ok({ bytes, done: () => done, chunks: read() })
}
