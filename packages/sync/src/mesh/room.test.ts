import { type ChildProcess, fork } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { expectOk } from '@doorstep/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../wire-contract.ts'
import { newStationKeys } from './mesh-stations.fixture.ts'
import { signPresence } from './presence-seal.ts'
import { deriveRoomKeys } from './room-keys.ts'
import { encodeAwarenessMessage } from './room-message.ts'
import type { RoomPeerState, ToRoomPeer } from './room-peer.fixture.ts'
import { openSignalingServer, type SignalingServer } from './signaling-server.ts'
import { createStationSigner } from './station-key.ts'

const roomKey = new Uint8Array(randomBytes(32))
const [keysA, keysB, keysC] = [newStationKeys(), newStationKeys(), newStationKeys()]
const allowed = [keysA, keysB, keysC].map(({ publicKey }) => publicKey)
let server: SignalingServer
let a: ReturnType<typeof startPeer>
let b: ReturnType<typeof startPeer>

function startPeer(station: typeof keysA, name: string) {
  const child: ChildProcess = fork(fileURLToPath(new URL('./room-peer.fixture.ts', import.meta.url)), [], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let state: RoomPeerState = { links: 0, blob: undefined, malformed: 0, stations: [] }
  child.on('message', (next) => {
    state = next as RoomPeerState
  })
  const tell = (message: ToRoomPeer) => child.send(message)
  const presence = JSON.stringify({ station: name })
  tell({ type: 'open', url: server.url, roomKey, station, allowed, presence })
  return { state: () => state, tell, child }
}

beforeAll(async () => {
  server = expectOk(await openSignalingServer({ host: '127.0.0.1', port: 0 }))
  a = startPeer(keysA, 'A')
  b = startPeer(keysB, 'B')
  await until('a link', () => a.state().links === 1 && b.state().links === 1)
})
afterAll(async () => {
  for (const { child } of [a, b]) child.kill('SIGKILL')
  await server.close()
})

describe('y-webrtc behind the guard', () => {
  it('brings a document message of 1.5 MB over, where y-webrtc alone loses it past 256 KiB', async () => {
    const bytes = new Uint8Array(randomBytes(1_500_000))
    a.tell({ type: 'write', bytes })
    const digest = createHash('sha256').update(bytes).digest('hex')
    await until('the blob at B', () => b.state().blob === digest)
  })

  it('shows presence that its station signed, and none that a neighbour made up', async () => {
    await until('presence of A at B', () => b.state().stations.includes('A'))
    const entry = { clientId: 77, clock: 3 }
    const roomId = deriveRoomKeys(roomKey).id
    const text = JSON.stringify({ station: 'C' })
    const honest = signPresence(createStationSigner(keysC), roomId, { ...entry, text })
    const changed = { ...honest, p: JSON.stringify({ station: 'made up' }) }
    const send = (state: object, clock = entry.clock) =>
      a.tell({
        type: 'send',
        message: encodeAwarenessMessage([{ ...entry, clock, json: JSON.stringify(state) }]),
      })
    send(changed)
    send(honest, 9)
    send({})
    send(signPresence(createStationSigner(newStationKeys()), roomId, { ...entry, text: '{"station":"who"}' }))
    send(honest)
    await until('the honest one, passed on by A', () => b.state().stations.includes('C'))
    expect(b.state().stations.toSorted()).toEqual(['A', 'C'])
  })

  it('lives through garbage from a proved peer, cuts it off in the end, and takes it back', async () => {
    const garbage = [[0, 9], [9], [], [255, 255], [0, 1, 200], [1, 3, 1, 1], [4, 1, 1, 65], [3]]
    for (const message of garbage) b.tell({ type: 'send', message: Uint8Array.from(message) })
    await until('six counted', () => a.state().malformed === 6)
    expect(a.state().links).toBe(1)
    for (let n = 0; n < 10; n++) b.tell({ type: 'send', message: Uint8Array.of(0, 9) })
    await until('B cut off', () => a.state().links === 0 && b.state().links === 0)
    expect([a.child.exitCode, b.child.exitCode]).toEqual([null, null])
    await until('B back', () => a.state().links === 1 && b.state().links === 1, 15_000)
  })

  it('lives through garbage in its topic at the signaling server', async () => {
    const { name } = deriveRoomKeys(roomKey)
    const socket = new WebSocket(server.url)
    const heard: unknown[] = []
    socket.onmessage = (event) => heard.push(JSON.parse(String(event.data)).data)
    await until('a connection', () => socket.readyState === socket.OPEN)
    socket.send(JSON.stringify({ type: 'subscribe', topics: [name] }))
    const all = [
      '',
      '7',
      'x',
      JSON.stringify({ type: 'announce', from: 'x' }),
      JSON.stringify({ type: 'signal', to: 'x', signal: { type: 'answer' } }),
      randomBytes(200).toString('base64'),
    ]
    // What is not text never leaves the server.
    for (const data of [7, { type: 'announce', from: 'x' }, ...all])
      socket.send(JSON.stringify({ type: 'publish', topic: name, data }))
    await until('all of it passed on', () => all.every((data) => heard.includes(data)))
    expect(heard.filter((data) => typeof data !== 'string')).toEqual([])
    socket.close()
    const bytes = new Uint8Array(randomBytes(100))
    b.tell({ type: 'write', bytes })
    await until('both alive', () => a.state().blob === createHash('sha256').update(bytes).digest('hex'))
  })
})
