/** Membership acts as rows of the audit trail. They are not sealed and name ids alone; a clock they do not state. */
import { stationIdOf } from '../ids.ts'
import { type Act, memberIdOf } from '../membership/act.ts'
import { type ActNode, ROOT_MEMBER } from '../membership/graph.ts'
import type { Role } from '../membership/roles.ts'
import type { Station } from '../station/station.ts'
import type { AuditRow } from './audit.ts'
import { gridName, memberName, stationName } from './lookups.ts'
import type { RecordSet } from './record-set.ts'

export function* auditActs(station: Station, set: RecordSet): Generator<AuditRow> {
  const { store, acts } = station.trunk
  const graph = acts.graph()
  const membership = acts.now()
  for (const node of graph.nodes) {
    const { ref, log, act } = node
    // Under which claim of its station it was written: who was removed since is named all the same.
    const member = graph.authorOf(node)?.member ?? node.station
    yield {
      entry: { space: log.space, log: ref.log, seq: ref.seq },
      at: null,
      arrivedAt: store.entry(ref.hash)?.arrivedAt ?? 0,
      member,
      memberName: member === ROOT_MEMBER ? member : memberName(set, member),
      action: `act.${act.type}`,
      records: [],
      about: aboutAct(set, node, act),
      reason: null,
      flags: membership.isEffective(node) ? [] : ['void'],
    }
  }
}

function aboutAct(set: RecordSet, node: ActNode, act: Act): AuditRow['about'] {
  const named = (name: string, role: Role | null = null) => ({ name, role })
  switch (act.type) {
    case 'space':
    case 'generation':
      return [named(gridName(set, act.space))]
    case 'member':
      return [named(memberName(set, memberIdOf(node.ref.hash)), act.role)]
    case 'station':
      return [named(`${stationName(set, stationIdOf(act.key))} ${memberName(set, act.member)}`)]
    case 'remove':
      return [named(memberName(set, act.member))]
    case 'remove-station':
      return [named(stationName(set, act.station))]
    case 'leave':
      return [named(stationName(set, node.station))]
    case 'assign':
      return [
        ...act.roles.map(([member, role]) => named(memberName(set, member), role)),
        ...act.spaces.map(([member, space, has]) =>
          named(`${memberName(set, member)} ${has ? '+' : '−'}${gridName(set, space)}`),
        ),
      ]
    case 'ratify':
      return [named(Buffer.from(act.act).toString('hex').slice(0, 12))]
    case 'freeze':
      return [named(String(act.seq))]
    case 'box':
    case 'genesis':
      return []
  }
}
