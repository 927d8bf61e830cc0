import { fail, ok, type Problem, type Result, type Station } from '@doorstep/core'
import {
  announce,
  type LanServer,
  meetingUri,
  openSignalingServer,
  parseAddress,
  type SessionState,
  SyncNode,
} from '@doorstep/sync'
import { lanAddresses } from './lan-addresses.ts'
import { ownName } from './names.ts'

export type ServeOptions = {
  readonly listen: string
  /** Addresses to keep calling. */
  readonly peers: readonly string[]
  readonly discover: boolean
  /** Where this station's signaling server listens, if it is to have one. */
  readonly signaling?: string
  /** Other signaling servers, `ws://HOST:PORT`. */
  readonly signalingUrls: readonly string[]
  /** What is worth a line: discovery that the network does not allow, an address that does not answer. */
  readonly onTrouble: (problem: Problem) => void
  /** A gateway's word on what the time is; see the session. */
  readonly offersTime?: () => number | null
  /** How far its meetings are. */
  readonly onState?: (states: readonly SessionState[]) => void
}

export type Serving = {
  readonly node: SyncNode
  readonly listening: Pick<LanServer, 'host' | 'port'>
  readonly signalingUrl: string | null
  /** False when another process of this home is in the mesh, or no signaling server was named. */
  readonly inMesh: boolean
  /** Who this is and where it listens, for a QR code. */
  readonly meet: string
  /** Resolves when this station has learned that it was removed. */
  readonly removed: Promise<void>
  close(): Promise<void>
}

/** Everything a station does to be met: it listens, calls, announces itself, signals, and joins the mesh. */
export async function serveStation(station: Station, options: ServeOptions): Promise<Result<Serving>> {
  const address = parseAddress(options.listen)
  if (!address.ok) return address
  const troubled = new Set<string>()
  const removed = Promise.withResolvers<void>()
  const node = new SyncNode({
    station,
    name: ownName(station),
    onRemoved: () => removed.resolve(),
    ...(options.onState ? { onState: options.onState } : {}),
    ...(options.offersTime ? { offersTime: options.offersTime } : {}),
    // Once an address: it is called again every few seconds.
    onTrouble: (where, problem) => {
      if (!troubled.has(where)) options.onTrouble(problem)
      troubled.add(where)
    },
  })
  const server = await node.serve(address.value)
  if (!server.ok) return server
  for (const peer of options.peers) node.keepCalling(peer)
  const quiet = options.discover
    ? announce(station.identity.community, server.value.port, (error) =>
        options.onTrouble({ type: 'no-discovery', detail: error.message }),
      )
    : null
  const signaling = await openSignaling(options.signaling)
  const close = async () => {
    await quiet?.()
    await node.close()
    if (signaling.ok) await signaling.value?.close()
  }
  if (!signaling.ok) {
    await close()
    return signaling
  }
  const urls = [...(signaling.value ? [signaling.value.url] : []), ...options.signalingUrls]
  const mesh = urls.length > 0 ? node.joinMesh(urls, { station: ownName(station) }) : ok(null)
  if (!mesh.ok) {
    await close()
    return mesh
  }
  const { host, port } = server.value
  return ok({
    node,
    listening: { host, port },
    meet: meetingUri({ station: station.identity.station, addresses: lanAddresses({ host, port }) }),
    signalingUrl: signaling.value?.url ?? null,
    inMesh: mesh.value !== null,
    removed: removed.promise,
    close,
  })
}

async function openSignaling(listen: string | undefined) {
  if (listen === undefined) return ok(null)
  const address = parseAddress(listen)
  if (!address.ok) return address
  const server = await openSignalingServer(address.value)
  return server.ok ? server : fail({ code: '', ...server.problem, port: address.value.port })
}
