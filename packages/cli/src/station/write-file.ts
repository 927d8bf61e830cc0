import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fail, ok, type Result } from '@doorstep/core'

/** The file appears whole or not at all. */
export function writeFileOnce(path: string, content: string | Uint8Array): Result<void> {
  const part = `${path}.part`
  try {
    const file = openSync(part, 'w', 0o600)
    writeFileSync(file, content)
    fsyncSync(file)
    closeSync(file)
    renameSync(part, path)
    return ok(undefined)
  } catch (error) {
    rmSync(part, { force: true })
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC') return fail({ type: 'disk-full', file: path })
    return fail({ type: 'file-unwritable', file: path, code: code ?? '' })
  }
}
