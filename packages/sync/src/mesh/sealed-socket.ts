import { WebSocket } from 'ws'
import { sealText, unsealText } from './seal.ts'
import { parseSignalMessage, type SignalMessage } from './signal-message.ts'
import { createTokenBucket } from './token-bucket.ts'

export type SealedSocketOptions = {
  readonly topic: string
  readonly sealKey: Uint8Array
  readonly stationKey: Uint8Array
  /** Decides about a message from another station; calls `deliver` if y-webrtc may see it. */
  readonly onSignal: (message: SignalMessage, deliver: () => void) => void
}

const messageLimitBytes = 65_536

/**
 * The `WebSocket` that y-webrtc gets for its signaling connections. What it publishes is sealed on the way out; on
 * the way in only what unseals, and has the right shape, is looked at. So a signaling server learns no more than who
 * talks when, and what a stranger publishes in our topic never reaches y-webrtc, whose own decryption would end the
 * process.
 */
export function createSealedSockets(options: SealedSocketOptions) {
  const open = new Map<WebSocket, string>()
  const ownAnnounces = createTokenBucket({ burst: 4, perSecond: 0.5 })
  let ownPeerId: string | undefined

  const seal = (data: object) =>
    sealText(
      options.sealKey,
      options.topic,
      JSON.stringify({ ...data, key: Buffer.from(options.stationKey).toString('base64url') }),
    )

  /** What goes out for what y-webrtc sends; undefined to hold it back. */
  const outgoing = (text: string): string | undefined => {
    const message = JSON.parse(text) as {
      type: string
      topic?: string
      data?: { from: string; type: string }
    }
    if (message.type !== 'publish' || !message.data) return text
    ownPeerId = message.data.from
    // y-webrtc announces itself after every end of a connection, at once and without limit.
    if (message.data.type === 'announce' && !ownAnnounces.take(performance.now())) return undefined
    return JSON.stringify({ type: 'publish', topic: message.topic, data: seal(message.data) })
  }

  const incoming = (text: string, deliver: (text: string) => void) => {
    const message = parseJson(text)
    if (message?.type === 'pong') return deliver('{"type":"pong"}')
    if (message?.type !== 'publish' || message.topic !== options.topic) return
    if (typeof message.data !== 'string') return
    const unsealed = unsealText(options.sealKey, options.topic, message.data)
    const signal = unsealed === undefined ? undefined : parseSignalMessage(parseJson(unsealed))
    if (!signal || signal.from === ownPeerId) return
    if (signal.type !== 'announce' && signal.to !== ownPeerId) return
    const { key: _, ...data } = signal
    options.onSignal(signal, () => deliver(JSON.stringify({ type: 'publish', topic: options.topic, data })))
  }

  class SealedSocket {
    binaryType = 'arraybuffer'
    onopen: (() => void) | null = null
    onmessage: ((event: { data: string }) => void) | null = null
    onclose: ((event: unknown) => void) | null = null
    onerror: ((event: unknown) => void) | null = null
    send: (text: string) => void
    close: () => void

    constructor(url: string) {
      const socket = new WebSocket(url, { maxPayload: messageLimitBytes, handshakeTimeout: 5_000 })
      this.send = (text) => {
        if (socket.readyState !== WebSocket.OPEN) return
        const message = outgoing(text)
        if (message !== undefined) socket.send(message)
      }
      this.close = () => socket.close()
      socket.on('open', () => {
        open.set(socket, url)
        this.onopen?.()
      })
      socket.on('message', (data, isBinary) => {
        if (!isBinary) incoming(String(data), (text) => this.onmessage?.({ data: text }))
      })
      // 'close' follows every 'error'; told once, y-webrtc reconnects once.
      socket.on('error', () => open.delete(socket))
      socket.on('close', () => {
        open.delete(socket)
        this.onclose?.(null)
      })
    }
  }

  /** Nothing is lost by not being heard: announces are repeated, and a busy answer only spares a wait. */
  const say = (data: (from: string) => object) => {
    if (ownPeerId === undefined) return
    const text = JSON.stringify({ type: 'publish', topic: options.topic, data: seal(data(ownPeerId)) })
    for (const socket of open.keys()) socket.send(text)
  }

  return {
    /** For `globalThis.WebSocket`. */
    Socket: SealedSocket,
    /** Says at every server that we are here, as y-webrtc would. */
    announce: () => say((from) => ({ type: 'announce', from })),
    sayBusy: (to: string, waitMs: number) => say((from) => ({ type: 'busy', from, to, waitMs })),
    connectedUrls: () => [...open.values()],
  }
}

function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined // not JSON: not for us
  }
}
