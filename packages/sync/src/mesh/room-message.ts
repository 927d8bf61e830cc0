import type { Problem, Result } from '@doorstep/core'
import { decodeStateVector, decodeUpdate } from 'yjs'
import { createByteReader, encodeVarUint } from './byte-reader.ts'

/** One client's entry in an awareness message; `json` is its state, `null` for a client that is gone. */
export type AwarenessEntry = { readonly clientId: number; readonly clock: number; readonly json: string }

/** The messages of y-webrtc that a station lets in. */
export type RoomMessage =
  | { readonly type: 'sync-step-1' }
  | { readonly type: 'document'; readonly updateBytes: number }
  | { readonly type: 'awareness'; readonly entries: readonly AwarenessEntry[] }

export type RoomMessageProblem =
  | { readonly type: 'room-message-unused'; readonly messageType: number }
  | { readonly type: 'room-message-malformed'; readonly detail: string }

const messageSync = 0
const messageAwareness = 1
/** 3 asks for everybody's awareness, 4 names BroadcastChannel peers; y-webrtc sends neither over WebRTC to a peer like us. */
const messagesUnused = new Set([3, 4])
const entriesLimit = 256
const entryJsonLimitBytes = 4096

/**
 * Reads a message to its last byte before y-webrtc may: its own reader throws on malformed ones inside a
 * stream handler, which ends the process. Yjs content is decoded once here, in the V1 format only.
 */
export function parseRoomMessage(bytes: Uint8Array): Result<RoomMessage, RoomMessageProblem> {
  const reader = createByteReader(bytes)
  const messageType = reader.readVarUint()
  if (reader.hasFailed()) return malformed('empty')
  if (messagesUnused.has(messageType))
    return { ok: false, problem: { type: 'room-message-unused', messageType } }
  if (messageType === messageSync) return parseSync(reader)
  if (messageType === messageAwareness) return parseAwareness(reader)
  return malformed(`type ${messageType}`)
}

function parseSync(reader: ReturnType<typeof createByteReader>): Result<RoomMessage, RoomMessageProblem> {
  const kind = reader.readVarUint()
  const payload = reader.readBytes()
  if (!reader.isDone()) return malformed('sync message of a wrong length')
  if (kind === 0)
    return canDecode(() => decodeStateVector(payload))
      ? { ok: true, value: { type: 'sync-step-1' } }
      : malformed('state vector')
  if (kind === 1 || kind === 2)
    return canDecode(() => decodeUpdate(payload))
      ? { ok: true, value: { type: 'document', updateBytes: payload.length } }
      : malformed('update')
  return malformed(`sync message ${kind}`)
}

function parseAwareness(outer: ReturnType<typeof createByteReader>): Result<RoomMessage, RoomMessageProblem> {
  const reader = createByteReader(outer.readBytes())
  if (!outer.isDone()) return malformed('awareness message of a wrong length')
  const count = reader.readVarUint()
  if (count > entriesLimit) return malformed(`${count} awareness entries`)
  const entries: AwarenessEntry[] = []
  for (let n = 0; n < count && !reader.hasFailed(); n++) {
    const clientId = reader.readVarUint()
    const clock = reader.readVarUint()
    const text = reader.readBytes()
    if (clientId > 0xffff_ffff || clock > 0x7fff_ffff) return malformed('awareness client or clock')
    if (text.length > entryJsonLimitBytes) return malformed('awareness state too large')
    const json = Buffer.from(text).toString()
    if (!canDecode(() => JSON.parse(json))) return malformed('awareness state is no JSON')
    entries.push({ clientId, clock, json })
  }
  return reader.isDone()
    ? { ok: true, value: { type: 'awareness', entries } }
    : malformed('awareness entries')
}

/** The whole y-webrtc message, type byte included. */
export function encodeAwarenessMessage(entries: readonly AwarenessEntry[]): Uint8Array {
  const body = Buffer.concat([
    Uint8Array.from(encodeVarUint(entries.length)),
    ...entries.flatMap(({ clientId, clock, json }) => [
      Uint8Array.from([...encodeVarUint(clientId), ...encodeVarUint(clock)]),
      Uint8Array.from(encodeVarUint(Buffer.byteLength(json))),
      Buffer.from(json),
    ]),
  ])
  return Buffer.concat([Uint8Array.from([messageAwareness, ...encodeVarUint(body.length)]), body])
}

/** The decoders of Yjs say no by throwing. */
function canDecode(decode: () => unknown): boolean {
  try {
    decode()
    return true
  } catch {
    return false
  }
}

const malformed = (detail: string): { ok: false; problem: RoomMessageProblem & Problem } => ({
  ok: false,
  problem: { type: 'room-message-malformed', detail },
})
