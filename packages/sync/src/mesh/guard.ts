import type { GoodbyeReason } from './frames.ts'
import { guardedConnection } from './guarded-connection.ts'
import type { Lane } from './lane.ts'
import {
  createNeighbour,
  type EndReason,
  type Neighbour,
  type NeighbourLimits,
  neighbourLimits,
} from './neighbour.ts'
import { createPenalties } from './penalties.ts'
import type { RtcLibrary } from './rtc.ts'
import { createSignalGate, type SignalledConnection } from './signal-gate.ts'
import type { SignalMessage } from './signal-message.ts'
import { keyToHex, type StationSigner } from './station-key.ts'
import { createTokenBucket } from './token-bucket.ts'

/** Open neighbours at most; more would make the n(n-1) gossip of the room heavy. */
export const neighboursAtMost = 8
/** We look for company by ourselves up to this many; up to the limit others may join us. */
const neighboursWanted = 4
/** Connections that have proved nothing yet. */
const pendingAtMost = 8
/** A link that ended sooner than this after opening counts as a failure. */
const steadyAfterMs = 5_000
/** A station that was heard this recently is alive, so a second connection with its key is refused. */
const aliveWithinMs = 3_500

export type GuardOptions = {
  readonly rtc: RtcLibrary
  readonly signer: StationSigner
  readonly roomId: Uint8Array
  readonly limits?: Partial<NeighbourLimits>
  readonly inspect: (message: Uint8Array, from: Uint8Array) => Uint8Array | 'malformed' | undefined
  /** Whether this station is in our part of the mesh already, if not next to us. */
  readonly isReachable: (key: Uint8Array) => boolean
  readonly onWire: (lane: Lane) => void
  readonly onGone: (key: Uint8Array, reason: EndReason) => void
  /** Tells the sender of an offer that it was not taken. */
  readonly sayBusy: (to: string, waitMs: number) => void
  /** Somebody may be worth another try after so many ms: announce then. */
  readonly onRetry: (waitMs: number) => void
  readonly random?: () => number
}

export type GuardCounts = { connections: number; refusals: number; malformed: number }

/** Stands between y-webrtc and the world: who may connect, what may pass, when to try again. */
export function createGuard(options: GuardOptions) {
  const limits = { ...neighbourLimits, ...options.limits }
  const penalties = createPenalties(options.random)
  const connectionRate = createTokenBucket({ burst: 24, perSecond: 2 })
  const conns = new Map<string, SignalledConnection & { readonly neighbour: Neighbour }>()
  const counts: GuardCounts = { connections: 0, refusals: 0, malformed: 0 }
  let allowed = new Set<string>()
  let current: string | undefined
  let closing = false

  const isAllowed = (key: Uint8Array) => allowed.has(keyToHex(key))
  const neighbours = () => [...conns.values()].map((conn) => conn.neighbour)
  const openOnes = () => neighbours().filter((neighbour) => neighbour.isOpen())

  const turnAway = (candidate: Neighbour, key: Uint8Array): GoodbyeReason | undefined => {
    const twin = neighbours().find((other) => other !== candidate && sameKey(other.key(), key))
    if (twin && performance.now() - twin.heardAtMs() < aliveWithinMs) return 'duplicate'
    twin?.end('silent')
    const open = openOnes()
    if (open.length < neighboursAtMost) return undefined
    if (options.isReachable(key)) return 'full'
    // A newcomer from outside our part of the mesh: make room, the one put out is reachable another way or comes back.
    open[Math.floor((options.random ?? Math.random)() * open.length)]!.end('full')
    return undefined
  }

  const onEnd = (neighbour: Neighbour, reason: EndReason, key: Uint8Array | undefined) => {
    conns.delete(neighbour.peerId)
    const openedAtMs = neighbour.openedAtMs()
    const nowMs = performance.now()
    if (openedAtMs !== undefined && key) options.onGone(key, reason)
    if (closing || uncounted.has(reason)) return
    const wasSteady = openedAtMs !== undefined && nowMs - openedAtMs > steadyAfterMs
    if (wasSteady && key) penalties.clear(`key ${keyToHex(key)}`)
    if (openedAtMs === undefined) counts.refusals++
    if (wasSteady && !endsForCause.has(reason)) return options.onRetry(0)
    const side = reason.startsWith('peer-') ? 'refused' : undefined
    const waits = [penalties.add(`peer ${neighbour.peerId}`, nowMs, side)]
    // A second run of a station waits for the first to be found dead, no longer.
    const isTwin = reason === 'duplicate' || reason === 'peer-duplicate'
    if (key && !isTwin) waits.push(penalties.add(`key ${keyToHex(key)}`, nowMs, side))
    options.onRetry(Math.max(...waits))
  }

  const connect = (config: unknown) => {
    const peerId = current
    if (peerId === undefined) throw new Error('a peer connection outside of a signal')
    counts.connections++
    const base = new options.rtc.RTCPeerConnection({ ...(config as object), iceServers: [] })
    const neighbour = createNeighbour(peerId, base, {
      signer: options.signer,
      roomId: options.roomId,
      limits,
      isAllowed,
      turnAway,
      inspect: (message, from) => {
        const passed = options.inspect(message, from)
        if (passed === 'malformed') counts.malformed++
        return passed
      },
      onOpen: (opened, _key, lane) => {
        penalties.clear(`peer ${opened.peerId}`)
        options.onWire(lane)
      },
      onEnd,
    })
    const guarded = guardedConnection(base, neighbour)
    conns.set(peerId, {
      neighbour,
      isOpen: neighbour.isOpen,
      hasRemote: guarded.hasRemote,
      beganAtMs: performance.now(),
      supersede: () => neighbour.end('superseded'),
    })
    return guarded.connection
  }

  const waitMs = (message: SignalMessage): number => {
    const nowMs = performance.now()
    return Math.max(
      penalties.waitMs(`peer ${message.from}`, nowMs),
      penalties.waitMs(`key ${keyToHex(message.key)}`, nowMs),
    )
  }

  const mayBegin = (message: SignalMessage): boolean => {
    if (closing || waitMs(message) > 0) return false
    const open = openOnes().length
    const isStranger = !options.isReachable(message.key)
    if (message.type === 'announce') {
      if (!isAllowed(message.key)) return false
      // The one who connects is the one with room to spare, or who hears of a part of the mesh it cannot reach.
      if (conns.size >= neighboursAtMost || (open >= neighboursWanted && !isStranger)) return false
    } else if (open >= neighboursAtMost && !isStranger) return false
    if (conns.size - open >= pendingAtMost) return false
    return connectionRate.take(performance.now())
  }

  const gate = createSignalGate({
    ownKey: options.signer.publicKey,
    connectionTo: (peerId) => conns.get(peerId),
    mayBegin,
    waitMs,
    sayBusy: options.sayBusy,
    onBusy(from, busyMs) {
      const conn = conns.get(from)
      if (!conn || conn.isOpen() || conn.hasRemote()) return
      penalties.hold(`peer ${from}`, performance.now(), busyMs)
      conn.neighbour.end('busy-there')
      options.onRetry(busyMs)
    },
    deliver: ({ message, deliver }) => {
      current = message.from
      try {
        deliver()
      } finally {
        current = undefined
      }
    },
  })

  return {
    /** For `peerOpts.wrtc`. */
    wrtc: {
      RTCPeerConnection: function RTCPeerConnection(config: unknown) {
        return connect(config)
      },
      RTCSessionDescription: options.rtc.RTCSessionDescription,
      RTCIceCandidate: options.rtc.RTCIceCandidate,
    },
    /** Gives y-webrtc a signal if it may have it; connections it makes meanwhile belong to the sender. */
    pass: gate.pass,
    /** To be called now and then. */
    retry: gate.retry,
    /** Whether there is room for more neighbours, so a reason to be heard. */
    isLooking: () => !closing && openOnes().length < neighboursAtMost,
    setAllowed(keys: readonly Uint8Array[]) {
      const next = new Set(keys.map(keyToHex))
      const added = [...next].filter((key) => !allowed.has(key))
      for (const key of added) penalties.clear(`key ${key}`)
      // Peer ids are no keys: any of them may be the one that was added.
      if (added.length > 0) penalties.clearAll('peer ')
      allowed = next
      for (const neighbour of neighbours()) {
        const key = neighbour.key()
        if (key && !isAllowed(key)) neighbour.end('not-allowed')
      }
    },
    isAllowed,
    openNeighbours: () =>
      openOnes().map((neighbour) => ({ key: neighbour.key()!, openedAtMs: neighbour.openedAtMs()! })),
    waiting: () => penalties.list(),
    counts: () => ({ ...counts, signalsDropped: gate.dropped() }),
    isDrained: () => openOnes().every((neighbour) => neighbour.isDrained()),
    close() {
      closing = true
      for (const neighbour of neighbours()) neighbour.end('leaving')
    },
  }
}

export type Guard = ReturnType<typeof createGuard>

/** Ends that are no accident of the network: even after a long life they cost a wait. */
const endsForCause = new Set<EndReason>([
  'not-allowed',
  'peer-refused',
  'garbage',
  'lane-fault',
  'overflow',
  'protocol',
  'peer-protocol',
  'full',
  'peer-full',
  'wire-closed',
  'peer-wire-closed',
])

/** Ends that say nothing about the other station. */
const uncounted = new Set<EndReason>(['peer-leaving', 'superseded', 'busy-there'])

const sameKey = (a: Uint8Array | undefined, b: Uint8Array) => a !== undefined && Buffer.compare(a, b) === 0
