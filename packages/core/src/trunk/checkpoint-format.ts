import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { sameBytes, toHex } from '../bytes/bytes.ts'
import { decodeCbor, encodeCbor, isBytes, isCount, isTuple } from '../bytes/cbor.ts'
import { isId } from '../ids.ts'
import {
  type Entry,
  type EntryHeader,
  type EntryRef,
  type LogDeclaration,
  type LogId,
  logIdOf,
  parseRefs,
  refToWire,
  rootOf,
} from '../log/entry.ts'
import { MAX_DEPENDENCIES, MAX_PARTS } from '../log/limits.ts'
import { fail, ok, type Result } from '../result.ts'
import type { BaseRow } from '../store/checkpoint-shelf.ts'
import type { ErasedName } from '../store/store.ts'
import { MAX_PAGE_BYTES, MAX_PAGE_RECORDS } from './checkpoint-page.ts'
import { encodeErasedList, parseErasedList } from './erased-list.ts'

/** Packed, and unpacked: some 36 bytes an entry, so about a million of them. */
export const MAX_MANIFEST_BYTES = 40 * 1024 * 1024
const MAX_MANIFEST_TEXT_BYTES = 64 * 1024 * 1024
const MAX_PAGES = 20_000
/** All pages of one checkpoint: a community's records fit a hundred times. */
const MAX_PAGES_BYTES = 512 * 1024 * 1024
/** All heads are named by the checkpoint's entry itself, so they must fit in its header. */
export const MAX_CHECKPOINT_HEADS = 900

/**
 * What a checkpoint's entry says in the clear, before its sealed deed: a blind gateway has to know what to keep.
 * CBOR `["checkpoint/1", manifest, manifestBytes, records, recordCount, entryCount, pageBytes]`.
 */
export type Commitment = {
  /** SHA-256 of the manifest as it travels, and its size. */
  readonly manifest: Uint8Array
  readonly manifestBytes: number
  /** The records digest of everything in the entry's past, 32 bytes. */
  readonly records: Uint8Array
  readonly recordCount: number
  /** Accepted entries in its past. */
  readonly entryCount: number
  readonly pageBytes: number
}

/** Told by the header alone, so that a lost blob does not make another kind of entry of it. */
export const isCheckpoint = ({ blobs }: EntryHeader): boolean =>
  blobs.length === 2 && blobs[0]!.key === -1 && blobs[1]!.key === 0

export const encodeCommitment = (commitment: Commitment): Uint8Array =>
  encodeCbor([
    'checkpoint/1',
    commitment.manifest,
    commitment.manifestBytes,
    commitment.records,
    commitment.recordCount,
    commitment.entryCount,
    commitment.pageBytes,
  ])

export function parseCommitment(bytes: Uint8Array): Commitment | null {
  const decoded = decodeCbor(bytes, 256)
  if (!decoded.ok || !isTuple(decoded.value, 7) || decoded.value[0] !== 'checkpoint/1') return null
  const [, manifest, manifestBytes, records, recordCount, entryCount, pageBytes] = decoded.value
  if (!isBytes(manifest, 32) || !isBytes(records, 32)) return null
  if (!isCount(manifestBytes) || manifestBytes > MAX_MANIFEST_BYTES) return null
  if (!isCount(recordCount) || !isCount(entryCount) || !isCount(pageBytes)) return null
  if (recordCount > MAX_PAGES * MAX_PAGE_RECORDS || pageBytes > MAX_PAGES_BYTES) return null
  return { manifest, manifestBytes, records, recordCount, entryCount, pageBytes }
}

export function commitmentOf(entry: Entry): Commitment | null {
  const bytes = isCheckpoint(entry.header) ? entry.raw.blobs[0] : null
  return bytes ? parseCommitment(bytes) : null
}

export type Manifest = {
  readonly space: string
  /** The generation whose key seals the pages, 16 bytes. */
  readonly generation: Uint8Array
  /**
   * Every log with accepted entries, and each of those by hash, with what it names: a past before what stands on it.
   * So whatever anybody may still name is known, and what an author had seen can be told at every place of a log.
   */
  readonly logs: readonly { readonly log: LogDeclaration; readonly rows: readonly BaseRow[] }[]
  /** What erasures among those entries name: others may come without it. */
  readonly erasures: readonly { readonly by: Uint8Array; readonly names: readonly ErasedName[] }[]
  readonly pages: readonly { readonly hash: Uint8Array; readonly bytes: number; readonly records: number }[]
}

/**
 * The manifest is not sealed: it holds what the headers of entries say in the clear, and hashes of sealed pages, so
 * that blind gateways can check, keep and serve it. Packed with zstd. A row is
 * `[hash, parts, deps?, acts?, parent?]`: it follows the row before it unless it names its parent's place (-1: none);
 * a dependency is `[log's place, seq]`, with the hash where two entries have that number; acts are places in a table.
 */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const logPlaces = new Map(manifest.logs.map(({ log }, place) => [logIdOf(log), place]))
  const numbered = numbersOf(manifest.logs.map(({ rows }) => rows))
  const actPlaces = new Map<string, number>()
  const acts: unknown[] = []
  const toAct = (ref: EntryRef): number => {
    const name = toHex(ref.hash)
    const known = actPlaces.get(name)
    if (known !== undefined) return known
    actPlaces.set(name, acts.length)
    acts.push(refToWire(ref))
    return acts.length - 1
  }
  const toDep = (ref: EntryRef): unknown[] => {
    const place = logPlaces.get(ref.log)!
    const isPlain = numbered[place]!.get(ref.seq)?.length === 1
    return isPlain ? [place, ref.seq] : [place, ref.seq, ref.hash]
  }
  const logs = manifest.logs.map(({ log, rows }) => {
    const places = new Map(rows.map(({ hash }, place) => [toHex(hash), place]))
    const items = rows.map((row, at) => {
      const parent = places.get(toHex(row.prev)) ?? -1
      const names = [row.deps.map(toDep), row.acts.map(toAct)]
      if (parent !== at - 1) return [row.hash, row.parts, ...names, parent]
      return row.deps.length + row.acts.length > 0 ? [row.hash, row.parts, ...names] : [row.hash, row.parts]
    })
    return [log.key, log.epoch, items]
  })
  const pages = manifest.pages.map(({ hash, bytes, records }) => [hash, bytes, records])
  const erasures = manifest.erasures.map(({ by, names }) => [by, encodeErasedList(names)])
  return zstdCompressSync(
    encodeCbor(['manifest/1', manifest.space, manifest.generation, acts, logs, erasures, pages]),
  )
}

/** The hashes of each log by their numbers. */
const numbersOf = (logs: readonly (readonly { seq: number; hash: Uint8Array }[])[]) =>
  logs.map((rows) => {
    const bySeq = new Map<number, Uint8Array[]>()
    for (const { seq, hash } of rows) {
      const there = bySeq.get(seq)
      if (there) there.push(hash)
      else bySeq.set(seq, [hash])
    }
    return bySeq
  })

/** Reads a foreign manifest: bounded, each log a tree from its root, each page within its limits. */
export function parseManifest(bytes: Uint8Array): Result<Manifest> {
  const malformed = (detail: string) => fail({ type: 'malformed', detail: `checkpoint ${detail}` })
  if (bytes.length > MAX_MANIFEST_BYTES) return fail({ type: 'too-large', bytes: bytes.length })
  let text: Uint8Array
  try {
    text = zstdDecompressSync(bytes, { maxOutputLength: MAX_MANIFEST_TEXT_BYTES })
  } catch {
    return malformed('manifest')
  }
  const decoded = decodeCbor(text, MAX_MANIFEST_TEXT_BYTES)
  if (!decoded.ok) return decoded
  if (!isTuple(decoded.value, 7) || decoded.value[0] !== 'manifest/1') return malformed('manifest')
  const [, space, generation, actItems, logItems, erasureItems, pageItems] = decoded.value
  if (!isId(space) || !isBytes(generation, 16)) return malformed('manifest')
  const acts = parseRefs(actItems, Number.POSITIVE_INFINITY)
  if (!acts || !Array.isArray(logItems) || !Array.isArray(pageItems) || pageItems.length > MAX_PAGES)
    return malformed('lists')
  const trees: { log: LogDeclaration; id: LogId; rows: BareRow[] }[] = []
  for (const item of logItems as unknown[]) {
    if (!isTuple(item, 3) || !isBytes(item[0], 32) || !isBytes(item[1], 16)) return malformed('log')
    const log = { key: item[0], epoch: item[1], space }
    const id = logIdOf(log)
    const rows = parseTree(id, item[2])
    if (!rows || id <= (trees.at(-1)?.id ?? '')) return malformed('log')
    trees.push({ log, id, rows })
  }
  const numbered = numbersOf(trees.map(({ rows }) => rows))
  const toDep = (value: unknown): EntryRef | null => {
    if (!Array.isArray(value) || !isCount(value[0]) || !isCount(value[1])) return null
    const tree = trees[value[0]]
    const there = tree && numbered[value[0]]!.get(value[1])
    const hash = value.length === 2 && there?.length === 1 ? there[0] : value.length === 3 ? value[2] : null
    if (!tree || !isBytes(hash, 32) || !there?.some((one) => sameBytes(one, hash))) return null
    return { log: tree.id, seq: value[1], hash }
  }
  const logs: Manifest['logs'][number][] = []
  for (const { log, rows } of trees) {
    const whole: BaseRow[] = []
    for (const { named, ...row } of rows) {
      const deps = named[0].map(toDep)
      const said = named[1].map((place) => (isCount(place) ? acts[place] : undefined))
      if (deps.includes(null) || said.includes(undefined)) return malformed('dependencies')
      whole.push({ ...row, deps: deps as EntryRef[], acts: said as EntryRef[] })
    }
    logs.push({ log, rows: whole })
  }
  const erasures = parseErasures(erasureItems, logs)
  if (!erasures) return malformed('erasures')
  const pages: Manifest['pages'][number][] = []
  for (const item of pageItems as unknown[]) {
    if (!isTuple(item, 3) || !isBytes(item[0], 32) || !isCount(item[1]) || !isCount(item[2]))
      return malformed('page')
    if (item[1] > MAX_PAGE_BYTES || item[2] > MAX_PAGE_RECORDS || item[2] === 0) return malformed('page')
    pages.push({ hash: item[0], bytes: item[1], records: item[2] })
  }
  return ok({ space, generation, logs, erasures, pages })
}

/** Each by an entry that the manifest names, once. */
function parseErasures(value: unknown, logs: Manifest['logs']): Manifest['erasures'] | null {
  if (!Array.isArray(value)) return null
  const named = new Set(logs.flatMap(({ rows }) => rows.map(({ hash }) => toHex(hash))))
  const erasures: Manifest['erasures'][number][] = []
  for (const item of value as unknown[]) {
    if (!isTuple(item, 2) || !isBytes(item[0], 32) || !isBytes(item[1])) return null
    const names = parseErasedList(item[1])
    if (!names.ok || !named.delete(toHex(item[0]))) return null
    erasures.push({ by: item[0], names: names.value })
  }
  return erasures
}

type BareRow = Omit<BaseRow, 'deps' | 'acts'> & { readonly named: readonly [unknown[], unknown[]] }
const NOTHING_NAMED: BareRow['named'] = [[], []]

function parseTree(log: LogId, value: unknown): BareRow[] | null {
  if (!Array.isArray(value) || value.length === 0) return null
  const rows: BareRow[] = []
  const root = rootOf(log)
  for (const item of value as unknown[]) {
    if (!Array.isArray(item) || ![2, 4, 5].includes(item.length)) return null
    const [hash, parts, deps, acts, place = rows.length - 1] = item as unknown[]
    if (!isBytes(hash, 32) || !isCount(parts) || parts > MAX_PARTS + 1) return null
    const parent = typeof place === 'number' ? rows[place] : undefined
    if (!parent && place !== -1) return null
    let named = NOTHING_NAMED
    if (item.length > 2) {
      if (!Array.isArray(deps) || !Array.isArray(acts)) return null
      if (deps.length > MAX_DEPENDENCIES || acts.length > MAX_DEPENDENCIES) return null
      named = [deps, acts]
    }
    rows.push({ log, seq: parent ? parent.seq + 1 : 0, hash, prev: parent?.hash ?? root, parts, named })
  }
  return new Set(rows.map(({ hash }) => toHex(hash))).size === rows.length ? rows : null
}

/** The entries that no other follows. */
export function headsOfRows(rows: readonly BaseRow[]): BaseRow[] {
  const followed = new Set(rows.map(({ prev }) => toHex(prev)))
  return rows.filter(({ hash }) => !followed.has(toHex(hash)))
}
