import { fromHex, sameBytes, toHex } from '../bytes/bytes.ts'
import { liveOf, RecordDoc } from '../record/fold.ts'
import { encodePlainState, hashOfPlain, mergePlain } from '../record/plain.ts'
import { projectRecord } from '../record/project.ts'
import { definitionOf, typeOf } from '../records/registry.ts'
import type { CheckpointRow } from '../store/checkpoint-shelf.ts'
import { DamagedStoreError } from '../store/store.ts'
import { openPage, type PageRecord, pageKeyOf } from './checkpoint-page.ts'
import type { Trunk } from './context.ts'
import type { RecordPort } from './records.ts'

/** Null where this station cannot open that generation. */
export function pageKey({ acts, keyring }: Trunk, generation: Uint8Array, space: string): Uint8Array | null {
  const known = acts.now().generations.find((one) => one.space === space && sameBytes(one.id, generation))
  const secret = known && keyring.secretOf(known)
  return secret ? pageKeyOf(secret, space) : null
}

/** The records of what a checkpoint stands for here; false when some could not be read. */
export function putBaseRecords(trunk: Trunk, space: string, kept: RecordPort = trunk.store): boolean {
  const { shelf } = trunk.store
  let readsAll = true
  for (const { hash, generation } of shelf.basePages(space)) {
    const key = pageKey(trunk, generation, space)
    if (!key) {
      readsAll = false
      continue
    }
    const sealed = shelf.blob(hash)
    const page = sealed && openPage(key, space, sealed)
    if (!page?.ok)
      throw new DamagedStoreError(`a page of the checkpoint that ${space} stands on is not whole`)
    for (const record of page.value) putPlain(kept, space, record)
  }
  return readsAll
}

/** Checkpoints that the records here stand on, by their author's word alone: nobody has compared since. */
export function onTrust({ store }: Trunk, space: string): CheckpointRow[] {
  const entries = new Set(store.shelf.basePages(space).map(({ entry }) => toHex(entry)))
  return [...entries].flatMap((entry) => {
    const row = store.shelf.checkpoint(fromHex(entry))
    return row && row.state !== 'equal' ? [row] : []
  })
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
