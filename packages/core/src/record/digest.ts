import { hash } from 'node:crypto'

/**
 * Records are summed up by stretches of ids, so that after a change one stretch is read again and not all. Two letters
 * of an id beside its kind: a thousand stretches a kind, a handful of records in each of a large community.
 */
const STRETCH_LETTERS = 5

/** The stretch that an id lies in. */
export const stretchOf = (id: string): string => id.slice(0, STRETCH_LETTERS)

/** One stretch, of the text of its records in the order of their ids: id and hash in upper-case hex. */
export const digestOfStretch = (text: string): string => hash('sha256', text, 'hex')

/** Of all stretches, by their names. */
export function digestOfStretches(stretches: ReadonlyMap<string, string>): Uint8Array {
  let lines = 'doorstep/records/2\n'
  for (const name of [...stretches.keys()].sort()) lines += `${name} ${stretches.get(name)!}\n`
  return hash('sha256', lines, 'buffer')
}

export type WorkedDigest = { readonly stretches: ReadonlyMap<string, string>; readonly digest: Uint8Array }

/** Equal exactly for the same records: of those in any order, none twice; null where one is. */
export function workDigest(
  records: readonly { readonly id: string; readonly hash: Uint8Array }[],
): WorkedDigest | null {
  const sorted = [...records].sort((a, b) => (a.id < b.id ? -1 : 1))
  // All at once: a thousand small buffers and strings take longer.
  const hashes = Buffer.allocUnsafe(HASH_BYTES * sorted.length)
  for (const [at, { hash }] of sorted.entries()) hashes.set(hash, HASH_BYTES * at)
  const hex = hashes.toString('hex').toUpperCase()
  const stretches = new Map<string, string>()
  for (let at = 0; at < sorted.length; ) {
    const name = stretchOf(sorted[at]!.id)
    let text = ''
    for (; at < sorted.length && sorted[at]!.id.startsWith(name); at++) {
      if (sorted[at]!.id === sorted[at + 1]?.id) return null
      text += sorted[at]!.id + hex.slice(2 * HASH_BYTES * at, 2 * HASH_BYTES * (at + 1))
    }
    stretches.set(name, digestOfStretch(text))
  }
  return { stretches, digest: digestOfStretches(stretches) }
}
const HASH_BYTES = 32

/** Of records of which none stands twice. */
export const digestOfHashes = (records: Parameters<typeof workDigest>[0]): Uint8Array =>
  workDigest(records)!.digest
