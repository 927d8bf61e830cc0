import { fail, type Invite, ok, type Problem, type Result, type Station } from '@doorstep/core'
import { finishJoin, type Session } from '@doorstep/sync'

/** Asks the inviter directly. Null when joined; else why not. Only the key named in the invite is believed. */
export async function joinOnLan(
  station: Station,
  invite: Invite,
  addresses: readonly string[],
): Promise<string | null> {
  const finished = await finishJoin(station, async (node): Promise<Result<Session, Problem>> => {
    let reason = 'unreachable'
    for (const address of addresses) {
      const session = await node.dial(address)
      if (session.ok && session.value.peer === invite.inviter.station) return ok(session.value)
      if (session.ok) session.value.close()
      reason = session.ok ? 'not-a-station' : session.problem.type
    }
    return fail({ type: reason })
  })
  if (finished.ok) return null
  const { type, reason, detail } = finished.problem
  return String(reason ?? detail ?? type)
}
