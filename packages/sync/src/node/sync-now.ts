import type { Station } from '@doorstep/core'
import type { Session, SessionState, SpaceState } from '../session/session.ts'
import { findStations } from './discovery.ts'
import { combinedDigest, SyncNode } from './sync-node.ts'

export type MetPeer = {
  readonly station: string
  readonly name: string
  readonly via: string
  /** Entries, each way. */
  readonly sent: number
  readonly received: number
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
  /** Why the meeting ended before it was proved equal. */
  readonly ended: string | null
}
export type SyncNowReport = {
  readonly peers: readonly MetPeer[]
  /** This station learned that it was removed: a peer holds what it had not sent. */
  readonly removed: boolean
  /** Where nobody was found, and why. */
  readonly tried: readonly { readonly address: string; readonly problem: string; readonly detail: string }[]
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
  const tried: { address: string; problem: string; detail: string }[] = []
  try {
    const addresses = options.peers?.length
      ? options.peers
      : await knownAddresses(station, options.discoverMs ?? 1500, signal)
    const met = await Promise.all(
      [...new Set(addresses)].map(async (address) => {
        const result = await node.dial(address, signal)
        if (result.ok) return meetOnce(result.value, signal)
        const { type, code } = result.problem
        tried.push({ address, problem: type, detail: String(code ?? '') })
        return null
      }),
    )
    const byStation = new Map(met.filter((peer) => peer !== null).map((peer) => [peer.station, peer]))
    return { peers: [...byStation.values()], removed: removed.signal.aborted, tried }
  } finally {
    await node.close()
  }
}

async function knownAddresses(station: Station, discoverMs: number, signal: AbortSignal): Promise<string[]> {
  const found = await findStations(station.identity.community, discoverMs, signal)
  return [...found, ...station.addresses().map(({ address }) => address)]
}

function meetOnce(session: Session, signal: AbortSignal): Promise<MetPeer> {
  return new Promise((resolve) => {
    const look = setInterval(() => session.isEqual() && finish(), 10)
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
  sentBytes: state.sentBytes,
  receivedBytes: state.receivedBytes,
  equal: state.equal,
  digest: combinedDigest(state.spaces),
  spaces: state.spaces,
  toSend: state.toSend,
  toReceive: state.toReceive,
  ended: state.equal ? null : state.closed,
})
