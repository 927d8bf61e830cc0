/**
 * An MQTT broker in this process, for bridges and detectors of the neighbourhood. It takes what they say and passes it
 * among them; it publishes nothing of its own, and refuses whatever would operate a device. What arrives goes to the
 * consumer first, and is acknowledged when that is done.
 */
import type { EventEmitter } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { fail, ok, type Result } from '@doorstep/core'
import type { Client } from 'aedes'
import type { Clock } from '../contract.ts'
import { systemClock } from '../system-clock.ts'
import type { ListenFailed } from '../tcp-port.ts'
import { type BrokerClient, mayFollow, mayPublish } from './broker-access.ts'
import { createPasswordCheck } from './broker-password.ts'
import type { Consumer } from './message.ts'
import { createPacketGuard } from './packet-guard.ts'
import { createRateLimit } from './rate-limit.ts'

export type BrokerLimits = {
  /** Connections at a time. */
  readonly maxClients: number
  /** A bridge's list of 200 devices takes 1.5 MB. */
  readonly maxPacketBytes: number
  readonly maxRetained: number
  readonly maxRetainedBytes: number
  /** Of one connection, in the long run; whoever sends more is read from more slowly, and loses nothing. */
  readonly messagesPerSecond: number
  /** What may come at once: a bridge that starts tells every device's state. */
  readonly burst: number
}

export const brokerLimits: BrokerLimits = {
  maxClients: 6000,
  maxPacketBytes: 4 << 20,
  maxRetained: 20_000,
  maxRetainedBytes: 64 << 20,
  messagesPerSecond: 200,
  burst: 4000,
}

export type BrokerOptions = {
  readonly host: string
  readonly port: number
  readonly clients: readonly BrokerClient[]
  readonly limits?: Partial<BrokerLimits>
  /** Topics by which devices said that they take commands, besides those that look like it. */
  readonly operates?: (topic: string) => boolean
}

export type Broker = {
  readonly address: string
  readonly port: number
  /** Names of those connected. */
  connected(): readonly string[]
  /**
   * By name, since it began: `connections`, `messages`, `loginsRefused`, `loginsPaused`, `tooManyClients`, `notMqtt` (or too
   * long), `operatingRefused`, `publishRefused`, `followRefused`, `retainedRefused`, `slowed`, `broken`.
   */
  counts(): Readonly<Record<string, number>>
  close(): Promise<void>
}

const CONNECT_BYTES = 8192
const CONNECT_MS = 10_000
/** A client that came back gives again what it had asked the broker to keep. */
const REPEATING_MS = 10_000
const PAUSE_MS = 60_000
const MAX_FAILURES = 5

type Account = { readonly client: BrokerClient; readonly sinceMs: number; wait(): Promise<void> | null }

export async function startBroker(
  { host, port, clients, limits: given = {}, operates = () => false }: BrokerOptions,
  consumer: Consumer,
  clock: Clock = systemClock,
): Promise<Result<Broker, ListenFailed>> {
  const { Aedes } = await import('aedes')
  const limits: BrokerLimits = { ...brokerLimits, ...given }
  const counts: Record<string, number> = { connections: 0, messages: 0 }
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1
  }
  const byName = new Map(clients.map((client) => [client.name, client]))
  /** Kept while the client is: its last will comes after it is gone. */
  const accounts = new WeakMap<Client, Account>()
  const present = new Set<Client>()
  const guards = new WeakMap<Client, ReturnType<typeof createPacketGuard>>()
  const isPassword = createPasswordCheck()
  const failures = new Map<string, { count: number; untilMs: number }>()
  const retained = new Map<string, number>()
  let retainedBytes = 0

  const broker = await Aedes.createBroker({
    connectTimeout: CONNECT_MS,
    drainTimeout: 20_000,
    maxClientsIdLength: 128,
    maxInflightInbound: 64,
    maxTopicLevels: 16,
    preConnect(_client, packet, done) {
      if (present.size >= limits.maxClients) return refuse('tooManyClients', done)
      // What waits for whoever is away would wait in memory without end; everybody follows anew.
      packet.clean = true
      done(null, true)
    },
    authenticate(client, username, password, done) {
      void logIn(client, username, password).then(
        (right) => done(null, right),
        () => done(null, false),
      )
    },
    authorizePublish(client, packet, done) {
      const account = client === null ? undefined : accounts.get(client)
      if (account === undefined) return done(new Error('not logged in'))
      const refusal = mayPublish(account.client, packet.topic, operates)
      if (refusal !== null) {
        count(refusal === 'operates-a-device' ? 'operatingRefused' : 'publishRefused')
        // MQTT 3.1.1 has no word for no: the connection ends [MQTT-3.3.5-2].
        return done(new Error(refusal))
      }
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
      // Of a packet that came in one piece the guard's no comes too late.
      if (payload.length > limits.maxPacketBytes) return done(new Error('too long'))
      const repeated = packet.retain && clock.nowMs() - account.sinceMs < REPEATING_MS
      if (packet.retain && !keepRetained(packet.topic, payload.length)) packet.retain = false
      count('messages')
      void take({
        topic: packet.topic,
        payload,
        retained: repeated ? 'repeated' : 'no',
        atMs: clock.nowMs(),
      }).then(() => done(null), done)

      async function take(message: Parameters<Consumer>[0]) {
        const wait = account?.wait() ?? null
        if (wait !== null) {
          count('slowed')
          await wait
        }
        await consumer(message)
      }
    },
    authorizeSubscribe(client, subscription, done) {
      const account = accounts.get(client)
      const allowed = account !== undefined && mayFollow(account.client, subscription.topic)
      if (!allowed) count('followRefused')
      done(null, allowed ? subscription : null)
    },
  })
  broker.on('connectionError', () => count('broken'))
  broker.on('clientError', () => count('broken'))
  ;(broker as EventEmitter).on('error', () => count('broken'))

  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    count('connections')
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 30_000)
    socket.once('close', () => {
      sockets.delete(socket)
      present.delete(client)
    })
    const client = broker.handle(socket)
    const guard = createPacketGuard(CONNECT_BYTES)
    guards.set(client, guard)
    // After `handle`, which listens for `readable`: that rules when bytes flow, and each is seen here before it is parsed.
    socket.on('data', (bytes: Uint8Array) => {
      if (guard.admits(bytes)) return
      count('notMqtt')
      socket.destroy()
    })
  })
  server.maxConnections = limits.maxClients + 100
  server.on('drop', () => count('tooManyClients'))

  const listening = Promise.withResolvers<Result<Broker, ListenFailed>>()
  server.once('error', (error: NodeJS.ErrnoException) => {
    broker.close()
    listening.resolve(fail({ type: 'listen-failed', host, port, code: error.code ?? error.message }))
  })
  server.listen(port, host, () => {
    const bound = server.address()
    if (bound === null || typeof bound === 'string') throw new Error('a TCP server has an address and a port')
    listening.resolve(
      ok({
        address: bound.address,
        port: bound.port,
        connected: () => [...new Set(Array.from(present, nameOf))],
        counts: () => ({ ...counts }),
        close,
      }),
    )
  })
  return listening.promise

  async function logIn(
    client: Client,
    username: string | undefined,
    password: Uint8Array | undefined,
  ): Promise<boolean> {
    const remote = (client.conn as Socket).remoteAddress ?? ''
    const known = byName.get(username ?? '')
    const key = `${remote} ${known === undefined ? '' : username}`
    const failed = failures.get(key)
    const nowMs = clock.nowMs()
    if (failed !== undefined && failed.untilMs <= nowMs) failures.delete(key)
    else if (failed !== undefined && failed.count >= MAX_FAILURES) {
      count('loginsPaused')
      return false
    }
    const right = known !== undefined && (await isPassword(known.password, password ?? new Uint8Array()))
    if (!right) {
      count('loginsRefused')
      if (failures.size > 10_000) failures.clear()
      failures.set(key, { count: (failures.get(key)?.count ?? 0) + 1, untilMs: nowMs + PAUSE_MS })
      return false
    }
    failures.delete(key)
    // An id in use by another: MQTT would throw its owner out.
    for (const other of present)
      if (other.id === client.id && nameOf(other) !== known.name) {
        count('loginsRefused')
        return false
      }
    const rate = createRateLimit(limits.messagesPerSecond, limits.burst, clock)
    present.add(client)
    accounts.set(client, { client: known, sinceMs: clock.nowMs(), wait: rate })
    const guard = guards.get(client)
    if (guard !== undefined) guard.maxPacketBytes = limits.maxPacketBytes
    return true
  }

  function keepRetained(topic: string, bytes: number): boolean {
    const before = retained.get(topic)
    const sum = retainedBytes - (before ?? 0) + bytes
    if (
      bytes > 0 &&
      (sum > limits.maxRetainedBytes || (before === undefined && retained.size >= limits.maxRetained))
    ) {
      count('retainedRefused')
      return false
    }
    retainedBytes = sum
    if (bytes === 0) retained.delete(topic)
    else retained.set(topic, bytes)
    return true
  }

  function nameOf(client: Client): string {
    return accounts.get(client)?.client.name ?? ''
  }

  function refuse(what: string, done: (error: Error | null, allowed: boolean) => void): void {
    count(what)
    done(new Error(what), false)
  }

  async function close(): Promise<void> {
    const gone = new Promise((resolve) => server.close(resolve))
    await new Promise<void>((resolve) => broker.close(resolve))
    for (const socket of sockets) socket.destroy()
    await gone
  }
}
