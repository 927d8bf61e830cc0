import { sameBytes, toHex } from '../bytes/bytes.ts'
import { decodeCbor, encodeCbor, isBytes, isCount, isTuple } from '../bytes/cbor.ts'
import { sha256, sha256Of } from '../crypto/hash.ts'
import { fail, ok, type Result } from '../result.ts'
import { FORMAT_VERSION, MAX_DEPENDENCIES, MAX_HEADER_BYTES, MAX_PARTS } from './limits.ts'

/** A log is the chain one station writes in one space during one epoch. */
export type LogDeclaration = {
  /** Ed25519 public key of the station, 32 bytes. */
  readonly key: Uint8Array
  /** 16 random bytes: fresh at install, at restore, when a copied home is noticed, after a fork. */
  readonly epoch: Uint8Array
  /** The space's id, or the community's id for the membership log. */
  readonly space: string
}
/** Hex of 16 bytes. */
export type LogId = string
export const logIdOf = (log: LogDeclaration): LogId =>
  toHex(sha256('doorstep/log/1', log.key, log.epoch, log.space).subarray(0, 16))

/** Names an entry beyond doubt: a number alone is ambiguous once a log forks (A1). */
export type EntryRef = { readonly log: LogId; readonly seq: number; readonly hash: Uint8Array }

/** What an entry commits to of one sealed blob. `key` -1: not sealed (membership acts). */
export type BlobRef = { readonly hash: Uint8Array; readonly key: number }

export type EntryHeader = {
  readonly seq: number
  readonly prev: Uint8Array
  /** What the author had accepted of others in this space since its last entry here. */
  readonly deps: readonly EntryRef[]
  /** The same of membership logs; in a membership entry, `deps` are acts and this is empty. */
  readonly acts: readonly EntryRef[]
  /** Ids of the generation keys the blobs are sealed under, 16 bytes each. */
  readonly keys: readonly Uint8Array[]
  /** Blob 0 says who did what when; the others are parts, one a record. */
  readonly blobs: readonly BlobRef[]
}

/** An entry as it is kept and forwarded: header bytes verbatim, blobs beside it, null where erased. */
export type RawEntry = { readonly header: Uint8Array; readonly blobs: readonly (Uint8Array | null)[] }
export type Entry = {
  readonly hash: Uint8Array
  readonly header: EntryHeader
  readonly raw: RawEntry
  /** What its blobs say, where they were sealed here from that: they need not be opened again. */
  readonly texts?: readonly Uint8Array[]
}

/** A version above this one's: what it adds stands behind the fields known here. */
export const isNewerVersion = (version: unknown): boolean => isCount(version) && version > FORMAT_VERSION

/** What stands in `prev` of a log's first entry, so that a chain belongs to one log. */
export const rootOf = (log: LogId): Uint8Array => sha256('doorstep/entry/1', log)

export const refToWire = (ref: EntryRef) => [Buffer.from(ref.log, 'hex'), ref.seq, ref.hash]

export function encodeHeader(header: EntryHeader): Uint8Array {
  return encodeCbor([
    FORMAT_VERSION,
    header.seq,
    header.prev,
    header.deps.map(refToWire),
    header.acts.map(refToWire),
    header.keys,
    header.blobs.map((blob) => [blob.hash, blob.key]),
  ])
}

export function createEntry(
  header: Omit<EntryHeader, 'blobs'>,
  blobs: readonly { bytes: Uint8Array; key: number }[],
): Entry {
  const whole: EntryHeader = {
    ...header,
    blobs: blobs.map((blob) => ({ hash: sha256Of(blob.bytes), key: blob.key })),
  }
  const bytes = encodeHeader(whole)
  return {
    hash: sha256Of(bytes),
    header: whole,
    raw: { header: bytes, blobs: blobs.map((blob) => blob.bytes) },
  }
}

/** Refs from the wire, none named twice. */
export function parseRefs(value: unknown, most: number = MAX_DEPENDENCIES): EntryRef[] | null {
  if (!Array.isArray(value) || value.length > most) return null
  const refs: EntryRef[] = []
  const named = new Set<LogId>()
  for (const item of value) {
    if (!isTuple(item, 3) || !isBytes(item[0], 16) || !isCount(item[1]) || !isBytes(item[2], 32)) return null
    const ref = { log: toHex(item[0]), seq: item[1], hash: item[2] }
    const name = `${ref.log}/${toHex(ref.hash)}`
    if (named.has(name)) return null
    named.add(name)
    refs.push(ref)
  }
  return refs
}

/** `newer`: of a later version too, as far as its envelope goes, whose fields keep their places (F8). */
export type Reading = 'known' | 'newer'

/** Reads an entry from foreign bytes: its shape, its limits, and that each blob is the one it commits to. */
export function parseEntry(raw: RawEntry, reading: Reading = 'known'): Result<Entry> {
  const decoded = decodeCbor(raw.header, MAX_HEADER_BYTES)
  if (!decoded.ok) return decoded
  const malformed = (detail: string) => fail({ type: 'malformed', detail })
  const fields = decoded.value
  if (!Array.isArray(fields) || fields.length < 7) return malformed('entry header')
  const isNewer = isNewerVersion(fields[0])
  if (!isNewer && fields.length > 7) return malformed('entry header')
  const [version, seq, prev, deps, acts, keys, blobs] = fields
  if (version !== FORMAT_VERSION && !(isNewer && reading === 'newer'))
    return fail({ type: 'unknown-version', version: isCount(version) ? version : null })
  if (!isCount(seq) || !isBytes(prev, 32)) return malformed('sequence or previous hash')
  const links = parseLinks(deps, acts, keys)
  if (!links.ok) return links
  if (!Array.isArray(blobs) || blobs.length > MAX_PARTS + 1 || blobs.length !== raw.blobs.length)
    return malformed('blobs')
  const refs: BlobRef[] = []
  for (const [at, blob] of blobs.entries()) {
    if (!isTuple(blob, 2) || !isBytes(blob[0], 32)) return malformed('blob')
    const key = blob[1]
    if (typeof key !== 'number' || !Number.isInteger(key) || key < -1 || key >= links.value.keys.length)
      return malformed('blob key')
    const bytes = raw.blobs[at]
    if (bytes && !sameBytes(sha256Of(bytes), blob[0]))
      return fail({ type: 'altered', detail: 'blob does not match its hash' })
    refs.push({ hash: blob[0], key })
  }
  return ok({ hash: sha256Of(raw.header), header: { seq, prev, ...links.value, blobs: refs }, raw })
}

/** What an entry's header names besides its blobs. */
export type Links = Pick<EntryHeader, 'deps' | 'acts' | 'keys'>

export function parseLinks(deps: unknown, acts: unknown, keys: unknown): Result<Links> {
  const malformed = (detail: string) => fail({ type: 'malformed', detail })
  const parsedDeps = parseRefs(deps)
  const parsedActs = parseRefs(acts)
  if (!parsedDeps || !parsedActs) return malformed('dependencies')
  if (!Array.isArray(keys) || keys.length > 16 || !keys.every((key) => isBytes(key, 16)))
    return malformed('keys')
  return ok({ deps: parsedDeps, acts: parsedActs, keys: keys as Uint8Array[] })
}
