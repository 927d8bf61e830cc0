import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'

/** A station's Ed25519 pair; both halves are the raw 32 bytes of RFC 8032. */
export type StationKeyPair = { readonly privateKey: Uint8Array; readonly publicKey: Uint8Array }

export type StationSigner = { readonly publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array }

/** DER around the raw bytes (RFC 8410 section 7 and 4). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')

/** Throws when the halves do not belong together: that is a bug of the caller's. */
export function createStationSigner(pair: StationKeyPair): StationSigner {
  if (pair.privateKey.length !== 32 || pair.publicKey.length !== 32)
    throw new Error('station keys are 32 bytes')
  const key = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, pair.privateKey]),
    format: 'der',
    type: 'pkcs8',
  })
  const derived = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(spkiPrefix.length)
  if (Buffer.compare(derived, pair.publicKey) !== 0) throw new Error('station keys do not belong together')
  return { publicKey: pair.publicKey, sign: (message) => new Uint8Array(sign(null, message, key)) }
}

/** False for a wrong signature and for bytes that are no key at all; never throws. */
export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  try {
    return verify(null, message, publicKeyObject(publicKey), signature)
  } catch {
    return false // bytes that are no point on the curve: nobody's signature
  }
}

const publicKeyObject = (publicKey: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' })

export const keyToHex = (key: Uint8Array): string => Buffer.from(key).toString('hex')
