import { isSignedBy, type StationSigner } from './station-key.ts'

/** What a station says first on a fresh connection: a nonce of its own, and the key it is about to prove. */
export type Hello = { readonly nonce: Uint8Array; readonly key: Uint8Array }

/** Both ends of one connection as one of them sees it. */
export type ProofContext = {
  readonly roomId: Uint8Array
  readonly signer: Hello & { readonly fingerprint: Uint8Array }
  readonly verifier: Hello & { readonly fingerprint: Uint8Array }
}

const helloVersion = 1
export const nonceBytes = 32
const domainTag = new TextEncoder().encode('doorstep mesh proof v1\0')

/** `version(1) nonce(32) key(32)` */
export const encodeHello = (hello: Hello): Uint8Array =>
  Buffer.concat([Uint8Array.of(helloVersion), hello.nonce, hello.key])

/** Undefined for anything but a whole hello of our version. */
export function parseHello(bytes: Uint8Array): Hello | undefined {
  if (bytes.length !== 1 + nonceBytes + 32 || bytes[0] !== helloVersion) return undefined
  return { nonce: bytes.slice(1, 1 + nonceBytes), key: bytes.slice(1 + nonceBytes) }
}

/**
 * The signer's facts come first, then the verifier's, so a proof sent back to its maker proves nothing.
 * The fingerprints are those of the two DTLS certificates: a station in the middle has other ones.
 */
function transcript({ roomId, signer, verifier }: ProofContext): Uint8Array {
  return Buffer.concat([
    domainTag,
    roomId,
    signer.fingerprint,
    verifier.fingerprint,
    signer.nonce,
    verifier.nonce,
    signer.key,
    verifier.key,
  ])
}

/** An Ed25519 signature, 64 bytes. */
export const signProof = (signer: StationSigner, context: ProofContext): Uint8Array =>
  signer.sign(transcript(context))

export const isProof = (signature: Uint8Array, context: ProofContext): boolean =>
  isSignedBy(context.signer.key, transcript(context), signature)

/** The SHA-256 DTLS fingerprint (32 bytes) of a session description (RFC 8122); undefined unless there is exactly one. */
export function fingerprintOf(sdp: string): Uint8Array | undefined {
  const lines = new Set(
    [...sdp.matchAll(/^a=fingerprint:(.*?)\s*$/gm)].map((match) => match[1]!.toLowerCase().trim()),
  )
  if (lines.size !== 1) return undefined
  const [line] = lines
  const hex = /^sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/.exec(line!)?.[1]
  return hex === undefined ? undefined : new Uint8Array(Buffer.from(hex.replaceAll(':', ''), 'hex'))
}
