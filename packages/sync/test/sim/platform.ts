import { createRequire, syncBuiltinESMExports } from 'node:module'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { chanceFrom } from '@doorstep/core/fuzz'
import { seal } from '../../../core/src/crypto/seal.ts'
import { Flushing } from './flushing.ts'
import { rememberedCrypto } from './remembered-crypto.ts'

/**
 * The machine under a history: random bytes and keys come from its seed, immediates run when the simulator says so,
 * nothing polls by real time, disks take their time, and every open database can be reached, to fill its disk. The
 * product runs unchanged: what is replaced are the functions of node that it calls.
 */
export type Platform = {
  /** What is drawn from here on comes from this number. */
  reseed(seed: number): void
  /**
   * Nonces are drawn by the page: what is left of an older page is used up, so that the next one, which comes from
   * this number, is this history's.
   */
  drainNonces(seed: number): void
  /** Runs everything that waits for nothing but its turn. */
  settle(): Promise<void>
  /** The connection that was opened last on a file. */
  database(file: string): DatabaseSync | undefined
  readonly flushing: Flushing
  /** From now on nothing can be committed through a connection, as where no byte is free. */
  setFull(db: DatabaseSync, isFull: boolean): void
  [Symbol.dispose](): void
}

/** How a store begins with its connection. */
const FIRST_WORDS = /^PRAGMA busy_timeout = \d+$/

const require = createRequire(import.meta.url)
const crypto = require('node:crypto') as Record<string, unknown> & typeof import('node:crypto')
const timers = require('node:timers/promises') as Record<string, unknown>

const UNCHANGED = {
  columns: () => [{ name: 'data_version', column: null, database: null, table: null, type: null }],
  setReturnArrays() {},
  get: () => [1],
} as unknown as StatementSync

const NOTHING = new Uint8Array(32)
const SEALS_NOTHING = { setAAD() {}, update: () => NOTHING, final() {}, getAuthTag: () => NOTHING }

/** Raw private keys in the wrapping that node reads (RFC 8410). */
const PKCS8: Record<string, Buffer> = {
  ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
  x25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
}

export function takeOver(seed: number): Platform {
  const real = {
    randomBytes: crypto.randomBytes,
    generateKeyPairSync: crypto.generateKeyPairSync,
    promisedImmediate: timers.setImmediate,
    setImmediate: globalThis.setImmediate,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
  }
  let chance = chanceFrom(seed)
  const word = () => chance.below(2 ** 32)
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
  const { exec, prepare } = DatabaseSync.prototype
  DatabaseSync.prototype.exec = function (text) {
    // The first thing that a store says to its connection. One process a home and one connection: no locks between.
    if (FIRST_WORDS.test(text)) {
      databases.set(this.location()!, this)
      exec.call(this, 'PRAGMA locking_mode = EXCLUSIVE')
    }
    if (full.has(this)) checkRoom(this, text)
    flushing.before(this, text, () => changes(this))
    exec.call(this, text)
    flushing.after(this, text, () => changes(this))
  }
  const flushing = new Flushing()
  const full = new Set<DatabaseSync>()
  /** What had changed when a transaction began, of connections whose disk is full. */
  const begun = new WeakMap<DatabaseSync, number>()
  const changes = (db: DatabaseSync) =>
    Number((prepare.call(db, 'SELECT total_changes() AS n').get() as { n: number }).n)
  /** The log cannot grow: whatever changed something is not committed. */
  function checkRoom(db: DatabaseSync, text: string): void {
    if (text === 'BEGIN IMMEDIATE') begun.set(db, changes(db))
    else if (text === 'COMMIT' && changes(db) !== begun.get(db)) throw sqliteFull(exec, prepare)
  }
  DatabaseSync.prototype.prepare = function (...args) {
    // One process a home: nobody else writes, and asking for it is a good part of what a quiet meeting costs.
    if (args[0] === 'PRAGMA data_version') return UNCHANGED
    return prepare.apply(this, args)
  }

  let immediates: (() => void)[] = []
  const turn = () => new Promise<void>((resolve) => real.setImmediate(resolve))

  crypto.randomBytes = randomBytes as typeof crypto.randomBytes
  crypto.generateKeyPairSync = generateKeyPairSync as unknown as typeof crypto.generateKeyPairSync
  const undo = replace(crypto, rememberedCrypto(crypto))
  timers.setImmediate = () => new Promise<void>((resolve) => immediates.push(resolve))
  globalThis.setImmediate = ((task: () => void) => immediates.push(task)) as unknown as typeof setImmediate
  // One process a home: nobody else writes, so nothing is to be looked for.
  globalThis.setInterval = (() => 0) as unknown as typeof setInterval
  globalThis.clearInterval = (() => undefined) as typeof clearInterval
  syncBuiltinESMExports()

  return {
    reseed(next) {
      chance = chanceFrom(next)
    },
    drainNonces(seed) {
      chance = chanceFrom(seed)
      const before = drawn
      // Nothing is sealed, for that takes some hundred times as long as drawing.
      const undo = replace(crypto, { createCipheriv: (() => SEALS_NOTHING) as never })
      while (drawn === before) seal(NOTHING, NOTHING, NOTHING)
      undo()
      chance = chanceFrom(~seed)
    },
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
    flushing,
    setFull(db, isFull) {
      if (isFull) full.add(db)
      else full.delete(db)
    },
    [Symbol.dispose]() {
      flushing[Symbol.dispose]()
      crypto.randomBytes = real.randomBytes
      crypto.generateKeyPairSync = real.generateKeyPairSync
      undo()
      Object.assign(DatabaseSync.prototype, { exec, prepare })
      timers.setImmediate = real.promisedImmediate
      globalThis.setImmediate = real.setImmediate
      globalThis.setInterval = real.setInterval
      globalThis.clearInterval = real.clearInterval
      syncBuiltinESMExports()
    },
  }
}

/** Puts other functions in the place of node's; what comes back puts node's there again. */
function replace<T extends object>(module: T, others: Partial<T>): () => void {
  const before = Object.fromEntries(Object.keys(others).map((name) => [name, module[name as keyof T]]))
  Object.assign(module, others)
  syncBuiltinESMExports()
  return () => {
    Object.assign(module, before)
    syncBuiltinESMExports()
  }
}

/** The error that SQLite gives when a disk is full, from a disk of one page. */
function sqliteFull(exec: DatabaseSync['exec'], prepare: DatabaseSync['prepare']): Error {
  using db = new DatabaseSync(':memory:')
  exec.call(db, 'PRAGMA max_page_count = 1')
  try {
    exec.call(db, 'CREATE TABLE t (x)')
  } catch (error) {
    return error as Error
  }
  throw new Error(`a full disk took a table: ${JSON.stringify(prepare.call(db, 'PRAGMA page_count').get())}`)
}
