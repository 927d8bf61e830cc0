import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type CountingProxy = {
  readonly port: number
  /** Bytes of TCP payload so far. */
  readonly up: number
  readonly down: number
  /** How often the direction changed: two a round trip. */
  readonly turns: number
  close(): Promise<void>
}

/** Stands between two processes on this machine and counts what passes, each way. `up` is towards `port`. */
export function openCountingProxy(port: number): Promise<CountingProxy> {
  const counts = { up: 0, down: 0, turns: 0 }
  let last: 'up' | 'down' = 'down'
  const count = (way: 'up' | 'down', bytes: number): void => {
    counts[way] += bytes
    if (way !== last) counts.turns++
    last = way
  }
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port })
    join(near, far, (bytes) => count('up', bytes))
    join(far, near, (bytes) => count('down', bytes))
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('close', () => sockets.delete(socket))
    }
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        get up() {
          return counts.up
        },
        get down() {
          return counts.down
        },
        get turns() {
          return counts.turns
        },
        close: () =>
          new Promise((closed) => {
            for (const socket of sockets) socket.destroy()
            server.close(() => closed())
          }),
      }),
    )
  })
}

function join(from: Socket, to: Socket, count: (bytes: number) => void): void {
  from.on('data', (bytes) => {
    count(bytes.length)
    if (!to.write(bytes)) {
      from.pause()
      to.once('drain', () => from.resume())
    }
  })
  from.on('end', () => to.end())
  // The ends notice a reset themselves; here it only closes the pair.
  from.on('error', () => to.destroy())
}
