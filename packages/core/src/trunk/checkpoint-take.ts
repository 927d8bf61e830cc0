import { sameBytes, toHex } from '../bytes/bytes.ts'
import { stationIdOf } from '../ids.ts'
import { type EntryRef, type LogId, logIdOf } from '../log/entry.ts'
import { parseSegment, type Segment } from '../log/segment.ts'
import { mayHold, mayRead, memberAt } from '../membership/resolve.ts'
import { type WorkedDigest, workDigest } from '../record/digest.ts'
import { type DecodedPage, decodePage, visitPage } from '../record/page-read.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { BaseRow } from '../store/checkpoint-shelf.ts'
import type { PagedRow } from '../store/store.ts'
import type { Admission } from './admit.ts'
import { erasureSince, manifestOf, namedHeads } from './checkpoint.ts'
import { pagedRow, putPlain } from './checkpoint-base.ts'
import { eraseByTombstones } from './checkpoint-erase.ts'
import {
  type Commitment,
  commitmentOf,
  entriesByNumber,
  headsOfRows,
  type Manifest,
} from './checkpoint-format.ts'
import { pageKey } from './checkpoint-key.ts'
import { unsealPage } from './checkpoint-page.ts'
import type { Trunk } from './context.ts'
import { strike } from './erase.ts'
import { isAtOrBefore } from './heads.ts'
import { NOTHING_SEEN, type SeenBy, seenAfter } from './seen.ts'

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
  staged: StagedRecords | null = null,
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
  const put = reads ? putPages(trunk, manifest.value, offer.commitment, staged) : ok([])
  if (!put.ok) return put
  eraseByTombstones(trunk, space)
  const { generation, pages } = manifest.value
  const standing = store.shelf.basePages(space)
  const kept = new Set(standing.map(({ hash }) => toHex(hash)))
  store.shelf.putBasePages(space, [
    ...standing,
    ...pages
      .map(({ hash }, at) => ({
        hash,
        generation,
        entry: offer.ref.hash,
        isCompared: false,
        entries: put.value[at] ?? [],
      }))
      .filter(({ hash }) => !kept.has(toHex(hash))),
  ])
  admission.segments([bytes], source)
  const { refused, missing } = admission.report
  if (missing > 0 || refused.length > 0 || store.entry(offer.ref.hash)?.status !== 'accepted')
    return fail({
      type: 'checkpoint-refused',
      reason: refused[0]?.reason ?? (missing > 0 ? 'missing' : 'held'),
    })
  store.shelf.dropBlobStarts()
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
  const manifest = manifestOf(trunk.store, commitment)
  if (!manifest) return malformed('manifest')
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
    const isNew = store.log(id) === null
    store.putLog(log)
    store.shelf.putBase(isNew ? rows : rows.filter(({ hash }) => store.entry(hash) === null))
    acceptHeldBelow(trunk, id, rows)
    for (const head of headsOfRows(rows)) {
      if (!isNew && !store.entry(head.hash)?.base) continue
      const ref = { log: id, seq: head.seq, hash: head.hash }
      const tips = store.tipsOf(id)
      if (tips.some((tip) => isAtOrBefore(store, ref, tip.ref))) continue
      for (const tip of tips) if (isAtOrBefore(store, tip.ref, ref)) store.dropTip(id, tip.ref.hash)
      const seen = seenInRows(trunk, rows, head)
      store.putTip(id, null, { ref, seen: seen.deps, acts: seen.acts })
    }
  }
}

/** As `seenBy`, from the rows themselves: all that goes before is among them. */
function seenInRows({ acts }: Trunk, rows: readonly BaseRow[], head: BaseRow): SeenBy {
  const places = rows.every(({ seq }, at) => seq === at)
    ? null
    : new Map(rows.map((row) => [toHex(row.hash), row]))
  const naming: BaseRow[] = []
  const before = (row: BaseRow) => (places ? places.get(toHex(row.prev)) : rows[row.seq - 1])
  for (let row: BaseRow | undefined = head; row; row = row.seq > 0 ? before(row) : undefined)
    if (row.deps.length + row.acts.length > 0) naming.push(row)
  return naming.reverse().reduce((seen, row) => seenAfter(acts, seen, row), NOTHING_SEEN)
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

type Page = Manifest['pages'][number]
/** What is kept of a page's records beside it, and the entries they are of. */
type ReadyPage = StagedPage & { readonly rows: readonly PagedRow[] }
type StagedPage = {
  readonly rows: readonly Pick<PagedRow, 'id' | 'hash'>[]
  readonly entries: readonly EntryRef[]
}
export type StagedRecords = {
  readonly manifest: Uint8Array
  readonly pages: readonly ReadyPage[]
  readonly digest: WorkedDigest
}

/** Into an empty space the pages go as they came; otherwise every record into what is there. The entries of each. */
function putPages(
  trunk: Trunk,
  manifest: Manifest,
  commitment: Commitment,
  staged: StagedRecords | null,
): Result<readonly (readonly EntryRef[])[], TakeProblem> {
  const { store } = trunk
  const { space } = manifest
  const reader = pageReader(trunk, manifest)
  if (!reader.ok) return reader
  const isEmpty = store.countRecords(space) === 0
  const ready = isEmpty && staged && sameBytes(staged.manifest, commitment.manifest) ? staged.pages : null
  const pages: StagedPage[] = []
  for (const [at, page] of manifest.pages.entries()) {
    const packed = reader.value.unseal(page)
    if (!packed) return malformed('page')
    if (isEmpty) {
      const staged = ready?.[at] ?? reader.value.rows(page, packed)
      if (!staged) return malformed('page')
      store.putPage(space, { packed, entries: staged.entries }, staged.rows)
      pages.push(staged)
      continue
    }
    const decoded = reader.value.read(page, packed)
    if (!decoded) return malformed('page')
    const rows = decoded.records.map((record) => ({ id: record.id, hash: putPlain(trunk, space, record) }))
    pages.push({ rows, entries: decoded.entries })
  }
  const digest = ready ? ok(staged!.digest) : promised(trunk, pages, commitment)
  if (!digest.ok) return digest
  if (isEmpty) store.keepRecordsDigest(space, digest.value)
  return ok(pages.map(({ entries }) => entries))
}

function pageReader(trunk: Trunk, manifest: Manifest) {
  const { space, generation } = manifest
  const key = pageKey(trunk, generation, space)
  if (!key) return fail({ type: 'checkpoint-early' as const, space, generation: toHex(generation) })
  const entryAt = entriesByNumber(manifest)
  return ok({
    unseal({ hash, bytes }: Page): Uint8Array | null {
      const sealed = trunk.store.shelf.blob(hash)
      const packed = sealed?.length === bytes ? unsealPage(key, space, sealed) : null
      return packed?.ok ? packed.value : null
    },
    /** What is kept of each record beside the page. */
    rows({ records }: Page, packed: Uint8Array): ReadyPage | null {
      const rows: PagedRow[] = []
      const visited = visitPage(packed, entryAt, (record) => rows.push(pagedRow(space, record)))
      return visited.ok && rows.length === records ? { rows, entries: visited.value } : null
    },
    read({ records }: Page, packed: Uint8Array): DecodedPage | null {
      const decoded = decodePage(packed, entryAt)
      return decoded.ok && decoded.value.records.length === records ? decoded.value : null
    },
  })
}

/** Every record's hash was made anew; no record stands on two pages, and all are what the entry committed to. */
function promised(
  { identity }: Trunk,
  pages: readonly StagedPage[],
  commitment: Commitment,
): Result<WorkedDigest, TakeProblem> {
  const worked = workDigest(pages.flatMap(({ rows }) => rows))
  if (!worked) return malformed('a record stands twice')
  return sameBytes(worked.digest, commitment.records)
    ? ok(worked)
    : fail({ type: 'checkpoint-differs', by: identity.station })
}

/**
 * Reads an offer's records, one page after the other with a pause between, so that a meeting goes on meanwhile and
 * starting from it is one short transaction. Null where it is of no use: the station reads nothing of the space, or
 * holds some.
 */
export async function stageCheckpoint(
  trunk: Trunk,
  bytes: Uint8Array,
  closing: AbortSignal,
): Promise<Result<StagedRecords | null, TakeProblem>> {
  const { store, identity, acts } = trunk
  const offer = parseOffer(bytes)
  if (!offer) return malformed('segment')
  const { space } = offer.segment.log
  const member = memberAt(acts.now(), identity.station)
  if (!member || !mayRead(acts.now(), member, space) || store.countRecords(space) > 0) return ok(null)
  const manifest = readManifest(trunk, offer)
  if (!manifest.ok) return manifest
  const reader = pageReader(trunk, manifest.value)
  if (!reader.ok) return reader
  const pages: ReadyPage[] = []
  for (const page of manifest.value.pages) {
    const packed = reader.value.unseal(page)
    const staged = packed && reader.value.rows(page, packed)
    if (!staged) return malformed('page')
    pages.push(staged)
    await new Promise((resolve) => setImmediate(resolve))
    if (closing.aborted) return fail({ type: 'checkpoint-early', space })
  }
  const digest = promised(trunk, pages, offer.commitment)
  return digest.ok ? ok({ manifest: offer.commitment.manifest, pages, digest: digest.value }) : digest
}
