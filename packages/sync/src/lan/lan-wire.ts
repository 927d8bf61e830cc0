import type { TLSSocket } from 'node:tls'
import { maxFrameBytes, type Wire, WireError } from '../wire.ts'

const HEAD_BYTES = 4
/** How long a closing socket may take to hand over its last bytes before it is destroyed. */
const LINGER_MS = 2000

/** Frames over a TLS stream: a 4-byte big-endian length, then the bytes. The TLS handshake has proved the peer's key. */
export function lanWire(socket: TLSSocket, peerKey: Uint8Array): Wire {
  const closers: ((reason: string) => void)[] = []
  let listener: ((frame: Uint8Array) => void) | null = null
  const waiters: { resolve: () => void; reject: (error: WireError) => void }[] = []
  let closed: string | null = null
  let pieces: Buffer[] = []
  let held = 0

  const end = (reason: string) => {
    if (closed !== null) return
    closed = reason
    for (const waiter of waiters.splice(0)) waiter.reject(new WireError('wire-closed', reason))
    for (const closer of closers.splice(0)) closer(reason)
  }
  const fall = (reason: string) => {
    end(reason)
    socket.destroy()
  }
  const take = () => {
    let buffer = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)
    while (buffer.length >= HEAD_BYTES && closed === null) {
      const length = buffer.readUInt32BE()
      if (length > maxFrameBytes) return fall('frame too large')
      if (buffer.length < HEAD_BYTES + length) break
      listener?.(new Uint8Array(buffer.subarray(HEAD_BYTES, HEAD_BYTES + length)))
      buffer = buffer.subarray(HEAD_BYTES + length)
    }
    pieces = buffer.length > 0 ? [buffer] : []
    held = buffer.length
  }

  socket.setNoDelay(true)
  // Nobody listens yet: what comes waits with its sender, not with us.
  socket.pause()
  socket.on('drain', () => {
    for (const waiter of waiters.splice(0)) waiter.resolve()
  })
  socket.on('data', (bytes: Buffer) => {
    pieces.push(bytes)
    held += bytes.length
    // Joined only when a whole frame may be there: a large frame in small pieces is not copied again and again.
    const first = pieces[0]!
    if (first.length < HEAD_BYTES || held >= HEAD_BYTES + first.readUInt32BE()) take()
  })
  socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  socket.on('close', () => end('closed'))

  return {
    peerKey,
    via: 'lan',
    send(frame) {
      if (closed !== null || !socket.writable)
        return Promise.reject(new WireError('wire-closed', closed ?? 'closing'))
      if (frame.length > maxFrameBytes)
        return Promise.reject(new WireError('frame-too-large', `${frame.length} bytes`))
      const head = Buffer.alloc(HEAD_BYTES)
      head.writeUInt32BE(frame.length)
      socket.cork()
      socket.write(head)
      const clear = socket.write(frame)
      process.nextTick(() => socket.uncork())
      if (clear) return Promise.resolve()
      return new Promise((resolve, reject) => waiters.push({ resolve, reject }))
    },
    onFrame(next) {
      listener = next
      socket.resume()
    },
    onClose(next) {
      if (closed === null) closers.push(next)
      else next(closed)
    },
    close(reason = 'closed') {
      if (closed !== null) return
      socket.end()
      setTimeout(() => socket.destroy(), LINGER_MS).unref()
      end(reason)
    },
  }
}

/** The raw Ed25519 key the other end proved, or null when it showed none. */
export function provenKey(socket: TLSSocket): Uint8Array | null {
  const jwk = socket.getPeerX509Certificate()?.publicKey.export({ format: 'jwk' })
  if (jwk?.kty !== 'OKP' || jwk.crv !== 'Ed25519' || typeof jwk.x !== 'string') return null
  return new Uint8Array(Buffer.from(jwk.x, 'base64url'))
}
