import { Awareness } from 'y-protocols/awareness'
import { WebrtcProvider } from 'y-webrtc'
import { Doc } from 'yjs'
import { createGuard } from './guard.ts'
import type { Lane } from './lane.ts'
import type { NeighbourLimits } from './neighbour.ts'
import { type PresenceState, parsePresence, type SeenPresence } from './presence.ts'
import { createPresenceBook } from './presence-book.ts'
import { openPresence, signPresence } from './presence-seal.ts'
import { deriveRoomKeys } from './room-keys.ts'
import { type AwarenessEntry, encodeAwarenessMessage, parseRoomMessage } from './room-message.ts'
import type { RtcLibrary } from './rtc.ts'
import { createSealedSockets } from './sealed-socket.ts'
import { createStationSigner, type StationKeyPair } from './station-key.ts'
import { createTokenBucket } from './token-bucket.ts'

export type RoomOptions = {
  readonly rtc: RtcLibrary
  readonly signalingUrls: readonly string[]
  readonly roomKey: Uint8Array
  readonly station: StationKeyPair
  readonly allowed: readonly Uint8Array[]
  readonly limits?: Partial<NeighbourLimits>
  readonly onWire: (lane: Lane) => void
  readonly onPresence: (list: readonly SeenPresence[]) => void
}

/** Presence is signed anew this often; others forget a station after 25 s. */
const presenceEveryMs = 8_000
const announceEveryMs = 10_000
/** The room's document is for passing things; past this a session takes no more of it. */
const documentBudgetBytes = 33_554_432
/** Awareness clients remembered, so that a peer cannot fill our memory with runs of itself. */
const clientsAtMost = 1_024

/**
 * The community's one y-webrtc room, behind the guard. Once a process: y-webrtc keeps its rooms and sockets in module
 * globals, and `globalThis.WebSocket` becomes the sealed one.
 */
export function openRoom(options: RoomOptions) {
  const keys = deriveRoomKeys(options.roomKey)
  const signer = createStationSigner(options.station)
  const doc = new Doc()
  const awareness = new Awareness(doc)
  const book = createPresenceBook()
  const messageRate = new Map<string, ReturnType<typeof createTokenBucket>>()
  let documentBytes = 0
  let ownText = 'null'

  const listPresence = () => {
    const nowMs = performance.now()
    return book
      .list(nowMs)
      .flatMap(({ key, state, seenAtMs }) =>
        state ? [{ key, state, lastSeen: Math.round(Date.now() - (nowMs - seenAtMs)) }] : [],
      )
  }
  const tellPresence = () => options.onPresence(listPresence())

  /** The clock that awareness will give the next own state is what gets signed. */
  const publishPresence = () => {
    const clock = (awareness.meta.get(doc.clientID)?.clock ?? -1) + 1
    awareness.setLocalState(signPresence(signer, keys.id, { clientId: doc.clientID, clock, text: ownText }))
  }

  const admitEntry = (entry: AwarenessEntry, from: Uint8Array): boolean => {
    // Nobody removes or rewrites another: a station that is gone fades here by itself.
    if (entry.clientId === doc.clientID) return false
    const known = awareness.meta.get(entry.clientId)
    if (known ? entry.clock <= known.clock : awareness.meta.size >= clientsAtMost) return false
    const opened = openPresence(entry, keys.id)
    if (!opened || !guard.isAllowed(opened.key)) return false
    const state = presenceIn(opened.text)
    if (state === undefined) return false
    const isDirect = Buffer.compare(opened.key, from) === 0
    if (book.note({ ...entry, key: opened.key, state }, performance.now(), isDirect)) tellPresence()
    return true
  }

  const inspect = (message: Uint8Array, from: Uint8Array): Uint8Array | 'malformed' | undefined => {
    const id = Buffer.from(from).toString('hex')
    const rate = messageRate.get(id) ?? createTokenBucket({ burst: 2_000, perSecond: 400 })
    messageRate.set(id, rate)
    if (!rate.take(performance.now())) return undefined
    const parsed = parseRoomMessage(message)
    if (!parsed.ok) return parsed.problem.type === 'room-message-malformed' ? 'malformed' : undefined
    if (parsed.value.type === 'sync-step-1') return message
    if (parsed.value.type === 'document') {
      documentBytes += parsed.value.updateBytes
      return documentBytes > documentBudgetBytes ? undefined : message
    }
    const entries = parsed.value.entries.filter((entry) => admitEntry(entry, from))
    return entries.length > 0 ? encodeAwarenessMessage(entries) : undefined
  }

  const guard = createGuard({
    rtc: options.rtc,
    signer,
    roomId: keys.id,
    ...(options.limits ? { limits: options.limits } : {}),
    inspect,
    isReachable: (key) => book.has(key, performance.now()),
    onWire: options.onWire,
    onGone: (key, reason) => {
      messageRate.delete(Buffer.from(key).toString('hex'))
      if (reason !== 'peer-leaving' && reason !== 'not-allowed') return book.lost(key, performance.now())
      if (book.left(key)) tellPresence()
    },
    sayBusy: (to, waitMs) => sockets.sayBusy(to, waitMs),
    onRetry: (waitMs) => announceIn(waitMs + 50 + Math.random() * 200),
  })
  guard.setAllowed(options.allowed)

  const sockets = createSealedSockets({
    topic: keys.name,
    sealKey: keys.sealKey,
    stationKey: signer.publicKey,
    onSignal: guard.pass,
  })
  Object.assign(globalThis, { WebSocket: sockets.Socket })

  // No password: what would be sealed with it is sealed by the socket, which can judge a message before y-webrtc does.
  const provider = new WebrtcProvider(keys.name, doc, {
    signaling: [...options.signalingUrls],
    awareness,
    maxConns: 64,
    filterBcConns: false,
    peerOpts: { wrtc: guard.wrtc, config: { iceServers: [] } },
  })

  let announceAtMs = Number.POSITIVE_INFINITY
  const announceIn = (waitMs: number) => {
    announceAtMs = Math.min(announceAtMs, performance.now() + waitMs)
  }
  let presenceAtMs = 0
  let lastTickMs = performance.now()
  announceIn(announceEveryMs * Math.random())
  const timer = setInterval(() => {
    const nowMs = performance.now()
    if (nowMs >= presenceAtMs) {
      presenceAtMs = nowMs + presenceEveryMs
      publishPresence()
    }
    if (nowMs >= announceAtMs) {
      announceAtMs = nowMs + announceEveryMs * (0.8 + Math.random() * 0.4)
      if (guard.isLooking()) sockets.announce()
    }
    guard.retry()
    if (book.sweep(nowMs, lastTickMs)) tellPresence()
    lastTickMs = nowMs
  }, 200)

  return {
    doc,
    provider,
    guard,
    listPresence,
    /** `text` is JSON from `encodePresence`, or `null`. */
    setPresence(text: string) {
      ownText = text
      publishPresence()
    },
    setAllowed(allowed: readonly Uint8Array[]) {
      guard.setAllowed(allowed)
      for (const { key } of book.list(performance.now())) if (!guard.isAllowed(key)) book.left(key)
      tellPresence()
      announceIn(0)
    },
    connectedUrls: sockets.connectedUrls,
    /** Says goodbye to everybody; resolves when that has left, or after half a second. The process should end then. */
    async leave(): Promise<void> {
      clearInterval(timer)
      ownText = ''
      publishPresence()
      const deadlineMs = performance.now() + 500
      while (!guard.isDrained() && performance.now() < deadlineMs)
        await new Promise((resolve) => setTimeout(resolve, 5))
      guard.close()
      await new Promise((resolve) => setTimeout(resolve, 60))
    },
  }
}

export type Room = ReturnType<typeof openRoom>

/** Undefined for text that is no presence. */
function presenceIn(text: string): PresenceState | null | 'left' | undefined {
  if (text === '') return 'left'
  return text === 'null' ? null : parsePresence(text)
}
