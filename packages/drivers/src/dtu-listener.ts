/** DTUs that dial in: each is one line, found by its registration packet, whatever connection it comes over. */
import { createServer, type Socket } from 'node:net'
import { fail, ok, type Result } from '@doorstep/core'
import type { Clock, Port, PortClosed } from './contract.ts'
import { type DtuIdentity, dtuText, readGreeting } from './dtu-greeting.ts'
import { createHeartbeats } from './heartbeats.ts'
import { joinBytes } from './incremental-parser.ts'
import { createPortEnds } from './port-ends.ts'
import { systemClock } from './system-clock.ts'
import type { ListenFailed } from './tcp-port.ts'

/** A DTU says who it is at once; one on a bad mobile connection somewhat later. */
const GREET_WITHIN_MS = 30_000
/** Connections that have not said who they are, all together. */
const STRANGERS_MOST = 16
/** A serial line at 115200 baud carries 11.5 kB in a second. */
const BYTES_A_SECOND = 32_768
const BURST_BYTES = 65_536
/** Questions are small: when one is not taken in this time, the other end is gone or stuck. */
const SEND_WITHIN_MS = 15_000
const WAIT_MS = 10_000
const KEEP_ALIVE_MS = 30_000
const UNKNOWN_KEPT = 8

export type DtuAbsent = { readonly type: 'dtu-absent'; readonly name: string }
export type DtuAborted = { readonly type: 'aborted' }

/** Of one DTU, since the listener began. Milliseconds since 1970; null: never. */
export type DtuState = {
  readonly name: string
  readonly isConnected: boolean
  readonly connected: number
  /** Times it dialled in while its old connection still seemed open. */
  readonly replaced: number
  readonly heartbeats: number
  readonly lastHeardMs: number | null
}

export type DtuCounters = {
  /** Said something nobody expects, or too much. */
  readonly unknown: number
  /** Said nothing in time. */
  readonly mute: number
  /** Came while too many had not said who they are. */
  readonly tooMany: number
  /** Sent more than a serial line can carry, and were cut off. */
  readonly flooding: number
  /** Did not take what was sent to them. */
  readonly stuck: number
}

export interface DtuListener {
  readonly address: string
  readonly port: number
  /** A port over the connection it has now; waits a while for one. Ends when it is replaced or lost: then call again. */
  open(name: string, signal: AbortSignal): Promise<Result<Port, DtuAbsent | DtuAborted>>
  readonly states: readonly DtuState[]
  readonly counters: DtuCounters
  /** The last few registrations that nobody expects, for whoever sets one up. */
  readonly unknown: readonly string[]
  close(): Promise<void>
}

type Dtu = DtuIdentity & {
  state: { connected: number; replaced: number; heartbeats: number; lastHeardMs: number | null }
  port: Port | null
  waiting: Set<(port: Port) => void>
}

/** @param options.port 0 takes any free one */
export async function listenDtus(
  options: { readonly host: string; readonly port: number; readonly dtus: readonly DtuIdentity[] },
  clock: Clock = systemClock,
): Promise<Result<DtuListener, ListenFailed>> {
  const { host, port } = options
  const dtus = options.dtus.map((identity): Dtu => {
    const state = { connected: 0, replaced: 0, heartbeats: 0, lastHeardMs: null }
    return { ...identity, state, port: null, waiting: new Set() }
  })
  if (dtus.some(({ registration }) => registration === null) && dtus.length > 1)
    throw new RangeError('a DTU without a registration is the only one of its listener')
  const counters = { unknown: 0, mute: 0, tooMany: 0, flooding: 0, stuck: 0 }
  const unknown: string[] = []
  const sockets = new Set<Socket>()
  let strangers = 0

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.on('end', () => socket.destroy())
    socket.setNoDelay(true)
    socket.setKeepAlive(true, KEEP_ALIVE_MS)
    if (strangers >= STRANGERS_MOST) {
      counters.tooMany += 1
      socket.destroy()
    } else greet(socket)
  })

  const outcome = Promise.withResolvers<Result<DtuListener, ListenFailed>>()
  server.once('error', (error: NodeJS.ErrnoException) =>
    outcome.resolve(fail({ type: 'listen-failed', host, port, code: error.code ?? error.message })),
  )
  server.listen(port, host, () => {
    const bound = server.address()
    if (bound === null || typeof bound === 'string') throw new Error('a TCP server has an address and a port')
    outcome.resolve(ok(listener(bound.address, bound.port)))
  })
  return outcome.promise

  /** Hears a stranger until it is known who it is. */
  function greet(socket: Socket): void {
    strangers += 1
    let heard: Uint8Array = new Uint8Array(0)
    const cancels = { settle: () => {}, late: clock.after(GREET_WITHIN_MS, () => refuse('mute')) }
    const leave = () => {
      strangers -= 1
      cancels.settle()
      cancels.late()
      socket.off('data', hear)
      socket.off('close', leave)
    }
    const accept = (dtu: Dtu, rest: Uint8Array) => {
      leave()
      connect(dtu, socket, rest)
    }
    function refuse(why: 'unknown' | 'mute') {
      leave()
      const isSaid = heard.length > 0
      counters[isSaid ? 'unknown' : why] += 1
      if (isSaid)
        unknown.splice(0, unknown.length, ...[dtuText(heard.slice(0, 64)), ...unknown].slice(0, UNKNOWN_KEPT))
      socket.destroy()
    }
    function hear(bytes: Buffer) {
      cancels.settle()
      heard = joinBytes([heard, bytes])
      consider()
    }
    function consider() {
      const greeting = readGreeting(heard, dtus)
      if (greeting.type === 'known') accept(greeting.dtu, greeting.rest)
      else if (greeting.type === 'unknown') refuse('unknown')
      else if (greeting.type === 'settle')
        cancels.settle = clock.after(greeting.silenceMs, () => accept(greeting.dtu, greeting.rest))
    }
    socket.on('data', hear)
    socket.once('close', leave)
    // One that need not say who it is may say nothing before it is asked.
    if (dtus.some(({ registration }) => registration === null)) consider()
  }

  function connect(dtu: Dtu, socket: Socket, first: Uint8Array): void {
    if (dtu.port) {
      dtu.state.replaced += 1
      void dtu.port.close()
    }
    dtu.state.connected += 1
    dtu.state.lastHeardMs = clock.nowMs()
    const fresh = connectionPort(dtu, socket)
    dtu.port = fresh.port
    fresh.port.onClose(() => {
      if (dtu.port === fresh.port) dtu.port = null
    })
    for (const told of dtu.waiting) told(fresh.port)
    dtu.waiting.clear()
    if (first.length > 0) fresh.hear(first)
  }

  function connectionPort(dtu: Dtu, socket: Socket): { port: Port; hear(piece: Uint8Array): void } {
    const ends = createPortEnds()
    const own = [dtu.heartbeat, dtu.registration].filter((bytes) => bytes !== null)
    const heartbeats = createHeartbeats(own, clock)
    let [allowance, countedMs] = [BURST_BYTES, clock.nowMs()]
    const cut = (why: 'flooding' | 'stuck') => {
      counters[why] += 1
      socket.destroy()
    }
    const hear = (piece: Uint8Array) => {
      const now = clock.nowMs()
      allowance =
        Math.min(BURST_BYTES, allowance + (Math.max(0, now - countedMs) * BYTES_A_SECOND) / 1000) -
        piece.length
      countedMs = now
      if (allowance < 0) return cut('flooding')
      dtu.state.lastHeardMs = now
      if (heartbeats.isOne(piece)) dtu.state.heartbeats += 1
      else ends.deliver(Uint8Array.from(piece))
    }
    socket.on('data', hear)
    socket.once('close', () => ends.end())
    const port: Port = {
      clock,
      onBytes: ends.onBytes,
      onClose: ends.onClose,
      write(bytes) {
        const sent = Promise.withResolvers<Result<void, PortClosed>>()
        if (ends.isClosed) sent.resolve(fail({ type: 'port-closed' }))
        else {
          heartbeats.noteAsked()
          const cancel = clock.after(SEND_WITHIN_MS, () => cut('stuck'))
          socket.write(bytes, (error) => {
            cancel()
            sent.resolve(error ? fail({ type: 'port-closed' }) : ok(undefined))
          })
        }
        return sent.promise
      },
      async close() {
        if (ends.isClosed) return
        const gone = new Promise((resolve) => socket.once('close', resolve))
        socket.destroy()
        await gone
      },
    }
    return { port, hear }
  }

  function listener(address: string, bound: number): DtuListener {
    return {
      address,
      port: bound,
      get counters() {
        return { ...counters }
      },
      get unknown() {
        return [...unknown]
      },
      get states() {
        return dtus.map(({ name, state, port: current }) => ({
          name,
          isConnected: current !== null,
          ...state,
        }))
      },
      async open(name, signal) {
        const dtu = dtus.find((one) => one.name === name)
        if (!dtu) throw new RangeError(`no DTU of this listener: ${name}`)
        if (signal.aborted) return fail({ type: 'aborted' })
        if (dtu.port) return ok(dtu.port)
        const arrival = Promise.withResolvers<Result<Port, DtuAbsent | DtuAborted>>()
        const told = (connected: Port) => arrival.resolve(ok(connected))
        const onAbort = () => arrival.resolve(fail({ type: 'aborted' }))
        dtu.waiting.add(told)
        signal.addEventListener('abort', onAbort, { once: true })
        const cancel = clock.after(WAIT_MS, () => arrival.resolve(fail({ type: 'dtu-absent', name })))
        const result = await arrival.promise
        dtu.waiting.delete(told)
        signal.removeEventListener('abort', onAbort)
        cancel()
        return result
      },
      async close() {
        const gone = new Promise((resolve) => server.close(resolve))
        for (const socket of sockets) socket.destroy()
        await gone
      },
    }
  }
}
