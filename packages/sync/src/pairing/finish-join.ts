import { fail, ok, type Problem, pendingJoin, type Result, type Station } from '@doorstep/core'
import { SyncNode } from '../node/sync-node.ts'
import type { Session } from '../session/session.ts'

/** As long as something moves a first sync may take; a silent inviter is given this long. */
const IDLE_MS = 15_000

export type JoinProblem = Problem & { type: 'join-refused' | 'join-cut' | 'interrupted' }

/**
 * The rest of joining, once there is a way to the inviter: the request, the grant, and the first sync, until digests
 * were compared and found equal. `connect` gives the session, or why there is none.
 */
export async function finishJoin<P extends Problem>(
  station: Station,
  connect: (node: SyncNode) => Promise<Result<Session, P>>,
  signal?: AbortSignal,
): Promise<Result<void, P | JoinProblem>> {
  const { invite, request } = pendingJoin(station)!
  const joined = Promise.withResolvers<Result<void, JoinProblem>>()
  const { home } = station
  const cut = (detail: string) => joined.resolve(fail({ type: 'join-cut', detail, home }))
  let timer: NodeJS.Timeout | undefined
  const node = new SyncNode({
    station,
    name: invite.name,
    trustKey: new Uint8Array(Buffer.from(invite.inviter.key, 'base64')),
    onGranted: (problem) =>
      problem !== null && joined.resolve(fail({ type: 'join-refused', reason: word(problem), home })),
    onState: (states) => {
      timer?.refresh()
      if (states.some((state) => state.equal)) joined.resolve(ok(undefined))
    },
  })
  const interrupted = () => joined.resolve(fail({ type: 'interrupted', home }))
  signal?.addEventListener('abort', interrupted)
  try {
    const session = await connect(node)
    if (!session.ok) return session
    timer = setTimeout(cut, IDLE_MS, 'timed-out')
    session.value.onClose(cut)
    session.value.requestJoin(JSON.stringify(request))
    return await joined.promise
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', interrupted)
    await node.close()
  }
}

/** A problem's type, and nothing else that a peer may have put there. */
const word = (text: string): string => (/^[a-z-]{1,40}$/.test(text) ? text : 'unknown')
