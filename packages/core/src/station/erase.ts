import { setImmediate } from 'node:timers/promises'
import { randomId } from '../ids.ts'
import type { EntryRef } from '../log/entry.ts'
import { ROOT_MEMBER } from '../membership/graph.ts'
import { mayHold, mayWrite } from '../membership/resolve.ts'
import { mayAct, roles } from '../membership/roles.ts'
import { typeOf } from '../records/registry.ts'
import { fail, ok, type Problem, type Result } from '../result.ts'
import { ERASE_ACTION, isErasable } from '../trunk/erase.ts'
import { PartCollector } from '../trunk/erase-collect.ts'
import { MAX_REASON, writeErasures } from '../trunk/erase-write.ts'
import type { WriteProblem } from '../trunk/write.ts'
import { clustersOf, pairOf } from '../work/merge-state.ts'
import { renewCheckpoints } from './checkpoint.ts'
import type { Station } from './station.ts'

/** What no entry can reach, said so that nobody believes otherwise. */
export type NotReached =
  /** Until it has met somebody who knows of the erasure; a `former` one, which was removed or left, perhaps never. */
  | {
      readonly type: 'station'
      readonly station: string
      readonly former: boolean
      readonly metAt: number | null
    }
  /** Entries about them that are held back: let in, they are void, and erased then. */
  | { readonly type: 'held'; readonly entries: number }
  /** Files already written: read again, they lose the parts on reading. Until then the parts are in them. */
  | { readonly type: 'bundles' | 'backups' | 'paper' }

export type Erasure = {
  /** How many parts of each record were erased. */
  readonly erased: readonly { readonly record: string; readonly type: string; readonly parts: number }[]
  readonly entries: readonly (EntryRef & { readonly space: string })[]
  readonly notReached: readonly NotReached[]
}
export type EraseProblem =
  | WriteProblem
  | (Problem & {
      type:
        | 'role-may-not'
        | 'no-such-record'
        | 'not-erasable'
        | 'reason-needed'
        | 'reason-too-long'
        | 'not-a-member'
    })

/**
 * Erases records for good, here and wherever this is heard of (A19): one act of a person, in as many entries as it
 * takes. Photos and the like go with what they are about; who else belongs together (a household and its people) is for
 * the caller to say.
 */
export async function eraseRecords(
  station: Station,
  records: readonly string[],
  options: { readonly reason: string },
): Promise<Result<Erasure, EraseProblem>> {
  const reason = options.reason.trim()
  if (reason === '') return fail({ type: 'reason-needed' })
  if (reason.length > MAX_REASON) return fail({ type: 'reason-too-long', maxLength: MAX_REASON })
  const refusal = refuse(station)
  if (refusal) return fail(refusal)
  const bySpace = placesOf(station, withAttachments(station, withMerged(station, records)))
  if (!bySpace.ok) return bySpace
  const collectors = new Map<string, PartCollector>()
  for (const [space, ids] of bySpace.value) {
    const collector = new PartCollector(station.trunk, space, ids)
    collectors.set(space, collector)
    // Others of this process have a turn between pages: a town's log takes seconds.
    while (collector.step()) await setImmediate()
  }
  const { store } = station.trunk
  const counts = new Map<string, number>()
  const written = await station.writeEntries((admission) => {
    const again = refuse(station)
    if (again) return fail(again)
    const act = randomId('ac')
    const entries: (EntryRef & { space: string })[] = []
    for (const [space, ids] of bySpace.value) {
      const collector = collectors.get(space)!
      while (collector.step());
      const erased = [...ids]
        .map((record) => ({ record, type: typeOf(record) ?? '', names: collector.names(record) }))
        // Erased before, and nothing came since.
        .filter(({ record, names }) => names.length > 0 || !store.isErasedRecord(space, record))
      for (const record of ids) counts.set(record, counts.get(record) ?? 0)
      for (const { record, names } of erased)
        counts.set(
          record,
          names.reduce((sum, { parts }) => sum + parts.length, counts.get(record) ?? 0),
        )
      const refs = writeErasures(station.trunk, admission, space, act, reason, erased)
      if (!refs.ok) return refs
      for (const ref of refs.value) entries.push({ ...ref, space })
    }
    return ok(entries)
  })
  if (!written.ok) return written as Result<never, EraseProblem>
  const held = [...collectors.values()].reduce((sum, collector) => sum + collector.held, 0)
  await renewCheckpoints(station, [...bySpace.value.keys()])
  return ok({
    erased: [...counts].map(([record, parts]) => ({ record, type: typeOf(record) ?? '', parts })),
    entries: written.value,
    notReached: [
      ...(held > 0 ? [{ type: 'held' as const, entries: held }] : []),
      ...notReached(station, [...bySpace.value.keys()]),
    ],
  })
}

/** Who was merged is one: all that are one with it, and what was said of that. */
function withMerged(station: Station, records: readonly string[]): string[] {
  const byId = Map.groupBy(station.records({ type: 'merge', moved: true }), ({ id }) => id)
  if (byId.size === 0) return [...records]
  const all = new Set(records)
  const pairs = [...byId.values()].flatMap((copies) => pairOf(copies) ?? [])
  const clusters = clustersOf(pairs)
  for (const id of records) for (const member of clusters.get(id)?.members ?? []) all.add(member)
  for (const { id, one, other } of pairs) if (all.has(one) || all.has(other)) all.add(id)
  return [...all].filter((id) => records.includes(id) || station.get(id) !== null)
}

/** Photos and the like go with what they are about, or with its household. */
function withAttachments(station: Station, records: readonly string[]): string[] {
  const all = new Set(records)
  for (const { id, fields } of station.records({ type: 'attachment', moved: true }))
    if (all.has(String(fields.about)) || all.has(String(fields.household))) all.add(id)
  return [...all]
}

function refuse(station: Station): (Problem & { type: 'not-a-member' | 'role-may-not' }) | null {
  const member = station.member()
  if (!member) return { type: 'not-a-member' }
  const may = roles[member.role].erases && mayAct(member.role, ERASE_ACTION)
  return may ? null : { type: 'role-may-not', role: member.role, action: ERASE_ACTION }
}

/** Every space that knows a record; one that moved is known in two. */
function placesOf(
  station: Station,
  records: readonly string[],
): Result<Map<string, Set<string>>, EraseProblem> {
  const { store } = station.trunk
  const member = station.member()!
  const places = new Map<string, Set<string>>()
  for (const record of records) {
    if (!isErasable(typeOf(record) ?? '')) return fail({ type: 'not-erasable', record })
    const spaces = station
      .spaces()
      .map(({ id }) => id)
      .filter((space) => store.record(space, record) !== null || store.isErasedRecord(space, record))
    if (spaces.length === 0) return fail({ type: 'no-such-record', id: record })
    for (const space of spaces) {
      if (!mayWrite(station.membership(), member, space))
        return fail({ type: 'role-may-not', role: member.role, action: ERASE_ACTION, space })
      places.set(space, (places.get(space) ?? new Set()).add(record))
    }
  }
  return ok(places)
}

/** Stations that keep these spaces, or did, and what lies outside of all stations. */
export function notReached(station: Station, spaces: readonly string[]): NotReached[] {
  const membership = station.membership()
  const met = new Map<string, number>()
  for (const peer of station.peers())
    if (spaces.includes(peer.space)) met.set(peer.station, Math.max(peer.at, met.get(peer.station) ?? 0))
  const rows: NotReached[] = []
  const row = (id: string, former: boolean) =>
    rows.push({ type: 'station', station: id, former, metAt: met.get(id) ?? null })
  for (const card of membership.stations.values()) {
    const member = membership.members.get(card.member)!
    // The founding key lies in a safe and keeps nothing.
    const keeps = card.id !== station.identity.station && card.member !== ROOT_MEMBER
    if (keeps && spaces.some((space) => mayHold(membership, member, space))) row(card.id, false)
  }
  for (const card of membership.former.values()) if (card.id !== station.identity.station) row(card.id, true)
  return [...rows, { type: 'bundles' }, { type: 'backups' }, { type: 'paper' }]
}
