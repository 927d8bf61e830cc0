import { toHex } from '../bytes/bytes.ts'
import { parseEntry } from '../log/entry.ts'
import { expectOk } from '../result.ts'
import { putBaseRecords } from './checkpoint-base.ts'
import type { Trunk } from './context.ts'
import { RecordWriter } from './records.ts'
import { NOTHING_SEEN, type SeenBy, seenAfter, seenBy } from './seen.ts'

/**
 * Folds a space's records again from its log, in causal order: when a key came late, or when `doctor` repairs.
 * What a checkpoint stands for comes first, from its pages.
 * Inside the caller's transaction.
 */
export function rebuildSpace(trunk: Trunk, space: string): void {
  const { store } = trunk
  store.dropRecords(space)
  putBaseRecords(trunk, space)
  const writer = new RecordWriter(trunk)
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
      if (entry.status === 'accepted') writer.apply(entry, { seen: now })
      after = entry.n
    }
    if (page.length < 500) break
  }
  writer.flush()
}

/** Spaces with parts that could not be opened when they came, and can be now. */
export function newlyReadable(trunk: Trunk): string[] {
  const { store, keyring, acts } = trunk
  const spaces = new Set<string>()
  for (const { log, seq, reason } of store.voids()) {
    const space = store.log(log)!.space
    if (reason !== 'no-key' || spaces.has(space)) continue
    const opens = store.entriesAt(log, seq).some((entry) => {
      if (entry.base) return false
      const { keys } = expectOk(parseEntry(entry.raw)).header
      return keys.some((key) => keyring.keyFor(acts.now(), key, log, space) !== null)
    })
    if (opens) spaces.add(space)
  }
  return [...spaces]
}
