import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { fromHex, sameBytes, toHex } from '../bytes/bytes.ts'
import { decodeCbor, encodeCbor, isBytes, isCount, isTuple } from '../bytes/cbor.ts'
import { isId } from '../ids.ts'
import {
  type Entry,
  type EntryHeader,
  type EntryRef,
  type LogDeclaration,
  type LogId,
  logIdOf,
  rootOf,
} from '../log/entry.ts'
import { MAX_PARTS } from '../log/limits.ts'
import { fail, ok, type Result } from '../result.ts'
import type { BaseRow } from '../store/checkpoint-shelf.ts'
import { MAX_PAGE_BYTES, MAX_PAGE_RECORDS } from './checkpoint-page.ts'

/** Packed, and unpacked: some hundred thousand entries above the floor. */
export const MAX_MANIFEST_BYTES = 16 * 1024 * 1024
const MAX_MANIFEST_TEXT_BYTES = 64 * 1024 * 1024
const MAX_PAGES = 20_000
const MAX_REFS = 4096
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
  if (recordCount > MAX_PAGES * MAX_PAGE_RECORDS || pageBytes > MAX_PAGES * MAX_PAGE_BYTES) return null
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
  /** Every log with accepted entries, each with the entries that somebody who stands may still name. */
  readonly logs: readonly { readonly log: LogDeclaration; readonly rows: readonly BaseRow[] }[]
  readonly pages: readonly { readonly hash: Uint8Array; readonly bytes: number; readonly records: number }[]
}

/**
 * The manifest is not sealed: it holds what the headers of entries say in the clear, and hashes of sealed pages, so
 * that blind gateways can check, keep and serve it. Packed with zstd; refs name their log by its place in a table.
 */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const places = new Map<LogId, number>()
  const ref = ({ log, seq, hash }: EntryRef) => {
    let place = places.get(log)
    if (place === undefined) {
      place = places.size
      places.set(log, place)
    }
    return [place, seq, hash]
  }
  const logs = manifest.logs.map(({ log, rows }) => [
    log.key,
    log.epoch,
    rows.map((row, at) => {
      const before = rows[at - 1]
      const goesOn = before !== undefined && row.seq === before.seq + 1 && sameBytes(before.hash, row.prev)
      return [
        row.seq,
        row.hash,
        goesOn ? null : row.prev,
        row.parts,
        row.isWhole,
        row.deps.map(ref),
        row.acts.map(ref),
      ]
    }),
  ])
  const pages = manifest.pages.map(({ hash, bytes, records }) => [hash, bytes, records])
  const table = [...places.keys()].map(fromHex)
  return zstdCompressSync(encodeCbor(['manifest/1', manifest.space, manifest.generation, table, logs, pages]))
}

/** Reads a foreign manifest: bounded, each log one tree of entries, each page within its limits. */
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
  if (!isTuple(decoded.value, 6) || decoded.value[0] !== 'manifest/1') return malformed('manifest')
  const [, space, generation, table, logItems, pageItems] = decoded.value
  if (!isId(space) || !isBytes(generation, 16)) return malformed('manifest')
  if (!Array.isArray(table) || !table.every((id) => isBytes(id, 16))) return malformed('table')
  const names = (table as Uint8Array[]).map(toHex)
  if (!Array.isArray(logItems) || !Array.isArray(pageItems) || pageItems.length > MAX_PAGES)
    return malformed('lists')
  const logs: Manifest['logs'][number][] = []
  let last = ''
  for (const item of logItems as unknown[]) {
    if (!isTuple(item, 3) || !isBytes(item[0], 32) || !isBytes(item[1], 16)) return malformed('log')
    const log = { key: item[0], epoch: item[1], space }
    const id = logIdOf(log)
    const rows = parseRows(id, item[2], names)
    if (!rows || id <= last) return malformed('log')
    last = id
    logs.push({ log, rows })
  }
  const pages: Manifest['pages'][number][] = []
  for (const item of pageItems as unknown[]) {
    if (!isTuple(item, 3) || !isBytes(item[0], 32) || !isCount(item[1]) || !isCount(item[2]))
      return malformed('page')
    if (item[1] > MAX_PAGE_BYTES || item[2] > MAX_PAGE_RECORDS || item[2] === 0) return malformed('page')
    pages.push({ hash: item[0], bytes: item[1], records: item[2] })
  }
  return ok({ space, generation, logs, pages })
}

/** One tree: all but the lowest entry follow one that is here. */
function parseRows(id: LogId, value: unknown, names: readonly LogId[]): BaseRow[] | null {
  if (!Array.isArray(value) || value.length === 0) return null
  const rows: BaseRow[] = []
  const seqs = new Map<string, number>()
  for (const item of value as unknown[]) {
    if (!isTuple(item, 7)) return null
    const [seq, hash, given, parts, isWhole, deps, acts] = item
    const before = rows.at(-1)
    const prev = given ?? before?.hash
    if (!isCount(seq) || !isBytes(hash, 32) || !isBytes(prev, 32)) return null
    if (!isCount(parts) || parts > MAX_PARTS + 1 || typeof isWhole !== 'boolean') return null
    if (before && seq < before.seq) return null
    const isRoot = seq === 0 && sameBytes(prev, rootOf(id))
    const follows = seqs.get(toHex(prev)) === seq - 1
    // Only the lowest may stand on what is not here; what was seen below it cannot be known, so it says all.
    if (!isRoot && !follows && (before || seq === 0 || !isWhole)) return null
    if (seqs.has(toHex(hash))) return null
    seqs.set(toHex(hash), seq)
    const named = parseNamed(deps, names)
    const namedActs = parseNamed(acts, names)
    if (!named || !namedActs) return null
    rows.push({ log: id, seq, hash, prev, parts, isWhole, deps: named, acts: namedActs })
  }
  return rows
}

function parseNamed(value: unknown, names: readonly LogId[]): EntryRef[] | null {
  if (!Array.isArray(value) || value.length > MAX_REFS) return null
  const refs: EntryRef[] = []
  for (const item of value as unknown[]) {
    if (!isTuple(item, 3) || !isCount(item[0]) || !isCount(item[1]) || !isBytes(item[2], 32)) return null
    const log = names[item[0]]
    if (log === undefined) return null
    refs.push({ log, seq: item[1], hash: item[2] })
  }
  return refs
}

/** The entries that no other follows. */
export function headsOfRows(rows: readonly BaseRow[]): BaseRow[] {
  const followed = new Set(rows.map(({ prev }) => toHex(prev)))
  return rows.filter(({ hash }) => !followed.has(toHex(hash)))
}
