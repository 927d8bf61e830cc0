import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  baseHeads,
  blobsOf,
  carriedFor,
  type EntryRef,
  fail,
  headsAfter,
  isBelowBase,
  mayHold,
  memberAt,
  type Offer,
  type Outgoing,
  offerFor,
  ok,
  type Problem,
  parseOffer,
  type Result,
  readBlob,
  renewCheckpoints,
  type Station,
  spacesCarried,
  syncFolder,
} from '@doorstep/core'
import { type BlobsWritten, type BundledBlobs, blobFrames, keepPlace } from './blob-frames.ts'
import { BUNDLE_MAGIC, encodeOffer, frame, piecesOf, signManifest } from './bundle-format.ts'

export type BundleWritten = {
  readonly entries: number
  readonly bytes: number
  /** Photos and recordings in it; null when none were asked for. */
  readonly blobs: BlobsWritten | null
  /** SHA-256 of the file, hex. */
  readonly digest: string
  readonly spaces: readonly { readonly id: string; readonly entries: number; readonly digest: string }[]
}
export type BundleProblem = Problem & {
  type:
    | 'not-a-bundle'
    | 'bundle-truncated'
    | 'bundle-altered'
    | 'bundle-other-community'
    | 'file-unreadable'
    | 'file-unwritable'
    | 'disk-full'
    | 'unknown-station'
    | 'aborted'
}

export type BundleOptions = {
  /** Only what this station lacks, by what it last said, and only spaces it may read. */
  readonly forStation?: string
  /** Photos and recordings too; without it, none. */
  readonly blobs?: BundledBlobs
  /** Photos and recordings at most, in sealed bytes: what does not fit goes into the next, which `goesOn`. */
  readonly maxBlobBytes?: number
  /** After the place where the last bundle with photos ended. */
  readonly goesOn?: boolean
  readonly onProgress?: (done: { entries: number; bytes: number; ofEntries: number }) => void
  readonly signal?: AbortSignal
}

/**
 * Writes what this station holds as a file to carry. The file appears whole under its name or not at all: a stick
 * pulled out leaves a `.part` file that nobody reads.
 */
export async function writeBundle(
  station: Station,
  path: string,
  options: BundleOptions = {},
): Promise<Result<BundleWritten, BundleProblem>> {
  const { community } = station.identity
  const spaces = readableSpaces(station, options.forStation)
  if (!spaces.ok) return spaces
  // What is not here any more goes along by a checkpoint alone, and erasures may have taken the pages of the last.
  await renewCheckpoints(
    station,
    spaces.value.filter((space) =>
      isBelowBase(station, space, knownHeads(station, options.forStation, space)),
    ),
  )
  const part = `${path}.part`
  const hash = createHash('sha256')
  let bytes = 0
  let entries = 0
  let file: number | null = null
  try {
    file = openSync(part, 'w', 0o600)
    const handle = file
    const put = (piece: Uint8Array) => {
      hash.update(piece)
      writeSync(handle, piece)
      bytes += piece.length
    }
    const manifest = {
      community,
      at: station.now,
      spaces: [community, ...spaces.value].map((space) => {
        const { entries: count, digest } = station.digest(space)
        return { id: space, entries: count, digest, heads: station.heads(space) }
      }),
    }
    // It is this station's word that it has them.
    station.putOnDisk()
    put(Buffer.from(BUNDLE_MAGIC))
    put(frame(signManifest(manifest, { publicKey: station.identity.key, privateKey: station.signingKey })))
    const plans: SpacePlan[] = [community, ...spaces.value].map((space) =>
      planSpace(station, space, options.forStation),
    )
    // Not in the manifest: what is carried is nobody's word about what its writer holds.
    plans.push({ offer: null, outgoing: carriedPlans(station, options.forStation) })
    const ofEntries = plans
      .flatMap(({ outgoing }) => outgoing)
      .reduce((sum, outgoing) => sum + outgoing.entries, 0)
    for (const { offer, outgoing } of plans) {
      if (offer) for (const bytes of checkpointFrames(station, offer)) put(frame(bytes))
      for (const { row, isNotice } of outgoing) {
        if (options.signal?.aborted) {
          closeSync(file)
          rmSync(part, { force: true })
          return fail({ type: 'aborted', file: path })
        }
        put(frame(station.segment(row)))
        if (!isNotice) entries += row.last - row.first + 1
        options.onProgress?.({ entries, bytes, ofEntries })
      }
    }
    let blobs: BlobsWritten | null = null
    let keep = () => {}
    if (options.blobs) {
      const frames = blobFrames(station, options.blobs, spaces.value, {
        maxBytes: options.maxBlobBytes ?? Number.POSITIVE_INFINITY,
        goesOn: options.goesOn === true,
      })
      for (let next = frames.next(); ; next = frames.next()) {
        if (next.done) {
          const { written, place } = next.value
          blobs = written
          keep = () => keepPlace(station, place)
          break
        }
        put(frame(next.value))
        options.onProgress?.({ entries, bytes, ofEntries })
      }
    }
    const end = frame(new Uint8Array(0))
    put(end)
    const digest = hash.copy().digest()
    writeSync(file, digest)
    bytes += digest.length
    fsyncSync(file)
    closeSync(file)
    file = null
    renameSync(part, path)
    syncFolder(dirname(path))
    keep()
    const summary = manifest.spaces.map(({ id, entries: count, digest: d }) => ({
      id,
      entries: count,
      digest: d,
    }))
    return ok({ entries, bytes, blobs, digest: digest.toString('hex'), spaces: summary })
  } catch (error) {
    if (file !== null) closeSync(file)
    rmSync(part, { force: true })
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC') return fail({ type: 'disk-full', file: path })
    if (code) return fail({ type: 'file-unwritable', file: path, code })
    throw error
  }
}

/** Of what is carried for others: all of it, or what a station may hold; the reader judges what it lacks. */
function carriedPlans(station: Station, forStation: string | undefined): Outgoing[] {
  const membership = station.membership()
  const member = forStation === undefined ? null : memberAt(membership, forStation)
  return spacesCarried(station)
    .filter((space) => !member || mayHold(membership, member, space))
    .flatMap((space) => carriedFor(station, space, []))
}

type SpacePlan = { readonly offer: Offer | null; readonly outgoing: readonly Outgoing[] }

/**
 * What of a space goes along: to somebody who is known to have nothing, or to lack what is not here any more, the
 * checkpoint and what came after it; to whoever reads it, a checkpoint only where old entries are not here.
 */
function planSpace(station: Station, space: string, forStation: string | undefined): SpacePlan {
  const theirs = knownHeads(station, forStation, space)
  if (space === station.identity.community) return { offer: null, outgoing: station.outgoing(space, theirs) }
  const offer = offerFor(station, space, theirs, forStation ? undefined : Number.POSITIVE_INFINITY)
  const parsed = offer && parseOffer(offer.segment)
  if (!offer || !parsed) return { offer: null, outgoing: station.outgoing(space, theirs) }
  const rest = forStation ? headsAfter(parsed) : baseHeads(station, space)
  return { offer, outgoing: station.outgoing(space, rest) }
}

/** The offer, its manifest, its pages. */
function* checkpointFrames(station: Station, offer: Offer): IterableIterator<Uint8Array> {
  yield encodeOffer(offer.segment, offer.isNeeded)
  for (const hash of blobsOf(station, offer)) yield* piecesOf(hash, readBlob(station, hash)!)
}

function readableSpaces(station: Station, forStation: string | undefined): Result<string[], BundleProblem> {
  // What is owed of spaces that were lost goes along: somebody who may hold them will take it in.
  const mine = [...station.holdings(), ...station.spacesOwed()]
  if (!forStation) return ok(mine)
  const membership = station.membership()
  const member = memberAt(membership, forStation)
  if (!member) return fail({ type: 'unknown-station', station: forStation })
  return ok(mine.filter((space) => mayHold(membership, member, space)))
}

function knownHeads(station: Station, forStation: string | undefined, space: string): readonly EntryRef[] {
  if (!forStation) return []
  return station.peers().find((peer) => peer.station === forStation && peer.space === space)?.heads ?? []
}
