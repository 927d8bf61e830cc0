import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'

/** Raw 32-byte keys of RFC 8032 and RFC 7748; node wants them wrapped in DER. */
export type KeyPair = { readonly publicKey: Uint8Array; readonly privateKey: Uint8Array }
type Curve = 'ed25519' | 'x25519'

const PKCS8 = {
  ed25519: Buffer.from('302e020100300506032b657004220420', 'hex'),
  x25519: Buffer.from('302e020100300506032b656e04220420', 'hex'),
}
const SPKI = {
  ed25519: Buffer.from('302a300506032b6570032100', 'hex'),
  x25519: Buffer.from('302a300506032b656e032100', 'hex'),
}

export function createKeyPair(curve: Curve): KeyPair {
  const pair = curve === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519')
  const der = pair.privateKey.export({ format: 'der', type: 'pkcs8' })
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' })
  return {
    privateKey: new Uint8Array(der.subarray(PKCS8[curve].length)),
    publicKey: new Uint8Array(spki.subarray(SPKI[curve].length)),
  }
}

/** The public half of a private key, for one that came back alone. */
export function publicKeyOf(curve: Curve, privateKey: Uint8Array): Uint8Array {
  const der = createPublicKey(privateObject(curve, privateKey)).export({ format: 'der', type: 'spki' })
  return new Uint8Array(der.subarray(SPKI[curve].length))
}

/** Forgotten with the bytes that they were made of. */
const privates = new WeakMap<Uint8Array, KeyObject>()

function privateObject(curve: Curve, raw: Uint8Array): KeyObject {
  const known = privates.get(raw)
  if (known) return known
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8[curve], raw]),
    format: 'der',
    type: 'pkcs8',
  })
  privates.set(raw, key)
  return key
}

const publicObject = (curve: Curve, raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI[curve], raw]), format: 'der', type: 'spki' })

const MAX_CACHED_KEYS = 256
const verifiers = new Map<string, KeyObject>()

export function createSigner(privateKey: Uint8Array): (message: Uint8Array) => Uint8Array {
  const key = privateObject('ed25519', privateKey)
  return (message) => new Uint8Array(sign(null, message, key))
}

/** False for a wrong signature and for a key that is none. */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const name = Buffer.from(publicKey).toString('latin1')
  let key = verifiers.get(name)
  try {
    if (!key) {
      key = publicObject('ed25519', publicKey)
      if (verifiers.size >= MAX_CACHED_KEYS) verifiers.clear()
      verifiers.set(name, key)
    }
    return verify(null, message, key, signature)
  } catch {
    return false
  }
}

export const agree = (privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array =>
  new Uint8Array(
    diffieHellman({
      privateKey: privateObject('x25519', privateKey),
      publicKey: publicObject('x25519', publicKey),
    }),
  )
