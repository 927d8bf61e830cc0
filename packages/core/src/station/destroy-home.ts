import { join } from 'node:path'
import { removeBlobFolder } from '../blob/blob-files.ts'
import { encodeCbor } from '../bytes/cbor.ts'
import { fail, ok, type Result } from '../result.ts'
import { removeSeriesFile } from '../series/series-file.ts'
import { emptyFile } from '../store/empty-file.ts'
import { FILE, type HomeProblem, homeExists, LEFT, type Left, storeProblem } from './home.ts'

/**
 * Makes a home unreadable for good: wrapped keys and identity first, in one transaction, then every row, and
 * photos, recordings and readings beside them; a small marker stays, so that whoever opens it hears what happened
 * (`home-destroyed`) and may join again in the same folder. Killed in the middle, the home is intact or destroyed, and the next opening takes away the rest. An open
 * station of this process is closed first. What the disk itself keeps of old blocks is sealed under keys that are
 * gone.
 */
export function destroyHome(home: string | { readonly path: string }, left: Left): Result<void, HomeProblem> {
  const path = typeof home === 'string' ? home : home.path
  if (!homeExists(path)) return fail({ type: 'no-home', home: path })
  try {
    emptyFile(join(path, FILE), { name: LEFT, value: encodeCbor([left.reason, left.at]) })
    removeBlobFolder(path)
    removeSeriesFile(path)
    return ok(undefined)
  } catch (error) {
    return fail(storeProblem(error, path))
  }
}
