import type { LogId } from '../log/entry.ts'
import type { BranchProof } from '../membership/act.ts'
import type { Admission } from './admit.ts'
import type { Trunk } from './context.ts'
import { chainOf, segmentWith } from './send.ts'
import { signTails } from './sign.ts'
import { writeAct } from './write.ts'

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
