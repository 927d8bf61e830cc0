import { constants } from 'node:crypto'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { fail, type KeyPair, ok, type Problem, type Result, stationIdOf } from '@doorstep/core'
import type { Wire } from '../wire.ts'
import { lanWire, provenKey } from './lan-wire.ts'
import { tlsIdentity } from './tls-identity.ts'

export const DEFAULT_PORT = 7345

export type LanProblem = Problem & {
  type: 'unreachable' | 'address-in-use' | 'bad-address' | 'not-a-station' | 'own-address'
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

/** TCP asks again after 1, 3 and 7 s; a call beside it reaches a peer sooner that came back meanwhile. */
const CALL_BESIDE_MS = 3000
/** How long a call waits for the first answer: links of 2 s each way, and packets that are lost. */
const ANSWER_MS = 10_000
/** How long either end then waits for the proof of who is there: three times across such a link, and losses. */
const PROOF_MS = 20_000

/** Nothing is resumed: every meeting proves both keys anew, and two tickets with a certificate in each are 800 bytes. */
const TLS = {
  requestCert: true,
  rejectUnauthorized: false,
  minVersion: 'TLSv1.3',
  secureOptions: constants.SSL_OP_NO_TICKET,
} as const

/** Listens for stations. Who they are is proved by TLS; whether they belong is the session's to judge. */
export async function serveLan(
  signing: KeyPair,
  listen: { host: string; port: number },
  onWire: (wire: Wire, remote: string) => void,
): Promise<Result<LanServer, LanProblem>> {
  const identity = tlsIdentity(signing)
  const sockets = new Set<TLSSocket>()
  const server = createServer(
    { ...identity, ...TLS, sigalgs: 'ed25519', handshakeTimeout: PROOF_MS },
    (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
      // Proved only after the closing: not met any more.
      if (!server.listening) return socket.destroy()
      const key = provenKey(socket)
      if (!key) {
        socket.on('error', () => undefined)
        socket.destroy()
      } else onWire(lanWire(socket, key), `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`)
    },
  )
  server.maxConnections = MAX_CONNECTIONS
  const perHost = new Map<string, number>()
  const raw = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    const host = socket.remoteAddress ?? ''
    const count = (perHost.get(host) ?? 0) + 1
    perHost.set(host, count)
    raw.add(socket)
    socket.once('close', () => {
      raw.delete(socket)
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
              const gone = [...sockets].map((socket) => new Promise((end) => socket.once('close', end)))
              server.close()
              for (const socket of sockets) socket.destroy()
              // Who is still proving itself ends by its time limit: nobody waits for that, and no process stays for it.
              // (To destroy a socket under a TLS handshake ends the process.)
              for (const socket of raw) socket.unref()
              void Promise.all(gone).then(() => done())
            }),
        }),
      )
    })
  })
}

/** Calls a station. `wants`: the id of the only one that will do, when it is known. */
export async function dialLan(
  signing: KeyPair,
  address: { host: string; port: number },
  options: { wants?: string; timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<Result<Wire, LanProblem>> {
  const identity = tlsIdentity(signing)
  const where = `${address.host}:${address.port}`
  return new Promise((resolve) => {
    const sockets = new Set<TLSSocket>()
    let isSettled = false
    const give = (result: Result<Wire, LanProblem>, kept: TLSSocket | null) => {
      if (isSettled) return
      isSettled = true
      clearTimeout(deadline)
      clearInterval(calling)
      options.signal?.removeEventListener('abort', abort)
      for (const socket of sockets) if (socket !== kept) socket.destroy()
      resolve(result)
    }
    const unreachable = (code: string) => give(fail({ type: 'unreachable', address: where, code }), null)
    const abort = () => unreachable('aborted')
    const call = () => {
      const socket = connect({
        ...identity,
        ...TLS,
        host: address.host,
        port: address.port,
        checkServerIdentity: () => undefined,
      })
      sockets.add(socket)
      socket.on('error', (error: NodeJS.ErrnoException) => unreachable(error.code ?? error.message))
      socket.once('connect', () => {
        if (isSettled) return
        clearInterval(calling)
        clearTimeout(deadline)
        deadline = setTimeout(() => unreachable('no proof'), options.timeoutMs ?? PROOF_MS)
      })
      socket.once('secureConnect', () => {
        if (isSettled) return
        const key = provenKey(socket)
        if (!key || (options.wants !== undefined && stationIdOf(key) !== options.wants))
          give(fail({ type: 'not-a-station', address: where }), null)
        else give(ok(lanWire(socket, key)), socket)
      })
    }
    let deadline = setTimeout(() => unreachable('timed out'), options.timeoutMs ?? ANSWER_MS)
    const calling = setInterval(call, CALL_BESIDE_MS)
    options.signal?.addEventListener('abort', abort)
    call()
  })
}
