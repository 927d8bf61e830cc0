import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export type CountingProxy = {
  readonly port: number
  /** Bytes of TCP payload so far. */
  readonly up: number
  readonly down: number
  close(): Promise<void>
}

/** Stands between two processes on this machine and counts what passes, each way. `up` is towards `port`. */
export function openCountingProxy(port: number): Promise<CountingProxy> {
  const counts = { up: 0, down: 0 }
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port })
    join(near, far, (bytes) => {
      counts.up += bytes
    })
    join(far, near, (bytes) => {
      counts.down += bytes
    })
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
