import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { fail, ok, type Result } from '../result.ts'
import { agree, createKeyPair, type KeyPair } from './keys.ts'

export const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What sealing adds to a text. */
export const SEAL_OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES

/** HKDF-SHA256 to a 32-byte key; `info` names the use, so keys of two uses never meet. */
export const deriveKey = (secret: Uint8Array, salt: Uint8Array, info: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, salt, info, 32))

/** node checks raw key bytes at some length at every use; a key object it takes as it is. */
const keyObjects = new WeakMap<Uint8Array, KeyObject>()
function keyObject(key: Uint8Array): KeyObject {
  let object = keyObjects.get(key)
  if (!object) {
    object = createSecretKey(key)
    keyObjects.set(key, object)
  }
  return object
}

/** Random bytes are drawn by the page: a system call for every nonce cost a fifth of a first sync. */
const NONCE_PAGE = NONCE_BYTES * 512
let nonces = Buffer.alloc(0)
function nextNonce(): Uint8Array {
  if (nonces.length < NONCE_BYTES) nonces = randomBytes(NONCE_PAGE)
  const nonce = nonces.subarray(0, NONCE_BYTES)
  nonces = nonces.subarray(NONCE_BYTES)
  return nonce
}

/**
 * AES-256-GCM with a random nonce: nonce ‖ ciphertext ‖ tag. Random, because a counter would repeat after a
 * restore from a backup. `about` is authenticated, not sealed: it ties the bytes to their place.
 */
export const seal = (key: Uint8Array, text: Uint8Array, about: Uint8Array): Uint8Array =>
  sealAgain(key, nextNonce(), text, about)

/**
 * The same bytes as were sealed once, from the nonce they were sealed with: for who is told the text and is to have
 * what was signed. What comes out is kept only where a signature stands for it; nothing new is ever sealed so.
 */
export function sealAgain(
  key: Uint8Array,
  nonce: Uint8Array,
  text: Uint8Array,
  about: Uint8Array,
): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', keyObject(key), nonce)
  cipher.setAAD(about)
  const body = cipher.update(text)
  cipher.final()
  return Buffer.concat([nonce, body, cipher.getAuthTag()])
}

export function unseal(key: Uint8Array, sealed: Uint8Array, about: Uint8Array): Result<Uint8Array> {
  if (sealed.length < SEAL_OVERHEAD_BYTES) return fail({ type: 'unreadable' })
  const decipher = createDecipheriv('aes-256-gcm', keyObject(key), sealed.subarray(0, NONCE_BYTES))
  decipher.setAAD(about)
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  try {
    const text = decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES))
    decipher.final()
    return ok(text)
  } catch {
    return fail({ type: 'unreadable' })
  }
}

const BOX_INFO = 'doorstep/box/1'

/** Seals a secret for the holder of an X25519 key: ephemeral public key ‖ sealed. */
export function box(recipient: Uint8Array, secret: Uint8Array, about: Uint8Array): Uint8Array {
  const ephemeral = createKeyPair('x25519')
  const key = deriveKey(
    agree(ephemeral.privateKey, recipient),
    Buffer.concat([ephemeral.publicKey, recipient]),
    BOX_INFO,
  )
  return Buffer.concat([ephemeral.publicKey, seal(key, secret, about)])
}

export function unbox(pair: KeyPair, boxed: Uint8Array, about: Uint8Array): Result<Uint8Array> {
  if (boxed.length < 32) return fail({ type: 'unreadable' })
  const ephemeral = boxed.subarray(0, 32)
  try {
    const key = deriveKey(
      agree(pair.privateKey, ephemeral),
      Buffer.concat([ephemeral, pair.publicKey]),
      BOX_INFO,
    )
    return unseal(key, boxed.subarray(32), about)
  } catch {
    return fail({ type: 'unreadable' })
  }
}
