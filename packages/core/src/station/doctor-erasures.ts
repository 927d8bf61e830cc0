import { parseEntry } from '../log/entry.ts'
import { expectOk } from '../result.ts'
import type { Trunk } from '../trunk/context.ts'
import { isErasure } from '../trunk/erased-list.ts'

export type ErasureFindings = {
  /** Parts that are gone, as an erasure that counts says. */
  readonly erased: number
  /** Parts that are still here though an erasure that counts names them; `repair` strikes them. */
  readonly left: readonly string[]
  /** Parts that are gone, and no erasure that is here names them. */
  readonly lost: readonly string[]
  /** Parts about erased records that no erasure has named yet. */
  readonly late: number
  /** Erasures that were announced or are held, and what they name. */
  readonly unconfirmed: number
}

/** Compares what is gone from the entries with what erasures say is gone (A19). */
export function findErasures(trunk: Trunk, spaces: readonly string[], repair: boolean): ErasureFindings {
  const { store } = trunk
  let erased = 0
  const left: string[] = []
  const lost: string[] = []
  for (const space of spaces) {
    const any = store.hasErasures(space)
    for (let after = 0; ; ) {
      const page = store.entriesOf(space, after, 500)
      for (const entry of page) {
        after = entry.n
        const named = any ? store.erasedParts(space, entry.hash) : new Map<number, boolean>()
        const here: number[] = []
        for (const [part, blob] of entry.raw.blobs.entries()) {
          if (blob === null && named.get(part)) erased++
          else if (blob === null && !named.has(part)) lost.push(nameOf(entry, part))
          else if (blob !== null && named.get(part)) here.push(part)
        }
        if (here.length === 0 || isErasure(expectOk(parseEntry(entry.raw)).header)) continue
        left.push(...here.map((part) => nameOf(entry, part)))
        if (repair) store.transaction(() => store.strike(entry.hash, here))
      }
      if (page.length < 500) break
    }
  }
  if (repair) store.settleErased()
  const unconfirmed = store.unconfirmedErasures().reduce((sum, { parts }) => sum + parts, 0)
  return { erased, left, lost, late: store.voids({ reason: 'record-erased' }).length, unconfirmed }
}

const nameOf = ({ log, seq }: { readonly log: string; readonly seq: number }, part: number): string =>
  `${log.slice(0, 8)}/${seq}.${part}`
