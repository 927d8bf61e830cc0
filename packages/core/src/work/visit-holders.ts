/** On which stations somebody's visits are: the record itself, every entry of it, not only the newest of a log. */

import type { EntryRef } from '../log/entry.ts'
import { RecordDoc, type Stamp } from '../record/fold.ts'
import type { Projection } from '../record/project.ts'
import { writeTagOf } from '../record/tag.ts'
import type { Station } from '../station/station.ts'
import { Witnesses } from '../station/witnesses.ts'
import type { Trunk } from '../trunk/context.ts'
import { partOf } from '../trunk/erase.ts'

/** The entries that a record's parts stand in; null where one of them is not known here any more. */
function entriesOf(trunk: Trunk, { space, id }: Projection): EntryRef[] | null {
  const row = trunk.store.record(space, id)
  if (!row) return null
  const refs: EntryRef[] = []
  for (const stamp of new RecordDoc(id, row.state).live().stamps.values()) {
    const ref = entryOf(trunk, stamp)
    if (!ref) return null
    refs.push(ref)
  }
  return refs.length > 0 ? refs : null
}

function entryOf({ store }: Trunk, stamp: Stamp): EntryRef | null {
  const hash =
    partOf(store, stamp)?.entry.hash ??
    // A checkpoint stands for it: known by its hash alone.
    store.shelf
      .baseAt(stamp.log, stamp.seq)
      .find(({ hash: base, parts }) =>
        Array.from({ length: parts }, (_, at) => at).some((at) => writeTagOf(base, at) === stamp.tag),
      )?.hash
  return hash ? { log: stamp.log, seq: stamp.seq, hash } : null
}

/** What is in a record never changes without a new projection of it. */
const remembered = new WeakMap<Projection, EntryRef[] | null>()

/** The other stations that are known to hold each of these records whole, by its id. */
export function holdersOf(station: Station, records: Iterable<Projection>): Map<string, readonly string[]> {
  const witnesses = new Witnesses(station.trunk)
  const holders = new Map<string, readonly string[]>()
  for (const record of records) {
    let entries = remembered.get(record)
    if (entries === undefined) {
      entries = entriesOf(station.trunk, record)
      remembered.set(record, entries)
    }
    holders.set(record.id, entries ? witnesses.ofAll(record.space, entries) : [])
  }
  return holders
}

/** A member's newest visit. A time that lies ahead was a wrong clock's: it counts only where there is no other. */
export function lastVisitOf(visits: Iterable<Projection>, member: string, nowMs: number): Projection | null {
  let last: Projection | null = null
  const rank = ({ createdAt }: Projection): number => (createdAt <= nowMs ? createdAt : -createdAt)
  for (const visit of visits)
    if (visit.createdBy === member && (!last || rank(visit) > rank(last))) last = visit
  return last
}
