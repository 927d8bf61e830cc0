import {
  decodeCbor,
  type EntryRef,
  encodeCbor,
  fail,
  isBytes,
  isCount,
  isId,
  isText,
  isTuple,
  ok,
  type Result,
  toHex,
} from '@doorstep/core'
import type { Ping } from './pulse.ts'

export const PROTOCOL_VERSION = 1
export const MAX_MESSAGE_BYTES = 1024 * 1024

export type SpaceDigestWire = {
  readonly space: string
  readonly entries: number
  readonly digest: string
  readonly records: string | null
  /** The records stand on a checkpoint that nobody has compared: no word against another's. */
  readonly onTrust: boolean
}

/** What two stations say to each other. Everything else about them travels inside segments. */
export type Message =
  /** `port`: where the sender listens on the LAN, 0 when it does not. `knows`: whether it knows the receiver to belong. */
  | {
      readonly type: 'hello'
      readonly version: number
      readonly community: string
      readonly name: string
      readonly port: number
      readonly knows: boolean
    }
  /** How far the sender holds each log, held entries included; an answer to `asks` is a `heads` that does not ask. */
  | {
      readonly type: 'heads'
      readonly asks: boolean
      readonly spaces: readonly { readonly space: string; readonly heads: readonly EntryRef[] }[]
    }
  | { readonly type: 'segment'; readonly bytes: Uint8Array }
  /**
   * Segments taken in by the receiver, counted from the start of this session. `isWhole`: all that this one adds is on
   * its disk; else something was refused, or came before its past, and the receiver's next heads say what it holds.
   */
  | { readonly type: 'ack'; readonly count: number; readonly isWhole: boolean }
  /** Sent when the sender has nothing left to send: what it holds, to be compared. `ofAcks`: segments it had taken in. */
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

const refToWire = (ref: EntryRef) => [Buffer.from(ref.log, 'hex'), ref.seq, ref.hash]

export function encodeMessage(message: Message): Uint8Array {
  switch (message.type) {
    case 'hello':
      return encodeCbor([0, message.version, message.community, message.name, message.port, message.knows])
    case 'heads':
      return encodeCbor([
        1,
        message.asks,
        message.spaces.map(({ space, heads }) => [space, heads.map(refToWire)]),
      ])
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
  }
}

export function parseMessage(bytes: Uint8Array): Result<Message> {
  const decoded = decodeCbor(bytes, MAX_MESSAGE_BYTES)
  if (!decoded.ok) return decoded
  const wire = decoded.value
  const malformed = () => fail({ type: 'malformed', detail: 'message' })
  if (!Array.isArray(wire)) return malformed()
  switch (wire[0]) {
    case 0:
      return isTuple(wire, 6) &&
        isCount(wire[1]) &&
        isId(wire[2]) &&
        isText(wire[3]) &&
        isCount(wire[4]) &&
        typeof wire[5] === 'boolean'
        ? ok({
            type: 'hello',
            version: wire[1],
            community: wire[2],
            name: wire[3],
            port: wire[4],
            knows: wire[5],
          })
        : malformed()
    case 1: {
      if (!isTuple(wire, 3) || typeof wire[1] !== 'boolean' || !Array.isArray(wire[2])) return malformed()
      const spaces = []
      for (const item of wire[2]) {
        if (!isTuple(item, 2) || !isId(item[0]) || !Array.isArray(item[1])) return malformed()
        const heads: EntryRef[] = []
        for (const ref of item[1]) {
          if (!isTuple(ref, 3) || !isBytes(ref[0], 16) || !isCount(ref[1]) || !isBytes(ref[2], 32))
            return malformed()
          heads.push({ log: toHex(ref[0]), seq: ref[1], hash: ref[2] })
        }
        spaces.push({ space: item[0], heads })
      }
      return ok({ type: 'heads', asks: wire[1], spaces })
    }
    case 2:
      return isTuple(wire, 2) && isBytes(wire[1]) ? ok({ type: 'segment', bytes: wire[1] }) : malformed()
    case 3:
      return isTuple(wire, 3) && isCount(wire[1]) && typeof wire[2] === 'boolean'
        ? ok({ type: 'ack', count: wire[1], isWhole: wire[2] })
        : malformed()
    case 4: {
      if (!isTuple(wire, 2) || !Array.isArray(wire[1])) return malformed()
      const spaces: SpaceDigestWire[] = []
      for (const item of wire[1]) {
        if (!isTuple(item, 5) || !isId(item[0]) || !isCount(item[1]) || !isText(item[2], 64))
          return malformed()
        if (item[3] !== null && !isText(item[3], 64)) return malformed()
        if (typeof item[4] !== 'boolean') return malformed()
        const [space, entries, digest, records, onTrust] = item
        spaces.push({ space, entries, digest, records, onTrust })
      }
      return ok({ type: 'digest', spaces })
    }
    case 5:
      return isTuple(wire, 4) && isCount(wire[1]) && isCount(wire[2]) && isCount(wire[3])
        ? ok({ type: 'ping', sentMs: wire[1], echoMs: wire[2], heldMs: wire[3] })
        : malformed()
    case 6:
      return isTuple(wire, 2) && isText(wire[1], 20_000)
        ? ok({ type: 'join', request: wire[1] })
        : malformed()
    case 7:
      return isTuple(wire, 2) && (wire[1] === null || isText(wire[1]))
        ? ok({ type: 'granted', problem: wire[1] })
        : malformed()
    case 8:
      return isTuple(wire, 2) && isText(wire[1]) ? ok({ type: 'bye', reason: wire[1] }) : malformed()
    case 9:
      return isTuple(wire, 3) && isBytes(wire[1]) && typeof wire[2] === 'boolean'
        ? ok({ type: 'offer', segment: wire[1], isNeeded: wire[2] })
        : malformed()
    case 10:
      return isTuple(wire, 2) && isBytes(wire[1], 32) ? ok({ type: 'decline', entry: wire[1] }) : malformed()
    case 11:
      return isTuple(wire, 3) && isBytes(wire[1], 32) && isCount(wire[2])
        ? ok({ type: 'want', hash: wire[1], offset: wire[2] })
        : malformed()
    case 12:
      return isTuple(wire, 5) &&
        isBytes(wire[1], 32) &&
        isCount(wire[2]) &&
        isCount(wire[3]) &&
        isBytes(wire[4])
        ? ok({ type: 'piece', hash: wire[1], total: wire[2], offset: wire[3], bytes: wire[4] })
        : malformed()
    default:
      return fail({ type: 'unknown-message', kind: isCount(wire[0]) ? wire[0] : null })
  }
}
