import { sameBytes, toHex } from '../bytes/bytes.ts'
import { sha256Of } from '../crypto/hash.ts'
import { isSignedBy } from '../crypto/keys.ts'
import { parseEntry, rootOf } from '../log/entry.ts'
import { segmentClaim } from '../log/segment.ts'
import { DamagedStoreError, type Store } from '../store/store.ts'
import type { Trunk } from '../trunk/context.ts'
import { recordsDigest } from '../trunk/heads.ts'
import { rebuildSpace } from '../trunk/rebuild.ts'
import { chainOf } from '../trunk/send.ts'
import { countNewer } from '../trunk/understand.ts'
import { unheardOf } from '../work/warn-after.ts'
import { findErasures } from './doctor-erasures.ts'
import type { Station } from './station.ts'

export type Check = {
  readonly name:
    | 'file'
    | 'entries'
    | 'signatures'
    | 'erasures'
    | 'records'
    | 'checkpoints'
    | 'blobs'
    | 'void-parts'
    | 'forks'
    | 'newer'
    | 'unheard'
  readonly ok: boolean
  readonly detail: string
}
export type Diagnosis = { readonly ok: boolean; readonly checks: readonly Check[] }

class Discard extends Error {}

/**
 * Looks at everything again: the file, every hash and chain, every signature, and every record folded anew from
 * the log. `repair` keeps the fresh fold where it differs; the log itself is never changed. What a damaged file
 * does not let it read is what is wrong: it says so and goes on with the next check.
 */
export function diagnose(
  station: Station,
  options: { repair?: boolean; onProgress?: (done: number, of: number) => void } = {},
): Diagnosis {
  const { trunk } = station
  const { store } = trunk
  const totals = { entries: 0, segments: 0, records: 0 }
  const checks: Check[] = [
    look(
      'file',
      () => store.integrity(),
      () => 'integrity_check',
    ),
    look(
      'entries',
      () => {
        const spaces = spacesOf(store)
        const of = spaces.reduce(
          (sum, space) => sum + store.countEntries(space, 'accepted') + store.countEntries(space, 'held'),
          0,
        )
        const onProgress = (done: number) => options.onProgress?.(done, of)
        return spaces.flatMap((space) => wrongEntries(trunk, space, totals, onProgress))
      },
      () => `${totals.entries}`,
    ),
    look(
      'signatures',
      () => spacesOf(store).flatMap((space) => wrongSegments(trunk, space, totals)),
      () => `${totals.segments}`,
    ),
    lookAtErasures(trunk, options.repair === true),
    lookAtRecords(station, options.repair === true, totals),
    look(
      'checkpoints',
      () => wrongBlobs(store),
      () => checkpointsSeen(store),
    ),
    lookAtBlobs(station, options.repair === true),
    // Void parts and forks harm nothing: they are there to be seen.
    look(
      'void-parts',
      () => [],
      () => `${store.voids().filter(({ reason }) => reason !== 'no-key').length}`,
    ),
    look(
      'forks',
      () => [],
      () => `${station.forks().length}`,
    ),
    look(
      'newer',
      () => [],
      () => {
        const { entries, parts } = countNewer(trunk)
        return `${entries}${parts > 0 ? `; ${parts} parts` : ''}`
      },
    ),
    // Nor does a station that nobody hears of; but what it wrote is on it alone.
    look(
      'unheard',
      () => [],
      () => `${unheardOf(station).length}`,
    ),
  ]
  return { ok: checks.every((check) => check.ok), checks }
}

const spacesOf = (store: Store): string[] => [...new Set(store.logs().map(({ log }) => log.space))].sort()

function look(name: Check['name'], wrongs: () => readonly string[], fine: () => string): Check {
  try {
    const wrong = wrongs()
    return { name, ok: wrong.length === 0, detail: wrong.slice(0, 5).join('; ') || fine() }
  } catch (error) {
    return { name, ok: false, detail: wordsOf(error) }
  }
}

/** What is announced and not confirmed, or late, is there to be seen: it may be settled by the next meeting. */
function lookAtErasures(trunk: Trunk, repair: boolean): Check {
  let told = ''
  return look(
    'erasures',
    () => {
      const { erased, left, lost, late, unconfirmed } = findErasures(trunk, spacesOf(trunk.store), repair)
      const also = [
        ...(unconfirmed > 0 ? [`${unconfirmed} announced, not confirmed`] : []),
        ...(late > 0 ? [`${late} about erased records, not named yet`] : []),
      ]
      told = [`${erased}`, ...also].join('; ')
      return [
        ...(left > 0 && !repair ? [`${left} still here`] : []),
        ...lost.map((name) => `${name} is gone`),
      ]
    },
    () => told,
  )
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function lookAtRecords(station: Station, repair: boolean, totals: { records: number }): Check {
  const differing: string[] = []
  const lost: string[] = []
  return look(
    'records',
    () => {
      for (const { id } of station.spaces()) {
        try {
          if (!isFoldRight(station.trunk, id, repair, totals)) differing.push(id)
        } catch (error) {
          lost.push(`${id}: ${wordsOf(error)}`)
        }
      }
      return repair ? lost : [...differing, ...lost]
    },
    () => differing.join('; ') || `${totals.records}`,
  )
}

function wrongEntries(
  trunk: Trunk,
  space: string,
  totals: { entries: number },
  onProgress: (done: number) => void,
): string[] {
  const { store } = trunk
  const wrong: string[] = []
  let after = 0
  for (;;) {
    const page = store.entriesOf(space, after, 500)
    for (const stored of page) {
      after = stored.n
      totals.entries++
      const name = `${stored.log.slice(0, 8)}/${stored.seq}`
      const parsed = parseEntry(stored.raw)
      if (!parsed.ok) wrong.push(`${name}: ${parsed.problem.type}`)
      else if (!sameBytes(parsed.value.hash, stored.hash)) wrong.push(`${name}: hash`)
      else if (!isChained(trunk, stored.log, parsed.value.header.seq, parsed.value.header.prev))
        wrong.push(`${name}: chain`)
    }
    onProgress(totals.entries)
    if (page.length < 500) return wrong
  }
}

function isChained(trunk: Trunk, log: string, seq: number, prev: Uint8Array): boolean {
  if (seq === 0) return sameBytes(prev, rootOf(log))
  const before = trunk.store.entry(prev)
  return before !== null && before.log === log && before.seq === seq - 1
}

function wrongSegments(trunk: Trunk, space: string, totals: { segments: number }): string[] {
  const wrong: string[] = []
  for (const { id, log } of trunk.store.logs(space)) {
    for (const row of trunk.store.segmentsOf(id, 0)) {
      totals.segments++
      const whole = chainOf(trunk.store, row).length === row.last - row.first + 1
      if (!whole || !isSignedBy(log.key, segmentClaim(id, row.first, row.last, row.head), row.signature))
        wrong.push(`${id.slice(0, 8)}/${row.first}-${row.last}`)
    }
  }
  return wrong
}

/** Pages that records stand on must be there and be what they are named. */
function wrongBlobs({ shelf }: Store): string[] {
  const spaces = new Set(shelf.checkpoints().map(({ space }) => space))
  return [...spaces].flatMap((space) =>
    shelf.basePages(space).flatMap(({ hash }) => {
      const bytes = shelf.blob(hash)
      return bytes && sameBytes(sha256Of(bytes), hash) ? [] : [`page ${toHex(hash).slice(0, 8)} of ${space}`]
    }),
  )
}

/** Every photo and recording that is here is what its address says. To repair, what is right is kept, the rest comes again. */
function lookAtBlobs({ blobs }: Station, repair: boolean): Check {
  let whole = 0
  return look(
    'blobs',
    () => {
      const wrong: string[] = []
      for (const { blob, isHere } of blobs.rows()) {
        if (!isHere) continue
        if (blobs.files.verify(blob)) whole++
        else if (!repair) wrong.push(`${blob.slice(-8)} is damaged`)
        else if (!blobs.notWhole(blob))
          wrong.push(`${blob.slice(-8)} is damaged, and nobody else is known to have it`)
      }
      if (repair) blobs.sweep()
      return wrong
    },
    () => `${whole}`,
  )
}

/** False ones harm nothing either, for they are never used: how many there are is shown. */
function checkpointsSeen({ shelf }: Store): string {
  const all = shelf.checkpoints()
  const differing = all.filter(({ state }) => state === 'differs').length
  return differing > 0 ? `${all.length}, ${differing} differ` : `${all.length}`
}

/** Folds a space again and compares; what was folded anew is kept only to repair. */
function isFoldRight(trunk: Trunk, space: string, repair: boolean, totals: { records: number }): boolean {
  const { store } = trunk
  let right = true
  try {
    store.transaction(() => {
      const before = readableState(trunk, space)
      rebuildSpace(trunk, space)
      const after = foldedState(trunk, space)
      totals.records += after.records
      right = before !== null && before.digest === after.digest && before.projections === after.projections
      if (right || !repair) throw new Discard()
    })
  } catch (error) {
    if (!(error instanceof Discard)) throw error
  }
  return right
}

/** Null when a record cannot be read: the log can make it anew. */
function readableState(trunk: Trunk, space: string): ReturnType<typeof foldedState> | null {
  try {
    return foldedState(trunk, space)
  } catch (error) {
    if (error instanceof DamagedStoreError) return null
    throw error
  }
}

function foldedState(trunk: Trunk, space: string): { digest: string; projections: string; records: number } {
  const lines: string[] = []
  for (const projection of trunk.store.records({ space })) lines.push(JSON.stringify(projection))
  return {
    digest: recordsDigest(trunk.store, space),
    projections: toHex(sha256Of(Buffer.from(lines.sort().join('\n')))),
    records: lines.length,
  }
}
