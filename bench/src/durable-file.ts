import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'

/** A plain file that is appended to durably: the least a save can cost on this disk. */
export function openDurableFile(path: string): { append(bytes: Uint8Array): number; close(): void } {
  const file = openSync(path, 'a')
  return {
    /** Milliseconds of one write and one fdatasync. */
    append(bytes) {
      const startedAt = performance.now()
      writeSync(file, bytes)
      fdatasyncSync(file)
      return performance.now() - startedAt
    },
    close: () => closeSync(file),
  }
}
