import { toHex } from '../bytes/bytes.ts'
import { sha256Of } from '../crypto/hash.ts'
import { randomId } from '../ids.ts'
import { type EntryRef, parseEntry } from '../log/entry.ts'
import { mayWrite, memberAt } from '../membership/resolve.ts'
import { mayAct } from '../membership/roles.ts'
import { digestOfHashes } from '../record/digest.ts'
import { RecordDoc } from '../record/fold.ts'
import type { PartPlace, PlaceOf } from '../record/page.ts'
import { decodePlainState, type PlainRecord } from '../record/plain.ts'
import { writeTagOf } from '../record/tag.ts'
import { expectOk, fail, ok, type Problem, type Result } from '../result.ts'
import type { BaseRow } from '../store/checkpoint-shelf.ts'
import type { StoredEntry } from '../store/store.ts'
import type { Admission } from './admit.ts'
import { CHECKPOINT_ACTION, readsAll, usableCheckpoints } from './checkpoint.ts'
import {
  encodeCommitment,
  encodeManifest,
  MAX_CHECKPOINT_HEADS,
  type Manifest,
  parseManifest,
} from './checkpoint-format.ts'
import { pageKey } from './checkpoint-key.ts'
import { MAX_RECORD_BYTES, type PageRecord, PageWriter, sealPage } from './checkpoint-page.ts'
import type { Trunk } from './context.ts'
import { acceptedHeads, countAccepted } from './heads.ts'
import { sealDeed } from './part.ts'
import { signTails } from './sign.ts'
import { append, generationFor, nextIn, wholeDeed } from './write.ts'

export type CheckpointProblem = Problem & {
  type: 'role-may-not' | 'no-key' | 'nothing-to-summarise' | 'unreadable-parts' | 'checkpoint-too-large'
}

/** Writes a checkpoint of all that is accepted of a space. Inside the caller's transaction. */
export function writeCheckpoint(
  trunk: Trunk,
  admission: Admission,
  space: string,
): Result<EntryRef, CheckpointProblem> {
  const { store, acts, identity, keyring } = trunk
  const member = memberAt(acts.now(), identity.station)
  if (!member || !mayAct(member.role, CHECKPOINT_ACTION) || !mayWrite(acts.now(), member, space))
    return fail({ type: 'role-may-not', role: member?.role ?? null, action: CHECKPOINT_ACTION })
  if (acceptedHeads(store, space).length === 0) return fail({ type: 'nothing-to-summarise', space })
  const generation = generationFor(trunk, admission, space)
  if (!generation) return fail({ type: 'no-key', space })
  // What this station could not open would be missing for everybody who starts from it.
  if (!readsAll(trunk, space)) return fail({ type: 'unreadable-parts', space })
  const next = nextIn(trunk, admission, space)
  // Its entry begins a segment of its own: who starts from it has nothing that goes before in the same one.
  signTails(trunk, space)
  admission.records.flush()
  const heads = acceptedHeads(store, space)
  if (heads.length > MAX_CHECKPOINT_HEADS)
    return fail({ type: 'checkpoint-too-large', space, heads: heads.length })
  const logs = rowsOf(trunk, space)
  const { pages, records } = writePages(trunk, space, logs, pageKey(trunk, generation.id, space)!)
  if (!pages) return fail({ type: 'checkpoint-too-large', space, record: records.at(-1)!.id })
  const manifest = encodeManifest({
    space,
    generation: generation.id,
    logs,
    erasures: erasuresOf(trunk, space),
    pages,
  })
  // What nobody could read, this station neither, is no checkpoint.
  if (!parseManifest(manifest).ok)
    return fail({ type: 'checkpoint-too-large', space, bytes: manifest.length })
  const manifestHash = sha256Of(manifest)
  store.shelf.putBlob(manifestHash, manifest)
  const commitment = encodeCommitment({
    manifest: manifestHash,
    manifestBytes: manifest.length,
    records: digestOfHashes(records),
    recordCount: records.length,
    entryCount: countAccepted(store, space),
    pageBytes: pages.reduce((sum, { bytes }) => sum + bytes, 0),
  })
  const key = keyring.keyFor(acts.now(), generation.id, next.id, space)!
  const deed = wholeDeed(trunk, { action: CHECKPOINT_ACTION, act: randomId('ac') })
  const deps = heads.filter(({ hash }) => toHex(hash) !== toHex(next.prev))
  const entry = append(
    admission,
    { ...next, deps },
    [generation.id],
    [
      { bytes: commitment, key: -1 },
      { bytes: sealDeed(key, next.id, next.seq, deed), key: 0 },
    ],
  )
  dropSuperseded(trunk, space)
  return ok({ log: next.id, seq: next.seq, hash: entry.hash })
}

/**
 * Null pages: a record is larger than a page may be; it is the last one named. Records that were written together lie
 * together: they name each other.
 */
function writePages(trunk: Trunk, space: string, logs: Manifest['logs'], key: Uint8Array) {
  const { store } = trunk
  const hashes = store.recordHashes(space)
  const placeOf = partsByTag(logs)
  const records: { record: PageRecord; bytes: number; entry: number; part: number }[] = []
  for (const [at, { id }] of hashes.entries()) {
    const row = store.record(space, id)!
    const plain = decodePlainState(row.state) ?? new RecordDoc(id, row.state).plain()
    const bytes = Buffer.byteLength(JSON.stringify([...plain]))
    if (bytes > MAX_RECORD_BYTES) return { pages: null, records: hashes.slice(0, at + 1) }
    const first = firstPart(plain, placeOf)
    records.push({ record: { id, type: row.type, plain }, bytes, ...first })
  }
  records.sort((a, b) => a.entry - b.entry || a.part - b.part)
  const pages: Manifest['pages'][number][] = []
  const writer = new PageWriter((full) => {
    const { hash, bytes } = sealPage(key, space, full, placeOf)
    store.shelf.putBlob(hash, bytes)
    pages.push({ hash, bytes: bytes.length, records: full.length })
  })
  for (const { record, bytes } of records) writer.add(record, bytes)
  writer.close()
  return { pages, records: hashes }
}

/** Finds parts by their tags among the entries of a manifest. */
export function partsByTag(logs: Manifest['logs']): PlaceOf {
  const ordinals = new Map<string, number[]>()
  const rows = logs.flatMap((log) => log.rows)
  for (const [ordinal, { log, seq }] of rows.entries()) {
    const name = `${log}/${seq}`
    const there = ordinals.get(name)
    if (there) there.push(ordinal)
    else ordinals.set(name, [ordinal])
  }
  const found = new Map<string, PartPlace>()
  return (tag, log, seq) => {
    const name = `${log}/${seq}`
    for (const entry of ordinals.get(name) ?? [])
      for (let part = 1; part < rows[entry]!.parts; part++)
        found.set(writeTagOf(rows[entry]!.hash, part), { entry, part })
    ordinals.delete(name)
    return found.get(tag)
  }
}

function firstPart(plain: PlainRecord, placeOf: PlaceOf): PartPlace {
  let first: PartPlace | null = null
  for (const [key, value] of plain) {
    if (!key.startsWith('@')) continue
    const [, , log, seq] = value as [string, number, string, number]
    const place = placeOf(key.slice(1), log, seq)
    const isEarlier =
      place &&
      (!first || place.entry < first.entry || (place.entry === first.entry && place.part < first.part))
    if (isEarlier) first = place
  }
  return first ?? { entry: 0, part: 0 }
}

/** Every accepted entry of each log, by its hash: a past before what stands on it, in one chain after another. */
function rowsOf({ store }: Trunk, space: string): Manifest['logs'] {
  const logs: Manifest['logs'][number][] = []
  for (const [log, heads] of Map.groupBy(acceptedHeads(store, space), (head) => head.log)) {
    const known = new Set<string>()
    const rows: BaseRow[] = []
    for (const head of heads) {
      const chain: BaseRow[] = []
      let at = store.entry(head.hash)
      for (; at && !known.has(toHex(at.hash)); at = at.seq > 0 ? store.entry(at.prev) : null) {
        known.add(toHex(at.hash))
        chain.push(toRow(at))
      }
      rows.push(...chain.reverse())
    }
    logs.push({ log: store.log(log)!, rows })
  }
  return logs
}

/** Of those that count. */
export function erasuresOf({ store }: Trunk, space: string): Manifest['erasures'] {
  const counting = store.erasures(space).filter((hash) => store.entry(hash)?.status === 'accepted')
  return counting.map((by) => ({ by, names: store.erasureNames(by) }))
}

export function toRow(entry: StoredEntry): BaseRow {
  if (entry.base) return entry.base
  const { deps, acts } = expectOk(parseEntry(entry.raw)).header
  const { log, seq, hash, prev } = entry
  return { log, seq, hash, prev, parts: entry.raw.blobs.length, deps, acts }
}

/** One whole checkpoint of a space is kept to be offered, and what the records here stand on. */
export function dropSuperseded(trunk: Trunk, space: string): void {
  const { shelf } = trunk.store
  const [newest, ...older] = usableCheckpoints(trunk, space)
  if (!newest) return
  const standing = new Set(shelf.basePages(space).map(({ hash }) => toHex(hash)))
  const named = [newest.row.manifest, ...newest.pages.map(({ hash }) => hash)]
  const keep = new Set([...named.map(toHex), ...standing])
  for (const { row, pages } of older) {
    // What the records here stand on stays whole, to be handed on.
    if (pages.some(({ hash }) => standing.has(toHex(hash)))) continue
    for (const hash of [row.manifest, ...pages.map((page) => page.hash)])
      if (!keep.has(toHex(hash))) shelf.dropBlob(hash)
  }
}
