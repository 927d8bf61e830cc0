import type { PartPlace } from '../record/page.ts'
import { type DecodedPage, decodePage } from '../record/page-read.ts'
import type { BasePage } from '../store/checkpoint-shelf.ts'
import { manifestOf } from './checkpoint.ts'
import { entriesByNumber } from './checkpoint-format.ts'
import { pageKey } from './checkpoint-key.ts'
import { unsealPage } from './checkpoint-page.ts'
import type { Trunk } from './context.ts'

export type OpenedPage = { readonly key: Uint8Array; readonly packed: Uint8Array; readonly page: DecodedPage }

/** A page that records here stand on: null where its key is not here, 'broken' where it cannot be read. */
export function openBasePage(
  trunk: Trunk,
  space: string,
  { hash, generation, entry, entries }: BasePage,
  placed?: Map<string, PartPlace>,
): OpenedPage | 'broken' | null {
  const key = pageKey(trunk, generation, space)
  if (!key) return null
  const sealed = trunk.store.shelf.blob(hash)
  const packed = sealed && unsealPage(key, space, sealed)
  if (!packed?.ok) return 'broken'
  const page = decodePage(packed.value, entriesBy(trunk, entry, entries), placed)
  return page.ok ? { key, packed: packed.value, page: page.value } : 'broken'
}

/** A station that could not read it when it came did not see which entries it is of: its manifest tells. */
function entriesBy({ store }: Trunk, checkpoint: Uint8Array, entries: BasePage['entries']) {
  if (entries.length > 0) return (_: number, at: number) => entries[at]
  const row = store.shelf.checkpoint(checkpoint)
  const manifest = row && manifestOf(store, row)
  return manifest ? entriesByNumber(manifest) : () => undefined
}
