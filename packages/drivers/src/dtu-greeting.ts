/**
 * Who dialled in. A DTU says its registration packet first: text or bytes that its installer typed into it. Makers put line
 * ends, a heartbeat or nothing around it, and the network cuts it anywhere. It is a name and no proof of anything.
 */
import { formatHex, parseHex } from './hex.ts'

export type DtuIdentity = {
  /** Of the line behind it. */
  readonly name: string
  /** Null: whoever dials in is it; only where it is the only one. */
  readonly registration: Uint8Array | null
  /** What it sends to keep the connection alive, if known; it is learned else. */
  readonly heartbeat: Uint8Array | null
}

/** Silence behind a registration that could go on; and behind one that is the beginning of another's. */
const SETTLE_MS = 500
const SETTLE_LONG_MS = 5000

/** `settle`: it is this one if nothing follows for so long; `rest`: what was sent behind the registration. */
export type Greeting<D extends DtuIdentity> =
  | { readonly type: 'known'; readonly dtu: D; readonly rest: Uint8Array }
  | { readonly type: 'settle'; readonly dtu: D; readonly rest: Uint8Array; readonly silenceMs: number }
  | { readonly type: 'wait' }
  | { readonly type: 'unknown' }

/** More is no registration. */
export const GREETING_MAX_BYTES = 512

/** `hex:01 FF 7E` for bytes that are no text; anything else is the text itself. Null where hex is none, or nothing is left. */
export function parseDtuText(text: string): Uint8Array | null {
  const hex = /^hex:(.*)$/is.exec(text)
  const parsed = hex ? parseHex(hex[1]!) : null
  const bytes = parsed === null ? new TextEncoder().encode(text) : parsed.ok ? parsed.value : null
  return bytes !== null && bytes.length > 0 && bytes.length <= GREETING_MAX_BYTES / 2 ? bytes : null
}

/** How to show what was said: as text where it is one. */
export function dtuText(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte))
    .join('')
    .trim()
  return /^[\x20-\x7e]+$/.test(text) ? text : `hex:${formatHex(bytes)}`
}

/** @param bytes all that came so far on a connection */
export function readGreeting<D extends DtuIdentity>(bytes: Uint8Array, dtus: readonly D[]): Greeting<D> {
  let settle: Greeting<D> | null = null
  for (const dtu of dtus) {
    if (dtu.registration === null) return { type: 'known', dtu, rest: bytes }
    for (const at of placesOf(bytes, dtu.registration)) {
      const end = at + dtu.registration.length
      const rest = bytes.slice(end)
      const boundary = isWordEnd(dtu, rest)
      if (at > 0 && isWord(bytes[at - 1]!) && isWord(dtu.registration[0]!)) continue
      if (boundary === 'yes') return { type: 'known', dtu, rest }
      if (boundary === 'open') settle = { type: 'settle', dtu, rest, silenceMs: settleMs(dtu, dtus) }
    }
  }
  if (settle) return settle
  return bytes.length >= GREETING_MAX_BYTES ? { type: 'unknown' } : { type: 'wait' }
}

const settleMs = ({ registration }: DtuIdentity, dtus: readonly DtuIdentity[]): number =>
  dtus.some(
    (other) =>
      other.registration !== registration &&
      registration!.every((byte, at) => other.registration?.[at] === byte),
  )
    ? SETTLE_LONG_MS
    : SETTLE_MS

function placesOf(bytes: Uint8Array, wanted: Uint8Array): number[] {
  const places: number[] = []
  for (let at = 0; at + wanted.length <= bytes.length; at += 1)
    if (wanted.every((byte, index) => bytes[at + index] === byte)) places.push(at)
  return places
}

/** `DTU-1` is not meant by `DTU-10`: behind a word another byte, its heartbeat or silence must follow. */
function isWordEnd({ registration, heartbeat }: DtuIdentity, rest: Uint8Array): 'yes' | 'no' | 'open' {
  if (!isWord(registration!.at(-1)!)) return 'yes'
  if (rest.length === 0) return 'open'
  if (!isWord(rest[0]!)) return 'yes'
  if (heartbeat === null) return 'no'
  const agrees = heartbeat.every((byte, at) => at >= rest.length || rest[at] === byte)
  if (!agrees) return 'no'
  return rest.length >= heartbeat.length ? 'yes' : 'open'
}

const isWord = (byte: number): boolean => /[0-9A-Za-z_-]/.test(String.fromCharCode(byte))
