/** Ports over TCP: a serial-over-TCP converter or DTU we dial, or one that dials in. */
import { createServer, type Server, type Socket, connect as tcpConnect } from 'node:net'
import { fail, ok, type Result } from '@doorstep/core'
import type { Clock, Port, PortClosed } from './contract.ts'
import { createPortEnds } from './port-ends.ts'
import { systemClock } from './system-clock.ts'

export type ConnectFailed =
  | { readonly type: 'connect-failed'; readonly host: string; readonly port: number; readonly code: string }
  | {
      readonly type: 'connect-timeout'
      readonly host: string
      readonly port: number
      readonly timeoutMs: number
    }
  | { readonly type: 'aborted' }

export type ListenFailed = {
  readonly type: 'listen-failed'
  readonly host: string
  readonly port: number
  readonly code: string
}

export type TcpPortOptions = {
  readonly host: string
  readonly port: number
  /** Default 5000: a cellular DTU may take seconds to wake. */
  readonly connectTimeoutMs?: number
  readonly signal?: AbortSignal
}

/** A dead peer is noticed by the kernel's probes after this much silence. */
const KEEP_ALIVE_MS = 30_000

export async function openTcpPort(
  options: TcpPortOptions,
  clock: Clock = systemClock,
): Promise<Result<Port, ConnectFailed>> {
  const socket = await connectSocket(options, clock)
  return socket.ok ? ok(socketToPort(socket.value, clock)) : socket
}

/** A connected socket, or why there is none. */
export async function connectSocket(
  { host, port, connectTimeoutMs = 5000, signal }: TcpPortOptions,
  clock: Clock,
): Promise<Result<Socket, ConnectFailed>> {
  if (signal?.aborted) return fail({ type: 'aborted' })
  const socket = tcpConnect({ host, port })
  const outcome = Promise.withResolvers<Result<Socket, ConnectFailed>>()
  const giveUp = (problem: ConnectFailed) => {
    socket.destroy()
    outcome.resolve(fail(problem))
  }
  const onAbort = () => giveUp({ type: 'aborted' })
  const onError = (error: NodeJS.ErrnoException) =>
    giveUp({ type: 'connect-failed', host, port, code: error.code ?? error.message })
  const cancel = clock.after(connectTimeoutMs, () =>
    giveUp({ type: 'connect-timeout', host, port, timeoutMs: connectTimeoutMs }),
  )
  signal?.addEventListener('abort', onAbort, { once: true })
  socket.on('error', onError)
  socket.once('connect', () => outcome.resolve(ok(socket)))
  const result = await outcome.promise
  cancel()
  signal?.removeEventListener('abort', onAbort)
  socket.off('error', onError)
  // A socket given up may still report its end; there is nobody left to tell.
  if (!result.ok) socket.on('error', () => {})
  return result
}

/** Questions are small and wait for their answers; errors end the socket, and its close says so. */
function prepare(socket: Socket): void {
  socket.setNoDelay(true)
  socket.setKeepAlive(true, KEEP_ALIVE_MS)
  socket.on('error', () => socket.destroy())
  socket.on('end', () => socket.destroy())
}

/** A connected socket as a port. */
export function socketToPort(socket: Socket, clock: Clock = systemClock): Port {
  const ends = createPortEnds()
  if (socket.destroyed) ends.end()
  prepare(socket)
  socket.on('data', (bytes) => ends.deliver(Uint8Array.from(bytes)))
  socket.once('close', () => ends.end())
  return {
    clock,
    onBytes: ends.onBytes,
    onClose: ends.onClose,
    write(bytes) {
      const sent = Promise.withResolvers<Result<void, PortClosed>>()
      if (ends.isClosed) sent.resolve(fail({ type: 'port-closed' }))
      else socket.write(bytes, (error) => sent.resolve(error ? fail({ type: 'port-closed' }) : ok(undefined)))
      return sent.promise
    },
    async close() {
      if (ends.isClosed) return
      const gone = new Promise((resolve) => socket.once('close', resolve))
      socket.destroy()
      await gone
    },
  }
}

export type TcpListener = { readonly address: string; readonly port: number; close(): Promise<void> }

/** Waits for DTUs (or masters, for a simulated line) to dial in; `close` ends their connections too. */
export async function listenTcpPorts(
  { host, port, onPort }: { host: string; port: number; onPort: (port: Port) => void },
  clock: Clock = systemClock,
): Promise<Result<TcpListener, ListenFailed>> {
  const open = new Set<Port>()
  const server: Server = createServer((socket) => {
    const accepted = socketToPort(socket, clock)
    open.add(accepted)
    accepted.onClose(() => open.delete(accepted))
    onPort(accepted)
  })
  const outcome = Promise.withResolvers<Result<TcpListener, ListenFailed>>()
  server.once('error', (error: NodeJS.ErrnoException) =>
    outcome.resolve(fail({ type: 'listen-failed', host, port, code: error.code ?? error.message })),
  )
  server.listen(port, host, () => {
    const bound = server.address()
    if (bound === null || typeof bound === 'string') throw new Error('a TCP server has an address and a port')
    outcome.resolve(ok({ address: bound.address, port: bound.port, close }))
  })
  return outcome.promise

  async function close(): Promise<void> {
    const gone = new Promise((resolve) => server.close(resolve))
    await Promise.all([...open].map((accepted) => accepted.close()))
    await gone
  }
}
