import type { Station } from '@doorstep/core'
import type { BlobsMet } from '../session/blob-exchange.ts'
import type { Session, SessionState, SpaceState } from '../session/session.ts'
import { findStations } from './discovery.ts'
import {
  type Candidate,
  eachOnce,
  lastKnown,
  type MeetingAttempts,
  type Multicast,
  ownInterfaces,
  typedCandidates,
} from './meeting-attempts.ts'
import { combinedDigest, SyncNode } from './sync-node.ts'

export type MetPeer = {
  readonly station: string
  readonly name: string
  readonly via: string
  /** Entries, each way. */
  readonly sent: number
  readonly received: number
  /** Entries given to it to be carried for others: it is no witness of them. */
  readonly given: number
  readonly sentBytes: number
  readonly receivedBytes: number
  /** Only true when digests were compared. */
  readonly equal: boolean
  readonly digest: string
  /** What was compared, space by space, the membership log under the community's own id. */
  readonly spaces: readonly SpaceState[]
  /** Entries that were known to be still to go and to come when it ended. */
  readonly toSend: number
  readonly toReceive: number
  /** Photos and recordings, which come after the entries. */
  readonly blobs: BlobsMet
  /** Why the meeting ended before it was proved equal. */
  readonly ended: string | null
}
export type SyncNowReport = {
  readonly peers: readonly MetPeer[]
  /** This station learned that it was removed: a peer holds what it had not sent. */
  readonly removed: boolean
  /** What was done to find somebody. */
  readonly attempts: MeetingAttempts
}

/** Meets everyone who can be found once: given addresses, or last-known ones and those that answer on the LAN. */
export async function syncNow(
  station: Station,
  options: {
    readonly name: string
    readonly peers?: readonly string[]
    readonly timeoutMs: number
    readonly discoverMs?: number
    readonly signal?: AbortSignal
    readonly onState?: (states: readonly SessionState[]) => void
  },
): Promise<SyncNowReport> {
  const removed = new AbortController()
  const node = new SyncNode({
    station,
    name: options.name,
    onRemoved: () => removed.abort(),
    ...(options.onState ? { onState: options.onState } : {}),
  })
  const timeout = AbortSignal.timeout(options.timeoutMs)
  const signal = AbortSignal.any([timeout, removed.signal, ...(options.signal ? [options.signal] : [])])
  try {
    const typed = typedCandidates(options.peers ?? [])
    const around =
      typed.length > 0
        ? { candidates: typed, multicast: NOT_ASKED }
        : await lookAround(station, options.discoverMs ?? DISCOVER_MS, signal)
    const tried = await node.tryEach(around.candidates, signal)
    const met = await Promise.all(
      tried.flatMap(({ session }) => (session ? [meetOnce(session, signal)] : [])),
    )
    const byStation = new Map(met.map((peer) => [peer.station, peer]))
    const attempts = {
      multicast: around.multicast,
      interfaces: ownInterfaces(),
      tried: tried.map(({ attempt }) => attempt),
    }
    return { peers: [...byStation.values()], removed: removed.signal.aborted, attempts }
  } finally {
    await node.close()
  }
}

/** Long enough for a LAN to answer, short enough to wait for. */
const DISCOVER_MS = 1500
const NOT_ASKED = { state: 'not-asked', machines: 0, detail: '' } as const

/** Whoever answers on the LAN now, and where others were met before. */
export async function lookAround(
  station: Station,
  /** 0: nobody is asked for on the LAN. */
  discoverMs: number = DISCOVER_MS,
  signal?: AbortSignal,
): Promise<{ readonly candidates: readonly Candidate[]; readonly multicast: Multicast }> {
  const { addresses, multicast } =
    discoverMs > 0
      ? await findStations(station.identity.community, discoverMs, signal)
      : { addresses: [], multicast: NOT_ASKED }
  const heard = addresses.map((address): Candidate => ({ address, how: 'heard', station: null }))
  return { candidates: eachOnce([...heard, ...lastKnown(station)]), multicast }
}

function meetOnce(session: Session, signal: AbortSignal): Promise<MetPeer> {
  return new Promise((resolve) => {
    const look = setInterval(() => session.isDone() && finish(), 10)
    const finish = () => {
      clearInterval(look)
      signal.removeEventListener('abort', finish)
      resolve(toMet(session.state()))
    }
    signal.addEventListener('abort', finish)
    session.onClose(finish)
    if (signal.aborted) finish()
  })
}

const toMet = (state: SessionState): MetPeer => ({
  station: state.station,
  name: state.name,
  via: state.via,
  sent: state.sent,
  received: state.received,
  given: state.given,
  sentBytes: state.sentBytes,
  receivedBytes: state.receivedBytes,
  equal: state.equal,
  digest: combinedDigest(state.spaces),
  spaces: state.spaces,
  toSend: state.toSend,
  toReceive: state.toReceive,
  blobs: state.blobs,
  ended: state.equal ? null : state.closed,
})
