import { fromHex, toHex } from '../bytes/bytes.ts'
import { liveOf, RecordDoc } from '../record/fold.ts'
import { encodePlainState, hashOfPlain, mergePlain } from '../record/plain.ts'
import { projectRecord } from '../record/project.ts'
import { definitionOf, typeOf } from '../records/registry.ts'
import type { CheckpointRow } from '../store/checkpoint-shelf.ts'
import { DamagedStoreError, type Store } from '../store/store.ts'
import { eraseByTombstones } from './checkpoint-erase.ts'
import { pageKey } from './checkpoint-key.ts'
import { openPage, type PageRecord } from './checkpoint-page.ts'
import type { Trunk } from './context.ts'

/** Where records are read and written: the store's own, or beside them. */
export type RecordPort = Pick<Store, 'record' | 'putRecord'>

/** The records of what a checkpoint stands for here, where they can be read. */
export function putBaseRecords(trunk: Trunk, space: string): void {
  const { shelf } = trunk.store
  for (const { hash, generation } of shelf.basePages(space)) {
    const key = pageKey(trunk, generation, space)
    if (!key) continue
    const sealed = shelf.blob(hash)
    const page = sealed && openPage(key, space, sealed)
    if (!page?.ok)
      throw new DamagedStoreError(`a page of the checkpoint that ${space} stands on is not whole`)
    for (const record of page.value) putPlain(trunk.store, space, record)
  }
  eraseByTombstones(trunk, space)
}

/** Checkpoints that the records here stand on, by their author's word alone: nobody has compared since. */
export function onTrust({ store }: Trunk, space: string): CheckpointRow[] {
  const pages = store.shelf.basePages(space).filter(({ isCompared }) => !isCompared)
  const entries = new Set(pages.map(({ entry }) => toHex(entry)))
  return [...entries].flatMap((entry) => store.shelf.checkpoint(fromHex(entry)) ?? [])
}

/** They were found true: by folding what is here, or by a second station. */
export function believe({ store }: Trunk, space: string, by: string): void {
  const pages = store.shelf.basePages(space)
  for (const { entry } of pages)
    if (store.shelf.checkpoint(entry)?.state === 'unverified') store.shelf.setState(entry, 'equal', by)
  store.shelf.putBasePages(
    space,
    pages.map((page) => ({ ...page, isCompared: true })),
  )
}

/** Into what is there: both at once. Gives the hash of the record as the page has it. */
export function putPlain(kept: RecordPort, space: string, { id, type, plain }: PageRecord): Uint8Array {
  const row = kept.record(space, id)
  const whole = row ? mergePlain(new RecordDoc(id, row.state).plain(), plain) : plain
  const kind = typeOf(id) ?? row?.type ?? type
  const hash = hashOfPlain(id, whole)
  kept.putRecord({
    space,
    id,
    type: kind,
    hash,
    state: encodePlainState(whole),
    projection: projectRecord(id, kind, space, liveOf(whole), definitionOf(kind)),
  })
  return row ? hashOfPlain(id, plain) : hash
}
