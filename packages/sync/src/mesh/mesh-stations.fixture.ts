import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { expectOk } from '@doorstep/core'
import type { Wire } from '../wire.ts'
import { type Mesh, openMesh } from './mesh-host.ts'
import type { PresenceState, SeenPresence } from './presence.ts'
import { openSignalingServer } from './signaling-server.ts'
import { keyToHex, type StationKeyPair } from './station-key.ts'

/** A station of a test: its keys, its mesh, and what it has seen so far. */
export type TestStation = {
  readonly mesh: Mesh
  readonly keys: StationKeyPair
  /** Every wire it was ever given. */
  readonly wires: Wire[]
  /** Keys (hex) of the wires that are open now. */
  readonly linked: Set<string>
  readonly presence: () => readonly SeenPresence[]
}

export function newStationKeys(): StationKeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    privateKey: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32)),
    publicKey: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)),
  }
}

/** A signaling server and stations on 127.0.0.1; `close` ends them all. */
export async function openTestCommunity() {
  const server = expectOk(await openSignalingServer({ host: '127.0.0.1', port: 0 }))
  const roomKey = new Uint8Array(randomBytes(32))
  const stations: TestStation[] = []

  return {
    server,
    roomKey,
    join(options: {
      keys: StationKeyPair
      allowed: readonly Uint8Array[]
      presence?: PresenceState
      roomKey?: Uint8Array
    }): TestStation {
      const mesh = expectOk(
        openMesh({
          signalingUrls: [server.url],
          roomKey: options.roomKey ?? roomKey,
          stationPrivateKey: options.keys.privateKey,
          stationPublicKey: options.keys.publicKey,
          allowed: options.allowed,
          ...(options.presence ? { presence: options.presence } : {}),
        }),
      )
      let seen: readonly SeenPresence[] = []
      const station: TestStation = {
        mesh,
        keys: options.keys,
        wires: [],
        linked: new Set(),
        presence: () => seen,
      }
      mesh.onPresence((list) => {
        seen = list
      })
      mesh.onWire((wire) => {
        const id = keyToHex(wire.peerKey)
        station.wires.push(wire)
        station.linked.add(id)
        wire.onClose(() => station.linked.delete(id))
      })
      stations.push(station)
      return station
    },
    async close() {
      await Promise.all(stations.map((station) => station.mesh.close()))
      await server.close()
    },
  }
}

export const isLinked = (from: TestStation, to: TestStation) =>
  from.linked.has(keyToHex(to.keys.publicKey)) && to.linked.has(keyToHex(from.keys.publicKey))

export const wireTo = (from: TestStation, to: TestStation): Wire =>
  from.wires.findLast((wire) => keyToHex(wire.peerKey) === keyToHex(to.keys.publicKey))!

/** Whether a process still runs (a zombie does not). */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false // no such process
  }
}
