import { toHex } from '../bytes/bytes.ts'
import { parseEntry } from '../log/entry.ts'
import { expectOk } from '../result.ts'
import { putBaseRecords } from './checkpoint-base.ts'
import type { Trunk } from './context.ts'
import { RecordWriter } from './records.ts'
import { NOTHING_SEEN, type SeenBy, seenAfter, seenBy } from './seen.ts'

/**
 * Folds a space's records again from its log, in causal order: when a key came late, or when `doctor` repairs.
 * What a checkpoint stands for comes first, from its pages. `only`: these entries by hex, and not what is accepted.
 * Inside the caller's transaction.
 */
export function rebuildSpace(trunk: Trunk, space: string, only?: ReadonlySet<string>): void {
  const { store } = trunk
  store.dropRecords(space)
  putBaseRecords(trunk, space)
  // What erasures that count have named is passed over from the start: nothing is folded that must go again.
  const writer = new RecordWriter(trunk, () => undefined)
  const seen = new Map<string, SeenBy>()
  let after = 0
  for (;;) {
    const page = store.entriesOf(space, after, 500)
    for (const entry of page) {
      const { header } = expectOk(parseEntry(entry.raw))
      const below = seen.has(toHex(entry.prev)) || header.seq === 0 ? null : store.entry(entry.prev)
      const before = seen.get(toHex(entry.prev)) ?? (below ? seenBy(trunk, below) : NOTHING_SEEN)
      const now = seenAfter(trunk.acts, before, header)
      seen.set(toHex(entry.hash), now)
      if (!store.hasFork(entry.log)) seen.delete(toHex(entry.prev))
      const counts = only ? only.has(toHex(entry.hash)) : entry.status === 'accepted'
      if (counts) writer.apply(entry, { seen: now })
      after = entry.n
    }
    if (page.length < 500) break
  }
  writer.flush()
}

/** Spaces with parts that could not be opened when they came, and can be now. */
export function newlyReadable(trunk: Trunk): string[] {
  const { store, keyring, acts } = trunk
  const missing = store.missingKeys()
  if (missing.length === 0) return []
  const nameOf = (space: string, key: Uint8Array) => `${space}/${toHex(key)}`
  const open = new Set(
    acts
      .now()
      .generations.filter((generation) => keyring.secretOf(generation) !== null)
      .map(({ space, id }) => nameOf(space, id)),
  )
  return [
    ...new Set(missing.filter(({ space, key }) => open.has(nameOf(space, key))).map(({ space }) => space)),
  ]
}
