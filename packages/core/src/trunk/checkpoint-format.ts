import { sameBytes, toHex } from '../bytes/bytes.ts'
import { decodeCbor, encodeCbor, isBytes, isCount, isTuple } from '../bytes/cbor.ts'
import { MalformedError, packStreams, StreamReader, StreamWriter, unpackStreams } from '../bytes/streams.ts'
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
/** The head: acts, logs, erasures and pages. Without a bound on its items, 2 kB would unpack to 3 GB. */
const MAX_MANIFEST_HEAD_BYTES = 16 * 1024 * 1024
const MAX_MANIFEST_ITEMS = 1_000_000
/** What all its entries name together, by the bytes of its places: 64 MB of one byte would become 30 million objects. */
const MAX_NAME_BYTES = 2_000_000
const MAX_PAGES = 20_000
/** A community's records fit a hundred times. */
const MAX_RECORDS = 8_000_000
/** All pages of one checkpoint: a community's records fit a hundred times. */
const MAX_PAGES_BYTES = 512 * 1024 * 1024
/** All heads are named by the checkpoint's entry itself, so they must fit in its header, beside acts that are news. */
export const MAX_CHECKPOINT_HEADS = 360

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
  if (recordCount > MAX_RECORDS || pageBytes > MAX_PAGES_BYTES) return null
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

/** A row that goes on from the one before it and names nothing is 0. */
const NAMES = 1
const HAS_PARENT = 2

/**
 * The manifest is not sealed: it holds what the headers of entries say in the clear, and hashes of sealed pages, so
 * that blind gateways can check, keep and serve it. In columns: a head, CBOR `["manifest/2", space, generation, acts,
 * logs, erasures, pages]`, and then of all rows of all logs their hashes, how many parts they have, what they name.
 * A dependency is its log's place and its sequence, with the hash where two entries have that number; acts are places
 * in a table. A row follows the one before it, unless it names its parent's place.
 */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const logPlaces = new Map(manifest.logs.map(({ log }, place) => [logIdOf(log), place]))
  const numbered = manifest.logs.map(({ rows }) => numbersOf(rows))
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
  const [hashes, parts, forms, parents, counts, depLogs, depSeqs, depHashes, actsNamed] = Array.from(
    { length: ROW_STREAMS },
    () => new StreamWriter(),
  ) as [StreamWriter, ...StreamWriter[]] as Rows
  const lastSeqs = manifest.logs.map(() => 0)
  const logs = manifest.logs.map(({ log, rows }) => {
    const places = new Map(rows.map(({ hash }, place) => [toHex(hash), place]))
    for (const [at, row] of rows.entries()) {
      const parent = places.get(toHex(row.prev)) ?? -1
      const names = row.deps.length + row.acts.length > 0
      hashes.bytes(row.hash)
      parts.count(row.parts)
      forms.byte((names ? NAMES : 0) | (parent === at - 1 ? 0 : HAS_PARENT))
      if (parent !== at - 1) parents.count(parent + 1)
      if (!names) continue
      counts.count(row.deps.length)
      counts.count(row.acts.length)
      for (const dep of row.deps) {
        const place = logPlaces.get(dep.log)!
        depLogs.count(place)
        depSeqs.signed(dep.seq - lastSeqs[place]!)
        lastSeqs[place] = dep.seq
        if (!(numbered[place]!(dep.seq) instanceof Uint8Array)) depHashes.bytes(dep.hash)
      }
      for (const act of row.acts) actsNamed.count(toAct(act))
    }
    return [log.key, log.epoch, rows.length]
  })
  const pages = manifest.pages.map(({ hash, bytes, records }) => [hash, bytes, records])
  const erasures = manifest.erasures.map(({ by, names }) => [by, encodeErasedList(names)])
  const head = encodeCbor(['manifest/2', manifest.space, manifest.generation, acts, logs, erasures, pages])
  const rows = [hashes, parts, forms, parents, counts, depLogs, depSeqs, depHashes, actsNamed]
  return packStreams([head, ...rows.map((stream) => stream.done())])
}

const ROW_STREAMS = 9
type Nine<T> = [T, T, T, T, T, T, T, T, T]
type Rows = Nine<StreamWriter>

/** The hash with a number in a log, or the several of its branches. A chain is its own index. */
function numbersOf(
  rows: readonly { seq: number; hash: Uint8Array }[],
): (seq: number) => Uint8Array | readonly Uint8Array[] | undefined {
  if (rows.every(({ seq }, at) => seq === at)) return (seq) => rows[seq]?.hash
  const bySeq = Map.groupBy(rows, ({ seq }) => seq)
  return (seq) => {
    const there = bySeq.get(seq)
    return there?.length === 1 ? there[0]!.hash : there?.map(({ hash }) => hash)
  }
}

/** Reads a foreign manifest: bounded, each log a tree from its root, each page within its limits. */
export function parseManifest(bytes: Uint8Array): Result<Manifest> {
  if (bytes.length > MAX_MANIFEST_BYTES) return fail({ type: 'too-large', bytes: bytes.length })
  try {
    return ok(readManifest(bytes))
  } catch (error) {
    if (error instanceof MalformedError)
      return fail({ type: 'malformed', detail: `checkpoint ${error.message}` })
    throw error
  }
}

/** The pages that a manifest names, without reading the rows: of one that was read to its end before. */
export function pagesNamedIn(bytes: Uint8Array): Manifest['pages'] | null {
  if (bytes.length > MAX_MANIFEST_BYTES) return null
  try {
    return readHead(bytes).pages
  } catch (error) {
    if (error instanceof MalformedError) return null
    throw error
  }
}

function readHead(bytes: Uint8Array) {
  const [headBytes, ...streams] = unpackStreams(bytes, MAX_MANIFEST_TEXT_BYTES, 1 + ROW_STREAMS)
  if (!headBytes || streams.length !== ROW_STREAMS) throw new MalformedError('manifest')
  const decoded = decodeCbor(headBytes, MAX_MANIFEST_HEAD_BYTES, MAX_MANIFEST_ITEMS)
  if (!decoded.ok || !isTuple(decoded.value, 7) || decoded.value[0] !== 'manifest/2')
    throw new MalformedError('manifest')
  const [, space, generation, acts, logs, erasures, pageItems] = decoded.value
  if (!isId(space) || !isBytes(generation, 16)) throw new MalformedError('manifest')
  if (!Array.isArray(pageItems) || pageItems.length > MAX_PAGES) throw new MalformedError('lists')
  const pages: Manifest['pages'][number][] = []
  for (const item of pageItems as unknown[]) {
    if (!isTuple(item, 3) || !isBytes(item[0], 32) || !isCount(item[1]) || !isCount(item[2]))
      throw new MalformedError('page')
    if (item[1] > MAX_PAGE_BYTES || item[2] > MAX_PAGE_RECORDS || item[2] === 0)
      throw new MalformedError('page')
    pages.push({ hash: item[0], bytes: item[1], records: item[2] })
  }
  return { space, generation, acts, logs, erasures, pages, streams }
}

function readManifest(bytes: Uint8Array): Manifest {
  const { space, generation, pages, streams, ...items } = readHead(bytes)
  const acts = parseRefs(items.acts, Number.POSITIVE_INFINITY)
  if (!acts || !Array.isArray(items.logs)) throw new MalformedError('lists')
  const logs = readLogs(
    space,
    items.logs,
    acts,
    streams.map((stream) => new StreamReader(stream)),
  )
  const erasures = parseErasures(items.erasures, logs)
  if (!erasures) throw new MalformedError('erasures')
  return { space, generation, logs, erasures, pages }
}

/** Rows first, all of them: what they name may stand in a log that comes later. */
function readLogs(
  space: string,
  items: readonly unknown[],
  acts: readonly EntryRef[],
  streams: readonly StreamReader[],
): Manifest['logs'] {
  const [hashes, parts, forms, parents, counts, depLogs, depSeqs, depHashes, actsNamed] =
    streams as Nine<StreamReader>
  if (depLogs.left + actsNamed.left > MAX_NAME_BYTES) throw new MalformedError('dependencies')
  const names: number[] = []
  const logs: { log: LogDeclaration; id: LogId; rows: BareRow[] }[] = []
  for (const item of items) {
    if (!isTuple(item, 3) || !isBytes(item[0], 32) || !isBytes(item[1], 16) || !isCount(item[2]))
      throw new MalformedError('log')
    const log = { key: item[0], epoch: item[1], space }
    const id = logIdOf(log)
    if (item[2] === 0 || id <= (logs.at(-1)?.id ?? '')) throw new MalformedError('log')
    const root = rootOf(id)
    const rows: BareRow[] = []
    for (let at = 0; at < item[2]; at++) {
      const hash = hashes.bytes(32)
      const form = forms.byte()
      if (form > (NAMES | HAS_PARENT)) throw new MalformedError('row')
      const place = form & HAS_PARENT ? parents.count() - 1 : at - 1
      const parent = rows[place]
      if (!parent && place !== -1) throw new MalformedError('row')
      const row = {
        log: id,
        seq: parent ? parent.seq + 1 : 0,
        hash,
        prev: parent?.hash ?? root,
        parts: parts.count(),
        deps: NONE,
        acts: NONE,
      }
      if (row.parts > MAX_PARTS + 1) throw new MalformedError('parts')
      rows.push(row)
      names.push(form & NAMES)
    }
    if (new Set(rows.map(({ hash }) => toHex(hash))).size !== rows.length) throw new MalformedError('rows')
    logs.push({ log, id, rows })
  }
  const numbered = logs.map(({ rows }) => numbersOf(rows))
  const lastSeqs = logs.map(() => 0)
  const dep = (): EntryRef => {
    const place = depLogs.count()
    const log = logs[place]
    if (!log) throw new MalformedError('dependencies')
    const seq = lastSeqs[place]! + depSeqs.signed()
    lastSeqs[place] = seq
    const there = numbered[place]!(seq)
    if (there instanceof Uint8Array) return { log: log.id, seq, hash: there }
    const hash = depHashes.bytes(32)
    if (!there?.some((one) => sameBytes(one, hash))) throw new MalformedError('dependencies')
    return { log: log.id, seq, hash }
  }
  const act = (): EntryRef => {
    const named = acts[actsNamed.count()]
    if (!named) throw new MalformedError('acts')
    return named
  }
  let at = 0
  for (const { rows } of logs)
    for (const row of rows) {
      if (!names[at++]) continue
      const [deps, said] = [counts.count(), counts.count()]
      if (deps > MAX_DEPENDENCIES || said > MAX_DEPENDENCIES) throw new MalformedError('dependencies')
      row.deps = Array.from({ length: deps }, dep)
      row.acts = Array.from({ length: said }, act)
    }
  if (!streams.every(({ isAtEnd }) => isAtEnd)) throw new MalformedError('something is left over')
  return logs
}

type BareRow = { -readonly [Key in keyof BaseRow]: BaseRow[Key] }
const NONE: readonly EntryRef[] = []

/** Each by an entry that the manifest names, once. */
function parseErasures(value: unknown, logs: Manifest['logs']): Manifest['erasures'] | null {
  if (!Array.isArray(value)) return null
  if (value.length === 0) return []
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

/** The entries of a manifest by the numbers that its pages name them by. */
export function entriesByNumber({ logs }: Pick<Manifest, 'logs'>): (ordinal: number) => EntryRef | undefined {
  const all = logs.flatMap(({ rows }) => rows)
  return (ordinal) => all[ordinal]
}

/** The entries that no other follows. */
export function headsOfRows(rows: readonly BaseRow[]): BaseRow[] {
  // As it is read: what goes on from another holds the very same bytes.
  if (rows.every(({ prev }, at) => at === 0 || prev === rows[at - 1]!.hash)) return rows.slice(-1)
  const followed = new Set(rows.map(({ prev }) => toHex(prev)))
  return rows.filter(({ hash }) => !followed.has(toHex(hash)))
}
