import { sameBytes, toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import { type EntryRef, type LogId, logIdOf } from '../log/entry.ts'
import { parseSegment, type Segment } from '../log/segment.ts'
import { mayHold, mayRead, memberAt } from '../membership/resolve.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { BaseRow } from '../store/checkpoint-shelf.ts'
import type { Admission } from './admit.ts'
import { erasureSince, namedHeads } from './checkpoint.ts'
import { putPlain, type RecordPort } from './checkpoint-base.ts'
import { eraseByTombstones } from './checkpoint-erase.ts'
import {
  type Commitment,
  commitmentOf,
  headsOfRows,
  type Manifest,
  parseManifest,
} from './checkpoint-format.ts'
import { pageKey } from './checkpoint-key.ts'
import { openPage } from './checkpoint-page.ts'
import type { Trunk } from './context.ts'
import { strike } from './erase.ts'
import { digestOfHashes, isAtOrBefore } from './heads.ts'
import { seenBy } from './seen.ts'

export type TakeProblem = Problem & {
  type:
    | 'checkpoint-malformed'
    /** The records are not those it promises; or somebody found so before. */
    | 'checkpoint-differs'
    /** Its manifest or a page is not here. */
    | 'checkpoint-incomplete'
    /** It names acts that are not here, or its pages need a key that is not: again when more has come. */
    | 'checkpoint-early'
    | 'checkpoint-refused'
    | 'not-for-this-station'
}

/** The first entry of a segment, when it is a checkpoint. */
export type OfferedCheckpoint = {
  readonly segment: Segment
  readonly ref: EntryRef
  readonly commitment: Commitment
}

export function parseOffer(bytes: Uint8Array): OfferedCheckpoint | null {
  const parsed = parseSegment(bytes)
  const entry = parsed.ok ? parsed.value.entries[0]! : null
  const commitment = entry && commitmentOf(entry)
  if (!parsed.ok || !entry || !commitment) return null
  const ref = { log: parsed.value.id, seq: entry.header.seq, hash: entry.hash }
  return { segment: parsed.value, ref, commitment }
}

/**
 * Starts from a checkpoint, or goes on from it (A18): its manifest and pages must be here. All or nothing: the caller
 * undoes its transaction on failure. Its entry then passes the gate like any other, on the past that it brings.
 */
export function takeCheckpoint(
  trunk: Trunk,
  admission: Admission,
  bytes: Uint8Array,
  source: string,
  isStaged = false,
): Result<EntryRef, TakeProblem> {
  const { store, identity, acts } = trunk
  const offer = parseOffer(bytes)
  if (!offer) return malformed('segment')
  const { space } = offer.segment.log
  const member = memberAt(acts.now(), identity.station)
  if (!member || !mayHold(acts.now(), member, space)) return fail({ type: 'not-for-this-station', space })
  const missed = erasureSince(trunk, space, namedHeads(offer.ref, offer.segment.entries[0]!))
  if (missed) return fail({ type: 'checkpoint-refused', reason: 'erased-since' })
  const known = store.shelf.checkpoint(offer.ref.hash)
  if (known?.state === 'differs' || known?.state === 'dropped')
    return fail({ type: 'checkpoint-differs', by: known.by })
  const manifest = readManifest(trunk, offer)
  if (!manifest.ok) return manifest
  const late = missingActs(trunk, manifest.value)
  if (late) return fail({ type: 'checkpoint-early', space, act: toHex(late.hash) })
  putLogs(trunk, manifest.value)
  putErasures(trunk, admission, manifest.value)
  const reads = mayRead(acts.now(), member, space)
  if (isStaged && reads && store.recordHashes(space).length === 0) {
    store.takeStaged(offer.ref.hash, space)
    const whole = isPromised(trunk, store.recordHashes(space), offer.commitment)
    if (!whole.ok) return whole
  } else if (reads) {
    const records = putPages(trunk, manifest.value, offer.commitment)
    if (!records.ok) return records
  }
  eraseByTombstones(trunk, space)
  const { generation, pages } = manifest.value
  store.shelf.putBasePages(space, [
    ...store.shelf.basePages(space),
    ...pages.map(({ hash }) => ({ hash, generation, entry: offer.ref.hash, isCompared: false })),
  ])
  admission.segments([bytes], source)
  const { refused, missing } = admission.report
  if (missing > 0 || refused.length > 0 || store.entry(offer.ref.hash)?.status !== 'accepted')
    return fail({
      type: 'checkpoint-refused',
      reason: refused[0]?.reason ?? (missing > 0 ? 'missing' : 'held'),
    })
  // It agrees with itself; whether it is true, somebody else must say.
  store.shelf.setState(offer.ref.hash, 'unverified', stationIdOf(offer.segment.log.key))
  return ok(offer.ref)
}

const malformed = (detail: string) => fail({ type: 'checkpoint-malformed' as const, detail })

/** The manifest as the entry commits to it: the same heads, as many entries, records and bytes. */
function readManifest(
  trunk: Trunk,
  { segment, ref, commitment }: OfferedCheckpoint,
): Result<Manifest, TakeProblem> {
  const { shelf } = trunk.store
  const bytes = shelf.blob(commitment.manifest)
  if (!bytes) return fail({ type: 'checkpoint-incomplete', blob: toHex(commitment.manifest) })
  if (bytes.length !== commitment.manifestBytes) return malformed('size')
  const parsed = parseManifest(bytes)
  if (!parsed.ok) return malformed(String(parsed.problem.detail ?? parsed.problem.type))
  const manifest = parsed.value
  const entry = segment.entries[0]!
  const generation = entry.header.keys[entry.header.blobs[1]!.key]
  if (manifest.space !== segment.log.space || !generation || !sameBytes(manifest.generation, generation))
    return malformed('space or generation')
  const sum = (count: (page: Manifest['pages'][number]) => number) =>
    manifest.pages.reduce((total, page) => total + count(page), 0)
  if (
    sum((page) => page.records) !== commitment.recordCount ||
    sum((page) => page.bytes) !== commitment.pageBytes
  )
    return malformed('counts')
  const heads = manifest.logs.flatMap(({ rows }) => headsOfRows(rows))
  const named = new Map(namedHeads(ref, entry).map((head) => [toHex(head.hash), head]))
  const asNamed = heads.every((head) => {
    const other = named.get(toHex(head.hash))
    return other !== undefined && other.log === head.log && other.seq === head.seq
  })
  if (!asNamed || heads.length !== named.size) return malformed('heads')
  if (entriesIn(manifest) !== commitment.entryCount) return malformed('entries')
  const absent = manifest.pages.find(({ hash }) => !shelf.hasBlob(hash))
  return absent ? fail({ type: 'checkpoint-incomplete', blob: toHex(absent.hash) }) : ok(manifest)
}

const entriesIn = ({ logs }: Manifest): number => logs.reduce((sum, { rows }) => sum + rows.length, 0)

function missingActs({ acts }: Trunk, { logs }: Manifest): EntryRef | null {
  for (const { rows } of logs)
    for (const row of rows) for (const act of row.acts) if (!acts.has(act)) return act
  return null
}

/** What it stands for counts here from now on: known by place and hash, with what each author had seen. */
function putLogs(trunk: Trunk, { logs }: Manifest): void {
  const { store } = trunk
  for (const { log, rows } of logs) {
    const id = logIdOf(log)
    store.putLog(log)
    store.shelf.putBase(rows.filter(({ hash }) => store.entry(hash) === null))
    acceptHeldBelow(trunk, id, rows)
    for (const head of headsOfRows(rows)) {
      if (!store.entry(head.hash)?.base) continue
      const ref = { log: id, seq: head.seq, hash: head.hash }
      const tips = store.tipsOf(id)
      if (tips.some((tip) => isAtOrBefore(store, ref, tip.ref))) continue
      for (const tip of tips) if (isAtOrBefore(store, tip.ref, ref)) store.dropTip(id, tip.ref.hash)
      const seen = seenBy(trunk, store.entry(head.hash)!)
      store.putTip(id, null, { ref, seen: seen.deps, acts: seen.acts })
    }
  }
}

/** What its past erased is erased here too: in entries that are here already, and in those that come without it. */
function putErasures(trunk: Trunk, admission: Admission, { space, erasures }: Manifest): void {
  for (const { by, names } of erasures) {
    trunk.store.putErasure(space, by, names)
    if (strike(trunk, space, by).length > 0) admission.records.foldAgain(space)
  }
}

/** Held entries in its past count now; what they wrote is in its pages. */
function acceptHeldBelow({ store }: Trunk, log: LogId, rows: readonly BaseRow[]): void {
  if (!store.held().some((entry) => entry.log === log)) return
  for (const head of headsOfRows(rows))
    for (let at = store.entry(head.hash); at; at = at.seq > 0 ? store.entry(at.prev) : null)
      if (at.status === 'held') store.accept(at.hash)
}

/** Page by page; every record's hash is made anew, and all of them are what the entry committed to. */
function putPages(trunk: Trunk, manifest: Manifest, commitment: Commitment): Result<void, TakeProblem> {
  const reader = openPages(trunk, manifest)
  if (!reader.ok) return reader
  const hashes: RecordHash[] = []
  for (const page of manifest.pages) {
    const put = reader.value(page, hashes, trunk.store)
    if (!put.ok) return put
  }
  return isPromised(trunk, hashes, commitment)
}

type RecordHash = { readonly id: string; readonly hash: Uint8Array }
type Page = Manifest['pages'][number]

function openPages(
  trunk: Trunk,
  { space, generation }: Manifest,
): Result<(page: Page, hashes: RecordHash[], kept: RecordPort) => Result<void, TakeProblem>, TakeProblem> {
  const key = pageKey(trunk, generation, space)
  if (!key) return fail({ type: 'checkpoint-early', space, generation: toHex(generation) })
  return ok(({ hash, bytes, records }, hashes, kept) => {
    const sealed = trunk.store.shelf.blob(hash)
    const page = sealed?.length === bytes ? openPage(key, space, sealed) : null
    if (!page?.ok || page.value.length !== records) return malformed('page')
    for (const record of page.value) {
      const last = hashes.at(-1)
      if (last && record.id <= last.id) return malformed('order of records')
      hashes.push({ id: record.id, hash: putPlain(kept, space, record) })
    }
    return ok(undefined)
  })
}

const isPromised = (
  { identity }: Trunk,
  hashes: readonly RecordHash[],
  commitment: Commitment,
): Result<void, TakeProblem> =>
  sameBytes(digestOfHashes(hashes), commitment.records)
    ? ok(undefined)
    : fail({ type: 'checkpoint-differs', by: identity.station })

/** Pages made ready by one transaction: short enough that a meeting goes on meanwhile. */
const STAGED_PAGES = 2

/**
 * Makes an offer's records ready beside the others, a few pages at a time with a pause between, so that starting from
 * it is one short transaction. False where it is of no use: the station reads nothing of the space, or holds some.
 */
export async function stageCheckpoint(
  trunk: Trunk,
  bytes: Uint8Array,
  closing: AbortSignal,
): Promise<Result<boolean, TakeProblem>> {
  const { store, identity, acts } = trunk
  const offer = parseOffer(bytes)
  if (!offer) return malformed('segment')
  const { space } = offer.segment.log
  const member = memberAt(acts.now(), identity.station)
  if (!member || !mayRead(acts.now(), member, space) || store.recordHashes(space).length > 0) return ok(false)
  const manifest = readManifest(trunk, offer)
  if (!manifest.ok) return manifest
  const reader = openPages(trunk, manifest.value)
  if (!reader.ok) return reader
  const { hash: entry } = offer.ref
  const hashes: RecordHash[] = []
  const aside: RecordPort = {
    record: () => null,
    putRecord: (row) => store.stageRecord(entry, row),
  }
  const { pages } = manifest.value
  let result: Result<void, TakeProblem> = ok(undefined)
  store.transaction(() => store.dropStaged())
  for (let at = 0; at < pages.length && result.ok; at += STAGED_PAGES) {
    store.transaction(() => {
      for (const page of pages.slice(at, at + STAGED_PAGES))
        if (result.ok) result = reader.value(page, hashes, aside)
    })
    await new Promise((resolve) => setImmediate(resolve))
    if (closing.aborted) return fail({ type: 'checkpoint-early', space })
  }
  if (result.ok) result = isPromised(trunk, hashes, offer.commitment)
  if (!result.ok) store.transaction(() => store.dropStaged())
  return result.ok ? ok(true) : result
}
