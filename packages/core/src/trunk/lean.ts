import { parseNames } from '../blob/blob-names.ts'
import { sameBytes, toHex } from '../bytes/bytes.ts'
import { ARRAY, BYTES, COUNT, decodeCbor, isTuple, MAX_HEAD_BYTES, putHead } from '../bytes/cbor.ts'
import { sha256Of } from '../crypto/hash.ts'
import { NONCE_BYTES, sealAgain, unseal } from '../crypto/seal.ts'
import {
  type BlobRef,
  type Entry,
  type Links,
  type LogDeclaration,
  type LogId,
  logIdOf,
  parseLinks,
} from '../log/entry.ts'
import { FORMAT_VERSION, MAX_HEADER_BYTES, MAX_SEGMENT_BYTES } from '../log/limits.ts'
import { checkSegment, type Segment, segmentBytes } from '../log/segment.ts'
import { mayRead, memberAt } from '../membership/resolve.ts'
import type { SegmentRow, StoredEntry } from '../store/store.ts'
import type { Trunk } from './context.ts'
import {
  decodeLean,
  encodeLean,
  type LeanBlob,
  type LeanEntry,
  type LeanSegment,
  MAX_LEAN_SEGMENTS,
  REF_BYTES,
} from './lean-form.ts'
import { placeOf } from './part.ts'
import { chainOf } from './send.ts'

const NOTHING = new Uint8Array(0)
type KeyOf = (generation: Uint8Array) => Uint8Array | null

/**
 * Segments of one space in the form of lean-form.ts, for a station that reads them: as many from the first on as it can
 * make again, byte by byte. Null when not even the first is: a part was erased or cannot be opened here, a later version wrote it.
 */
export function packLean(
  trunk: Trunk,
  rows: readonly SegmentRow[],
  peer: string,
): { readonly bytes: Uint8Array; readonly count: number } | null {
  const segments: LeanSegment[] = []
  const readLinks = linksReader()
  for (const row of rows.slice(0, MAX_LEAN_SEGMENTS)) {
    const segment = openSegment(trunk, row, peer, readLinks)
    if (!segment) break
    segments.push(segment)
  }
  return segments.length > 0 ? { bytes: encodeLean(segments), count: segments.length } : null
}

function openSegment(trunk: Trunk, row: SegmentRow, peer: string, readLinks: ReadLinks): LeanSegment | null {
  const chain = chainOf(trunk.store, row)
  if (chain.length !== row.last - row.first + 1) return null
  const log = trunk.store.log(row.log)!
  const keyOf = keysFor(trunk, log, row.log, peer)
  const entries: LeanEntry[] = []
  for (const entry of chain) {
    const open = keyOf && openEntry(row.log, entry, keyOf, readLinks)
    if (!open) return null
    entries.push(open)
  }
  return { log, first: row.first, prev: chain[0]!.prev, entries, signature: row.signature }
}

/** What is open to the peer as well, by its member's right and by its box. */
function keysFor(
  { acts, keyring }: Trunk,
  { space }: LogDeclaration,
  log: LogId,
  peer: string,
): KeyOf | null {
  const membership = acts.now()
  const member = memberAt(membership, peer)
  if (!member || !mayRead(membership, member, space)) return null
  const known = new Map<string, Uint8Array | null>()
  return (id) => {
    const name = toHex(id)
    let key = known.get(name)
    if (key !== undefined) return key
    const generation = membership.generations.find((one) => one.space === space && sameBytes(one.id, id))
    const isBoxed = (generation?.boxes.get(peer)?.length ?? 0) > 0
    key = isBoxed ? keyring.keyFor(membership, id, log, space) : null
    known.set(name, key)
    return key
  }
}

/** Null where what the peer made of it would not be these very bytes. */
function openEntry(
  log: LogId,
  { seq, prev, raw }: StoredEntry,
  keyOf: KeyOf,
  readLinks: ReadLinks,
): LeanEntry | null {
  const { header, blobs } = raw
  const start = headerStart(seq, prev)
  const refsAt = header.length - blobs.length * REF_BYTES
  const linksEnd = refsAt - arrayHead(blobs.length).length
  if (linksEnd < start.length || !startsWith(header, 0, start)) return null
  if (!startsWith(header, linksEnd, arrayHead(blobs.length))) return null
  const links = header.subarray(start.length, linksEnd)
  const named = readLinks(links)
  if (!named) return null
  const open: LeanBlob[] = []
  for (const [index, blob] of blobs.entries()) {
    const at = refsAt + index * REF_BYTES
    if (!blob || !startsWith(header, at, REF_START)) return null
    const last = header[at + REF_BYTES - 1]!
    if (last === UNSEALED) {
      open.push({ key: -1, clear: NOTHING, nonce: NOTHING, text: blob })
      continue
    }
    const generation = named.keys[last]
    const key = generation && keyOf(generation)
    const end = index === 0 ? 0 : parseNames(blob)?.end
    if (!key || end === undefined) return null
    const clear = blob.subarray(0, end)
    const sealed = blob.subarray(end)
    // AES-GCM of one text under one key, nonce and place gives one result: what opens is what is made of it again.
    const text = unseal(key, sealed, aboutOf(log, seq, index, clear))
    if (!text.ok) return null
    open.push({ key: last, clear, nonce: sealed.subarray(0, NONCE_BYTES), text: text.value })
  }
  return { links, blobs: open }
}

/** `bytes`: its length in its own form. */
export type SealedAgain = { readonly segment: Segment; readonly bytes: number }

/**
 * Seals segments again that came in the lean form; null for one that this station lacks a key of, or whose signature is
 * not for what came. Nothing that was said here is believed: what comes out is what its author signed, or nothing.
 * Throws `MalformedError`.
 */
export function unpackLean(trunk: Trunk, bytes: Uint8Array, count: number): (SealedAgain | null)[] {
  const readLinks = linksReader()
  return decodeLean(bytes, count).map((segment) => sealSegment(trunk, segment, readLinks))
}

function sealSegment(
  { acts, keyring }: Trunk,
  segment: LeanSegment,
  readLinks: ReadLinks,
): SealedAgain | null {
  const { log, signature } = segment
  const id = logIdOf(log)
  const membership = acts.now()
  const keyOf: KeyOf = (generation) => keyring.keyFor(membership, generation, id, log.space)
  const entries: Entry[] = []
  let prev = segment.prev
  let seq = segment.first
  for (const lean of segment.entries) {
    const entry = sealEntry(id, seq, prev, lean, keyOf, readLinks)
    if (!entry) return null
    entries.push(entry)
    prev = entry.hash
    seq++
  }
  const bytes = segmentBytes(log, entries)
  if (bytes > MAX_SEGMENT_BYTES) return null
  const checked = checkSegment(log, entries, signature)
  return checked.ok ? { segment: checked.value, bytes } : null
}

function sealEntry(
  log: LogId,
  seq: number,
  prev: Uint8Array,
  lean: LeanEntry,
  keyOf: KeyOf,
  readLinks: ReadLinks,
): Entry | null {
  const links = readLinks(lean.links)
  if (!links) return null
  const blobs: Uint8Array[] = []
  const refs: BlobRef[] = []
  for (const [index, { key, clear, nonce, text }] of lean.blobs.entries()) {
    let blob = text
    if (key >= 0) {
      const generation = links.keys[key]
      const secret = generation && keyOf(generation)
      if (!secret) return null
      const sealed = sealAgain(secret, nonce, text, aboutOf(log, seq, index, clear))
      blob = clear.length > 0 ? Buffer.concat([clear, sealed]) : sealed
    }
    blobs.push(blob)
    refs.push({ hash: sha256Of(blob), key })
  }
  const start = headerStart(seq, prev)
  const count = arrayHead(refs.length)
  const header = Buffer.alloc(start.length + lean.links.length + count.length + refs.length * REF_BYTES)
  header.set(start)
  header.set(lean.links, start.length)
  header.set(count, start.length + lean.links.length)
  let at = start.length + lean.links.length + count.length
  for (const { hash, key } of refs) {
    header.set(REF_START, at)
    header.set(hash, at + REF_START.length)
    header[at + REF_BYTES - 1] = key < 0 ? UNSEALED : key
    at += REF_BYTES
  }
  if (header.length > MAX_HEADER_BYTES) return null
  return {
    hash: sha256Of(header),
    header: { seq, prev, ...links, blobs: refs },
    raw: { header, blobs },
    texts: lean.blobs.map(({ text }) => text),
  }
}

/** Most entries of a log name the same, one key and nothing else: what was read last is kept. */
function linksReader(): (bytes: Uint8Array) => Links | null {
  let last: { readonly bytes: Uint8Array; readonly links: Links } | null = null
  return (bytes) => {
    if (last && sameBytes(last.bytes, bytes)) return last.links
    const decoded = decodeCbor(Buffer.concat([Buffer.of(0x83), bytes]), MAX_HEADER_BYTES)
    if (!decoded.ok || !isTuple(decoded.value, 3)) return null
    const [deps, acts, keys] = decoded.value
    const links = parseLinks(deps, acts, keys)
    if (!links.ok) return null
    last = { bytes, links: links.value }
    return links.value
  }
}
type ReadLinks = ReturnType<typeof linksReader>

// ---- a header, in CBOR: [version, seq, prev, deps, acts, keys, [[hash, key]…]], see log/entry.ts

/** `[hash, key]`, where the key is one of 16 or none. */
const REF_START = Buffer.of(0x82, 0x58, 0x20)
const UNSEALED = 0x20

function headerStart(seq: number, prev: Uint8Array): Uint8Array {
  const start = Buffer.alloc(2 + MAX_HEAD_BYTES + 2 + 32)
  start.set([0x87, FORMAT_VERSION])
  let at = putHead(start, 2, COUNT, seq)
  at = putHead(start, at, BYTES, 32)
  start.set(prev, at)
  return start.subarray(0, at + 32)
}

function arrayHead(length: number): Uint8Array {
  const head = Buffer.alloc(MAX_HEAD_BYTES)
  return head.subarray(0, putHead(head, 0, ARRAY, length))
}

const startsWith = (bytes: Uint8Array, at: number, start: Uint8Array): boolean =>
  sameBytes(bytes.subarray(at, at + start.length), start)

const aboutOf = (log: LogId, seq: number, index: number, clear: Uint8Array): Uint8Array =>
  clear.length > 0 ? Buffer.concat([placeOf(log, seq, index), clear]) : placeOf(log, seq, index)
