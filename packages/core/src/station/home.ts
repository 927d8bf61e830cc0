import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'cborg'
import { encodeCbor } from '../bytes/cbor.ts'
import { createKeyPair, type KeyPair } from '../crypto/keys.ts'
import { seal, unseal } from '../crypto/seal.ts'
import { stationIdOf } from '../ids.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { openSqliteStore, StoreVersionError } from '../store/sqlite-store.ts'
import { DamagedStoreError, type Store } from '../store/store.ts'
import type { Identity } from '../trunk/context.ts'
import { fingerprint } from './machine.ts'
import { DEFAULT_COST, type HomeSecret, type PassphraseCost, unwrapHomeKey, wrapHomeKey } from './secret.ts'

const FILE = 'station.db'
const IDENTITY = Buffer.from('doorstep/identity/1')

export type HomeProblem = Problem & {
  type:
    | 'no-home'
    | 'home-exists'
    | 'wrong-passphrase'
    | 'wrong-secret-kind'
    | 'newer-store'
    | 'older-store'
    | 'damaged-store'
    | 'disk-full'
    | 'not-writable'
}

export type OpenHome = {
  readonly path: string
  readonly store: Store
  readonly identity: Identity
  readonly epoch: Uint8Array
  /** This home is a copy, or was restored: it got a fresh epoch before its first write. */
  readonly copied: boolean
}

/** Who a fresh station is, before it belongs anywhere. */
export type NewIdentity = {
  readonly community: string
  readonly signing: KeyPair
  readonly boxing: KeyPair
}

export const newKeys = () => ({ signing: createKeyPair('ed25519'), boxing: createKeyPair('x25519') })

export const homeExists = (path: string): boolean => existsSync(join(path, FILE))

/** Makes the home's folder and file; nothing of the identity lies there in the clear. */
export function createHome(
  path: string,
  secret: HomeSecret,
  fresh: NewIdentity,
  cost: PassphraseCost = DEFAULT_COST,
): Result<OpenHome, HomeProblem> {
  if (homeExists(path)) return fail({ type: 'home-exists', home: path })
  const file = join(path, FILE)
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    const homeKey = new Uint8Array(randomBytes(32))
    const epoch = new Uint8Array(randomBytes(16))
    const store = openSqliteStore(file, homeKey)
    chmodSync(file, 0o600)
    store.transaction(() => {
      store.putSetting('wrap', wrapHomeKey(homeKey, secret, cost))
      store.putSetting('identity', seal(homeKey, encodeIdentity(fresh), IDENTITY))
      store.putSetting('epoch', epoch)
      store.putSetting('machine', Buffer.from(fingerprint(file)))
    })
    const identity = { ...fresh, station: stationIdOf(fresh.signing.publicKey) }
    return ok({ path, store, identity, epoch, copied: false })
  } catch (error) {
    return fail(storeProblem(error, path))
  }
}

/** Takes a home's files away, and the folder when nothing else is in it. */
export function removeHome(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(path, FILE + suffix), { force: true })
  if (readdirSync(path).length === 0) rmdirSync(path)
}

export function openHome(path: string, secret: HomeSecret): Result<OpenHome, HomeProblem> {
  if (!homeExists(path)) return fail({ type: 'no-home', home: path })
  const file = join(path, FILE)
  try {
    const outside = openSqliteStore(file, null)
    let wrap: Uint8Array | null
    try {
      wrap = outside.setting('wrap')
    } finally {
      outside.close()
    }
    if (!wrap) return fail({ type: 'damaged-store', home: path, detail: 'no wrapped key' })
    const homeKey = unwrapHomeKey(wrap, secret)
    if (!homeKey.ok) return homeKey
    const store = openSqliteStore(file, homeKey.value)
    try {
      const sealed = store.setting('identity')
      const opened = sealed && unseal(homeKey.value, sealed, IDENTITY)
      if (!opened?.ok) throw new DamagedStoreError('identity')
      const { epoch, copied } = currentEpoch(store, file)
      return ok({ path, store, identity: decodeIdentity(opened.value), epoch, copied })
    } catch (error) {
      store.close()
      throw error
    }
  } catch (error) {
    return fail(storeProblem(error, path))
  }
}

/** A15: a home that was copied or restored writes in new logs, so two copies never sign one number twice. */
function currentEpoch(store: Store, file: string): { epoch: Uint8Array; copied: boolean } {
  const here = fingerprint(file)
  const known = store.setting('machine')
  const epoch = store.setting('epoch')
  if (epoch && known && Buffer.from(known).toString() === here) return { epoch, copied: false }
  return store.transaction(() => {
    const fresh = new Uint8Array(randomBytes(16))
    store.putSetting('epoch', fresh)
    store.putSetting('machine', Buffer.from(here))
    return { epoch: fresh, copied: true }
  })
}

const encodeIdentity = (identity: NewIdentity): Uint8Array =>
  encodeCbor([
    identity.community,
    identity.signing.publicKey,
    identity.signing.privateKey,
    identity.boxing.publicKey,
    identity.boxing.privateKey,
  ])

function decodeIdentity(bytes: Uint8Array): Identity {
  const [community, signPublic, signPrivate, boxPublic, boxPrivate] = decode(bytes) as [
    string,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]
  return {
    community,
    station: stationIdOf(signPublic),
    signing: { publicKey: signPublic, privateKey: signPrivate },
    boxing: { publicKey: boxPublic, privateKey: boxPrivate },
  }
}

/** What the platform's errors mean to a person (SQLite result codes, errno). Anything else is a bug and is thrown on. */
export function storeProblem(error: unknown, path: string): HomeProblem {
  if (error instanceof StoreVersionError)
    return { type: error.isNewer ? 'newer-store' : 'older-store', home: path, version: error.version }
  if (error instanceof DamagedStoreError) return { type: 'damaged-store', home: path, detail: error.message }
  const { errcode, code, message } = error as { errcode?: number; code?: string; message?: string }
  const primary = errcode === undefined ? undefined : errcode & 0xff
  if (primary === 13 || code === 'ENOSPC' || (primary === 10 && isDiskFull(path)))
    return { type: 'disk-full', home: path }
  if (primary === 8 || primary === 14 || primary === 3 || code === 'EACCES' || code === 'EROFS')
    return { type: 'not-writable', home: path }
  if (primary === 11 || primary === 26 || primary === 10)
    return { type: 'damaged-store', home: path, detail: message ?? '' }
  throw error
}

/** SQLite needs some room even to read (its shared index): below this an I/O error means a full disk. */
const LEAST_FREE_BYTES = 256 * 1024

function isDiskFull(path: string): boolean {
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize < LEAST_FREE_BYTES
}
