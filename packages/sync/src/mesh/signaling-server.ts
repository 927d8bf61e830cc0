import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Problem, Result } from '@doorstep/core'
import { type WebSocket, WebSocketServer } from 'ws'
import { parseSignalingRequest } from './signaling-request.ts'
import { createTokenBucket } from './token-bucket.ts'

export type SignalingServer = {
  /** `ws://host:port`, with the port the system chose when 0 was asked for. */
  readonly url: string
  readonly counts: () => { readonly connections: number; readonly topics: number; readonly dropped: number }
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export type SignalingProblem =
  | { readonly type: 'address-in-use'; readonly host: string; readonly port: number }
  | { readonly type: 'address-unavailable'; readonly host: string; readonly detail: string }

export type SignalingLimits = {
  readonly messageBytes: number
  readonly connections: number
  readonly topicsPerConnection: number
  readonly connectionsPerTopic: number
  /** Messages a connection may send, at once and in the long run; beyond them they are dropped. */
  readonly burst: number
  readonly perSecond: number
  /** Dropped messages after which a connection is closed. */
  readonly droppedAtMost: number
  /** A receiver that lets this much pile up is closed. */
  readonly backlogBytes: number
  /** Two of these without a pong: dead. */
  readonly pingMs: number
}

export const signalingLimits: SignalingLimits = {
  messageBytes: 65_536,
  connections: 512,
  topicsPerConnection: 8,
  connectionsPerTopic: 128,
  burst: 300,
  perSecond: 50,
  droppedAtMost: 1_000,
  backlogBytes: 1_048_576,
  pingMs: 15_000,
}

/**
 * A signaling server in y-webrtc's protocol: `subscribe`, `unsubscribe`, `publish`, `ping`. It passes on what it
 * cannot read, remembers nothing, and no message ends it.
 */
export async function openSignalingServer(options: {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly limits?: Partial<SignalingLimits>
}): Promise<Result<SignalingServer, SignalingProblem & Problem>> {
  const limits = { ...signalingLimits, ...options.limits }
  const http = createServer((_request, response) => response.writeHead(426).end())
  const server = new WebSocketServer({
    server: http,
    maxPayload: limits.messageBytes,
    perMessageDeflate: false,
    clientTracking: true,
  })
  const topics = new Map<string, Set<WebSocket>>()
  let dropped = 0

  const send = (socket: WebSocket, text: string) => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > limits.backlogBytes) return socket.terminate()
    socket.send(text)
  }

  const leave = (socket: WebSocket, topic: string) => {
    const members = topics.get(topic)
    members?.delete(socket)
    if (members?.size === 0) topics.delete(topic)
  }

  const join = (socket: WebSocket, own: Set<string>, topic: string): boolean => {
    const members = topics.get(topic) ?? new Set()
    if (own.has(topic)) return true
    if (own.size >= limits.topicsPerConnection || members.size >= limits.connectionsPerTopic) return false
    own.add(topic)
    topics.set(topic, members.add(socket))
    return true
  }

  /** False when the message was dropped. */
  const take = (socket: WebSocket, own: Set<string>, text: string): boolean => {
    const request = parseSignalingRequest(text)
    if (!request) return false
    if (request.type === 'ping') send(socket, '{"type":"pong"}')
    else if (request.type === 'subscribe')
      return request.topics.map((topic) => join(socket, own, topic)).every(Boolean)
    else if (request.type === 'unsubscribe')
      for (const topic of request.topics) {
        own.delete(topic)
        leave(socket, topic)
      }
    else {
      // Only who is in a topic speaks in it.
      if (!own.has(request.topic)) return false
      const members = topics.get(request.topic) ?? new Set()
      const { topic, data } = request
      const passed = JSON.stringify({ type: 'publish', topic, data, clients: members.size })
      for (const member of members) send(member, passed)
    }
    return true
  }

  const onConnection = (socket: WebSocket) => {
    if (server.clients.size > limits.connections) return socket.close(1013, 'full')
    const own = new Set<string>()
    const rate = createTokenBucket(limits)
    let ownDropped = 0
    let missedPings = 0
    const pulse = setInterval(() => {
      if (missedPings >= 2) return socket.terminate()
      missedPings++
      socket.ping()
    }, limits.pingMs)
    socket.on('pong', () => {
      missedPings = 0
    })
    socket.on('message', (data, isBinary) => {
      const isTaken = !isBinary && rate.take(performance.now()) && take(socket, own, String(data))
      if (isTaken) return
      dropped++
      ownDropped++
      if (ownDropped > limits.droppedAtMost) socket.close(1008, 'too many refused messages')
    })
    // An oversize or malformed frame: ws closes the connection, nothing else is to be done.
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      clearInterval(pulse)
      for (const topic of own) leave(socket, topic)
    })
  }

  server.on('connection', onConnection)
  const problem = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    server.once('error', resolve)
    http.listen(options.port, options.host, () => resolve(undefined))
  })
  if (problem) {
    const { host, port } = options
    return problem.code === 'EADDRINUSE'
      ? { ok: false, problem: { type: 'address-in-use', host, port } }
      : { ok: false, problem: { type: 'address-unavailable', host, detail: problem.message } }
  }

  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of server.clients) socket.terminate()
      server.close(() => http.close(() => resolve()))
      http.closeAllConnections()
    })
  const { address, family, port } = http.address() as AddressInfo
  return {
    ok: true,
    value: {
      url: `ws://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
      counts: () => ({ connections: server.clients.size, topics: topics.size, dropped }),
      close,
      [Symbol.asyncDispose]: close,
    },
  }
}
