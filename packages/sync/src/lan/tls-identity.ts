import { createPrivateKey } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'
import { createSigner, type KeyPair } from '@doorstep/core'

/** PKCS#8 head of an Ed25519 private key, and what stands before its public key (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')
const SPKI_HEAD = Buffer.from('302a300506032b6570032100', 'hex')

/** The DER of a sequence of less than 256 bytes. */
function sequence(...parts: Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([Buffer.from(length < 128 ? [0x30, length] : [0x30, 0x81, length]), ...parts])
}
const utcTime = (text: string): Buffer => Buffer.concat([Buffer.from([0x17, text.length]), Buffer.from(text)])

const SERIAL = Buffer.from([0x02, 1, 1])
const ED25519 = Buffer.from('300506032b6570', 'hex')
const NOBODY = sequence()
/** Years far enough that a laptop whose clock is wrong still connects: keys are pinned, dates say nothing here. */
const YEARS = sequence(utcTime('000101000000Z'), utcTime('491231235959Z'))

/**
 * A self-signed certificate (X.509 version 1, RFC 5280) over the station's own key, with nothing else in it: 169 bytes,
 * sent by both ends whenever two stations meet. TLS 1.3 then proves both keys to both ends; nobody else vouches for
 * anything.
 */
export function tlsIdentity(signing: KeyPair): Pick<SecureContextOptions, 'key' | 'cert'> {
  const key = Buffer.concat([SPKI_HEAD, signing.publicKey])
  const claim = sequence(SERIAL, ED25519, NOBODY, YEARS, NOBODY, key)
  const signature = createSigner(signing.privateKey)(claim)
  // A string of bits: none of the last one's is left over.
  const cert = sequence(claim, ED25519, Buffer.from([0x03, signature.length + 1, 0]), signature)
  const pkcs8 = Buffer.concat([PKCS8_HEAD, signing.privateKey])
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }),
    cert: `-----BEGIN CERTIFICATE-----\n${cert.toString('base64')}\n-----END CERTIFICATE-----\n`,
  }
}
