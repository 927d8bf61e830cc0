import { hash } from 'node:crypto'
import { toHex } from '../bytes/bytes.ts'

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
  const lines = [...stretches]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, digest]) => `${name} ${digest}\n`)
  return hash('sha256', `doorstep/records/2\n${lines.join('')}`, 'buffer')
}

export type WorkedDigest = { readonly stretches: ReadonlyMap<string, string>; readonly digest: Uint8Array }

/** Equal exactly for the same records: of those in any order, none twice; null where one is. */
export function workDigest(
  records: Iterable<{ readonly id: string; readonly hash: Uint8Array }>,
): WorkedDigest | null {
  const stretches = new Map<string, string>()
  for (const [name, inside] of Map.groupBy(records, ({ id }) => stretchOf(id))) {
    if (inside.length > 1) inside.sort((a, b) => (a.id < b.id ? -1 : 1))
    if (inside.some(({ id }, at) => id === inside[at - 1]?.id)) return null
    let text = ''
    for (const { id, hash } of inside) text += id + toHex(hash).toUpperCase()
    stretches.set(name, digestOfStretch(text))
  }
  return { stretches, digest: digestOfStretches(stretches) }
}

/** Of records of which none stands twice. */
export const digestOfHashes = (records: Parameters<typeof workDigest>[0]): Uint8Array =>
  workDigest(records)!.digest
