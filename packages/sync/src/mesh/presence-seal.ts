import type { AwarenessEntry } from './room-message.ts'
import { isSignedBy, type StationSigner } from './station-key.ts'

/**
 * What lies in y-webrtc's awareness for one station: its key, its presence as JSON text (`null`: here without one; empty: it has left) and a
 * signature over both, the room, the awareness client and its clock. Awareness is passed on by neighbours, and any of
 * them could change it on the way; so each entry proves itself, wherever it comes from.
 */
export type SignedPresence = { readonly k: string; readonly p: string; readonly s: string }

const domainTag = new TextEncoder().encode('doorstep mesh presence v1\0')

function signedBytes(
  roomId: Uint8Array,
  entry: { clientId: number; clock: number; text: string },
): Uint8Array {
  const numbers = new DataView(new ArrayBuffer(8))
  numbers.setUint32(0, entry.clientId)
  numbers.setUint32(4, entry.clock)
  return Buffer.concat([domainTag, roomId, new Uint8Array(numbers.buffer), Buffer.from(entry.text)])
}

export function signPresence(
  signer: StationSigner,
  roomId: Uint8Array,
  entry: { readonly clientId: number; readonly clock: number; readonly text: string },
): SignedPresence {
  const signature = signer.sign(signedBytes(roomId, entry))
  const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
  return { k: encode(signer.publicKey), p: entry.text, s: encode(signature) }
}

/** The author's key and the text, or undefined when the signature does not hold for just this entry. */
export function openPresence(
  entry: AwarenessEntry,
  roomId: Uint8Array,
): { readonly key: Uint8Array; readonly text: string } | undefined {
  const value = JSON.parse(entry.json) as Partial<SignedPresence> | null
  if (typeof value?.k !== 'string' || typeof value.p !== 'string' || typeof value.s !== 'string')
    return undefined
  // Nothing beside: it goes on to y-webrtc, and to others, as it is.
  if (Object.keys(value).length !== 3) return undefined
  const key = new Uint8Array(Buffer.from(value.k, 'base64url'))
  const message = signedBytes(roomId, { clientId: entry.clientId, clock: entry.clock, text: value.p })
  if (!isSignedBy(key, message, Buffer.from(value.s, 'base64url'))) return undefined
  return { key, text: value.p }
}
