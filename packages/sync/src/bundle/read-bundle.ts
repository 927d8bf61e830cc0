import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type AdmitReport, fail, mayHold, memberAt, ok, type Result, type Station } from '@doorstep/core'
import { BlobReader } from './blob-frames.ts'
import {
  BUNDLE_MAGIC,
  type BundleFrame,
  type BundleManifest,
  MAX_FRAME_BYTES,
  MAX_MANIFEST_BYTES,
  parseFrame,
  parseManifest,
} from './bundle-format.ts'
import { type CheckpointRead, CheckpointReader } from './read-checkpoint.ts'
import type { BundleProblem } from './write-bundle.ts'

export type BundleRead = {
  readonly admitted: number
  readonly known: number
  readonly held: number
  readonly missing: number
  /** Segments that lack a part which no erasure names: their writer lost it, and nothing of them was kept. */
  readonly stripped: number
  /** Segments of spaces this station does not work in. */
  readonly skipped: number
  /** Sealed segments kept to be passed on: carried for others, or of a newer version. */
  readonly aside: number
  /** The same for which there was no room. */
  readonly asideFull: number
  /** The first thousand: a file of nothing else has millions. */
  readonly refused: readonly { readonly log: string; readonly seq: number; readonly reason: string }[]
  readonly forks: AdmitReport['forks']
  /** For each space that the writer held and this station works in: whether this station now has the same accepted entries, by digest. */
  readonly spaces: readonly { readonly id: string; readonly equal: boolean }[]
  /** Checkpoints in the bundle, and what became of them. */
  readonly checkpoints: readonly CheckpointRead[]
  /** Photos and recordings that are whole now, sealed bytes that came, and pieces that nothing here asks for or fits. */
  readonly blobs: { readonly received: number; readonly receivedBytes: number; readonly skipped: number }
  readonly from: string
  readonly writtenAt: number
  /** Set when a damaged file was read anyway, for what is intact in it. */
  readonly damaged: 'bundle-truncated' | 'bundle-altered' | null
}

/** Segments taken in by one transaction: a disk write each, and as much as is lost when the machine stops. */
const BATCH = 64
const MAX_LISTED = 1000

export type ReadOptions = {
  /** Takes the intact segments of a damaged file: each carries its own signature. */
  readonly salvage?: boolean
  readonly onProgress?: (done: { bytes: number; ofBytes: number }) => void
  readonly signal?: AbortSignal
}

/** Reads a bundle into the station. Twice, in any order with others, or from a copy of a copy: no harm. */
export async function readBundle(
  station: Station,
  path: string,
  options: ReadOptions = {},
): Promise<Result<BundleRead, BundleProblem>> {
  const scan = scanBundle(path)
  if (!scan.ok) return scan
  const { manifest, isSigned, damage, end } = scan.value
  if (manifest.community !== station.identity.community)
    return fail({ type: 'bundle-other-community', file: path, community: manifest.community })
  if (damage && !options.salvage) return fail({ type: damage, file: path })
  const sum = { admitted: 0, known: 0, held: 0, missing: 0, stripped: 0, skipped: 0, aside: 0, asideFull: 0 }
  const refused: BundleRead['refused'][number][] = []
  const forks: AdmitReport['forks'] = []
  let batch: Uint8Array[] = []
  const admit = async (): Promise<Result<void>> => {
    const report = await station.admit(batch, `bundle ${manifest.station}`)
    batch = []
    if (!report.ok) return report
    for (const key of [
      'admitted',
      'known',
      'held',
      'missing',
      'stripped',
      'skipped',
      'aside',
      'asideFull',
    ] as const)
      sum[key] += report.value[key]
    refused.push(...report.value.refused.slice(0, MAX_LISTED - refused.length))
    forks.push(...report.value.forks)
    return ok(undefined)
  }
  const checkpoints = new CheckpointReader(station, `bundle ${manifest.station}`)
  const blobs = new BlobReader(station, isSigned ? manifest.station : null)
  const read = frames(path, end)
  for (;;) {
    const next = nextFrame(read, path)
    if (!next.ok) return next
    if (next.value === null) break
    const { bytes, at } = next.value
    if (options.signal?.aborted) return fail({ type: 'aborted', file: path })
    const frame = parseFrame(bytes)
    if (frame.type === 'segment') batch.push(bytes)
    // Acts before what they let in, and a space's checkpoint before the entries after it.
    if (batch.length >= BATCH || (frame.type !== 'segment' && batch.length > 0)) {
      const taken = await admit()
      if (!taken.ok) return taken as Result<BundleRead, BundleProblem>
    }
    if (frame.type === 'blob') {
      const taken = takeBlob(station, blobs, frame)
      if (!taken.ok) return taken
    } else if (frame.type !== 'segment') await checkpoints.frame(frame)
    options.onProgress?.({ bytes: at, ofBytes: end })
  }
  checkpoints.end()
  blobs.end()
  if (batch.length > 0) {
    const taken = await admit()
    if (!taken.ok) return taken as Result<BundleRead, BundleProblem>
  }
  options.onProgress?.({ bytes: end, ofBytes: end })
  const mine = new Set([station.identity.community, ...station.spaces().map(({ id }) => id)])
  const shared = isSigned ? manifest.spaces.filter(({ id }) => mine.has(id)) : []
  const spaces = shared.map(({ id, digest }) => ({
    id,
    equal: station.digest(id).digest === digest,
  }))
  if (isSigned) notePeer(station, manifest)
  return ok({
    ...sum,
    refused,
    forks,
    spaces,
    checkpoints: checkpoints.results,
    blobs: { received: blobs.received, receivedBytes: blobs.receivedBytes, skipped: blobs.skipped },
    from: manifest.station,
    writtenAt: manifest.at,
    damaged: damage,
  })
}

/** A full disk ends the reading: what has come stays, and the same file read again goes on there. */
function takeBlob(
  station: Station,
  blobs: BlobReader,
  { blob, index, bytes }: Extract<BundleFrame, { type: 'blob' }>,
): Result<void, BundleProblem> {
  try {
    blobs.frame(blob, index, bytes)
    return ok(undefined)
  } catch (error) {
    blobs.end()
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC') return fail({ type: 'disk-full', home: station.home })
    if (code) return fail({ type: 'file-unwritable', file: station.home, code })
    throw error
  }
}

/**
 * What the writer held then, it holds now: a bundle is word from its writer as well as a delivery. The manifest's
 * signature says whose word it is; that of somebody who does not belong, or about spaces it does not hold, is nothing.
 */
function notePeer(station: Station, manifest: BundleManifest): void {
  const writer = manifest.station
  const membership = station.membership()
  const member = memberAt(membership, writer)
  if (writer === station.identity.station || !member) return
  const isHeld = (space: string) => space === station.identity.community || mayHold(membership, member, space)
  // A clock that runs ahead must not make every later word of this writer an old one.
  const at = Math.min(manifest.at, station.now)
  const known = new Map(
    station
      .peers()
      .filter((peer) => peer.station === writer)
      // A time that lies ahead is this machine's own clock, set back since: no word is older than it.
      .map((peer) => [peer.space, peer.at > station.now ? 0 : peer.at]),
  )
  const news = manifest.spaces.filter(({ id }) => isHeld(id) && (known.get(id) ?? 0) < at)
  station.putPeers(
    news.map(({ id, heads, digest }) => ({
      station: writer,
      space: id,
      heads,
      digest,
      // Its word alone: nobody compared anything with it.
      equal: false,
      at,
      via: 'bundle',
    })),
  )
}

export type BundleShown = {
  readonly manifest: BundleManifest
  readonly bytes: number
  readonly segments: number
  readonly damage: BundleRead['damaged']
}

export function showBundle(path: string): Result<BundleShown, BundleProblem> {
  const scan = scanBundle(path)
  if (!scan.ok) return scan
  const { manifest, bytes, damage, end } = scan.value
  const read = frames(path, end)
  let segments = 0
  for (;;) {
    const next = nextFrame(read, path)
    if (!next.ok) return next
    if (next.value === null) return ok({ manifest, bytes, segments, damage })
    if (parseFrame(next.value.bytes).type === 'segment') segments++
  }
}

type Scan = {
  readonly manifest: BundleManifest
  /** By the station it names; without, the file is an altered one. */
  readonly isSigned: boolean
  readonly damage: BundleRead['damaged']
  readonly end: number
  readonly bytes: number
}

/** Reads the whole file once, keeping nothing: is it a bundle, is it whole, is it as it was written. */
function scanBundle(path: string): Result<Scan, BundleProblem> {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    return fail({ type: 'file-unreadable', file: path, code: (error as NodeJS.ErrnoException).code ?? '' })
  }
  try {
    const size = fstatSync(file).size
    const hash = createHash('sha256')
    const read = (length: number, at: number): Buffer | null => {
      if (at + length > size) return null
      const bytes = Buffer.alloc(length)
      return readSync(file, bytes, 0, length, at) === length ? bytes : null
    }
    const magic = read(BUNDLE_MAGIC.length, 0)
    if (magic?.toString() !== BUNDLE_MAGIC) return fail({ type: 'not-a-bundle', file: path })
    hash.update(magic)
    let at: number = magic.length
    let signed: ReturnType<typeof parseManifest> = null
    for (;;) {
      const head = read(4, at)
      const length = head?.readUInt32BE() ?? 0
      const body =
        head && length <= (signed ? MAX_FRAME_BYTES : MAX_MANIFEST_BYTES) ? read(length, at + 4) : null
      if (!head || !body) {
        if (!signed) return fail({ type: 'bundle-truncated', file: path })
        const damage = head && length > MAX_FRAME_BYTES ? 'bundle-altered' : 'bundle-truncated'
        return ok({ ...signed, damage, end: at, bytes: size })
      }
      hash.update(head)
      hash.update(body)
      if (!signed) {
        signed = parseManifest(body)
        if (!signed) return fail({ type: 'not-a-bundle', file: path })
      } else if (length === 0) {
        const trailer = read(32, at + 4)
        const damage = !trailer
          ? 'bundle-truncated'
          : trailer.equals(hash.digest()) && at + 36 === size && signed.isSigned
            ? null
            : 'bundle-altered'
        return ok({ ...signed, damage, end: at, bytes: size })
      }
      at += 4 + length
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code) return fail({ type: 'file-unreadable', file: path, code })
    throw error
  } finally {
    closeSync(file)
  }
}

type Frame = { readonly bytes: Uint8Array; readonly at: number }

/** A stick may be pulled out, or be another one by now: that is a problem, not a crash. Null at the end. */
function nextFrame(read: Iterator<Frame>, path: string): Result<Frame | null, BundleProblem> {
  try {
    const next = read.next()
    return ok(next.done ? null : next.value)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code) return fail({ type: 'file-unreadable', file: path, code })
    throw error
  }
}

/** The segment frames up to `end`, read one by one. */
function* frames(path: string, end: number): IterableIterator<Frame> {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(4)
    let at: number = BUNDLE_MAGIC.length
    let isManifest = true
    while (at < end) {
      if (readSync(file, head, 0, 4, at) !== 4) return
      const length = head.readUInt32BE()
      // It was looked at before; a device can say something else the second time.
      if (length > MAX_MANIFEST_BYTES) return
      if (!isManifest && length > 0) {
        const bytes = Buffer.alloc(length)
        if (readSync(file, bytes, 0, length, at + 4) !== length) return
        yield { bytes, at: at + 4 + length }
      }
      isManifest = false
      at += 4 + length
    }
  } finally {
    closeSync(file)
  }
}
