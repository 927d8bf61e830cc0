import { createRequire, syncBuiltinESMExports } from 'node:module'
import type { DatabaseSync } from 'node:sqlite'

/**
 * The machine under a history: random bytes and keys come from its seed, immediates run when the simulator says so,
 * nothing polls by real time, and every open database can be reached, to fill its disk. The product runs unchanged:
 * what is replaced are the functions of node that it calls.
 */
export type Platform = {
  /** What is drawn from here on comes from this number. */
  reseed(seed: number): void
  /** How often random bytes were asked for. */
  drawn(): number
  /** Runs everything that waits for nothing but its turn. */
  settle(): Promise<void>
  /** The connection that was opened last on a file. */
  database(file: string): DatabaseSync | undefined
  [Symbol.dispose](): void
}

const require = createRequire(import.meta.url)
const crypto = require('node:crypto') as Record<string, unknown> & typeof import('node:crypto')
const sqlite = require('node:sqlite') as { DatabaseSync: typeof DatabaseSync }
const timers = require('node:timers/promises') as Record<string, unknown>

/** Raw private keys in the wrapping that node reads (RFC 8410). */
const PKCS8: Record<string, Buffer> = {
  ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
  x25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
}

export function takeOver(seed: number): Platform {
  const real = {
    randomBytes: crypto.randomBytes,
    generateKeyPairSync: crypto.generateKeyPairSync,
    DatabaseSync: sqlite.DatabaseSync,
    promisedImmediate: timers.setImmediate,
    setImmediate: globalThis.setImmediate,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
  }
  let state = seed | 0
  const word = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return (t ^ (t >>> 14)) >>> 0
  }
  let drawn = 0
  const randomBytes = (size: number): Buffer => {
    drawn++
    const bytes = Buffer.alloc(size)
    let at = 0
    for (; at + 4 <= size; at += 4) bytes.writeUInt32LE(word(), at)
    for (; at < size; at++) bytes[at] = word() & 255
    return bytes
  }
  const generateKeyPairSync = (curve: string) => {
    const der = Buffer.concat([PKCS8[curve]!, randomBytes(32)])
    const privateKey = crypto.createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    return { privateKey, publicKey: crypto.createPublicKey(privateKey) }
  }

  const databases = new Map<string, DatabaseSync>()
  class WatchedDatabase extends real.DatabaseSync {
    constructor(...args: ConstructorParameters<typeof DatabaseSync>) {
      super(...args)
      databases.set(String(args[0]), this)
    }
    // One process a home: nobody else writes, and asking for it is half of what a quiet meeting costs.
    override prepare(...args: Parameters<DatabaseSync['prepare']>): ReturnType<DatabaseSync['prepare']> {
      if (args[0] !== 'PRAGMA data_version') return super.prepare(...args)
      return { get: () => ({ data_version: 1 }) } as unknown as ReturnType<DatabaseSync['prepare']>
    }
  }

  let immediates: (() => void)[] = []
  const turn = () => new Promise<void>((resolve) => real.setImmediate(resolve))

  crypto.randomBytes = randomBytes as typeof crypto.randomBytes
  crypto.generateKeyPairSync = generateKeyPairSync as unknown as typeof crypto.generateKeyPairSync
  sqlite.DatabaseSync = WatchedDatabase as typeof DatabaseSync
  timers.setImmediate = () => new Promise<void>((resolve) => immediates.push(resolve))
  globalThis.setImmediate = ((task: () => void) => immediates.push(task)) as unknown as typeof setImmediate
  // One process a home: nobody else writes, so nothing is to be looked for.
  globalThis.setInterval = (() => 0) as unknown as typeof setInterval
  globalThis.clearInterval = (() => undefined) as typeof clearInterval
  syncBuiltinESMExports()

  return {
    reseed(next) {
      state = next | 0
    },
    drawn: () => drawn,
    async settle() {
      for (;;) {
        await turn()
        if (immediates.length === 0) return
        const due = immediates
        immediates = []
        for (const task of due) task()
      }
    },
    database: (file) => databases.get(file),
    [Symbol.dispose]() {
      crypto.randomBytes = real.randomBytes
      crypto.generateKeyPairSync = real.generateKeyPairSync
      sqlite.DatabaseSync = real.DatabaseSync
      timers.setImmediate = real.promisedImmediate
      globalThis.setImmediate = real.setImmediate
      globalThis.setInterval = real.setInterval
      globalThis.clearInterval = real.clearInterval
      syncBuiltinESMExports()
    },
  }
}
