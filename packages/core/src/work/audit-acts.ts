/** Membership acts as rows of the audit trail. They are not sealed and name ids alone; a clock they do not state. */
import { stationIdOf } from '../ids.ts'
import type { Act } from '../membership/act.ts'
import { memberAt, ROOT_MEMBER } from '../membership/resolve.ts'
import type { Station } from '../station/station.ts'
import type { AuditRow } from './audit.ts'
import { gridName, memberName, stationName } from './lookups.ts'
import type { RecordSet } from './record-set.ts'

export function* auditActs(station: Station, set: RecordSet): Generator<AuditRow> {
  const { store, acts } = station.trunk
  const membership = acts.now()
  for (const { ref, log, act } of acts.nodes()) {
    const author = stationIdOf(log.key)
    const member = memberAt(membership, author)?.id ?? author
    yield {
      entry: { space: log.space, log: ref.log, seq: ref.seq },
      at: null,
      arrivedAt: store.entry(ref.hash)?.arrivedAt ?? 0,
      member,
      memberName: member === ROOT_MEMBER ? member : memberName(set, member),
      action: `act.${act.type}`,
      records: [],
      about: aboutAct(set, act),
      reason: null,
      flags: [],
    }
  }
}

function aboutAct(set: RecordSet, act: Act): string | null {
  switch (act.type) {
    case 'space':
      return gridName(set, act.space)
    case 'member':
      return `${memberName(set, act.member)} ${act.role}`
    case 'station':
      return `${stationName(set, stationIdOf(act.key))} ${memberName(set, act.member)}`
    case 'generation':
      return gridName(set, act.space)
    case 'freeze':
      return String(act.seq)
    default:
      return null
  }
}
