import { allMoves, isMovedAway, lastMoves, openCopy, placesOf } from '../record/place.ts'
import type { Projection } from '../record/project.ts'
import type { RecordType } from '../records/registry.ts'
import type { Station } from '../station/station.ts'
import type { Language } from './language.ts'
import { type Author, authorOf, gridName } from './lookups.ts'
import { companyOf } from './move-household-company.ts'
import { isToCome } from './move-household-content.ts'
import { titleOf } from './queries.ts'
import { openRecordSet, type RecordSet } from './record-set.ts'

export type MoveRow = {
  readonly household: string
  readonly title: string
  readonly from: { readonly space: string; readonly name: string }
  /** Several when people who did not know of each other moved it to different grids. */
  readonly to: readonly { readonly space: string; readonly name: string }[]
  readonly on: string | null
  readonly reason: string | null
  readonly by: Author
  readonly atMs: number
  /** `away`: kept in a space that is not here. `late`: something was written where it was, after it had moved. */
  readonly state: 'moved' | 'away' | 'disputed' | 'late'
  /** What was written late: how many records, and of which types. */
  readonly late: readonly { readonly record: string; readonly type: string }[]
}

/** Every household that was moved from or to a space of this station, the latest first, those that wait for somebody before. */
export function listMoves(
  station: Station,
  options: { readonly language?: Language } = {},
): readonly MoveRow[] {
  const set = openRecordSet(station, { follow: false })
  const reader = spaceReader(station, set)
  const rows: MoveRow[] = []
  const seen = new Set<string>()
  for (const { id } of station.records({ type: 'household', moved: true })) {
    if (seen.has(id)) continue
    seen.add(id)
    const copies = set.copies(id)
    const row = moveRow(set, copies, reader, options.language)
    if (row) rows.push(row)
  }
  const waits = (row: MoveRow) => row.state === 'disputed' || row.state === 'late'
  return rows.sort(
    (a, b) => Number(waits(b)) - Number(waits(a)) || b.atMs - a.atMs || (a.household < b.household ? -1 : 1),
  )
}

type Reader = Parameters<typeof companyOf>[0]

/** Each space is read once, however many households left it. */
function spaceReader(station: Station, set: RecordSet): Reader {
  const known = new Map<string, Projection[]>()
  return {
    copies: (id) => set.copies(id),
    *records({ space, type }: { space?: string; type?: RecordType }) {
      let records = known.get(space!)
      if (!records) {
        records = [...station.records({ space: space!, moved: true })]
        known.set(space!, records)
      }
      for (const record of records) if (type === undefined || record.type === type) yield record
    },
  }
}

function moveRow(
  set: RecordSet,
  copies: readonly Projection[],
  reader: Reader,
  language: Language | undefined,
): MoveRow | null {
  const moves = lastMoves(allMoves(copies))
  const [last] = [...moves].sort((a, b) => (a.tag < b.tag ? -1 : 1))
  if (!last) return null
  const places = placesOf(moves)
  const household = copies[0]!.id
  const late = places.length > 1 ? [] : lateRecords(copies, places[0]!, reader)
  const named = (space: string) => ({ space, name: gridName(set, space) })
  return {
    household,
    title: titleOf(set, set.get(household)!, language),
    from: named(last.from),
    to: places.map(named),
    on: last.on,
    reason: last.reason,
    by: authorOf(set, last.by),
    atMs: last.at,
    state: places.length > 1 ? 'disputed' : late.length > 0 ? 'late' : openCopy(copies) ? 'moved' : 'away',
    late,
  }
}

/** What is still where the household was, though it should have come along: written by those who had not heard. */
function lateRecords(copies: readonly Projection[], place: string, reader: Reader): MoveRow['late'] {
  return copies
    .filter((copy) => copy.space !== place && isMovedAway(copy))
    .flatMap((copy) => companyOf(reader, copy, place, undefined).goes)
    .filter((record) => isToCome(record, reader.copies(record.id), place))
    .map(({ id, type }) => ({ record: id, type }))
    .sort((a, b) => (a.record < b.record ? -1 : 1))
}
