import { readFileSync } from 'node:fs'
import { fail, ok, type Result } from '@doorstep/core'

export function readBytes(file: string): Result<Buffer> {
  try {
    return ok(readFileSync(file))
  } catch (error) {
    return fail({ type: 'file-unreadable', file, code: (error as NodeJS.ErrnoException).code ?? '' })
  }
}
