import {
  decodeCbor,
  type EntryRef,
  encodeCbor,
  fail,
  fromHex,
  type HolderRank,
  isBlob,
  isBytes,
  isCount,
  isId,
  isText,
  MAX_CHUNKS,
  MAX_LEAN_SEGMENTS,
  ok,
  type Result,
  toHex,
} from '@doorstep/core'
import type { Ping } from './pulse.ts'

/**
 * Forms of messages this station speaks, oldest and newest. A version is raised only by what cannot be said otherwise:
 * everything else is a new kind of message or a new field behind those that are there, which an older station passes
 * over, named by a feature where the other must understand it (SPEC, S11).
 */
export const PROTOCOL: ProtocolRange = { oldest: 1, newest: 1 }
/** What this station understands beyond the first form of its protocol. */
export const FEATURES: readonly string[] = ['carry', 'standby', 'blobs', 'clock', 'lean', 'pieces']
export const MAX_MESSAGE_BYTES = 1024 * 1024
const MAX_FEATURES = 64
const MAX_PORT = 65_535

export type ProtocolRange = { readonly oldest: number; readonly newest: number }

/** The newest version both speak; null when there is none. */
export function commonVersion(mine: ProtocolRange, theirs: ProtocolRange): number | null {
  const version = Math.min(mine.newest, theirs.newest)
  return version >= Math.max(mine.oldest, theirs.oldest) ? version : null
}

export type SpaceDigestWire = {
  readonly space: string
  readonly entries: number
  readonly digest: string
  readonly records: string | null
  /** The records stand on a checkpoint that nobody has compared: no word against another's. */
  readonly onTrust: boolean
}

/** Photos, scans and recordings, by their addresses (hex of 32 bytes). */
export type BlobMessage =
  /** Which of these the receiver has: `lacked` the sender would fetch, `held` it has itself. At most 1024. */
  | {
      readonly type: 'blobs-ask'
      readonly round: number
      readonly lacked: readonly string[]
      readonly held: readonly string[]
    }
  /** The answer, in the order of the question: null for what is not there, else how firmly it is held. */
  | { readonly type: 'blobs-have'; readonly round: number; readonly ranks: readonly (HolderRank | null)[] }
  /** Asks for the leaves (`index` 0), or the chunk before `index`. */
  | { readonly type: 'blob-want'; readonly blob: string; readonly index: number }
  /** Empty when it is not there. */
  | { readonly type: 'blob-piece'; readonly blob: string; readonly index: number; readonly bytes: Uint8Array }
  /** On the sender's disk now; null: not, and not waited for any more. */
  | { readonly type: 'blobs-got'; readonly blob: string; readonly rank: HolderRank | null }

/** What two stations say to each other. Everything else about them travels inside segments. */
export type Message =
  | BlobMessage
  /**
   * `port`: where the sender listens on the LAN, 0 when it does not. `knows`: whether it knows the receiver to belong.
   * `features`: what the sender understands. `resumes`: said on a wire that was on standby, for the other one is gone.
   * `sum`: 32 bytes over all that both may hold, where the sender knows of nothing new since both were last equal; its
   * heads then wait for the receiver's greeting (sum.ts).
   */
  | ({
      readonly type: 'hello'
      readonly community: string
      readonly name: string
      readonly port: number
      readonly knows: boolean
      readonly features: readonly string[]
      readonly resumes: boolean
      readonly sum: Uint8Array | null
    } & ProtocolRange)
  /**
   * How far the sender holds each log, held entries included; an answer to `asks` is a `heads` that does not ask.
   * `heard`: how many questions (`heads` that ask, and `carry`) of the receiver the sender had heard by then.
   */
  | {
      readonly type: 'heads'
      readonly asks: boolean
      readonly heard?: number
      readonly spaces: readonly { readonly space: string; readonly heads: readonly EntryRef[] }[]
    }
  | { readonly type: 'segment'; readonly bytes: Uint8Array }
  /** Several in the form that is packed well, for who reads what is in them: see core's trunk/lean-form.ts. */
  | { readonly type: 'lean'; readonly count: number; readonly bytes: Uint8Array }
  /** The sender could not make segments of what came so: from here on they are to come as they are. */
  | { readonly type: 'as-is' }
  /**
   * Segments taken in by the receiver, counted from the start of this session. `isWhole`: all that this one adds is on
   * its disk; else something was refused, or came before its past, and the receiver's next heads say what it holds.
   */
  | { readonly type: 'ack'; readonly count: number; readonly isWhole: boolean }
  /** Sent when the sender has nothing left to send: what it holds, to be compared. */
  | { readonly type: 'digest'; readonly spaces: readonly SpaceDigestWire[] }
  | ({ readonly type: 'ping' } & Ping)
  /** A newcomer's request, as JSON text; answered by `granted`. */
  | { readonly type: 'join'; readonly request: string }
  | { readonly type: 'granted'; readonly problem: string | null }
  | { readonly type: 'bye'; readonly reason: string }
  /**
   * A segment that begins with a checkpoint, whose manifest and pages the sender has. `isNeeded`: it stands for what
   * the sender does not have any more. Segments of that space wait for the receiver's heads, or for a `decline`.
   */
  | { readonly type: 'offer'; readonly segment: Uint8Array; readonly isNeeded: boolean }
  | { readonly type: 'decline'; readonly entry: Uint8Array }
  /** Asks for a manifest or a page by its hash, from an offset on. */
  | { readonly type: 'want'; readonly hash: Uint8Array; readonly offset: number }
  /** `total`: the size of the whole; 0 when it is not there. */
  | {
      readonly type: 'piece'
      readonly hash: Uint8Array
      readonly total: number
      readonly offset: number
      readonly bytes: Uint8Array
    }
  /**
   * The sender carries sealed segments for others: of these spaces, which it may not hold, it has up to these heads,
   * and has room for so many bytes more.
   */
  | {
      readonly type: 'carry'
      readonly roomBytes: number
      readonly spaces: readonly { readonly space: string; readonly heads: readonly EntryRef[] }[]
    }
  /** The last word on a wire that is kept on standby, until a `hello` that resumes. */
  | { readonly type: 'rest' }
  /** What a gateway, whose clock is set, says the time is: milliseconds since 1970. */
  | { readonly type: 'time'; readonly atMs: number }
  /** A kind that only a newer station knows. */
  | { readonly type: 'unknown'; readonly kind: number }

/** What this station says of itself first. */
export const greeting = (
  said: Pick<Extract<Message, { type: 'hello' }>, 'community' | 'name' | 'port' | 'knows'>,
  resumes = false,
  sum: Uint8Array | null = null,
): Message => ({ type: 'hello', ...PROTOCOL, ...said, features: FEATURES, resumes, sum })

const MAX_ASKED_BLOBS = 1024

const rankToWire = (rank: HolderRank | null): number => (rank === null ? 0 : rank + 1)
const rankFromWire = (value: unknown): HolderRank | null | undefined =>
  value === 0 ? null : value === 1 ? 0 : value === 2 ? 1 : value === 3 ? 2 : undefined

function parseBlob(value: unknown): string | null {
  const blob = isBytes(value, 32) ? toHex(value) : null
  return isBlob(blob) ? blob : null
}
function parseBlobs(value: unknown): string[] | null {
  if (!Array.isArray(value) || value.length > MAX_ASKED_BLOBS) return null
  const blobs = value.map(parseBlob)
  return blobs.every((blob) => blob !== null) ? blobs : null
}

const refToWire = (ref: EntryRef) => [Buffer.from(ref.log, 'hex'), ref.seq, ref.hash]

export function encodeMessage(message: Message): Uint8Array {
  switch (message.type) {
    case 'hello':
      return encodeCbor([
        0,
        [message.oldest, message.newest],
        message.community,
        message.name,
        message.port,
        message.knows,
        message.features,
        message.resumes,
        ...(message.sum ? [message.sum] : []),
      ])
    case 'heads':
      return encodeCbor([1, message.asks, headsToWire(message.spaces), message.heard ?? 0])
    case 'segment':
      return encodeCbor([2, message.bytes])
    case 'ack':
      return encodeCbor([3, message.count, message.isWhole])
    case 'digest':
      return encodeCbor([
        4,
        message.spaces.map(({ space, entries, digest, records, onTrust }) => [
          space,
          entries,
          digest,
          records,
          onTrust,
        ]),
      ])
    case 'ping':
      return encodeCbor([5, message.sentMs, message.echoMs, message.heldMs])
    case 'join':
      return encodeCbor([6, message.request])
    case 'granted':
      return encodeCbor([7, message.problem])
    case 'bye':
      return encodeCbor([8, message.reason])
    case 'offer':
      return encodeCbor([9, message.segment, message.isNeeded])
    case 'decline':
      return encodeCbor([10, message.entry])
    case 'want':
      return encodeCbor([11, message.hash, message.offset])
    case 'piece':
      return encodeCbor([12, message.hash, message.total, message.offset, message.bytes])
    case 'carry':
      return encodeCbor([13, message.roomBytes, headsToWire(message.spaces)])
    case 'rest':
      return encodeCbor([14])
    case 'unknown':
      return encodeCbor([message.kind])
    case 'blobs-ask':
      return encodeCbor([15, message.round, message.lacked.map(fromHex), message.held.map(fromHex)])
    case 'blobs-have':
      return encodeCbor([16, message.round, Uint8Array.from(message.ranks, rankToWire)])
    case 'blob-want':
      return encodeCbor([17, fromHex(message.blob), message.index])
    case 'blob-piece':
      return encodeCbor([18, fromHex(message.blob), message.index, message.bytes])
    case 'blobs-got':
      return encodeCbor([19, fromHex(message.blob), rankToWire(message.rank)])
    case 'time':
      return encodeCbor([20, message.atMs])
    case 'lean':
      return encodeCbor([21, message.count, message.bytes])
    case 'as-is':
      return encodeCbor([22])
  }
}

/** Fields behind those known here are a newer station's. */
const hasFields = (value: unknown, atLeast: number): value is unknown[] =>
  Array.isArray(value) && value.length >= atLeast

const headsToWire = (spaces: Extract<Message, { type: 'heads' }>['spaces']) =>
  spaces.map(({ space, heads }) => [space, heads.map(refToWire)])

function parseHeads(value: unknown): Extract<Message, { type: 'heads' }>['spaces'] | null {
  if (!Array.isArray(value)) return null
  const spaces = []
  for (const item of value) {
    if (!hasFields(item, 2) || !isId(item[0]) || !Array.isArray(item[1])) return null
    const heads: EntryRef[] = []
    for (const ref of item[1]) {
      if (!hasFields(ref, 3) || !isBytes(ref[0], 16) || !isCount(ref[1]) || !isBytes(ref[2], 32)) return null
      heads.push({ log: toHex(ref[0]), seq: ref[1], hash: ref[2] })
    }
    spaces.push({ space: item[0], heads })
  }
  return spaces
}

function parseHello(wire: unknown[]): Message | null {
  const [, range, community, name, port, knows, features, resumes] = wire
  if (!hasFields(wire, 8) || !hasFields(range, 2) || !isCount(range[0]) || !isCount(range[1])) return null
  if (!isId(community) || !isText(name) || typeof knows !== 'boolean') return null
  if (!isCount(port) || port > MAX_PORT) return null
  if (!Array.isArray(features) || features.length > MAX_FEATURES || !features.every((f) => isText(f, 40)))
    return null
  if (typeof resumes !== 'boolean') return null
  const [oldest, newest] = range
  const sum = isBytes(wire[8], 32) ? wire[8] : null
  return { type: 'hello', oldest, newest, community, name, port, knows, features, resumes, sum }
}

export function parseMessage(bytes: Uint8Array): Result<Message> {
  const decoded = decodeCbor(bytes, MAX_MESSAGE_BYTES)
  if (!decoded.ok) return decoded
  const wire = decoded.value
  const malformed = () => fail({ type: 'malformed', detail: 'message' })
  if (!Array.isArray(wire)) return malformed()
  switch (wire[0]) {
    case 0: {
      const hello = parseHello(wire)
      return hello ? ok(hello) : malformed()
    }
    case 1: {
      const spaces = hasFields(wire, 3) ? parseHeads(wire[2]) : null
      const heard = isCount(wire[3]) ? wire[3] : 0
      return spaces && typeof wire[1] === 'boolean'
        ? ok({ type: 'heads', asks: wire[1], spaces, heard })
        : malformed()
    }
    case 2:
      return hasFields(wire, 2) && isBytes(wire[1]) ? ok({ type: 'segment', bytes: wire[1] }) : malformed()
    case 3:
      return hasFields(wire, 3) && isCount(wire[1]) && typeof wire[2] === 'boolean'
        ? ok({ type: 'ack', count: wire[1], isWhole: wire[2] })
        : malformed()
    case 4: {
      if (!hasFields(wire, 2) || !Array.isArray(wire[1])) return malformed()
      const spaces: SpaceDigestWire[] = []
      for (const item of wire[1]) {
        if (!hasFields(item, 5) || !isId(item[0]) || !isCount(item[1]) || !isText(item[2], 64))
          return malformed()
        if (item[3] !== null && !isText(item[3], 64)) return malformed()
        if (typeof item[4] !== 'boolean') return malformed()
        const [space, entries, digest, records, onTrust] = item
        spaces.push({ space, entries, digest, records, onTrust })
      }
      return ok({ type: 'digest', spaces })
    }
    case 5:
      return hasFields(wire, 4) && isCount(wire[1]) && isCount(wire[2]) && isCount(wire[3])
        ? ok({ type: 'ping', sentMs: wire[1], echoMs: wire[2], heldMs: wire[3] })
        : malformed()
    case 6:
      return hasFields(wire, 2) && isText(wire[1], 20_000)
        ? ok({ type: 'join', request: wire[1] })
        : malformed()
    case 7:
      return hasFields(wire, 2) && (wire[1] === null || isText(wire[1]))
        ? ok({ type: 'granted', problem: wire[1] })
        : malformed()
    case 8:
      return hasFields(wire, 2) && isText(wire[1]) ? ok({ type: 'bye', reason: wire[1] }) : malformed()
    case 9:
      return hasFields(wire, 3) && isBytes(wire[1]) && typeof wire[2] === 'boolean'
        ? ok({ type: 'offer', segment: wire[1], isNeeded: wire[2] })
        : malformed()
    case 10:
      return hasFields(wire, 2) && isBytes(wire[1], 32)
        ? ok({ type: 'decline', entry: wire[1] })
        : malformed()
    case 11:
      return hasFields(wire, 3) && isBytes(wire[1], 32) && isCount(wire[2])
        ? ok({ type: 'want', hash: wire[1], offset: wire[2] })
        : malformed()
    case 12:
      return hasFields(wire, 5) &&
        isBytes(wire[1], 32) &&
        isCount(wire[2]) &&
        isCount(wire[3]) &&
        isBytes(wire[4])
        ? ok({ type: 'piece', hash: wire[1], total: wire[2], offset: wire[3], bytes: wire[4] })
        : malformed()
    case 13: {
      const spaces = hasFields(wire, 3) ? parseHeads(wire[2]) : null
      return spaces && isCount(wire[1]) ? ok({ type: 'carry', roomBytes: wire[1], spaces }) : malformed()
    }
    case 14:
      return ok({ type: 'rest' })
    case 15: {
      if (!hasFields(wire, 4) || !isCount(wire[1])) return malformed()
      const lacked = parseBlobs(wire[2])
      const held = parseBlobs(wire[3])
      if (!lacked || !held || lacked.length + held.length > MAX_ASKED_BLOBS) return malformed()
      return ok({ type: 'blobs-ask', round: wire[1], lacked, held })
    }
    case 16: {
      if (!hasFields(wire, 3) || !isCount(wire[1]) || !isBytes(wire[2]) || wire[2].length > MAX_ASKED_BLOBS)
        return malformed()
      const ranks: (HolderRank | null)[] = []
      for (const one of wire[2]) {
        const rank = rankFromWire(one)
        if (rank === undefined) return malformed()
        ranks.push(rank)
      }
      return ok({ type: 'blobs-have', round: wire[1], ranks })
    }
    case 17: {
      const blob = parseBlob(wire[1])
      return hasFields(wire, 3) && blob && isCount(wire[2]) && wire[2] <= MAX_CHUNKS
        ? ok({ type: 'blob-want', blob, index: wire[2] })
        : malformed()
    }
    case 18: {
      const blob = parseBlob(wire[1])
      return hasFields(wire, 4) && blob && isCount(wire[2]) && isBytes(wire[3])
        ? ok({ type: 'blob-piece', blob, index: wire[2], bytes: wire[3] })
        : malformed()
    }
    case 19: {
      const blob = parseBlob(wire[1])
      const rank = rankFromWire(wire[2])
      return hasFields(wire, 3) && blob && rank !== undefined
        ? ok({ type: 'blobs-got', blob, rank })
        : malformed()
    }
    case 20:
      return hasFields(wire, 2) && isCount(wire[1]) ? ok({ type: 'time', atMs: wire[1] }) : malformed()
    case 21:
      return hasFields(wire, 3) &&
        isCount(wire[1]) &&
        wire[1] > 0 &&
        wire[1] <= MAX_LEAN_SEGMENTS &&
        isBytes(wire[2])
        ? ok({ type: 'lean', count: wire[1], bytes: wire[2] })
        : malformed()
    case 22:
      return ok({ type: 'as-is' })
    default:
      return isCount(wire[0]) ? ok({ type: 'unknown', kind: wire[0] }) : malformed()
  }
}
