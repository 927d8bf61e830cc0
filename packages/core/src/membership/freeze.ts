import { sameBytes } from '../bytes/bytes.ts'
import { decodeCbor, isBytes, isTuple } from '../bytes/cbor.ts'
import { sha256Of } from '../crypto/hash.ts'
import { isSignedBy } from '../crypto/keys.ts'
import { logIdOf } from '../log/entry.ts'
import { MAX_ENTRY_BYTES } from '../log/limits.ts'
import { segmentClaim } from '../log/segment.ts'
import type { Act, BranchProof } from './act.ts'

/** A13: a freeze counts whoever brings it, so it must prove itself: two branches, both signed by the log's key. */
export function isProvenFreeze(act: Extract<Act, { type: 'freeze' }>): boolean {
  const log = logIdOf({ key: act.log, epoch: act.epoch, space: act.space })
  const [a, b] = act.proofs
  const first = signedBranch(log, act.log, act.seq, a)
  const second = signedBranch(log, act.log, act.seq, b)
  return first !== null && second !== null && !sameBytes(first, second)
}

/** The hash of the branch's entry at `seq`, when its author signed a chain that goes through it. */
function signedBranch(log: string, key: Uint8Array, seq: number, proof: BranchProof): Uint8Array | null {
  let hash: Uint8Array | null = null
  let branch: Uint8Array | null = null
  for (const [at, bytes] of proof.headers.entries()) {
    const decoded = decodeCbor(bytes, MAX_ENTRY_BYTES)
    if (!decoded.ok || !isTuple(decoded.value, 7)) return null
    const [, entrySeq, prev] = decoded.value
    if (entrySeq !== seq + at || !isBytes(prev, 32) || (hash && !sameBytes(prev, hash))) return null
    hash = sha256Of(bytes)
    branch ??= hash
  }
  if (!hash || !branch) return null
  const last = seq + proof.headers.length - 1
  return isSignedBy(key, segmentClaim(log, proof.first, last, hash), proof.signature) ? branch : null
}
