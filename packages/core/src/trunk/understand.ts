import { toHex } from '../bytes/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { FORMAT_VERSION } from '../log/limits.ts'
import { parseSegment, type Segment } from '../log/segment.ts'
import { roles } from '../membership/roles.ts'
import { touches } from '../membership/touches.ts'
import { registryVersion } from '../records/registry.ts'
import type { AsideRow } from '../store/aside-shelf.ts'
import type { Store } from '../store/store.ts'
import type { Admission } from './admit.ts'
import { carriedHere } from './carry.ts'
import type { Trunk } from './context.ts'
import { rebuildSpace } from './rebuild.ts'

/** By which version a home was opened last, as far as what it could read goes. */
const SETTING = 'understands'

/** Why a part is void, where a later version may read it. */
const NEWER_VOIDS: ReadonlySet<string> = new Set(['unknown-action', 'unknown-record-type', 'void-newer-part'])

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
  // What is newer still, or waits for it, goes back to where it was.
  takeIn(trunk, admission, store.aside.rows({ reason: 'newer' }), 'an older version')
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
  if (rows.length > 0) takeIn(trunk, admission, rows, 'carried')
}

/** Others were told that it is here, and this may be the last copy: what lacks its past is parked until that comes. */
function takeIn(trunk: Trunk, admission: Admission, rows: readonly AsideRow[], source: string): void {
  const { store } = trunk
  const segments = rows.flatMap(({ n }) => store.aside.segment(n) ?? [])
  for (const { n } of rows) store.aside.remove(n)
  admission.segments(segments, source)
  admission.records.flush()
  for (const bytes of segments) {
    const parsed = parseSegment(bytes)
    if (parsed.ok && lacksPast(trunk, parsed.value)) store.shelf.park(parsed.value.log.space, bytes)
  }
}

function lacksPast({ store, acts }: Trunk, { entries }: Segment): boolean {
  if (store.aside.rowWith(entries[0]!.hash)) return false
  const own = new Set(entries.map(({ hash }) => toHex(hash)))
  const isHere = (hash: Uint8Array) => own.has(toHex(hash)) || store.entry(hash) !== null
  return entries.some(
    ({ header: { seq, prev, deps, acts: named } }) =>
      (seq > 0 && !isHere(prev)) ||
      !deps.every(({ hash }) => isHere(hash)) ||
      !named.every((act) => acts.has(act)),
  )
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
