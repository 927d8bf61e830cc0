import { join } from 'node:path'
import {
  closeAndWipe,
  destroyHome,
  fail,
  type HomeProblem,
  leave,
  ok,
  type Problem,
  type Result,
  type Station,
} from '@doorstep/core'
import { type BundleProblem, writeBundle } from '../bundle/write-bundle.ts'

export type Retired = {
  /** A sealed file with what no other station is known to hold; null when there is none. */
  readonly unsent: string | null
}

/** Spaces, the membership log among them, whose newest entry of this station no other is known to have on disk. */
export function unsentSpaces(station: Station): string[] {
  const spaces = new Set([station.identity.community, ...station.holdings(), ...station.spacesOwed()])
  return [...spaces].filter((space) => station.lastOwnEntry(space)?.witnesses.length === 0)
}

const hasUnsent = (station: Station): boolean =>
  unsentSpaces(station).length > 0 || station.blobs.status().onlyHere.count > 0

/** What others wrote, too, who do not stand any more: their disks may be gone, and this one is about to be. */
const isLastToHave = (station: Station): boolean =>
  [station.identity.community, ...station.holdings(), ...station.spacesOwed()].some((space) =>
    station.holdsAlone(space),
  )

/**
 * The end of a home: what it had not sent, or is the last to have, goes into a sealed file that any colleague can take
 * in, then keys and records are destroyed. The file tells nobody anything who cannot read the spaces.
 */
export async function retireHome(
  station: Station,
  reason: 'removed' | 'decommissioned',
  file: string = join(station.home, 'unsent.bundle'),
): Promise<Result<Retired, BundleProblem | HomeProblem>> {
  const isUnsent = hasUnsent(station) || isLastToHave(station)
  if (isUnsent) {
    const written = await writeBundle(station, file, { blobs: 'unsent' })
    if (!written.ok) return written
  }
  const { home } = station
  const at = station.now
  await closeAndWipe(station)
  const destroyed = destroyHome(home, { reason, at })
  return destroyed.ok ? ok({ unsent: isUnsent ? file : null }) : destroyed
}

const unsentOf = (station: Station) => ({
  spaces: unsentSpaces(station),
  photos: station.blobs.status().onlyHere.count,
})

export type DecommissionProblem = Problem & { type: 'unsent-entries' | 'not-a-member' }

/**
 * Leaves in good order: the act that says so, one more meeting by `meet`, and the end of the home once everything of
 * this station's is on another's disk, or in `file` for somebody to carry.
 */
export async function decommission(
  station: Station,
  input: { readonly meet: () => Promise<void>; readonly file?: string },
): Promise<Result<Retired, BundleProblem | HomeProblem | DecommissionProblem>> {
  if (!station.isMember()) return fail({ type: 'not-a-member' })
  await input.meet()
  if (hasUnsent(station) && input.file === undefined)
    return fail({ type: 'unsent-entries', ...unsentOf(station), left: false })
  const left = await leave(station)
  if (!left.ok) return fail({ ...left.problem, type: 'not-a-member' })
  await input.meet()
  if (hasUnsent(station) && input.file === undefined)
    return fail({ type: 'unsent-entries', ...unsentOf(station), left: true })
  return retireHome(station, 'decommissioned', input.file)
}
