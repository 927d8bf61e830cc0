import {
  findInvite,
  type Invite,
  memberAt,
  ok,
  type PassphraseCost,
  type Problem,
  type Result,
  type Station,
  sameBytes,
  stationIdOf,
  withdrawInvite,
} from '@doorstep/core'
import type { LanProblem, LanServer } from '../lan/lan.ts'
import { announceCode } from '../node/discovery.ts'
import { SyncNode } from '../node/sync-node.ts'
import { type Clock, systemClock } from '../session/clock.ts'
import { createInviter, MAX_WRONG_PROOFS } from './inviter.ts'
import { createPairingCode, type PairingCode } from './pairing-code.ts'

/** How long a station that is equal may take to hang up before we do. */
const HANG_UP_MS = 3000

export type CodeEnd =
  | { readonly type: 'joined'; readonly station: string }
  /** Let in, but cut off before the first sync was proved equal: any later meeting makes up for it. */
  | { readonly type: 'joined-unfinished'; readonly station: string }
  | { readonly type: 'expired' | 'guessed' | 'withdrawn' }

export type CodeInvitation = {
  readonly code: PairingCode
  readonly listening: Pick<LanServer, 'host' | 'port'>
  /** Settles once: somebody is in, or the code is dead. Its invite is withdrawn then, unless it was used. */
  readonly ended: Promise<CodeEnd>
  /** Withdraws the code, unless it has ended. */
  close(): Promise<void>
}

export type InviteByCodeOptions = {
  readonly name: string
  /** Made for this code alone. The code lives in this process's memory, and expires with the invite. */
  readonly invite: Invite
  /** Where to listen: the first that is free. */
  readonly listen: readonly { readonly host: string; readonly port: number }[]
  readonly discover: boolean
  readonly onTrouble?: (problem: Problem) => void
  /** Somebody tried a wrong code. */
  readonly onWrong?: (remote: string, left: number) => void
  readonly clock?: Clock
  readonly cost?: PassphraseCost
}

/** Holds a code open on the LAN until somebody has joined with it, or it has expired, was guessed at or withdrawn. */
export async function inviteByCode(
  station: Station,
  options: InviteByCodeOptions,
): Promise<Result<CodeInvitation, LanProblem>> {
  const { invite, clock = systemClock } = options
  const code = createPairingCode()
  const ended = Promise.withResolvers<CodeEnd>()
  const expiresAt = Date.parse(invite.expiresAt)
  // Another process of this home may have withdrawn it.
  const isWithdrawn = () => findInvite(station, invite.id)?.state === 'withdrawn'
  const isStation = (key: Uint8Array) => memberAt(station.membership(), stationIdOf(key)) !== undefined

  const inviter = createInviter({
    code,
    ownKey: station.identity.key,
    invite: JSON.stringify(invite),
    expiresAt,
    clock,
    ...(options.cost ? { cost: options.cost } : {}),
    isOpen: () => !isWithdrawn(),
    hasJoined: isStation,
    onReady: (wire, remote) => node.adopt(wire, 'them', remote),
    onWrong: (remote, wrong) => {
      options.onWrong?.(remote, MAX_WRONG_PROOFS - wrong)
      look()
    },
    onLeft: () => look(),
  })
  const isNewcomer = (key: Uint8Array) => {
    const newcomer = inviter.newcomer()
    return newcomer !== null && sameBytes(newcomer, key)
  }
  const node = new SyncNode({
    station,
    name: options.name,
    clock,
    // Stations of the community meet as ever; everybody else has to prove the code before a word is said.
    onIncoming: (wire, remote) => {
      if (isStation(wire.peerKey) && !isNewcomer(wire.peerKey)) return false
      inviter.take(wire, remote)
      return true
    },
    onState: () => look(),
  })

  /** What has become of the code, looked at whenever something happened. */
  const look = () => {
    const key = inviter.newcomer()
    const session = key && node.sessions().find(({ peer }) => peer === stationIdOf(key))
    if (key && isStation(key)) {
      if (session?.isEqual()) settle({ type: 'joined', station: session.peer })
      else if (!session && clock.now() > expiresAt)
        settle({ type: 'joined-unfinished', station: stationIdOf(key) })
    } else if (clock.now() > expiresAt) settle({ type: 'expired' })
    else if (isWithdrawn()) settle({ type: 'withdrawn' })
    else if (inviter.wrongProofs() >= MAX_WRONG_PROOFS && !inviter.isBusy()) settle({ type: 'guessed' })
  }

  let stopTimer = () => {}
  let quiet: (() => Promise<void>) | null = null
  let settled = false
  const settle = (end: CodeEnd) => {
    if (settled) return
    settled = true
    stopTimer()
    inviter.close()
    withdrawInvite(station, invite.id)
    ended.resolve(end)
  }
  const close = async () => {
    const key = inviter.newcomer()
    settle(
      key && isStation(key)
        ? { type: 'joined-unfinished', station: stationIdOf(key) }
        : { type: 'withdrawn' },
    )
    const { type } = await ended.promise
    await Promise.all([quiet?.(), type === 'joined' ? hungUp(node, inviter.newcomer()!, clock) : undefined])
    await node.close()
  }

  const server = await serveFirst(node, options.listen)
  if (!server.ok) {
    withdrawInvite(station, invite.id)
    await node.close()
    return server
  }
  const { host, port } = server.value
  stopTimer = clock.after(expiresAt - clock.now() + 1, look)
  if (options.discover)
    quiet = announceCode(code.rendezvous, port, (error) =>
      options.onTrouble?.({ type: 'no-discovery', detail: error.message }),
    )
  return ok({ code, listening: { host, port }, ended: ended.promise, close })
}

async function serveFirst(
  node: SyncNode,
  places: InviteByCodeOptions['listen'],
): Promise<Result<LanServer, LanProblem>> {
  for (const place of places.slice(0, -1)) {
    const server = await node.serve(place)
    if (server.ok) return server
  }
  return node.serve(places.at(-1)!)
}

/** The newcomer compares digests too, and hangs up when it has; not before is the wire cut. */
function hungUp(node: SyncNode, key: Uint8Array, clock: Clock): Promise<void> {
  const session = node.sessions().find(({ peer }) => peer === stationIdOf(key))
  if (!session) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = clock.after(HANG_UP_MS, resolve)
    session.onClose(() => {
      stop()
      resolve()
    })
  })
}
