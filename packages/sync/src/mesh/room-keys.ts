import { hkdfSync } from 'node:crypto'

/** What a community's mesh needs, all derived from one secret. Who lacks the secret cannot find the room. */
export type RoomKeys = {
  /** Topic at the signaling servers: an opaque name, 43 characters. */
  readonly name: string
  /** AES-256-GCM key that seals everything sent through a signaling server: the room's password. */
  readonly sealKey: Uint8Array
  /** 32 bytes that go under every signature made in this room, so that none counts in another. */
  readonly id: Uint8Array
}

/** HKDF-SHA256 (RFC 5869) with one label each; `roomKey` is 32 bytes. */
export function deriveRoomKeys(roomKey: Uint8Array): RoomKeys {
  if (roomKey.length !== 32) throw new Error(`room key of ${roomKey.length} bytes, 32 wanted`)
  const derive = (label: string) =>
    new Uint8Array(hkdfSync('sha256', roomKey, new Uint8Array(0), `doorstep mesh ${label} v1`, 32))
  return {
    name: Buffer.from(derive('room name')).toString('base64url'),
    sealKey: derive('signaling seal'),
    id: derive('room id'),
  }
}
