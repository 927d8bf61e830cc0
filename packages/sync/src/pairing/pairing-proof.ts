import { argon2Sync, createHmac, timingSafeEqual } from 'node:crypto'
import { DEFAULT_COST, type PassphraseCost, sha256 } from '@doorstep/core'
import type { PairingCode } from './pairing-code.ts'

/**
 * The key that both make of the code: Argon2id, salted with the inviter's TLS key, so that nothing can be worked out
 * before it is known. Whoever stands between gets a proof made with this key, and to find the code from it would have
 * to try 2^60 at 0.15 s each.
 */
export function stretchCode(
  code: PairingCode,
  inviterKey: Uint8Array,
  cost: PassphraseCost = DEFAULT_COST,
): Uint8Array {
  return new Uint8Array(
    argon2Sync('argon2id', {
      message: Buffer.from(code.secret, 'ascii'),
      nonce: sha256('doorstep/pairing-salt/1', code.rendezvous, inviterKey).subarray(0, 16),
      parallelism: 1,
      tagLength: 32,
      memory: cost.memoryKiB,
      passes: cost.passes,
    }),
  )
}

/** What a proof is bound to: the keys that TLS proved at each end, and a nonce of each for this one meeting. */
export type PairingBinding = {
  readonly inviterKey: Uint8Array
  readonly newcomerKey: Uint8Array
  readonly inviterNonce: Uint8Array
  readonly newcomerNonce: Uint8Array
}

/** HMAC-SHA256 by the stretched code; the newcomer's is over no invite, the inviter's over the one it hands over. */
export function proofOf(
  stretched: Uint8Array,
  role: 'newcomer' | 'inviter',
  { inviterKey, newcomerKey, inviterNonce, newcomerNonce }: PairingBinding,
  invite = '',
): Uint8Array {
  const what = sha256(
    'doorstep/pairing-proof/1',
    role,
    inviterKey,
    newcomerKey,
    inviterNonce,
    newcomerNonce,
    invite,
  )
  return new Uint8Array(createHmac('sha256', stretched).update(what).digest())
}

export const isSameProof = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b)
