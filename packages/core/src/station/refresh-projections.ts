import { RecordDoc } from '../record/fold.ts'
import { projectRecord } from '../record/project.ts'
import { definitionOf, registryVersion } from '../records/registry.ts'
import type { Store } from '../store/store.ts'

/** Projections are made anew when the record types' versions changed since they were kept. */
export function refreshProjections(store: Store): void {
  const known = store.setting('projections')
  if (known && Buffer.from(known).toString() === registryVersion()) return
  store.transaction(() => {
    store.reproject((row) =>
      projectRecord(
        row.id,
        row.type,
        row.space,
        new RecordDoc(row.id, row.state).live(),
        definitionOf(row.type),
      ),
    )
    store.putSetting('projections', Buffer.from(registryVersion()))
  })
}
