/** A process with a room in it, for tests that reach behind the mesh: its document, and y-webrtc's own send. */
import { createHash } from 'node:crypto'
import { expectOk } from '@doorstep/core'
import { openRoom, type Room } from './room.ts'
import { loadRtc } from './rtc.ts'
import type { StationKeyPair } from './station-key.ts'

export type ToRoomPeer =
  | {
      type: 'open'
      url: string
      roomKey: Uint8Array
      station: StationKeyPair
      allowed: Uint8Array[]
      presence: string
    }
  | { type: 'write'; bytes: Uint8Array }
  /** Sent to all neighbours as a y-webrtc message, unchecked. */
  | { type: 'send'; message: Uint8Array }

export type RoomPeerState = {
  links: number
  /** SHA-256 of the blob in the document. */
  blob: string | undefined
  malformed: number
  stations: string[]
}

let room: Room | undefined
process.on('disconnect', () => process.exit(0))
process.on('message', (message: ToRoomPeer) => {
  if (message.type === 'open') {
    room = openRoom({
      rtc: expectOk(loadRtc()),
      signalingUrls: [message.url],
      roomKey: message.roomKey,
      station: message.station,
      allowed: message.allowed,
      onWire: () => {},
      onPresence: () => {},
    })
    room.setPresence(message.presence)
  } else if (message.type === 'write') room?.doc.getMap('test').set('blob', message.bytes)
  else
    for (const connection of room?.provider.room?.webrtcConns.values() ?? [])
      connection.peer.send(message.message)
})
setInterval(() => {
  if (!room) return
  const blob = room.doc.getMap('test').get('blob') as Uint8Array | undefined
  const state: RoomPeerState = {
    links: room.guard.openNeighbours().length,
    blob: blob && createHash('sha256').update(blob).digest('hex'),
    malformed: room.guard.counts().malformed,
    stations: room.listPresence().map(({ state }) => state.station),
  }
  process.send?.(state)
}, 30)
