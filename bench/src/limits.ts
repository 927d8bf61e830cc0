import { createHash, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { createKeyPair, createSigner, isSignedBy } from '@doorstep/core'
import { openDurableFile } from './durable-file.ts'
import { median } from './median.ts'

const PIECE_BYTES = 64 * 1024
const TIMES = 5

/** Seconds to copy so many bytes into a file piece by piece, hashing each, and to sync the file once. */
export function copyHashSyncSeconds(bytes: number, file: string): number {
  const piece = randomBytes(PIECE_BYTES)
  const once = (): number => {
    const startedAt = performance.now()
    const handle = openSync(file, 'w')
    const hash = createHash('sha256')
    for (let left = bytes; left > 0; left -= PIECE_BYTES) {
      const part = left < PIECE_BYTES ? piece.subarray(0, left) : piece
      hash.update(part)
      writeSync(handle, part)
    }
    hash.digest()
    fsyncSync(handle)
    closeSync(handle)
    const seconds = (performance.now() - startedAt) / 1000
    rmSync(file)
    return seconds
  }
  return median(Array.from({ length: TIMES }, once))
}

/** Microseconds of one Ed25519 verification, key at hand. */
export function verifyMicroseconds(): number {
  const { publicKey, privateKey } = createKeyPair('ed25519')
  const message = randomBytes(64)
  const signature = createSigner(privateKey)(message)
  const checks = 200
  const once = (): number => {
    const startedAt = performance.now()
    for (let n = 0; n < checks; n++)
      if (!isSignedBy(publicKey, message, signature)) throw new Error('a true signature was not believed')
    return ((performance.now() - startedAt) * 1000) / checks
  }
  return median(Array.from({ length: TIMES }, once))
}

const ROUND_TRIPS = 200
const SYNCS = 50

/** Milliseconds of one byte there and back over TCP on this machine, median. */
export async function loopbackRoundTripMs(): Promise<number> {
  const server = createServer((socket) => void socket.setNoDelay(true).pipe(socket))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const socket = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port })
  socket.setNoDelay(true)
  await new Promise((connected) => socket.once('connect', connected))
  const times: number[] = []
  for (let n = 0; n < ROUND_TRIPS; n++) {
    const startedAt = performance.now()
    socket.write('.')
    await new Promise((heard) => socket.once('data', heard))
    times.push(performance.now() - startedAt)
  }
  socket.destroy()
  server.close()
  return median(times)
}

/** Milliseconds of appending a visit's bytes to a file with one fdatasync, median. */
export function fdatasyncMs(path: string): number {
  const file = openDurableFile(path)
  const bytes = randomBytes(800)
  const times = Array.from({ length: SYNCS }, () => file.append(bytes))
  file.close()
  rmSync(path)
  return median(times)
}
