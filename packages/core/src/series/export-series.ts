import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { SeriesFile } from './series-file.ts'

/**
 * A whole copy as of now, for a backup, sealed as the file itself: it opens beside the `station.db` of the same home. It
 * appears whole or not at all. Others go on writing meanwhile.
 */
export function exportSeries({ db }: SeriesFile, file: string): { readonly bytes: number } {
  const part = `${file}.part`
  rmSync(part, { force: true })
  try {
    db.run('VACUUM INTO ?', part)
    syncFile(part)
    renameSync(part, file)
    syncFile(dirname(file))
  } catch (error) {
    rmSync(part, { force: true })
    throw error
  }
  return { bytes: statSync(file).size }
}

function syncFile(path: string): void {
  const at = openSync(path, 'r')
  try {
    fsyncSync(at)
  } finally {
    closeSync(at)
  }
}
