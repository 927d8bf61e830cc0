import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, rmdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'cborg'
import { removeBlobFolder } from '../blob/blob-files.ts'
import { decodeCbor, encodeCbor, isCount, isTuple } from '../bytes/cbor.ts'
import { createKeyPair, type KeyPair } from '../crypto/keys.ts'
import { seal, unseal } from '../crypto/seal.ts'
import { stationIdOf } from '../ids.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { removeSeriesFile } from '../series/series-file.ts'
import { BusyStoreError, finishEmptying } from '../store/empty-file.ts'
import { openSqliteStore, StoreVersionError } from '../store/sqlite-store.ts'
import { DamagedStoreError, type Store } from '../store/store.ts'
import type { Identity } from '../trunk/context.ts'
import { fingerprint } from './machine.ts'
import { DEFAULT_COST, type HomeSecret, type PassphraseCost, wrapHomeKey } from './secret.ts'
import { unlock } from './tries.ts'

export const FILE = 'station.db'
const IDENTITY = Buffer.from('doorstep/identity/1')

export type HomeProblem = Problem & {
  type:
    | 'no-home'
    | 'home-exists'
    | 'wrong-passphrase'
    | 'wrong-secret-kind'
    | 'passphrase-wait'
    | 'home-destroyed'
    | 'home-busy'
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

/** Why and when (milliseconds since 1970) a home was destroyed. */
export type Left = { readonly reason: 'removed' | 'decommissioned'; readonly at: number }

/** The setting that stays in a destroyed home, in the clear. */
export const LEFT = 'left'

export function leftOf(store: Store): Left | null {
  const kept = store.setting(LEFT)
  if (!kept) return null
  const decoded = decodeCbor(kept, 100)
  const value = decoded.ok ? decoded.value : null
  return isTuple(value, 2) && isCount(value[1])
    ? { reason: value[0] === 'removed' ? 'removed' : 'decommissioned', at: value[1] }
    : { reason: 'decommissioned', at: 0 }
}

/** Opens the file for its settings alone: what must be read before anything can be opened. */
function openSettings(path: string): Result<Store, HomeProblem> {
  if (!homeExists(path)) return fail({ type: 'no-home', home: path })
  const file = join(path, FILE)
  try {
    const store = openSqliteStore(file, null)
    let left: Left | null = null
    let isOpen = false
    try {
      left = leftOf(store)
      isOpen = left === null
    } finally {
      if (!isOpen) store.close()
    }
    if (!left) return ok(store)
    finishEmptying(file)
    removeBlobFolder(path)
    removeSeriesFile(path)
    return fail({ type: 'home-destroyed', home: path, ...left })
  } catch (error) {
    return fail(storeProblem(error, path))
  }
}

/** What is asked of the settings alone, or said to them. */
export function withSettings<T, P extends Problem>(
  path: string,
  work: (store: Store) => Result<T, P>,
): Result<T, P | HomeProblem> {
  const opened = openSettings(path)
  if (!opened.ok) return opened
  try {
    try {
      return work(opened.value)
    } finally {
      opened.value.close()
    }
  } catch (error) {
    return fail(storeProblem(error, path))
  }
}

/** Opens the file and what is sealed in it; `homeKey` is to be wiped by whoever asked: the store has a copy of its own. */
export function openUnlocked(
  path: string,
  secret: HomeSecret,
  now: () => number,
): Result<{ readonly store: Store; readonly homeKey: Uint8Array }, HomeProblem> {
  const opened = openSettings(path)
  if (!opened.ok) return opened
  const store = opened.value
  let isUnlocked = false
  try {
    const wrap = store.setting('wrap')
    if (!wrap) return fail({ type: 'damaged-store', home: path, detail: 'no wrapped key' })
    const homeKey = unlock(store, wrap, secret, now)
    if (!homeKey.ok) return homeKey
    store.unlock(homeKey.value)
    isUnlocked = true
    return ok({ store, homeKey: homeKey.value })
  } catch (error) {
    return fail(storeProblem(error, path))
  } finally {
    if (!isUnlocked) store.close()
  }
}

/** Nothing of it can be opened any more, so another may take its place. */
function isDestroyed(path: string): boolean {
  const opened = withSettings(path, () => ok(undefined))
  return !opened.ok && opened.problem.type === 'home-destroyed'
}

/** Makes the home's folder and file; nothing of the identity lies there in the clear. */
export function createHome(
  path: string,
  secret: HomeSecret,
  fresh: NewIdentity,
  cost: PassphraseCost = DEFAULT_COST,
): Result<OpenHome, HomeProblem> {
  if (homeExists(path)) {
    if (!isDestroyed(path)) return fail({ type: 'home-exists', home: path })
    removeHome(path)
  }
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
  removeBlobFolder(path)
  removeSeriesFile(path)
  if (readdirSync(path).length === 0) rmdirSync(path)
}

/** `now` (milliseconds since 1970) dates wrong passphrases, which make the next try wait. */
export function openHome(
  path: string,
  secret: HomeSecret,
  now: () => number = Date.now,
): Result<OpenHome, HomeProblem> {
  const unlocked = openUnlocked(path, secret, now)
  if (!unlocked.ok) return unlocked
  const { store, homeKey } = unlocked.value
  try {
    const sealed = store.setting('identity')
    const opened = sealed && unseal(homeKey, sealed, IDENTITY)
    if (!opened?.ok) throw new DamagedStoreError('identity')
    const { epoch, copied } = currentEpoch(store, join(path, FILE))
    return ok({ path, store, identity: decodeIdentity(opened.value), epoch, copied })
  } catch (error) {
    store.close()
    return fail(storeProblem(error, path))
  } finally {
    homeKey.fill(0)
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
  if (error instanceof BusyStoreError) return { type: 'home-busy', home: path }
  if (error instanceof DamagedStoreError) return { type: 'damaged-store', home: path, detail: error.message }
  const { errcode, code, message } = error as { errcode?: number; code?: string; message?: string }
  const primary = errcode === undefined ? undefined : errcode & 0xff
  if (primary === 5) return { type: 'home-busy', home: path }
  // From SQLite, or from what is flushed beside it.
  const isIoError = primary === 10 || code === 'EIO'
  if (primary === 13 || code === 'ENOSPC' || (isIoError && isDiskFull(path)))
    return { type: 'disk-full', home: path }
  if (primary === 8 || primary === 14 || primary === 3 || code === 'EACCES' || code === 'EROFS')
    return { type: 'not-writable', home: path }
  // A schema format that SQLite never had comes as a plain error: somebody's bytes lie in the header.
  const isOddFormat = primary === 1 && message === 'unsupported file format'
  if (primary === 11 || primary === 26 || isIoError || isOddFormat)
    return { type: 'damaged-store', home: path, detail: message ?? '' }
  throw error
}

/** What is kept outside of `write` and `act`: where the disk does not take it, that is a problem and no bug. */
export function onDisk<T>(path: string, work: () => T): Result<T, HomeProblem> {
  try {
    return ok(work())
  } catch (error) {
    return fail(storeProblem(error, path))
  }
}

/** What may as well be noted another time: a full disk must not keep a station from handing on what it has. False then. */
export function whereThereIsRoom(path: string, work: () => void): boolean {
  try {
    work()
    return true
  } catch (error) {
    if (storeProblem(error, path).type !== 'disk-full') throw error
    return false
  }
}

/** SQLite needs some room even to read (its shared index): below this an I/O error means a full disk. */
const LEAST_FREE_BYTES = 256 * 1024

function isDiskFull(path: string): boolean {
  const { bavail, bsize } = statfsSync(path)
  return bavail * bsize < LEAST_FREE_BYTES
}
