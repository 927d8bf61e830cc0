import { join } from 'node:path'
import { fail, ok, type Result } from '../result.ts'
import { openSqliteStore } from '../store/sqlite-store.ts'
import { acceptedHeads, countAccepted, entriesDigest, recordsDigest } from '../trunk/heads.ts'
import { FILE, type HomeProblem, storeProblem, withSettings } from './home.ts'
import type { HomeSecret } from './secret.ts'
import { unlock } from './tries.ts'

export type HomeDigest = {
  readonly space: string
  readonly entries: number
  readonly digest: string
  readonly records: string
}

/**
 * What a home holds, without opening it as a station: nothing is written to it, and a copy stays what it was. For
 * proving that a backup is what it was taken of.
 */
export function homeDigests(path: string, secret: HomeSecret): Result<readonly HomeDigest[], HomeProblem> {
  const homeKey = withSettings(path, (store): Result<Uint8Array, HomeProblem> => {
    const wrap = store.setting('wrap')
    if (!wrap) return fail({ type: 'damaged-store', home: path, detail: 'no wrapped key' })
    return unlock(store, wrap, secret, Date.now)
  })
  if (!homeKey.ok) return homeKey
  try {
    const store = openSqliteStore(join(path, FILE), homeKey.value)
    try {
      const spaces = [...new Set(store.logs().map(({ log }) => log.space))].sort()
      return ok(
        spaces.map((space) => ({
          space,
          entries: countAccepted(store, space),
          digest: entriesDigest(acceptedHeads(store, space)),
          records: recordsDigest(store, space),
        })),
      )
    } finally {
      store.close()
    }
  } catch (error) {
    return fail(storeProblem(error, path))
  } finally {
    homeKey.value.fill(0)
  }
}
