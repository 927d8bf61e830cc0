import { toHex } from '../bytes/bytes.ts'
import { type PartPlace, pageWithOnly } from '../record/page.ts'
import type { StoredEntry } from '../store/store.ts'
import { blobsHere } from './checkpoint.ts'
import { openBasePage } from './checkpoint-open.ts'
import { sealPacked } from './checkpoint-page.ts'
import type { Trunk } from './context.ts'
import { erasureIdOf } from './erase.ts'
import { isAtOrBefore } from './heads.ts'
import { seenBy } from './seen.ts'

/**
 * A19: the pages of a checkpoint hold whole records, so one that does not know of an erasure goes, on every station:
 * a blind one cannot tell which page it would be. Whoever asks for it gets a newer one, or entries.
 */
export function dropCheckpointsWithout(trunk: Trunk, space: string, erasure: StoredEntry): void {
  const { store, identity } = trunk
  const base = new Set(store.shelf.basePages(space).map(({ hash }) => toHex(hash)))
  store.shelf.dropBlobStarts()
  for (const row of store.shelf.checkpoints(space)) {
    if (row.state === 'dropped') continue
    const entry = store.entry(row.entry.hash)
    const seen = entry ? seenBy(trunk, entry).deps.get(erasure.log) : undefined
    if ([row.entry, ...(seen ?? [])].some((ref) => isAtOrBefore(store, erasure, ref))) continue
    for (const hash of blobsHere(trunk, row)) if (!base.has(toHex(hash))) store.shelf.dropBlob(hash)
    store.shelf.setState(row.entry.hash, 'dropped', identity.station)
  }
}

/**
 * The pages that records here stand on lose what was erased: they are sealed anew, each under its own key, and serve
 * nobody else. Where they cannot be opened they all go: a blind station needs none.
 */
export function eraseFromBase(trunk: Trunk, space: string, records: ReadonlySet<string> | null): void {
  const { shelf } = trunk.store
  const pages = shelf.basePages(space)
  if (pages.length === 0) return
  const kept = pages.flatMap((page) => {
    const placed = new Map<string, PartPlace>()
    const opened = records ? openBasePage(trunk, space, page, placed) : 'broken'
    // The key may come yet, and with it all is folded again, this erasure too.
    if (!opened) return [page]
    if (opened !== 'broken' && !opened.page.records.some(({ id }) => records!.has(id))) return [page]
    shelf.dropBlob(page.hash)
    if (opened === 'broken') return []
    const left = opened.page.records.filter(({ id }) => !records!.has(id))
    if (left.length === 0) return []
    const fresh = pageWithOnly(left, opened.page.entries, placed)
    const sealed = sealPacked(opened.key, space, fresh.packed)
    shelf.putBlob(sealed.hash, sealed.bytes)
    return [{ ...page, hash: sealed.hash, entries: fresh.entries }]
  })
  shelf.putBasePages(space, kept)
}

/** What the tombstones among a checkpoint's records stand for is gone here as well. */
export function eraseByTombstones({ store }: Trunk, space: string): void {
  const erased: string[] = []
  for (const { id, fields } of store.records({ space, type: 'erasure' })) {
    const { record } = fields
    if (typeof record === 'string' && erasureIdOf(record) === id && !store.isErasedRecord(space, record))
      erased.push(record)
  }
  if (erased.length > 0) store.eraseRecords(space, erased)
}
