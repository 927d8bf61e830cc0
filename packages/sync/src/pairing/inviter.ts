import { randomBytes } from 'node:crypto'
import { type PassphraseCost, sameBytes } from '@doorstep/core'
import { createTokenBucket } from '../mesh/token-bucket.ts'
import type { Clock } from '../session/clock.ts'
import type { Wire } from '../wire.ts'
import type { PairingCode } from './pairing-code.ts'
import {
  encodePairing,
  NONCE_BYTES,
  type PairingMessage,
  parsePairing,
  type Refusal,
} from './pairing-message.ts'
import { isSameProof, type PairingBinding, proofOf, stretchCode } from './pairing-proof.ts'

/** Wrong proofs over the life of a code; then it is dead. */
export const MAX_WRONG_PROOFS = 5
/** Strangers at the door at once, from one address and from all. */
const MAX_VISITORS = 8
const MAX_VISITORS_A_HOST = 3
/** New wires: some at once, then one a second. */
const KNOCKS = { burst: 20, perSecond: 1 }
/** From the first byte to the proof. A slow laptop stretches a code in a second or two. */
const PROOF_MS = 15_000
/** To make a home, on a slow disk. */
const READY_MS = 60_000

export type InviterDeps = {
  readonly code: PairingCode
  /** Ed25519, raw: what TLS proves of this station. */
  readonly ownKey: Uint8Array
  /** JSON text, handed over as it is. */
  readonly invite: string
  /** Milliseconds since 1970, by `clock` alone. */
  readonly expiresAt: number
  readonly clock: Clock
  readonly cost?: PassphraseCost
  /** False when the invite was withdrawn meanwhile. */
  readonly isOpen: () => boolean
  /** Whether the holder of this key has been let in. */
  readonly hasJoined: (key: Uint8Array) => boolean
  /** The newcomer has proved itself and has its home: from here on the wire is a session's. */
  readonly onReady: (wire: Wire, remote: string) => void
  readonly onWrong: (remote: string, wrong: number) => void
  /** The one who was on the way has gone: unless it was let in, the code is free again. */
  readonly onLeft: () => void
}

/** The inviter's side of an open code: it meets strangers, and hands the invite to the one who knows the code. */
export function createInviter(deps: InviterDeps) {
  const { code, clock, ownKey, invite } = deps
  const stretched = stretchCode(code, ownKey, deps.cost)
  const bucket = createTokenBucket(KNOCKS)
  /** Wires that are not proved yet or make their home, with the host each comes from. */
  const visitors = new Map<Wire, string>()
  let wrong = 0
  let closed = false
  /** The one who proved last. A grant may be on its way to the disk when its wire, null then, has gone already. */
  let newcomer: { readonly key: Uint8Array; readonly wire: Wire | null } | null = null

  const state = (): Refusal | null => {
    if (clock.now() > deps.expiresAt) return 'code-expired'
    return closed || wrong >= MAX_WRONG_PROOFS || !deps.isOpen() ? 'code-closed' : null
  }

  /** Whether somebody else stands before the holder of this key. */
  const turn = (key: Uint8Array): Refusal | null => {
    if (!newcomer || sameBytes(newcomer.key, key)) return null
    if (deps.hasJoined(newcomer.key)) return 'code-used'
    return newcomer.wire ? 'code-busy' : null
  }

  const isCrowded = (host: string): boolean => {
    const same = [...visitors.values()].filter((other) => other === host).length
    return !bucket.take(clock.now()) || visitors.size >= MAX_VISITORS || same >= MAX_VISITORS_A_HOST
  }

  function take(wire: Wire, remote: string): void {
    const host = remote.slice(0, remote.lastIndexOf(':'))
    const say = (message: PairingMessage) => wire.send(encodePairing(message))
    let wanted: PairingMessage['type'] = 'start'
    let binding: PairingBinding | null = null
    let stopWaiting = () => {}

    const leave = () => {
      stopWaiting()
      visitors.delete(wire)
      if (newcomer?.wire !== wire) return
      newcomer = { key: newcomer.key, wire: null }
      deps.onLeft()
    }
    const end = () => wire.close('pairing ended')
    const refuse = (reason: Refusal) => {
      // Nothing more is heard from it: a wire keeps delivering until it is closed.
      wanted = 'refused'
      void say({ type: 'refused', reason }).then(end, end)
    }
    const waitFor = (type: PairingMessage['type'], withinMs: number) => {
      stopWaiting()
      wanted = type
      stopWaiting = clock.after(withinMs, end)
    }

    const onStart = (message: Extract<PairingMessage, { type: 'start' }>) => {
      if (message.rendezvous !== code.rendezvous) return refuse('unknown-code')
      const inviterNonce = new Uint8Array(randomBytes(NONCE_BYTES))
      binding = {
        inviterKey: ownKey,
        newcomerKey: wire.peerKey,
        inviterNonce,
        newcomerNonce: message.nonce,
      }
      wanted = 'proof'
      say({ type: 'challenge', nonce: inviterNonce }).catch(() => undefined)
    }
    const onProof = (proof: Uint8Array) => {
      if (!isSameProof(proof, proofOf(stretched, 'newcomer', binding!))) {
        wrong++
        refuse('wrong-code')
        return deps.onWrong(remote, wrong)
      }
      const reason = turn(wire.peerKey)
      if (reason) return refuse(reason)
      newcomer = { key: wire.peerKey, wire }
      waitFor('ready', READY_MS)
      say({ type: 'welcome', proof: proofOf(stretched, 'inviter', binding!, invite), invite }).catch(
        () => undefined,
      )
    }

    wire.onClose(leave)
    if (isCrowded(host)) return refuse('pairing-crowded')
    visitors.set(wire, host)
    waitFor('start', PROOF_MS)
    wire.onFrame((frame) => {
      if (wanted === 'refused') return
      const message = parsePairing(frame, 'newcomer')
      if (!message || message.type !== wanted) return end()
      if (message.type === 'ready') {
        // It has proved itself: what others guess meanwhile does not shut it out.
        stopWaiting()
        visitors.delete(wire)
        return deps.onReady(wire, remote)
      }
      const reason = state()
      if (reason) return refuse(reason)
      if (message.type === 'start') onStart(message)
      else if (message.type === 'proof') onProof(message.proof)
    })
  }

  return {
    take,
    /** The key of the one who proved last. */
    newcomer: (): Uint8Array | null => newcomer?.key ?? null,
    isBusy: (): boolean => newcomer !== null && newcomer.wire !== null,
    wrongProofs: () => wrong,
    /** The code is gone; who is at the door is sent away, who is in stays. */
    close() {
      closed = true
      for (const wire of visitors.keys()) wire.close('pairing ended')
    },
  }
}
