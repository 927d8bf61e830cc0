import { sameBytes } from '../bytes/bytes.ts'
import type { LogId } from '../log/entry.ts'
import type { BranchProof } from '../membership/act.ts'
import { refsOf } from './act-book.ts'
import type { Admission } from './admit.ts'
import type { Trunk } from './context.ts'
import { acceptedHeads, isAtOrBefore } from './heads.ts'
import { chainOf, segmentWith } from './send.ts'
import { signTails } from './sign.ts'
import { ownLog, startEpoch, writeAct, writeStandBy } from './write.ts'

/** A13: whoever first holds both branches says so, with the proof. Acts on forked chains are simply concurrent. */
export function freezeForks(trunk: Trunk, admission: Admission): void {
  const { store, acts, identity } = trunk
  for (const { log, seq } of admission.report.forks) {
    const declared = store.log(log)!
    if (declared.space === identity.community) continue
    const frozenAt = acts.now().frozen.get(log)
    if (frozenAt !== undefined && frozenAt <= seq) continue
    signTails(trunk)
    const proofs: BranchProof[] = []
    for (const entry of store.entriesAt(log, seq)) {
      const proof = proofOf(trunk, log, entry.seq, entry.hash)
      if (proof) proofs.push(proof)
      if (proofs.length === 2) break
    }
    const [a, b] = proofs
    // An unsigned branch of ours cannot be shown to others yet; opening the home noticed the copy already.
    if (!a || !b) continue
    writeAct(trunk, admission, {
      type: 'freeze',
      log: declared.key,
      epoch: declared.epoch,
      space: declared.space,
      seq,
      proofs: [a, b],
    })
  }
}

function proofOf(trunk: Trunk, log: LogId, seq: number, hash: Uint8Array): BranchProof | null {
  const row = segmentWith(trunk.store, { log, seq, hash })
  if (!row) return null
  const headers = chainOf(trunk.store, row)
    .filter((entry) => entry.seq >= seq)
    .map((entry) => entry.raw.header)
  return { headers, first: row.first, signature: row.signature }
}

/**
 * A10 and A15: before a freeze would take accepted entries away, the station vouches for them; when the frozen log
 * is its own, from a fresh epoch.
 */
export function standByFrozen(trunk: Trunk, admission: Admission): void {
  const { store, acts, identity } = trunk
  for (const [log, frozenAt] of acts.now().frozen) {
    const declared = store.log(log)
    if (!declared) continue
    const heads = acceptedHeads(store, declared.space).filter(
      (head) => head.log === log && head.seq >= frozenAt,
    )
    if (sameBytes(declared.key, identity.signing.publicKey) && sameBytes(declared.epoch, trunk.epoch))
      startEpoch(trunk)
    if (heads.length === 0) continue
    const own = ownLog(trunk, declared.space)
    const vouched = own.tip ? refsOf(own.tip.seen) : []
    const missing = heads.some((head) => !vouched.some((ref) => isAtOrBefore(store, head, ref)))
    if (missing) writeStandBy(trunk, admission, declared.space)
  }
}
