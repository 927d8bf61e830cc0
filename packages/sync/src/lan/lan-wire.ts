import type { TLSSocket } from 'node:tls'
import { maxFrameBytes, type Wire, WireError } from '../wire.ts'

const HEAD_BYTES = 4
const RECORD_BYTES = 4096
/** How long a closing socket may take to hand over its last bytes before it is destroyed. */
const LINGER_MS = 2000

/** Frames over a TLS stream: a 4-byte big-endian length, then the bytes. The TLS handshake has proved the peer's key. */
export function lanWire(socket: TLSSocket, peerKey: Uint8Array): Wire {
  const closers: ((reason: string) => void)[] = []
  let listener: ((frame: Uint8Array) => void) | null = null
  const waiters: { resolve: () => void; reject: (error: WireError) => void }[] = []
  let closed: string | null = null
  let bytesHeard = 0
  const inbox = createFrameReader()

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

  socket.setNoDelay(true)
  // TLS hands over whole records only: small ones show even a slow reader's link that something is coming.
  socket.setMaxSendFragment(RECORD_BYTES)
  // Nobody listens yet: what comes waits with its sender, not with us.
  socket.pause()
  socket.on('drain', () => {
    for (const waiter of waiters.splice(0)) waiter.resolve()
  })
  socket.on('data', (bytes: Buffer) => {
    bytesHeard += bytes.length
    for (let at = 0; at < bytes.length && closed === null; ) {
      const read = inbox.take(bytes, at)
      if (!read) return fall('frame too large')
      at = read.at
      if (read.frame) listener?.(read.frame)
    }
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
    bytesHeard: () => bytesHeard,
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

/**
 * Puts frames together from pieces of any size. What is held grows with what has come, never with what a head
 * promises, and a frame that comes byte by byte costs its bytes.
 */
function createFrameReader() {
  const head = Buffer.alloc(HEAD_BYTES)
  let headHeld = 0
  let body = Buffer.alloc(0)
  let held = 0
  return {
    /** Takes what belongs to the frame under way; `frame` when that is whole. Null when it would be too large. */
    take(bytes: Buffer, from: number): { at: number; frame: Uint8Array | null } | null {
      let at = from
      if (headHeld < HEAD_BYTES) {
        const taken = bytes.copy(head, headHeld, at, at + HEAD_BYTES - headHeld)
        headHeld += taken
        at += taken
        if (headHeld < HEAD_BYTES) return { at, frame: null }
      }
      const length = head.readUInt32BE()
      if (length > maxFrameBytes) return null
      const wanted = Math.min(length - held, bytes.length - at)
      if (held + wanted > body.length) {
        const grown = Buffer.allocUnsafe(Math.min(length, Math.max(held + wanted, 2 * body.length)))
        body.copy(grown, 0, 0, held)
        body = grown
      }
      held += bytes.copy(body, held, at, at + wanted)
      at += wanted
      if (held < length) return { at, frame: null }
      const frame = new Uint8Array(body.buffer, body.byteOffset, length)
      headHeld = 0
      held = 0
      body = Buffer.alloc(0)
      return { at, frame }
    },
  }
}

/** The raw Ed25519 key the other end proved, or null when it showed none. */
export function provenKey(socket: TLSSocket): Uint8Array | null {
  const jwk = socket.getPeerX509Certificate()?.publicKey.export({ format: 'jwk' })
  if (jwk?.kty !== 'OKP' || jwk.crv !== 'Ed25519' || typeof jwk.x !== 'string') return null
  return new Uint8Array(Buffer.from(jwk.x, 'base64url'))
}
