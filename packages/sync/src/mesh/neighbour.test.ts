import { expectOk } from '@doorstep/core'
import { afterEach, describe, expect, it } from 'vitest'
import { until } from '../wire-contract.ts'
import { cutMessage, encodeFrame, frameType, goodbyeReasons } from './frames.ts'
import { encodeHello } from './hello.ts'
import { newStationKeys } from './mesh-stations.fixture.ts'
import { createNeighbour, type EndReason, neighbourLimits } from './neighbour.ts'
import { loadRtc, type RtcChannel, type RtcConnection } from './rtc.ts'
import { createStationSigner } from './station-key.ts'

/** What `RtcConnection` leaves to simple-peer. */
type FullConnection = RtcConnection & {
  onicecandidate: ((event: { candidate: unknown }) => void) | null
  createOffer(): Promise<unknown>
  createAnswer(): Promise<unknown>
  setLocalDescription(description: unknown): Promise<void>
  addIceCandidate(candidate: unknown): Promise<void>
}

const rtc = expectOk(loadRtc())
const keys = newStationKeys()
const opened: RtcConnection[] = []
afterEach(() => {
  for (const connection of opened.splice(0)) connection.close()
})

/** A guarded connection to somebody who speaks raw frames and follows no rule. */
async function meetStranger(handshakeTimeoutMs = 5_000) {
  const [ours, theirs] = [1, 2].map(() => new rtc.RTCPeerConnection({ iceServers: [] }) as FullConnection)
  opened.push(ours!, theirs!)
  let ended: EndReason | undefined
  const neighbour = createNeighbour('stranger', ours!, {
    signer: createStationSigner(keys),
    roomId: new Uint8Array(32),
    limits: { ...neighbourLimits, handshakeTimeoutMs },
    isAllowed: () => false,
    turnAway: () => undefined,
    inspect: (message) => message,
    onOpen: () => {
      throw new Error('a stranger came in')
    },
    onEnd: (_neighbour, reason) => {
      ended = reason
    },
  })
  const passed: unknown[] = []
  neighbour.channel.facade.onmessage = (event) => passed.push(event.data)

  const heard: Uint8Array[] = []
  const channel = (label: string, id: number): RtcChannel => {
    const raw = theirs!.createDataChannel(label, { negotiated: true, id, ordered: true })
    raw.binaryType = 'arraybuffer'
    raw.onmessage = (event) => heard.push(new Uint8Array(event.data as ArrayBuffer))
    return raw
  }
  const [room, lane] = [channel('room/1', 101), channel('doorstep/1', 100)]
  ours!.onicecandidate = ({ candidate }) => candidate && void theirs!.addIceCandidate(candidate)
  theirs!.onicecandidate = ({ candidate }) => candidate && void ours!.addIceCandidate(candidate)
  const offer = await ours!.createOffer()
  await ours!.setLocalDescription(offer)
  await theirs!.setRemoteDescription(offer)
  const answer = await theirs!.createAnswer()
  await theirs!.setLocalDescription(answer)
  await ours!.setRemoteDescription(answer)
  await until('open channels and a hello', () => room.readyState === 'open' && heard.length > 0)
  return { neighbour, room, lane, heard, passed, ended: () => ended }
}

describe('a connection that has proved nothing', () => {
  it('with an unknown key hears our hello and a goodbye, and not one byte of y-webrtc', async () => {
    const { neighbour, room, heard, passed, ended } = await meetStranger()
    neighbour.channel.facade.send(Uint8Array.of(0, 0, 1, 0))
    const key = newStationKeys().publicKey
    room.send(encodeFrame(frameType.hello, encodeHello({ nonce: new Uint8Array(32), key })))
    await until('the end', () => ended() !== undefined)
    expect(ended()).toBe('not-allowed')
    await until('a goodbye', () => heard.length === 2)
    expect(heard.map((frame) => frame[0])).toEqual([frameType.hello, frameType.goodbye])
    expect(goodbyeReasons[heard[1]![1]!]).toBe('refused')
    expect(neighbour.channel.facade.readyState).toBe('closed')
    expect(passed).toEqual([])
  })

  const attempts: [string, EndReason, (to: { room: RtcChannel; lane: RtcChannel }) => void][] = [
    [
      'a y-webrtc message',
      'out-of-order',
      ({ room }) => room.send([...cutMessage(Uint8Array.of(0, 9), 100)][0]!),
    ],
    [
      'a frame on the lane',
      'out-of-order',
      ({ lane }) => lane.send([...cutMessage(new Uint8Array(9), 100)][0]!),
    ],
    ['a malformed hello', 'malformed-hello', ({ room }) => room.send(encodeFrame(frameType.hello))],
    ['accepted out of turn', 'out-of-order', ({ room }) => room.send(encodeFrame(frameType.accepted))],
    ['an empty frame', 'out-of-order', ({ room }) => room.send(new Uint8Array(0))],
    [
      'our own key',
      'own-key',
      ({ room }) =>
        room.send(
          encodeFrame(frameType.hello, encodeHello({ nonce: new Uint8Array(32), key: keys.publicKey })),
        ),
    ],
  ]
  it.each(attempts)('ends at %s', async (_name, reason, attempt) => {
    const stranger = await meetStranger()
    attempt(stranger)
    await until('the end', () => stranger.ended() !== undefined)
    expect(stranger.ended()).toBe(reason)
    expect(stranger.passed).toEqual([])
  })

  it('ends when it says nothing', async () => {
    const { ended } = await meetStranger(300)
    await until('the end', () => ended() !== undefined)
    expect(ended()).toBe('handshake-timeout')
  })
})
