import { createPrivateKey, webcrypto } from 'node:crypto'
import type { SecureContextOptions } from 'node:tls'
import type { KeyPair } from '@doorstep/core'

/** PKCS#8 head of an Ed25519 private key (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Years far enough that a laptop whose clock is wrong still connects: keys are pinned, dates say nothing here. */
const NOT_BEFORE = new Date('2000-01-01T00:00:00Z')
const NOT_AFTER = new Date('2099-12-31T00:00:00Z')

/**
 * A self-signed certificate over the station's own key. TLS 1.3 then proves both keys to both ends; nobody else
 * vouches for anything.
 */
export async function tlsIdentity(signing: KeyPair): Promise<Pick<SecureContextOptions, 'key' | 'cert'>> {
  await import('reflect-metadata')
  const x509 = await import('@peculiar/x509')
  const pkcs8 = Buffer.concat([PKCS8_HEAD, signing.privateKey])
  const privateKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign'])
  const publicKey = await webcrypto.subtle.importKey('raw', Buffer.from(signing.publicKey), 'Ed25519', true, [
    'verify',
  ])
  const cert = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: '01',
      name: 'CN=doorstep',
      notBefore: NOT_BEFORE,
      notAfter: NOT_AFTER,
      signingAlgorithm: { name: 'Ed25519' },
      keys: { privateKey, publicKey },
    },
    webcrypto as unknown as typeof globalThis.crypto,
  )
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({
    format: 'pem',
    type: 'pkcs8',
  })
  return { key, cert: cert.toString('pem') }
}
