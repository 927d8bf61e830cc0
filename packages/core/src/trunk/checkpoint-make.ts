import { toHex } from '../bytes/bytes.ts'
import { sha256Of } from '../crypto/hash.ts'
import { randomId } from '../ids.ts'
import { type EntryRef, parseEntry } from '../log/entry.ts'
import { mayWrite, memberAt } from '../membership/resolve.ts'
import { mayAct } from '../membership/roles.ts'
import { RecordDoc } from '../record/fold.ts'
import { expectOk, fail, ok, type Problem, type Result } from '../result.ts'
import type { BaseRow } from '../store/checkpoint-shelf.ts'
import type { StoredEntry } from '../store/store.ts'
import type { Admission } from './admit.ts'
import { CHECKPOINT_ACTION, readsAll, usableCheckpoints } from './checkpoint.ts'
import {
  encodeCommitment,
  encodeManifest,
  MAX_CHECKPOINT_HEADS,
  MAX_MANIFEST_BYTES,
  type Manifest,
} from './checkpoint-format.ts'
import { pageKey } from './checkpoint-key.ts'
import { MAX_RECORD_BYTES, PageWriter, pageRecord, sealPage } from './checkpoint-page.ts'
import type { Trunk } from './context.ts'
import { acceptedHeads, countAccepted, digestOfHashes } from './heads.ts'
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
  const { pages, records } = writePages(trunk, space, pageKey(trunk, generation.id, space)!)
  if (!pages) return fail({ type: 'checkpoint-too-large', space, record: records.at(-1)!.id })
  const manifest = encodeManifest({
    space,
    generation: generation.id,
    logs: rowsOf(trunk, space),
    erasures: erasuresOf(trunk, space),
    pages,
  })
  if (manifest.length > MAX_MANIFEST_BYTES)
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

/** Null pages: a record is larger than a page may be; it is the last one named. */
function writePages(trunk: Trunk, space: string, key: Uint8Array) {
  const { store } = trunk
  const records = store.recordHashes(space)
  const pages: Manifest['pages'][number][] = []
  const writer = new PageWriter((texts) => {
    const { hash, bytes } = sealPage(key, space, texts)
    store.shelf.putBlob(hash, bytes)
    pages.push({ hash, bytes: bytes.length, records: texts.length })
  })
  for (const [at, { id }] of records.entries()) {
    const row = store.record(space, id)!
    const text = pageRecord(id, row.type, new RecordDoc(id, row.state).plain())
    if (Buffer.byteLength(text) > MAX_RECORD_BYTES) return { pages: null, records: records.slice(0, at + 1) }
    writer.add(text)
  }
  writer.close()
  return { pages, records }
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
  const base = shelf.basePages(space)
  const keep = new Set(
    [
      newest.row.manifest,
      ...newest.manifest.pages.map(({ hash }) => hash),
      ...base.map(({ hash }) => hash),
    ].map(toHex),
  )
  for (const { row, manifest } of older) {
    // What the records here stand on stays whole, to be handed on.
    if (base.length > 0 && manifest.pages.some(({ hash }) => toHex(hash) === toHex(base[0]!.hash))) continue
    for (const hash of [row.manifest, ...manifest.pages.map((page) => page.hash)])
      if (!keep.has(toHex(hash))) shelf.dropBlob(hash)
  }
}
