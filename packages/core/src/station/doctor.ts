import { sameBytes, toHex } from '../bytes/bytes.ts'
import { sha256Of } from '../crypto/hash.ts'
import { isSignedBy } from '../crypto/keys.ts'
import { parseEntry, rootOf } from '../log/entry.ts'
import { segmentClaim } from '../log/segment.ts'
import { checkSeries } from '../series/check-series.ts'
import { DamagedStoreError, type Store } from '../store/store.ts'
import { wrongCheckpoints } from '../trunk/checkpoint.ts'
import type { Trunk } from '../trunk/context.ts'
import { draftText } from '../trunk/erase.ts'
import { recordsDigest } from '../trunk/heads.ts'
import { rebuildSpace } from '../trunk/rebuild.ts'
import { chainOf } from '../trunk/send.ts'
import { countNewer } from '../trunk/understand.ts'
import { unheardOf } from '../work/warn-after.ts'
import { findErasures } from './doctor-erasures.ts'
import { findWrongLogs } from './doctor-logs.ts'
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
    | 'drafts'
    | 'readings'
    | 'void-parts'
    | 'forks'
    | 'newer'
    | 'unheard'
  readonly ok: boolean
  /** How much of what was looked at; the first is what the check is of. */
  readonly counts: Readonly<Partial<Record<Counted, number>>>
  /** What is wrong, or was until it was repaired; five of it at most. */
  readonly wrong: readonly Wrong[]
}
export type Wrong = {
  readonly what:
    | 'file'
    | 'malformed'
    | 'hash'
    | 'chain'
    | 'signature'
    | 'not-erased'
    | 'gone'
    | 'differs'
    | 'page'
    | 'damaged'
    | 'damaged-alone'
    | 'unreadable'
  /** Which it is, or what the file's own check or the reading said; ids are cut to eight characters. */
  readonly name: string
}
export type Counted =
  | 'entries'
  | 'segments'
  | 'parts'
  | 'unconfirmed'
  | 'unnamed'
  | 'left'
  | 'records'
  | 'checkpoints'
  | 'differing'
  | 'blobs'
  | 'drafts'
  | 'forks'
  | 'stations'
  | 'days'
  | 'aside'
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
      () => store.integrity().map((name) => ({ what: 'file', name })),
      () => ({}),
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
        return [
          ...findWrongLogs(store, options.repair === true).map(
            (id) => ({ what: 'hash', name: id.slice(0, 8) }) as const,
          ),
          ...spaces.flatMap((space) => wrongEntries(trunk, space, totals, onProgress)),
        ]
      },
      () => ({ entries: totals.entries }),
    ),
    look(
      'signatures',
      () => spacesOf(store).flatMap((space) => wrongSegments(trunk, space, totals)),
      () => ({ segments: totals.segments }),
    ),
    lookAtErasures(trunk, options.repair === true),
    lookAtRecords(station, options.repair === true, totals),
    look(
      'checkpoints',
      () => [...wrongRows(store, options.repair === true), ...wrongPages(store)],
      () => checkpointsSeen(store),
    ),
    lookAtBlobs(station, options.repair === true),
    lookAtDrafts(store, options.repair === true),
    lookAtReadings(station, options.repair === true),
    // Void parts and forks harm nothing: they are there to be seen.
    look(
      'void-parts',
      () => [],
      () => ({ parts: store.voids().filter(({ reason }) => reason !== 'no-key').length }),
    ),
    look(
      'forks',
      () => [],
      () => ({ forks: station.forks().length }),
    ),
    look(
      'newer',
      () => [],
      () => {
        const { entries, parts } = countNewer(trunk)
        return { entries, parts }
      },
    ),
    // Nor does a station that nobody hears of; but what it wrote is on it alone.
    look(
      'unheard',
      () => [],
      () => ({ stations: unheardOf(station).length }),
    ),
  ]
  return { ok: checks.every((check) => check.ok), checks }
}

const spacesOf = (store: Store): string[] => [...new Set(store.logs().map(({ log }) => log.space))].sort()

const MOST_SHOWN = 5

function look(name: Check['name'], wrongs: () => readonly Wrong[], counts: () => Check['counts']): Check {
  try {
    const wrong = wrongs()
    return { name, ok: wrong.length === 0, counts: counts(), wrong: wrong.slice(0, MOST_SHOWN) }
  } catch (error) {
    return { name, ok: false, counts: {}, wrong: [unreadable('', error)] }
  }
}

const unreadable = (where: string, error: unknown): Wrong => ({
  what: 'unreadable',
  name: [where, error instanceof Error ? error.message : String(error)].filter(Boolean).join(': '),
})

/** What is announced and not confirmed, or late, is there to be seen: it may be settled by the next meeting. */
function lookAtErasures(trunk: Trunk, repair: boolean): Check {
  let counts: Check['counts'] = {}
  return look(
    'erasures',
    () => {
      const { erased, left, lost, late, unconfirmed } = findErasures(trunk, spacesOf(trunk.store), repair)
      counts = { parts: erased, unconfirmed, unnamed: late, left: repair ? 0 : left.length }
      const still = repair ? [] : left.map((name) => ({ what: 'not-erased', name }) as const)
      return [...still, ...lost.map((name) => ({ what: 'gone', name }) as const)]
    },
    () => counts,
  )
}

function lookAtRecords(station: Station, repair: boolean, totals: { records: number }): Check {
  const differing: Wrong[] = []
  const lost: Wrong[] = []
  const check = look(
    'records',
    () => {
      for (const { id } of station.spaces()) {
        try {
          if (!isFoldRight(station.trunk, id, repair, totals)) differing.push({ what: 'differs', name: id })
        } catch (error) {
          lost.push(unreadable(id, error))
        }
      }
      return repair ? lost : [...differing, ...lost]
    },
    () => ({ records: totals.records }),
  )
  return check.ok ? { ...check, wrong: differing.slice(0, MOST_SHOWN) } : check
}

function wrongEntries(
  trunk: Trunk,
  space: string,
  totals: { entries: number },
  onProgress: (done: number) => void,
): Wrong[] {
  const { store } = trunk
  const wrong: Wrong[] = []
  let after = 0
  for (;;) {
    const page = store.entriesOf(space, after, 500)
    for (const stored of page) {
      after = stored.n
      totals.entries++
      const name = `${stored.log.slice(0, 8)}/${stored.seq}`
      const parsed = parseEntry(stored.raw)
      if (!parsed.ok) wrong.push({ what: 'malformed', name })
      else if (!sameBytes(parsed.value.hash, stored.hash)) wrong.push({ what: 'hash', name })
      else if (!isChained(trunk, stored.log, parsed.value.header.seq, parsed.value.header.prev))
        wrong.push({ what: 'chain', name })
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

function wrongSegments(trunk: Trunk, space: string, totals: { segments: number }): Wrong[] {
  const wrong: Wrong[] = []
  for (const { id, log } of trunk.store.logs(space)) {
    for (const row of trunk.store.segmentsOf(id, 0)) {
      totals.segments++
      const whole = chainOf(trunk.store, row).length === row.last - row.first + 1
      if (!whole || !isSignedBy(log.key, segmentClaim(id, row.first, row.last, row.head), row.signature))
        wrong.push({ what: 'signature', name: `${id.slice(0, 8)}/${row.first}-${row.last}` })
    }
  }
  return wrong
}

/** What is noted of checkpoints is what their entries say; to repair, it is noted again from those. */
function wrongRows(store: Store, repair: boolean): Wrong[] {
  const wrong = wrongCheckpoints(store)
  if (repair)
    store.transaction(() => {
      for (const { right } of wrong) if (right) store.shelf.putCheckpoint(right)
    })
  return wrong.filter(({ right }) => !repair || !right).map(({ name }) => ({ what: 'differs', name }))
}

/** Pages that records stand on must be there and be what they are named. */
function wrongPages({ shelf }: Store): Wrong[] {
  const spaces = new Set(shelf.checkpoints().map(({ space }) => space))
  return [...spaces].flatMap((space) =>
    shelf.basePages(space).flatMap(({ hash }) => {
      const bytes = shelf.blob(hash)
      return bytes && sameBytes(sha256Of(bytes), hash)
        ? []
        : [{ what: 'page', name: `${space}/${toHex(hash).slice(0, 8)}` } as const]
    }),
  )
}

/** Every photo and recording that is here is what its address says. To repair, what is right is kept, the rest comes again. */
function lookAtBlobs({ blobs }: Station, repair: boolean): Check {
  let whole = 0
  return look(
    'blobs',
    () => {
      const wrong: Wrong[] = []
      for (const { blob, isHere } of blobs.rows()) {
        if (!isHere) continue
        if (blobs.files.verify(blob)) whole++
        else if (!repair) wrong.push({ what: 'damaged', name: blob.slice(-8) })
        else if (!blobs.notWhole(blob)) wrong.push({ what: 'damaged-alone', name: blob.slice(-8) })
      }
      if (repair) blobs.sweep()
      return wrong
    },
    () => ({ blobs: whole }),
  )
}

/** Half-filled forms and invitations are on this disk alone: one that does not open is lost, and repairing takes it away. */
function lookAtDrafts(store: Store, repair: boolean): Check {
  let drafts = 0
  return look(
    'drafts',
    () => {
      const ids = store.draftIds('')
      drafts = ids.length
      const lost = ids.filter((id) => draftText(store, id) === null)
      if (repair) for (const id of lost) store.dropDraft(id)
      return repair ? [] : lost.map((id) => ({ what: 'unreadable', name: id.slice(0, id.indexOf('/') + 9) }))
    },
    () => ({ drafts }),
  )
}

/** Raw readings, where this machine reads meters. What does not open is set aside to repair: the records never rest on it. */
function lookAtReadings(station: Station, repair: boolean): Check {
  let counts: Check['counts'] = {}
  return look(
    'readings',
    () => {
      const seen = checkSeries(station, repair)
      if (seen) counts = { days: seen.days, aside: seen.aside }
      return seen && !repair ? seen.damaged.map((name) => ({ what: 'damaged', name }) as const) : []
    },
    () => counts,
  )
}

/** False ones harm nothing either, for they are never used: how many there are is shown. */
function checkpointsSeen({ shelf }: Store): Check['counts'] {
  const all = shelf.checkpoints()
  return { checkpoints: all.length, differing: all.filter(({ state }) => state === 'differs').length }
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
