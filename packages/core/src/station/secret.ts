import { argon2Sync, randomBytes } from 'node:crypto'
import { decodeCbor, encodeCbor, isBytes, isCount } from '../bytes/cbor.ts'
import { deriveKey, seal, unseal } from '../crypto/seal.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'

/** What opens a home: a passphrase, or for a gateway the bytes of a key file. */
export type HomeSecret =
  | { readonly type: 'passphrase'; readonly text: string }
  | { readonly type: 'key'; readonly bytes: Uint8Array }

export type PassphraseCost = { readonly memoryKiB: number; readonly passes: number }

/** RFC 9106 §4, second recommendation: 64 MiB, three passes. About 0.15 s on a two-core laptop. */
export const DEFAULT_COST: PassphraseCost = { memoryKiB: 64 * 1024, passes: 3 }

type Wrapped = {
  kind: HomeSecret['type']
  salt: Uint8Array
  memoryKiB: number
  passes: number
  sealed: Uint8Array
}

/** What a wrapped key is for: one wrapped for another use opens as damaged, not as this. */
const HOME_KEY = 'doorstep/home-key/1'

function wrappingKey(secret: HomeSecret, salt: Uint8Array, cost: PassphraseCost): Uint8Array {
  if (secret.type === 'key') return deriveKey(secret.bytes, salt, 'doorstep/key-file/1')
  return new Uint8Array(
    argon2Sync('argon2id', {
      message: Buffer.from(secret.text.normalize('NFC'), 'utf8'),
      nonce: salt,
      parallelism: 1,
      tagLength: 32,
      memory: cost.memoryKiB,
      passes: cost.passes,
    }),
  )
}

/** Seals the home's key, or with another `use` another 32 bytes, for the holder of the secret. */
export function wrapHomeKey(
  homeKey: Uint8Array,
  secret: HomeSecret,
  cost: PassphraseCost = DEFAULT_COST,
  use: string = HOME_KEY,
): Uint8Array {
  const salt = new Uint8Array(randomBytes(16))
  const wrapped: Wrapped = {
    kind: secret.type,
    salt,
    ...cost,
    sealed: seal(wrappingKey(secret, salt, cost), homeKey, Buffer.from(use)),
  }
  return encodeCbor(wrapped)
}

export type SecretProblem = Problem & { type: 'wrong-passphrase' | 'wrong-secret-kind' | 'damaged-store' }

/** Beyond these nothing was ever wrapped: a damaged number must not take all memory or hours. */
const MAX_COST: PassphraseCost = { memoryKiB: 1024 * 1024, passes: 64 }

function readWrapped(bytes: Uint8Array): Wrapped | null {
  const decoded = decodeCbor(bytes, 1024)
  if (!decoded.ok || typeof decoded.value !== 'object' || decoded.value === null) return null
  const { kind, salt, memoryKiB, passes, sealed } = decoded.value as Record<string, unknown>
  const isWhole =
    (kind === 'passphrase' || kind === 'key') &&
    isBytes(salt) &&
    isBytes(sealed) &&
    isCount(memoryKiB) &&
    isCount(passes) &&
    memoryKiB <= MAX_COST.memoryKiB &&
    passes <= MAX_COST.passes &&
    passes > 0
  return isWhole ? { kind, salt, memoryKiB, passes, sealed } : null
}

export function unwrapHomeKey(
  bytes: Uint8Array,
  secret: HomeSecret,
  use: string = HOME_KEY,
): Result<Uint8Array, SecretProblem> {
  const wrapped = readWrapped(bytes)
  if (!wrapped) return fail({ type: 'damaged-store', detail: 'wrapped key' })
  if (wrapped.kind !== secret.type) return fail({ type: 'wrong-secret-kind', wanted: wrapped.kind })
  const opened = unseal(wrappingKey(secret, wrapped.salt, wrapped), wrapped.sealed, Buffer.from(use))
  return opened.ok ? ok(opened.value) : fail({ type: 'wrong-passphrase' })
}

/** Which kind of secret opens it, and what Argon2id costs; null for damaged bytes. */
export function secretKindOf(bytes: Uint8Array): Pick<Wrapped, 'kind' | 'memoryKiB' | 'passes'> | null {
  const wrapped = readWrapped(bytes)
  return wrapped && { kind: wrapped.kind, memoryKiB: wrapped.memoryKiB, passes: wrapped.passes }
}
