import {
  areLeavesOf,
  type BlobRow,
  CHUNK_BYTES,
  chunksIn,
  encodeCbor,
  fromHex,
  isChunkOf,
  type Station,
} from '@doorstep/core'

/** Which photos, scans and recordings a bundle carries: small previews, all, or what no other station is known to have. */
export type BundledBlobs = 'previews' | 'all' | 'unsent'

/** How far a bundle came: the next goes on there. */
type Place = { readonly blob: string; readonly chunks: number }
const PLACE = 'bundle/blobs-place'

export type BlobsWritten = {
  /** Whole ones, and sealed bytes, also of one that is in part. */
  readonly count: number
  readonly bytes: number
  /** What did not fit: for a next bundle that goes on here. */
  readonly left: number
}

/**
 * The frames `[blob, index, bytes]` of what is carried, previews first, the newest first, as many as fit in `maxBytes`:
 * the last one may be cut. `goesOn`: after the place where the last bundle ended.
 */
export function* blobFrames(
  station: Station,
  which: BundledBlobs,
  spaces: readonly string[],
  options: { readonly maxBytes: number; readonly goesOn: boolean },
): Generator<Uint8Array, { readonly written: BlobsWritten; readonly place: Place | null }> {
  const { blobs } = station
  const all = inOrder(station, which, spaces)
  const kept = options.goesOn ? station.draft(PLACE)?.value : undefined
  const place = kept as Place | undefined
  const at = place ? all.findIndex(({ blob }) => blob === place.blob) : -1
  const rows = all.slice(Math.max(0, at))
  let [count, bytes] = [0, 0]
  for (const [index, { blob, bytes: size }] of rows.entries()) {
    const leaves = blobs.files.leaves(blob)
    const from = place && blob === place.blob ? place.chunks : 0
    if (from >= chunksIn(size)) continue
    if (!leaves) continue
    if (bytes + leaves.length + CHUNK_BYTES > options.maxBytes) return stop(blob, from, rows.length - index)
    yield encodeCbor([fromHex(blob), 0, leaves])
    bytes += leaves.length
    for (let chunk = from; chunk < chunksIn(size); chunk++) {
      const piece = blobs.files.chunk(blob, chunk)
      // Damaged here: another has it, and the doctor says so.
      if (!piece) break
      if (bytes + piece.length > options.maxBytes) return stop(blob, chunk, rows.length - index)
      yield encodeCbor([fromHex(blob), chunk + 1, piece])
      bytes += piece.length
      if (chunk + 1 === chunksIn(size)) count++
    }
  }
  return { written: { count, bytes, left: 0 }, place: null }

  function stop(blob: string, chunks: number, left: number) {
    return { written: { count, bytes, left }, place: { blob, chunks } }
  }
}

/** Once the file is there: one that failed is not gone on from. */
export function keepPlace(station: Station, place: Place | null): void {
  if (place) station.putDraft(PLACE, place)
  else station.dropDraft(PLACE)
}

const inOrder = (station: Station, which: BundledBlobs, spaces: readonly string[]): BlobRow[] =>
  station.blobs
    .rows()
    .filter(
      (row) =>
        row.isHere &&
        row.spaces.some((space) => spaces.includes(space)) &&
        (which === 'all' ||
          (which === 'previews' ? row.isPreview : station.blobs.holders(row.blob).length === 0)),
    )
    .sort((a, b) => Number(b.isPreview) - Number(a.isPreview))

/** Takes in what a bundle carries of blobs that are named here and not here yet; each piece proves itself. */
export class BlobReader {
  readonly #station: Station
  /** Who signed the bundle, and so has what is in it; null when nobody did. */
  readonly #from: string | null
  #wanted: ReadonlySet<string> | null = null
  #leaves: { readonly blob: string; readonly bytes: Uint8Array; filled: number } | null = null
  received = 0
  receivedBytes = 0
  /** Pieces of what nothing here names, or that cannot be joined to what is here. */
  skipped = 0

  constructor(station: Station, from: string | null) {
    this.#station = station
    this.#from = from
  }

  /** Throws what the disk says. */
  frame(blob: string, index: number, bytes: Uint8Array): void {
    const { blobs } = this.#station
    if (index === 0) return this.#begin(blob, bytes)
    const open = this.#leaves
    if (open?.blob !== blob || index - 1 < open.filled) return
    if (index - 1 !== open.filled || !isChunkOf(blob, open.bytes, index - 1, bytes)) {
      this.skipped++
      return
    }
    if (open.filled === 0) blobs.files.begin(blob, open.bytes)
    blobs.files.append(blob, index - 1, bytes)
    open.filled++
    this.receivedBytes += bytes.length
    if (open.filled < chunksIn(blobs.row(blob)?.bytes ?? 0) || !blobs.files.finish(blob)) return
    this.received++
    this.end()
    blobs.arrived(blob)
    if (this.#from !== null) blobs.hear(this.#from, [{ blob, rank: 0 }])
  }

  #begin(blob: string, leaves: Uint8Array): void {
    this.end()
    const { blobs } = this.#station
    const row = blobs.row(blob)
    if (row?.isHere) return
    // Photos come last: by now all is here that may name them.
    this.#wanted ??= new Set(blobs.wanted().map((one) => one.blob))
    if (!row || !this.#wanted.has(blob) || !blobs.claim(blob)) {
      this.skipped++
      return
    }
    const begun = blobs.files.begun(blob)
    if (!begun && !areLeavesOf(blob, leaves)) {
      blobs.release(blob)
      this.skipped++
      return
    }
    this.#leaves = { blob, bytes: begun?.leaves ?? leaves, filled: begun?.chunks ?? 0 }
  }

  end(): void {
    if (this.#leaves) this.#station.blobs.release(this.#leaves.blob)
    this.#leaves = null
  }
}
