import { type Invite, pendingJoin, type Station } from '@doorstep/core'
import { SyncNode } from '@doorstep/sync'

const TIMEOUT_MS = 15_000

/** Asks the inviter directly. Null when joined; else why not. Only the key named in the invite is believed. */
export async function joinOnLan(
  station: Station,
  invite: Invite,
  addresses: readonly string[],
): Promise<string | null> {
  const answered = Promise.withResolvers<string | null>()
  const node = new SyncNode({
    station,
    name: invite.name,
    trustKey: new Uint8Array(Buffer.from(invite.inviter.key, 'base64')),
    onGranted: (problem) => problem !== null && answered.resolve(problem),
    onState: (states) => states.some((state) => state.equal) && answered.resolve(null),
  })
  const timer = setTimeout(() => answered.resolve('timed-out'), TIMEOUT_MS)
  try {
    let reason = 'unreachable'
    for (const address of addresses) {
      const session = await node.dial(address)
      if (!session.ok) {
        reason = session.problem.type
        continue
      }
      if (session.value.peer !== invite.inviter.station) {
        session.value.close()
        reason = 'not-a-station'
        continue
      }
      session.value.onClose((why) => answered.resolve(why))
      session.value.requestJoin(JSON.stringify(pendingJoin(station)!.request))
      return await answered.promise
    }
    return reason
  } finally {
    clearTimeout(timer)
    await node.close()
  }
}
