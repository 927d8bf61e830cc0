import { closeSync, fsyncSync, openSync } from 'node:fs'

/** What file systems say that cannot do it: those of some sticks, and all of Windows, which needs none. */
const CANNOT = new Set(['EINVAL', 'EPERM', 'EISDIR', 'EACCES'])

/** A file's name is on the disk when its folder is: after it was made, renamed or taken away. */
export function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  } catch (error) {
    if (!CANNOT.has((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
