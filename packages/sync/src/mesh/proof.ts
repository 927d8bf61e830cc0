import { randomBytes } from 'node:crypto'
import { encodeFrame, frameType, type GoodbyeReason } from './frames.ts'
import {
  encodeHello,
  fingerprintOf,
  type Hello,
  isProof,
  nonceBytes,
  parseHello,
  signProof,
} from './hello.ts'
import type { StationSigner } from './station-key.ts'

export type ProofFailure =
  | { readonly type: 'malformed-hello' }
  | { readonly type: 'own-key' }
  | { readonly type: 'not-allowed'; readonly key: Uint8Array }
  | { readonly type: 'bad-proof'; readonly key: Uint8Array }
  /** Proved and allowed, but there is no place for it now. */
  | { readonly type: 'turned-away'; readonly key: Uint8Array; readonly reason: GoodbyeReason }
  | { readonly type: 'out-of-order' }

export type ProofStep =
  | { readonly type: 'waiting' }
  /** The other side's proof holds: what it sends may be kept, not yet used. */
  | { readonly type: 'verified'; readonly key: Uint8Array }
  /** Both sides have accepted each other. */
  | { readonly type: 'open'; readonly key: Uint8Array }
  | { readonly type: 'failed'; readonly failure: ProofFailure }

/**
 * One run of the handshake: hello, proof, accepted, each way. It takes frames and gives frames; it knows no channel.
 * Nothing the other side sends makes it throw.
 */
export function createProof(options: {
  readonly signer: StationSigner
  readonly roomId: Uint8Array
  readonly isAllowed: (key: Uint8Array) => boolean
  /** Last word before a proved peer is accepted: undefined to accept it. */
  readonly turnAway: (key: Uint8Array) => GoodbyeReason | undefined
  readonly send: (frame: Uint8Array) => void
  readonly descriptions: () => { readonly local: string | undefined; readonly remote: string | undefined }
}) {
  const { signer, roomId, send } = options
  const own: Hello = { nonce: new Uint8Array(randomBytes(nonceBytes)), key: signer.publicKey }
  let theirs: Hello | undefined
  let begun = false
  let verified = false
  let accepted = false

  const fail = (failure: ProofFailure): ProofStep => ({ type: 'failed', failure })

  /** Both ends; undefined when a description lacks a fingerprint we can use. */
  const ends = (peer: Hello) => {
    const { local, remote } = options.descriptions()
    const [localPrint, remotePrint] = [fingerprintOf(local ?? ''), fingerprintOf(remote ?? '')]
    if (!localPrint || !remotePrint) return undefined
    return { us: { ...own, fingerprint: localPrint }, them: { ...peer, fingerprint: remotePrint } }
  }

  const sendProof = () => {
    const both = theirs && begun ? ends(theirs) : undefined
    if (!both) return
    const context = { roomId, signer: both.us, verifier: both.them }
    send(encodeFrame(frameType.proof, signProof(signer, context)))
  }

  const onHello = (body: Uint8Array): ProofStep => {
    if (theirs) return fail({ type: 'out-of-order' })
    const hello = parseHello(body)
    if (!hello) return fail({ type: 'malformed-hello' })
    if (Buffer.compare(hello.key, own.key) === 0) return fail({ type: 'own-key' })
    if (!options.isAllowed(hello.key)) return fail({ type: 'not-allowed', key: hello.key })
    if (!ends(hello)) return fail({ type: 'bad-proof', key: hello.key })
    theirs = hello
    sendProof()
    return { type: 'waiting' }
  }

  const onProof = (signature: Uint8Array): ProofStep => {
    if (!theirs || verified) return fail({ type: 'out-of-order' })
    const both = ends(theirs)
    if (!both || !isProof(signature, { roomId, signer: both.them, verifier: both.us }))
      return fail({ type: 'bad-proof', key: theirs.key })
    // Asked again: the list may have changed while the signature was under way.
    if (!options.isAllowed(theirs.key)) return fail({ type: 'not-allowed', key: theirs.key })
    const reason = options.turnAway(theirs.key)
    if (reason) return fail({ type: 'turned-away', key: theirs.key, reason })
    verified = true
    send(encodeFrame(frameType.accepted))
    return accepted ? { type: 'open', key: theirs.key } : { type: 'verified', key: theirs.key }
  }

  const onAccepted = (): ProofStep => {
    if (!theirs || accepted) return fail({ type: 'out-of-order' })
    accepted = true
    return verified ? { type: 'open', key: theirs.key } : { type: 'waiting' }
  }

  return {
    /** Once the channel takes frames. */
    begin() {
      begun = true
      send(encodeFrame(frameType.hello, encodeHello(own)))
      sendProof()
    },
    receive(type: number, body: Uint8Array): ProofStep {
      if (type === frameType.hello) return onHello(body)
      if (type === frameType.proof) return onProof(body)
      if (type === frameType.accepted && body.length === 0) return onAccepted()
      return fail({ type: 'out-of-order' })
    },
  }
}
