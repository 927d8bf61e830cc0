/** What was done after consent had been withdrawn, by somebody who had not heard of it yet. It stays, and is flagged. */
import type { Change, Value } from '../record/change.ts'
import { isDate } from '../record/define.ts'
import type { Deed } from '../trunk/part.ts'
import { mayReadDevice } from './permission.ts'
import type { RecordSet } from './record-set.ts'

export function isAfterWithdrawal(set: RecordSet, deed: Deed, changes: readonly Change[]): boolean {
  if (deed.action !== 'device.read') return false
  return changes.some((change) => {
    const device = set.getA('device', change.id)
    return (
      device !== null &&
      change.writes.some((write) => {
        const on = write.type === 'append' ? dayOf(write.value) : null
        if (on === null) return false
        const allowed = mayReadDevice(set, device, on, 'visit')
        if (allowed.ok || allowed.problem.type === 'device-retired') return false
        if (allowed.problem.because !== 'withdrawn') return false
        return (withdrawnAtMs(set, allowed.problem.consent) ?? Number.POSITIVE_INFINITY) <= deed.at
      })
    )
  })
}

function dayOf(value: Value): string | null {
  const on = typeof value === 'object' && value !== null && !Array.isArray(value) ? value.on : null
  return typeof on === 'string' && isDate(on) ? on : null
}

/** By the clock of whoever wrote the withdrawal down first. */
function withdrawnAtMs(set: RecordSet, consent: string | null): number | null {
  const times = (consent === null ? null : set.get(consent))?.timelines.withdrawals?.map(({ at }) => at) ?? []
  return times.length > 0 ? Math.min(...times) : null
}
