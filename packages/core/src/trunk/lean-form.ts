import { parseNames } from '../blob/blob-names.ts'
import { MalformedError, packStreams, StreamReader, StreamWriter, unpackStreams } from '../bytes/streams.ts'
import { NONCE_BYTES } from '../crypto/seal.ts'
import type { LogDeclaration } from '../log/entry.ts'
import { MAX_HEADER_BYTES, MAX_PARTS, MAX_SEGMENT_BYTES, MAX_SEGMENT_ENTRIES } from '../log/limits.ts'

/**
 * Segments as two stations that read them say them to each other: every blob by its text and its nonce, no hash and no
 * tag, what is alike beside each other and packed together. Whoever has the key makes the same bytes of it again.
 */
export type LeanBlob = {
  /** Which of the entry's keys; -1: not sealed, and `text` is all there is. */
  readonly key: number
  /** What stands before the sealed bytes. */
  readonly clear: Uint8Array
  readonly nonce: Uint8Array
  readonly text: Uint8Array
}
export type LeanEntry = {
  /** What its header names besides its blobs, as it stands there: dependencies, acts, keys. */
  readonly links: Uint8Array
  readonly blobs: readonly LeanBlob[]
}
export type LeanSegment = {
  readonly log: LogDeclaration
  readonly first: number
  /** In `prev` of its first entry. */
  readonly prev: Uint8Array
  readonly entries: readonly LeanEntry[]
  readonly signature: Uint8Array
}

/** Of one frame. */
export const MAX_LEAN_SEGMENTS = 32
/** Three times as fast as 9 and some 5 % larger: the receiver waits for the first. */
const LEVEL = 6
const NOTHING = new Uint8Array(0)
/** What an entry's header says of a blob, in bytes. */
export const REF_BYTES = 36
const STREAMS = 6

export function encodeLean(segments: readonly LeanSegment[]): Uint8Array {
  const [shape, random, clear, links, deeds, texts] = Array.from(
    { length: STREAMS },
    () => new StreamWriter(),
  ) as [StreamWriter, StreamWriter, StreamWriter, StreamWriter, StreamWriter, StreamWriter]
  let log: LogDeclaration | null = null
  for (const segment of segments) {
    shape.byte(segment.log === log ? 0 : 1)
    if (segment.log !== log) {
      log = segment.log
      random.bytes(log.key)
      random.bytes(log.epoch)
      shape.count(Buffer.byteLength(log.space))
      links.text(log.space)
    }
    shape.count(segment.first)
    shape.count(segment.entries.length)
    random.bytes(segment.prev)
    random.bytes(segment.signature)
    for (const entry of segment.entries) {
      shape.count(entry.links.length)
      links.bytes(entry.links)
      shape.count(entry.blobs.length)
      for (const [index, blob] of entry.blobs.entries()) {
        shape.byte(blob.key + 1)
        shape.count(blob.text.length)
        const to = index === 0 ? deeds : texts
        to.bytes(blob.text)
        if (blob.key < 0) continue
        random.bytes(blob.nonce)
        if (index > 0) clear.bytes(blob.clear)
      }
    }
  }
  return packStreams(
    [shape, random, clear, links, deeds, texts].map((stream) => stream.done()),
    LEVEL,
  )
}

/**
 * Reads foreign bytes; throws `MalformedError`. What `count` segments may take up is more than their texts do, so that
 * bounds what is unpacked.
 */
export function decodeLean(bytes: Uint8Array, count: number): LeanSegment[] {
  const streams = unpackStreams(bytes, count * MAX_SEGMENT_BYTES, STREAMS)
  if (streams.length !== STREAMS) throw new MalformedError('other streams than these')
  const readers = streams.map((stream) => new StreamReader(stream))
  const [shape, random, clear, links, deeds, texts] = readers as [
    StreamReader,
    StreamReader,
    StreamReader,
    StreamReader,
    StreamReader,
    StreamReader,
  ]
  const most = (value: number, max: number): number => {
    if (value > max) throw new MalformedError('more than a segment holds')
    return value
  }
  let log: LogDeclaration | null = null
  const segments: LeanSegment[] = []
  for (let n = 0; n < count; n++) {
    if (shape.byte() !== 0)
      log = {
        key: random.bytes(32),
        epoch: random.bytes(16),
        space: Buffer.from(links.bytes(most(shape.count(), 40))).toString(),
      }
    if (!log) throw new MalformedError('a segment of no log')
    const first = shape.count()
    const length = most(shape.count(), MAX_SEGMENT_ENTRIES)
    if (length === 0) throw new MalformedError('a segment of nothing')
    const prev = random.bytes(32)
    const signature = random.bytes(64)
    const entries: LeanEntry[] = []
    // A blob of nothing takes up next to nothing here, and is work like any other.
    let headers = 0
    for (let at = 0; at < length; at++) {
      const named = links.bytes(shape.count())
      const blobs: LeanBlob[] = []
      const blobCount = most(shape.count(), MAX_PARTS + 1)
      headers = most(headers + named.length + blobCount * REF_BYTES, MAX_HEADER_BYTES)
      for (let index = 0; index < blobCount; index++) {
        const key = shape.byte() - 1
        const text = (index === 0 ? deeds : texts).bytes(shape.count())
        if (key < 0) blobs.push({ key: -1, clear: NOTHING, nonce: NOTHING, text })
        else
          blobs.push({
            key,
            text,
            nonce: random.bytes(NONCE_BYTES),
            clear: index === 0 ? NOTHING : namesAhead(clear),
          })
      }
      entries.push({ links: named, blobs })
    }
    segments.push({ log, first, prev, entries, signature })
  }
  if (readers.some((reader) => !reader.isAtEnd)) throw new MalformedError('bytes are left over')
  return segments
}

/** The blobs that a part names say by themselves how many they are. */
function namesAhead(clear: StreamReader): Uint8Array {
  const rest = clear.peek()
  const end = parseNames(rest)?.end
  if (end === undefined) throw new MalformedError('named blobs')
  return clear.bytes(end)
}
