import { type DispatchRow, listDispatches, type RecordSet } from '@doorstep/core'

/** What was sent to the desks of this station: what waits for an answer, what is late, or all. */
export function dispatchesIn(
  set: RecordSet,
  scope: 'open' | 'late' | 'all',
  day: string,
): readonly DispatchRow[] {
  return listDispatches(set, { on: day }).filter(
    (row) => scope === 'all' || (row.open && (scope === 'open' || row.lateDays > 0)),
  )
}
