import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { fail, type KeyPair, ok, type Problem, type Result } from '@doorstep/core'
import type { Wire } from '../wire.ts'
import { lanWire, provenKey } from './lan-wire.ts'
import { tlsIdentity } from './tls-identity.ts'

export const DEFAULT_PORT = 7345

export type LanProblem = Problem & {
  type: 'unreachable' | 'address-in-use' | 'bad-address' | 'not-a-station'
}

export type LanServer = { readonly host: string; readonly port: number; close(): Promise<void> }

/** HOST, HOST:PORT or [IPv6]:PORT. */
export function parseAddress(text: string): Result<{ host: string; port: number }, LanProblem> {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(text.trim())
  const port = match?.[3] === undefined ? DEFAULT_PORT : Number(match[3])
  if (!match || port > 65_535) return fail({ type: 'bad-address', address: text })
  return ok({ host: match[1] ?? match[2]!, port })
}

/** More than a community has stations; beyond it connections are dropped before TLS. */
const MAX_CONNECTIONS = 256
/** From one address: a quarter, so that no single machine shuts out all others. */
const MAX_FROM_ONE_HOST = 64

const TLS = { requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' } as const

/** Listens for stations. Who they are is proved by TLS; whether they belong is the session's to judge. */
export async function serveLan(
  signing: KeyPair,
  listen: { host: string; port: number },
  onWire: (wire: Wire, remote: string) => void,
): Promise<Result<LanServer, LanProblem>> {
  const identity = await tlsIdentity(signing)
  const sockets = new Set<TLSSocket>()
  const server = createServer({ ...identity, ...TLS, handshakeTimeout: 5000 }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    const key = provenKey(socket)
    if (!key) {
      socket.on('error', () => undefined)
      socket.destroy()
    } else onWire(lanWire(socket, key), `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`)
  })
  server.maxConnections = MAX_CONNECTIONS
  const perHost = new Map<string, number>()
  server.on('connection', (socket: Socket) => {
    const host = socket.remoteAddress ?? ''
    const count = (perHost.get(host) ?? 0) + 1
    perHost.set(host, count)
    socket.once('close', () => {
      const left = perHost.get(host)! - 1
      if (left > 0) perHost.set(host, left)
      else perHost.delete(host)
    })
    if (count > MAX_FROM_ONE_HOST) socket.destroy()
  })
  // A port scan or a browser: nothing of ours, and no reason to end.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(fail({ type: 'address-in-use', host: listen.host, port: listen.port, code: error.code ?? '' })),
    )
    server.listen(listen.port, listen.host, () => {
      const { address, port } = server.address() as AddressInfo
      resolve(
        ok({
          host: address,
          port,
          close: () =>
            new Promise((done) => {
              server.close(() => done())
              for (const socket of sockets) socket.destroy()
            }),
        }),
      )
    })
  })
}

/** Calls a station. `wants`: the only key that will do, when it is known. */
export async function dialLan(
  signing: KeyPair,
  address: { host: string; port: number },
  options: { wants?: Uint8Array; timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Result<Wire, LanProblem>> {
  const identity = await tlsIdentity(signing)
  const where = `${address.host}:${address.port}`
  return new Promise((resolve) => {
    const socket = connect({
      ...identity,
      ...TLS,
      host: address.host,
      port: address.port,
      checkServerIdentity: () => undefined,
    })
    const give = (result: Result<Wire, LanProblem>) => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', abort)
      socket.off('error', failed)
      if (!result.ok) {
        socket.on('error', () => undefined)
        socket.destroy()
      }
      resolve(result)
    }
    const unreachable = (code: string) => give(fail({ type: 'unreachable', address: where, code }))
    const failed = (error: NodeJS.ErrnoException) => unreachable(error.code ?? error.message)
    const abort = () => unreachable('aborted')
    const timer = setTimeout(() => unreachable('timed out'), options.timeoutMs ?? 5000)
    options.signal?.addEventListener('abort', abort)
    socket.once('error', failed)
    socket.once('secureConnect', () => {
      const key = provenKey(socket)
      if (!key || (options.wants && Buffer.compare(key, options.wants) !== 0))
        give(fail({ type: 'not-a-station', address: where }))
      else give(ok(lanWire(socket, key)))
    })
  })
}
