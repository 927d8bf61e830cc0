import { fail, ok, type Result } from '../result.ts'
import { acceptedHeads, countAccepted, entriesDigest, recordsDigest } from '../trunk/heads.ts'
import { type HomeProblem, openUnlocked, storeProblem } from './home.ts'
import type { HomeSecret } from './secret.ts'

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
  const unlocked = openUnlocked(path, secret, Date.now)
  if (!unlocked.ok) return unlocked
  const { store, homeKey } = unlocked.value
  homeKey.fill(0)
  try {
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
  }
}
