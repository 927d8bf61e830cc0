import { channelFacade } from './channel-facade.ts'
import {
  createReassembler,
  cutMessage,
  encodeFrame,
  frameType,
  type GoodbyeReason,
  goodbyeReasons,
} from './frames.ts'
import { createLane, type Lane } from './lane.ts'
import { createOutlet } from './outlet.ts'
import { createProof, type ProofFailure } from './proof.ts'
import type { RtcChannel, RtcConnection } from './rtc.ts'
import type { StationSigner } from './station-key.ts'

/** Why a connection ended. What the other side told us starts with `peer-`. */
export type EndReason =
  | GoodbyeReason
  | `peer-${GoodbyeReason}`
  | Exclude<ProofFailure['type'], 'turned-away'>
  | 'connect-timeout'
  | 'handshake-timeout'
  | 'silent'
  | 'garbage'
  | 'overflow'
  | 'lane-fault'
  | 'transport-closed'
  | 'closed-here'
  | 'superseded'
  | 'busy-there'

export type NeighbourLimits = {
  /** From the first signal to open channels. */
  readonly connectTimeoutMs: number
  /** From open channels to both proofs. */
  readonly handshakeTimeoutMs: number
  readonly keepaliveMs: number
  /** Nothing heard for this long: dead. */
  readonly silenceMs: number
  /** The longest y-webrtc message, after reassembly. */
  readonly messageLimitBytes: number
  /** Malformed messages of a proved peer before it is cut off. */
  readonly strikesLimit: number
}

export const neighbourLimits: NeighbourLimits = {
  connectTimeoutMs: 10_000,
  handshakeTimeoutMs: 8_000,
  keepaliveMs: 2_000,
  silenceMs: 6_000,
  messageLimitBytes: 4_194_304,
  strikesLimit: 16,
}

/** y-webrtc's messages go in frames of at most this. */
const roomFrameBytes = 16_384
/** What y-webrtc may have waiting here; it never looks, so beyond this the peer is too slow to keep. */
const outgoingLimitBytes = 16_777_216

export type NeighbourDeps = {
  readonly signer: StationSigner
  readonly roomId: Uint8Array
  readonly limits: NeighbourLimits
  readonly isAllowed: (key: Uint8Array) => boolean
  /** Last word before a proved peer is accepted: undefined to accept it. */
  readonly turnAway: (neighbour: Neighbour, key: Uint8Array) => GoodbyeReason | undefined
  /** What y-webrtc may read of a message: the message, a reduced one, or nothing; 'malformed' counts as a strike. */
  readonly inspect: (message: Uint8Array, from: Uint8Array) => Uint8Array | 'malformed' | undefined
  readonly onOpen: (neighbour: Neighbour, key: Uint8Array, lane: Lane) => void
  readonly onEnd: (neighbour: Neighbour, reason: EndReason, claimedKey: Uint8Array | undefined) => void
}

/** One peer connection, from the first signal to the end, with the channel y-webrtc believes it has. */
export type Neighbour = {
  /** Id of the other side at the signaling servers; fresh for every run of it, and proved by nothing. */
  readonly peerId: string
  readonly channel: ReturnType<typeof channelFacade>
  readonly isOpen: () => boolean
  /** Set once the peer has proved it. */
  readonly key: () => Uint8Array | undefined
  readonly heardAtMs: () => number
  readonly openedAtMs: () => number | undefined
  readonly isDrained: () => boolean
  /** Ends it; a goodbye reason is told to the other side first. */
  end(reason: EndReason): void
}

const isGoodbye = (reason: EndReason): reason is GoodbyeReason =>
  (goodbyeReasons as readonly string[]).includes(reason)

export function createNeighbour(peerId: string, connection: RtcConnection, deps: NeighbourDeps): Neighbour {
  const { limits } = deps
  // Negotiated on both sides: no waiting for the other's channel, and none of a third kind.
  const room = openChannel(connection, 'room/1', 101)
  const side = openChannel(connection, 'doorstep/1', 100)
  const outlet = createOutlet(room, () => end('transport-closed'))
  const reassembler = createReassembler(limits.messageLimitBytes)
  let waitingBytes = 0
  let lane: Lane | undefined
  let key: Uint8Array | undefined
  let state: 'connecting' | 'proving' | 'open' | 'ended' = 'connecting'
  let openedAtMs: number | undefined
  let heardAtMs = performance.now()
  let strikes = 0

  const proof = createProof({
    signer: deps.signer,
    roomId: deps.roomId,
    isAllowed: deps.isAllowed,
    turnAway: (provedKey) => deps.turnAway(neighbour, provedKey),
    send: (frame) => outlet.pushNow(frame),
    descriptions: () => ({
      local: connection.localDescription?.sdp,
      remote: connection.remoteDescription?.sdp,
    }),
  })

  const channel = channelFacade({
    send(message) {
      if (state !== 'open') return
      waitingBytes += message.length
      if (waitingBytes > outgoingLimitBytes) return end('overflow')
      outlet.push(cutMessage(message, roomFrameBytes), () => {
        waitingBytes -= message.length
      })
    },
    close: () => end('closed-here'),
    bufferedAmount: () => waitingBytes,
  })

  let deadline = setTimeout(() => end('connect-timeout'), limits.connectTimeoutMs)
  let pulse: NodeJS.Timeout | undefined

  const onChannelOpen = () => {
    if (state !== 'connecting' || room.readyState !== 'open' || side.readyState !== 'open') return
    state = 'proving'
    clearTimeout(deadline)
    deadline = setTimeout(() => end('handshake-timeout'), limits.handshakeTimeoutMs)
    proof.begin()
  }

  /** A peer is dead when it was silent while we were awake: a stall of our own does not count against it. */
  const startPulse = () => {
    let lastBeatMs = performance.now()
    let sentAtMs = 0
    pulse = setInterval(() => {
      const nowMs = performance.now()
      if (nowMs - lastBeatMs > limits.silenceMs / 2)
        heardAtMs = Math.max(heardAtMs, nowMs - limits.silenceMs / 2)
      lastBeatMs = nowMs
      if (nowMs - heardAtMs > limits.silenceMs) return end('silent')
      if (nowMs - sentAtMs < limits.keepaliveMs) return
      sentAtMs = nowMs
      outlet.pushNow(encodeFrame(frameType.keepalive))
    }, limits.keepaliveMs / 4)
  }

  const onVerified = (provedKey: Uint8Array) => {
    if (lane) return
    lane = createLane({
      channel: side,
      peerKey: provedKey,
      onFault: () => end('lane-fault'),
      onClose: () => end('wire-closed'),
    })
  }

  const onProofStep = (type: number, body: Uint8Array) => {
    const step = proof.receive(type, body)
    if (step.type === 'waiting') return
    if (step.type === 'failed') {
      if ('key' in step.failure) key = step.failure.key
      return end(step.failure.type === 'turned-away' ? step.failure.reason : step.failure.type)
    }
    key = step.key
    onVerified(step.key)
    if (step.type !== 'open' || !lane) return
    state = 'open'
    clearTimeout(deadline)
    openedAtMs = performance.now()
    startPulse()
    channel.opened()
    deps.onOpen(neighbour, step.key, lane)
  }

  const onRoomData = (data: Uint8Array) => {
    const [type, body] = [data[0], data.subarray(1)]
    if (type === frameType.goodbye) return end(`peer-${goodbyeReasons[body[0] ?? -1] ?? 'leaving'}`)
    if (type === frameType.keepalive) return
    if (type !== frameType.piece && type !== frameType.lastPiece) return onProofStep(type ?? -1, body)
    if (state !== 'open' || !key) return end('out-of-order')
    const result = reassembler.push(body, type === frameType.lastPiece)
    if (result.type === 'too-large') return end('garbage')
    if (result.type === 'more') return
    const passed = deps.inspect(result.message, key)
    if (passed === 'malformed') {
      strikes++
      if (strikes >= limits.strikesLimit) end('garbage')
    } else if (passed) channel.received(passed)
  }

  const onData = (take: (data: Uint8Array) => void) => (event: { data: ArrayBuffer | string }) => {
    if (state === 'ended') return
    if (typeof event.data === 'string') return end('garbage')
    heardAtMs = performance.now()
    take(new Uint8Array(event.data))
  }

  room.onopen = onChannelOpen
  side.onopen = onChannelOpen
  room.onmessage = onData(onRoomData)
  side.onmessage = onData((data) => {
    // An honest peer sends here only after our 'accepted', so after its own proof.
    if (!lane) return end('out-of-order')
    lane.carrier.receive(data)
  })
  connection.ondatachannel = () => end('out-of-order')
  for (const each of [room, side]) {
    each.onclose = () => end('transport-closed')
    each.onerror = () => end('transport-closed')
  }

  const end = (reason: EndReason) => {
    if (state === 'ended') return
    const wasReachable = state !== 'connecting'
    state = 'ended'
    clearTimeout(deadline)
    clearInterval(pulse)
    const told = isGoodbye(reason) ? reason : toldAs[reason]
    if (wasReachable && told) sayGoodbye(room, told)
    outlet.close()
    lane?.carrier.end(reason)
    // After a goodbye the transport gets a moment to carry it; the peer usually closes first.
    if (wasReachable && told) setTimeout(() => connection.close(), 250)
    else connection.close()
    channel.ended()
    deps.onEnd(neighbour, reason, key)
  }

  const neighbour: Neighbour = {
    peerId,
    channel,
    isOpen: () => state === 'open',
    key: () => (lane ? key : undefined),
    heardAtMs: () => heardAtMs,
    openedAtMs: () => openedAtMs,
    isDrained: () => outlet.isEmpty(),
    end,
  }
  return neighbour
}

/** What the other side is told of reasons that are ours alone. */
const toldAs: Partial<Record<EndReason, GoodbyeReason>> = {
  'not-allowed': 'refused',
  'own-key': 'refused',
  'bad-proof': 'refused',
  'malformed-hello': 'protocol',
  'out-of-order': 'protocol',
  garbage: 'protocol',
  overflow: 'protocol',
  'lane-fault': 'protocol',
}

function openChannel(connection: RtcConnection, label: string, id: number): RtcChannel {
  const channel = connection.createDataChannel(label, { negotiated: true, id, ordered: true })
  channel.binaryType = 'arraybuffer'
  return channel
}

function sayGoodbye(room: RtcChannel, reason: GoodbyeReason): void {
  if (room.readyState !== 'open') return
  try {
    room.send(encodeFrame(frameType.goodbye, Uint8Array.of(goodbyeReasons.indexOf(reason))))
  } catch {
    // The channel closed under us: then the peer sees that instead.
  }
}
