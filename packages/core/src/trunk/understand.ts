import { toHex } from '../bytes/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { FORMAT_VERSION } from '../log/limits.ts'
import { roles } from '../membership/roles.ts'
import { touches } from '../membership/touches.ts'
import { registryVersion } from '../records/registry.ts'
import type { Store } from '../store/store.ts'
import type { Admission } from './admit.ts'
import { carriedHere } from './carry.ts'
import type { Trunk } from './context.ts'
import { rebuildSpace } from './rebuild.ts'

/** By which version a home was opened last, as far as what it could read goes. */
const SETTING = 'understands'

/** Why a part is void, where a later version may read it. */
export const NEWER_VOIDS: ReadonlySet<string> = new Set([
  'unknown-action',
  'unknown-record-type',
  'void-newer-part',
])

/** Changes whenever this program may read more than before: formats, roles, actions, record types. */
const understanding = (): string =>
  toHex(
    sha256(
      'doorstep/understands/1',
      String(FORMAT_VERSION),
      registryVersion(),
      JSON.stringify([roles, touches]),
    ),
  )

export function hasLearned({ store }: Trunk): boolean {
  const known = store.setting(SETTING)
  return !known || Buffer.from(known).toString() !== understanding()
}

export const noteUnderstanding = (store: Store): void =>
  store.putSetting(SETTING, Buffer.from(understanding()))

/** What was kept aside as newer goes through the gate, and spaces with parts that were void as newer are folded again. */
export function readWhatIsUnderstood(trunk: Trunk, admission: Admission): void {
  const { store } = trunk
  noteUnderstanding(store)
  const rows = store.aside.rows({ reason: 'newer' })
  const segments = rows.flatMap(({ n }) => store.aside.segment(n) ?? [])
  for (const { n } of rows) store.aside.remove(n)
  // What is newer still, or waits for it, goes back to where it was.
  admission.segments(segments, 'an older version')
  admission.records.flush()
  const spaces = new Set(
    store
      .logs()
      .flatMap(({ log }) =>
        store.voids({ space: log.space }).some(({ reason }) => NEWER_VOIDS.has(reason)) ? [log.space] : [],
      ),
  )
  for (const space of spaces) rebuildSpace(trunk, space)
}

/** What was carried of a space that this station holds by now. */
export function takeInCarried(trunk: Trunk, admission: Admission): void {
  const rows = carriedHere(trunk)
  if (rows.length === 0) return
  const segments = rows.flatMap(({ n }) => trunk.store.aside.segment(n) ?? [])
  for (const { n } of rows) trunk.store.aside.remove(n)
  admission.segments(segments, 'carried')
  admission.records.flush()
}

/** What is here and only a later version can read, in counts. */
export type NewerCounts = {
  /** Entries kept as they came, those that stand on them included. */
  readonly entries: number
  /** Parts of entries that count, with an action, a record type or a kind of write that this version does not know. */
  readonly parts: number
}

export function countNewer({ store }: Trunk): NewerCounts {
  const entries = store.aside
    .rows({ reason: 'newer' })
    .reduce((sum, row) => sum + (row.bytes > 0 ? row.last - row.first + 1 : 0), 0)
  return { entries, parts: store.voids().filter(({ reason }) => NEWER_VOIDS.has(reason)).length }
}
