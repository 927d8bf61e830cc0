import { decodeCbor, encodeCbor, isBytes, isText, isTuple } from '@doorstep/core'

/** Stands where a session's message has its number, so that neither is taken for the other. */
const TAG = 'doorstep/pairing/1'
export const NONCE_BYTES = 32
const PROOF_BYTES = 32
/** What a stranger may send in one frame. */
export const MAX_NEWCOMER_BYTES = 256
const MAX_INVITER_BYTES = 32 * 1024
const MAX_INVITE_CHARS = 20_000

/**
 * Why a newcomer is not let in; none says anything about the community. That somebody is on the way or was let in
 * (`code-busy`, `code-used`) is said only after a valid proof.
 */
export const refusals = [
  'unknown-code',
  'wrong-code',
  'code-busy',
  'code-used',
  'code-expired',
  'code-closed',
  'pairing-crowded',
] as const
export type Refusal = (typeof refusals)[number]

/** The newcomer says 0, 2 and 4, the inviter 1 and 3, or 5 at any point. */
export type PairingMessage =
  | { readonly type: 'start'; readonly rendezvous: string; readonly nonce: Uint8Array }
  | { readonly type: 'challenge'; readonly nonce: Uint8Array }
  | { readonly type: 'proof'; readonly proof: Uint8Array }
  /** The inviter's proof is over the invite too. */
  | { readonly type: 'welcome'; readonly proof: Uint8Array; readonly invite: string }
  /** The newcomer has its home; from here on both speak as a session. */
  | { readonly type: 'ready' }
  | { readonly type: 'refused'; readonly reason: Refusal }

export function encodePairing(message: PairingMessage): Uint8Array {
  switch (message.type) {
    case 'start':
      return encodeCbor([TAG, 0, message.rendezvous, message.nonce])
    case 'challenge':
      return encodeCbor([TAG, 1, message.nonce])
    case 'proof':
      return encodeCbor([TAG, 2, message.proof])
    case 'welcome':
      return encodeCbor([TAG, 3, message.proof, message.invite])
    case 'ready':
      return encodeCbor([TAG, 4])
    case 'refused':
      return encodeCbor([TAG, 5, message.reason])
  }
}

/** Null for whatever is no such message. */
export function parsePairing(bytes: Uint8Array, from: 'newcomer' | 'inviter'): PairingMessage | null {
  const decoded = decodeCbor(bytes, from === 'newcomer' ? MAX_NEWCOMER_BYTES : MAX_INVITER_BYTES)
  const wire = decoded.ok ? decoded.value : null
  if (!Array.isArray(wire) || wire[0] !== TAG) return null
  return from === 'newcomer' ? newcomerMessage(wire) : inviterMessage(wire)
}

function newcomerMessage(wire: readonly unknown[]): PairingMessage | null {
  const [, kind, first, second] = wire
  if (kind === 0 && isTuple(wire, 4) && isText(first, 8) && isBytes(second, NONCE_BYTES))
    return { type: 'start', rendezvous: first, nonce: second }
  if (kind === 2 && isTuple(wire, 3) && isBytes(first, PROOF_BYTES)) return { type: 'proof', proof: first }
  if (kind === 4 && isTuple(wire, 2)) return { type: 'ready' }
  return null
}

function inviterMessage(wire: readonly unknown[]): PairingMessage | null {
  const [, kind, first, second] = wire
  if (kind === 1 && isTuple(wire, 3) && isBytes(first, NONCE_BYTES))
    return { type: 'challenge', nonce: first }
  if (kind === 3 && isTuple(wire, 4) && isBytes(first, PROOF_BYTES) && isText(second, MAX_INVITE_CHARS))
    return { type: 'welcome', proof: first, invite: second }
  const reason = refusals.find((known) => known === first)
  return kind === 5 && isTuple(wire, 3) && reason ? { type: 'refused', reason } : null
}
