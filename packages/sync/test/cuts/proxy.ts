import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** `up` is towards the server. */
export type Way = 'up' | 'down'
export type Proxy = {
  readonly port: number
  /** Bytes that were passed on since the last call was taken. */
  readonly passed: Readonly<Record<Way, number>>
  /** Bytes of all calls. */
  readonly total: Readonly<Record<Way, number>>
  /** The next call is cut after exactly so many bytes this way; null: never. */
  cutNext(way: Way, afterBytes: number | null): void
  /** Pulls every cable now. */
  cut(): void
  /** From now on this way passes so many bytes a second; 0 stops it. */
  slow(way: Way, bytesPerSecond: number): void
  close(): Promise<void>
}

const TICK_MS = 20

/** Stands between two stations, counts bytes, and cuts the line at any one of them. */
export function openProxy(port: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  const total = { up: 0, down: 0 }
  let passed = { up: 0, down: 0 }
  let next: { way: Way; after: number } | null = null
  const rates: Record<Way, number> = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY }

  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port })
    const limit = next
    next = null
    const mine = { up: 0, down: 0 }
    passed = mine
    const end = () => {
      near.destroy()
      far.destroy()
    }
    const join = (way: Way, from: Socket, to: Socket) => {
      const most = limit?.way === way ? limit.after : Number.POSITIVE_INFINITY
      const pass = (bytes: Buffer) => {
        const part = bytes.subarray(0, Math.max(0, most - mine[way]))
        mine[way] += part.length
        total[way] += part.length
        if (mine[way] >= most) {
          from.pause()
          return to.write(part, end)
        }
        if (!to.write(part)) {
          from.pause()
          to.once('drain', () => from.resume())
        }
      }
      from.on('data', (bytes: Buffer) => {
        if (rates[way] === Number.POSITIVE_INFINITY) return pass(bytes)
        from.pause()
        const trickle = (rest: Buffer) => {
          if (from.destroyed) return
          const now = Math.floor((rates[way] * TICK_MS) / 1000)
          if (now > 0) pass(rest.subarray(0, now))
          const left = rest.subarray(now)
          if (left.length > 0) setTimeout(trickle, TICK_MS, left)
          else from.resume()
        }
        trickle(bytes)
      })
      from.on('error', end)
      from.on('close', end)
    }
    join('up', near, far)
    join('down', far, near)
    if (limit?.after === 0) end()
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('close', () => sockets.delete(socket))
    }
  })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        get passed() {
          return passed
        },
        total,
        cutNext: (way, after) => {
          next = after === null ? null : { way, after }
        },
        cut,
        slow: (way, bytesPerSecond) => {
          rates[way] = bytesPerSecond
        },
        close: () =>
          new Promise((closed) => {
            cut()
            server.close(() => closed())
          }),
      }),
    )
  })
}
