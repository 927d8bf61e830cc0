import { fromHex, toHex } from '../bytes/bytes.ts'
import { textOf } from '../record/column-read.ts'
import { RecordDoc } from '../record/fold.ts'
import type { RecordText } from '../record/page-read.ts'
import {
  encodePlainState,
  hashOfPlain,
  hashOfText,
  mayConflict,
  mergePlain,
  plainOfText,
  textOfPlain,
} from '../record/plain.ts'
import { isInConflict, kindOf, projectPlain } from '../record/project-plain.ts'
import type { CheckpointRow } from '../store/checkpoint-shelf.ts'
import { DamagedStoreError, type PagedRow } from '../store/store.ts'
import { eraseByTombstones } from './checkpoint-erase.ts'
import { openBasePage } from './checkpoint-open.ts'
import type { PageRecord } from './checkpoint-page.ts'
import type { Trunk } from './context.ts'

/** The records of what a checkpoint stands for here, where they can be read: into a space that has none. */
export function putBaseRecords(trunk: Trunk, space: string): void {
  const { shelf } = trunk.store
  const there = new Set<string>()
  for (const base of shelf.basePages(space)) {
    const opened = openBasePage(trunk, space, base)
    if (!opened) continue
    if (opened === 'broken')
      throw new DamagedStoreError(`a page of the checkpoint that ${space} stands on is not whole`)
    const { packed, page } = opened
    const isNew = page.records.every(({ id }) => !there.has(id))
    for (const { id } of page.records) there.add(id)
    if (isNew)
      trunk.store.putPage(
        space,
        { packed, entries: page.entries },
        page.records.map(({ id, type, plain }) =>
          pagedRow(space, {
            id,
            type,
            text: Buffer.from(textOfPlain(id, plain)),
            mayConflict: mayConflict(plain.keys()),
          }),
        ),
      )
    else for (const record of page.records) putPlain(trunk, space, record)
  }
  eraseByTombstones(trunk, space)
}

/** What is kept of a record on a page beside the page. */
export function pagedRow(space: string, { id, type, text, mayConflict }: RecordText): PagedRow {
  const kind = kindOf(id, type)
  return {
    id,
    type: kind,
    hash: hashOfText(text),
    isInConflict: mayConflict && isInConflict(space, id, kind, plainOfText(textOf(text))),
  }
}

/** Checkpoints that the records here stand on, by their author's word alone: nobody has compared since. */
export function onTrust({ store }: Trunk, space: string): CheckpointRow[] {
  const pages = store.shelf.basePages(space).filter(({ isCompared }) => !isCompared)
  const entries = new Set(pages.map(({ entry }) => toHex(entry)))
  return [...entries].flatMap((entry) => store.shelf.checkpoint(fromHex(entry)) ?? [])
}

/** They were found true: by folding what is here, or by a second station. */
export function believe({ store }: Trunk, space: string, by: string): void {
  for (const { entry } of store.shelf.basePages(space))
    if (store.shelf.checkpoint(entry)?.state === 'unverified') store.shelf.setState(entry, 'equal', by)
  store.shelf.setPagesCompared(space)
}

/** Into what is there: both at once. Gives the hash of the record as the page has it. */
export function putPlain(
  { store }: Pick<Trunk, 'store'>,
  space: string,
  { id, type, plain }: PageRecord,
): Uint8Array {
  const row = store.record(space, id)
  const whole = row ? mergePlain(new RecordDoc(id, row.state).plain(), plain) : plain
  const kind = kindOf(id, row?.type ?? type)
  const hash = hashOfPlain(id, whole)
  store.putRecord({
    space,
    id,
    type: kind,
    hash,
    state: encodePlainState(whole),
    projection: projectPlain(space, id, kind, whole),
  })
  return row ? hashOfPlain(id, plain) : hash
}
