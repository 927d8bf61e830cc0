import { type LogId, logIdOf } from '../log/entry.ts'
import { memberAt } from '../membership/resolve.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { manifestOf, usableCheckpoints } from './checkpoint.ts'
import { floorsOf } from './checkpoint-floor.ts'
import { headsOfRows, type Manifest } from './checkpoint-format.ts'
import { dropSuperseded, toRow } from './checkpoint-make.ts'
import { openBasePage } from './checkpoint-open.ts'
import type { Trunk } from './context.ts'
import { isAtOrBefore } from './heads.ts'
import { signTails } from './sign.ts'

export type PruneProblem = Problem & {
  type:
    | 'no-checkpoint'
    /** A station whose role keeps everything prunes only when told to. */
    | 'keeps-everything'
}
export type Pruned = {
  readonly entries: number
  /** Entries that a checkpoint covers and that stay, since somebody who stands has not said that it saw them. */
  readonly kept: number
}

/** Roles whose stations are where old entries are found again. */
export const ARCHIVES: ReadonlySet<string> = new Set(['steward', 'relay'])

/**
 * Takes away what a checkpoint that was compared stands for, where it is in the past of an entry of every standing
 * station (A18). That they were, and what they named, stays known. Whole segments go: what stays can still be sent.
 * Inside the caller's transaction.
 */
export function pruneSpace(
  trunk: Trunk,
  space: string,
  options: { readonly evenHere?: boolean } = {},
): Result<Pruned, PruneProblem> {
  const { store, acts, identity } = trunk
  const member = memberAt(acts.now(), identity.station)
  if (member && ARCHIVES.has(member.role) && !options.evenHere)
    return fail({ type: 'keeps-everything', role: member.role })
  const found = usableCheckpoints(trunk, space)
    .filter(({ row }) => row.state === 'equal')
    .map(({ row }) => ({ row, manifest: manifestOf(store, row)! }))
    .find(({ manifest }) => coversBase(trunk, manifest))
  if (!found) return fail({ type: 'no-checkpoint', space })
  const { row, manifest } = found
  signTails(trunk, space)
  const floors = floorsOf(trunk, space)
  let entries = 0
  let kept = 0
  for (const { log, rows } of manifest.logs) {
    const id = logIdOf(log)
    const covered = Math.min(...headsOfRows(rows).map(({ seq }) => seq))
    const lowest = store.lowestEntry(id)
    if (lowest === null) continue
    const boundary = segmentStart(trunk, id, Math.min(floors.get(id) ?? 0, covered))
    if (boundary > lowest) {
      const going = Array.from({ length: boundary - lowest }, (_, at) =>
        store.entriesAt(id, lowest + at),
      ).flat()
      store.shelf.putBase(going.map(toRow))
      entries += store.pruneEntries(id, boundary)
    }
    kept += Math.max(0, covered + 1 - Math.max(boundary, lowest))
  }
  if (store.shelf.baseTops(space).length === 0) return ok({ entries, kept })
  const { generation, pages } = manifest
  const standing = pages.map(({ hash }) => ({
    hash,
    generation,
    entry: row.entry.hash,
    isCompared: true,
    entries: [],
  }))
  // Those that can be read say which entries they are of, so that they need no manifest any more.
  store.shelf.putBasePages(
    space,
    standing.map((page) => {
      const opened = openBasePage(trunk, space, page)
      return opened && opened !== 'broken' ? { ...page, entries: opened.page.entries } : page
    }),
  )
  dropSuperseded(trunk, space)
  return ok({ entries, kept })
}

/** What went earlier must be in this one's past too. */
const coversBase = ({ store }: Trunk, manifest: Manifest): boolean => {
  const heads = manifest.logs.flatMap(({ rows }) => headsOfRows(rows))
  return store.shelf
    .baseTops(manifest.space)
    .every((top) => heads.some((head) => isAtOrBefore(store, top, head)))
}

/** The first sequence of the segment that holds this one: all before it can go whole. */
function segmentStart({ store }: Trunk, log: LogId, seq: number): number {
  let start = 0
  for (const row of store.segmentsOf(log, 0)) if (row.first <= seq) start = Math.max(start, row.first)
  return start
}
