import { randomBytes } from 'node:crypto'
import { combine, split } from 'shamir-secret-sharing'
import { sameBytes } from '../bytes/bytes.ts'
import { publicKeyOf } from '../crypto/keys.ts'
import { ROOT_MEMBER } from '../membership/graph.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import type { Share } from './share-text.ts'
import type { Station } from './station.ts'

export type RecoveryProblem = Problem & {
  type:
    | 'no-founding-key'
    | 'bad-share-count'
    | 'shares-too-few'
    | 'shares-of-different-printings'
    | 'founding-key-wrong'
}

const DRAFT = 'founding-key'

/** More sheets than anybody prints, and what one byte can number. */
const MAX_SHARES = 255

/** The founding key (32 bytes, Ed25519), where this home still keeps it, sealed. */
export function foundingKey(station: Station): Uint8Array | null {
  const kept = station.draft(DRAFT)?.value
  if (typeof kept !== 'string') return null
  const key = new Uint8Array(Buffer.from(kept, 'base64'))
  return key.length === 32 ? key : null
}

/** Cuts the founding key into shares: any `threshold` of them give it back, fewer tell nothing (Shamir). */
export async function splitFoundingKey(
  station: Station,
  { shares, threshold }: { readonly shares: number; readonly threshold: number },
): Promise<Result<Share[], RecoveryProblem>> {
  if (
    !(Number.isInteger(shares) && Number.isInteger(threshold)) ||
    threshold < 2 ||
    shares < threshold ||
    shares > MAX_SHARES
  )
    return fail({ type: 'bad-share-count', shares, threshold })
  const key = foundingKey(station)
  if (!key) return fail({ type: 'no-founding-key' })
  const printing = randomBytes(4).toString('hex')
  const parts = await split(key, shares, threshold)
  return ok(parts.map((bytes, at) => ({ printing, threshold, number: at + 1, bytes })))
}

/** Takes the founding key out of the home: from then on only the printed sheets have it. */
export function forgetFoundingKey(station: Station): void {
  station.dropDraft(DRAFT)
  station.trunk.store.checkpoint()
}

/**
 * Puts the shares together, proves by the community's first act that the key is its founding key, and keeps it in
 * this home, sealed as before. What is not proved is not kept.
 */
export async function restoreFoundingKey(
  station: Station,
  shares: readonly Share[],
): Promise<Result<void, RecoveryProblem>> {
  const different = new Map(shares.map((share) => [share.number, share]))
  const [first] = shares
  if (!first || different.size < Math.max(2, first.threshold))
    return fail({ type: 'shares-too-few', given: different.size, threshold: first?.threshold ?? 2 })
  if (shares.some(({ printing, threshold }) => printing !== first.printing || threshold !== first.threshold))
    return fail({ type: 'shares-of-different-printings' })
  const key = await combine([...different.values()].map((share) => share.bytes))
  const root = [...station.membership().stations.values()].find((card) => card.member === ROOT_MEMBER)
  if (!root || !sameBytes(publicKeyOf('ed25519', key), root.key)) return fail({ type: 'founding-key-wrong' })
  station.putDraft(DRAFT, Buffer.from(key).toString('base64'))
  return ok(undefined)
}
