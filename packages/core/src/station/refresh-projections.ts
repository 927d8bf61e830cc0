import { RecordDoc } from '../record/fold.ts'
import { projectRecord } from '../record/project.ts'
import { definitionOf, registryVersion } from '../records/registry.ts'
import type { Store } from '../store/store.ts'

/** Of the record types whose version changed since they were kept, projections are made anew; a new type has none. */
export function refreshProjections(store: Store): void {
  const kept = store.setting('projections')
  const known = kept && Buffer.from(kept).toString()
  const now = registryVersion()
  if (known === now) return
  store.transaction(() => {
    store.reproject(
      (row) =>
        projectRecord(
          row.id,
          row.type,
          row.space,
          new RecordDoc(row.id, row.state).live(),
          definitionOf(row.type),
        ),
      known === null ? null : changedTypes(known, now),
    )
    store.putSetting('projections', Buffer.from(now))
  })
}

function changedTypes(known: string, now: string): string[] {
  const before = new Set(known.split(' '))
  return now.split(' ').flatMap((word) => (before.has(word) ? [] : word.slice(0, word.lastIndexOf('@'))))
}
