import { sameBytes, toHex } from '../bytes/bytes.ts'
import { sha256Of } from '../crypto/hash.ts'
import { isSignedBy } from '../crypto/keys.ts'
import { parseEntry, rootOf } from '../log/entry.ts'
import { segmentClaim } from '../log/segment.ts'
import type { Trunk } from '../trunk/context.ts'
import { recordsDigest } from '../trunk/heads.ts'
import { rebuildSpace } from '../trunk/rebuild.ts'
import { chainOf } from '../trunk/send.ts'
import type { Station } from './station.ts'

export type Check = {
  readonly name: 'file' | 'entries' | 'signatures' | 'records' | 'void-parts' | 'forks'
  readonly ok: boolean
  readonly detail: string
}
export type Diagnosis = { readonly ok: boolean; readonly checks: readonly Check[] }

class Discard extends Error {}

/**
 * Looks at everything again: the file, every hash and chain, every signature, and every record folded anew from
 * the log. `repair` keeps the fresh fold where it differs; the log itself is never changed.
 */
export function diagnose(
  station: Station,
  options: { repair?: boolean; onProgress?: (done: number, of: number) => void } = {},
): Diagnosis {
  const { trunk } = station
  const { store } = trunk
  const wrongFile = store.integrity()
  const spaces = [station.identity.community, ...station.spaces().map(({ id }) => id)]
  const all = [...new Set([...spaces, ...store.logs().map(({ log }) => log.space)])]
  const totals = { entries: 0, segments: 0, records: 0 }
  const of = all.reduce(
    (sum, space) => sum + store.countEntries(space, 'accepted') + store.countEntries(space, 'held'),
    0,
  )
  const wrongEntries: string[] = []
  const wrongSegments: string[] = []
  for (const space of all) {
    checkEntries(trunk, space, wrongEntries, totals, (done) => options.onProgress?.(done, of))
    checkSignatures(trunk, space, wrongSegments, totals)
  }
  const wrongRecords = spaces
    .slice(1)
    .filter((space) => !isFoldRight(trunk, space, options.repair === true, totals))
  const voids = store.voids().filter(({ reason }) => reason !== 'no-key')
  const forks = station.forks()
  const checks: Check[] = [
    { name: 'file', ok: wrongFile.length === 0, detail: wrongFile.join('; ') || 'integrity_check' },
    {
      name: 'entries',
      ok: wrongEntries.length === 0,
      detail: wrongEntries.slice(0, 5).join('; ') || `${totals.entries}`,
    },
    {
      name: 'signatures',
      ok: wrongSegments.length === 0,
      detail: wrongSegments.slice(0, 5).join('; ') || `${totals.segments}`,
    },
    {
      name: 'records',
      ok: wrongRecords.length === 0 || options.repair === true,
      detail: wrongRecords.join('; ') || `${totals.records}`,
    },
    // Void parts and forks harm nothing: they are there to be seen.
    { name: 'void-parts', ok: true, detail: `${voids.length}` },
    { name: 'forks', ok: true, detail: `${forks.length}` },
  ]
  return { ok: checks.every((check) => check.ok), checks }
}

function checkEntries(
  trunk: Trunk,
  space: string,
  wrong: string[],
  totals: { entries: number },
  onProgress: (done: number) => void,
): void {
  const { store } = trunk
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
    if (page.length < 500) return
  }
}

function isChained(trunk: Trunk, log: string, seq: number, prev: Uint8Array): boolean {
  if (seq === 0) return sameBytes(prev, rootOf(log))
  const before = trunk.store.entry(prev)
  return before !== null && before.log === log && before.seq === seq - 1
}

function checkSignatures(trunk: Trunk, space: string, wrong: string[], totals: { segments: number }): void {
  for (const { id, log } of trunk.store.logs(space)) {
    for (const row of trunk.store.segmentsOf(id, 0)) {
      totals.segments++
      const whole = chainOf(trunk.store, row).length === row.last - row.first + 1
      if (!whole || !isSignedBy(log.key, segmentClaim(id, row.first, row.last, row.head), row.signature))
        wrong.push(`${id.slice(0, 8)}/${row.first}-${row.last}`)
    }
  }
}

/** Folds a space again and compares; what was folded anew is kept only to repair. */
function isFoldRight(trunk: Trunk, space: string, repair: boolean, totals: { records: number }): boolean {
  const { store } = trunk
  let right = true
  try {
    store.transaction(() => {
      const before = foldedState(trunk, space)
      rebuildSpace(trunk, space)
      const after = foldedState(trunk, space)
      totals.records += after.records
      right = before.digest === after.digest && before.projections === after.projections
      if (right || !repair) throw new Discard()
    })
  } catch (error) {
    if (!(error instanceof Discard)) throw error
  }
  return right
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
