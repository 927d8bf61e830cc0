/**
 * Frames of wired M-Bus, EN 13757-2:
 *
 *   long    68 L L 68  C A CI DATA  CS 16     L counts C to the end of DATA
 *   short   10  C A  CS 16                    from the master only
 *   single  E5                                an acknowledgement; only at the end of what came, anywhere else it is noise
 *
 * CS is the sum from C, modulo 256. A meter's primary address A is 0 … 250; 254 asks whoever is alone on the line.
 */
import type { Frame } from '../contract.ts'
import { checksum } from '../fe-frame.ts'
import type { Scan, Step } from '../incremental-parser.ts'

/** `address`: the primary address in decimal, '' of an acknowledgement. `ci` is null in frames without data. */
export interface MbusFrame extends Frame {
  readonly protocol: 'mbus'
  readonly control: number | null
  readonly ci: number | null
  readonly data: Uint8Array
}

const LONG = 0x68
const SHORT = 0x10
const ACK = 0xe5
const END = 0x16
const SHORT_BYTES = 5
const LONG_OVERHEAD = 6
/** C, A and CI. */
const LENGTH_MIN = 3

export const MAX_PENDING_BYTES = LONG_OVERHEAD + 0xff
export const ANY_METER = 254
const ADDRESS_MAX = 250

/** REQ_UD2, the only question ever sent: "tell your data", with the frame count bit set or not. */
export const REQUEST_DATA = [0x5b, 0x7b] as const
export type RequestData = (typeof REQUEST_DATA)[number]

/** The one place where a frame is put together. */
export function sealRequest(address: number, control: RequestData): Uint8Array {
  if (!(REQUEST_DATA as readonly number[]).includes(control))
    throw new RangeError(`control code ${String(control)} is never sent`)
  if (!isAskable(address)) throw new RangeError(`not a meter address: ${String(address)}`)
  return Uint8Array.of(SHORT, control, address, (control + address) & 0xff, END)
}

/** Where whoever was selected is asked. */
export const SELECTED = 253
const SELECT_CONTROL = 0x53
const SELECT_CI = 0x52
/** Maker, version and medium left open. */
const ANY_MAKE = [0xff, 0xff, 0xff, 0xff]

/** Eight digits of a meter's number, F standing for any. */
export const isSecondary = (address: string): boolean => /^[\dF]{8}$/.test(address)

/** Says whom the next question to 253 means (EN 13757-3, selection of a device), and can say nothing else. */
export function sealSelection(secondary: string): Uint8Array {
  if (!isSecondary(secondary)) throw new RangeError(`not a secondary address: ${secondary}`)
  const id = secondary.match(/../g)!.map((two) => Number.parseInt(two, 16))
  const body = Uint8Array.of(SELECT_CONTROL, SELECTED, SELECT_CI, ...id.reverse(), ...ANY_MAKE)
  return Uint8Array.of(LONG, body.length, body.length, LONG, ...body, checksum(body), END)
}

export const isAskable = (address: number): boolean =>
  Number.isInteger(address) &&
  ((address >= 0 && address <= ADDRESS_MAX) || address === SELECTED || address === ANY_METER)

export const scanFrame: Scan<MbusFrame> = (bytes, at, ended) => {
  const start = bytes[at]
  if (start === LONG) return scanLong(bytes, at, ended)
  if (start === SHORT) return scanShort(bytes, at, ended)
  if (start !== ACK || at + 1 < bytes.length) return refuse('stray')
  if (!ended) return { type: 'wait' }
  const bare = { protocol: 'mbus', address: '', control: null, ci: null, data: new Uint8Array(0) } as const
  return { type: 'frame', frame: { ...bare, bytes: bytes.slice(at, at + 1) }, length: 1 }
}

/** The mark of a start also occurs inside data: a refused candidate costs one byte and the search goes on behind it. */
const refuse = (reason: 'stray' | 'length' | 'end' | 'checksum' | 'incomplete'): Step<MbusFrame> => ({
  type: 'noise',
  length: 1,
  reason,
})

function scanShort(bytes: Uint8Array, at: number, ended: boolean): Step<MbusFrame> {
  if (bytes.length - at < SHORT_BYTES) return ended ? refuse('incomplete') : { type: 'wait' }
  const frame = bytes.slice(at, at + SHORT_BYTES)
  if (frame[4] !== END) return refuse('end')
  if (frame[3] !== checksum(frame.subarray(1, 3))) return refuse('checksum')
  return { type: 'frame', frame: openFrame(frame, frame.subarray(1, 3)), length: SHORT_BYTES }
}

function scanLong(bytes: Uint8Array, at: number, ended: boolean): Step<MbusFrame> {
  const have = bytes.length - at
  const told = bytes[at + 1]
  if (have > 1 && told! < LENGTH_MIN) return refuse('length')
  if (have > 2 && bytes[at + 2] !== told) return refuse('length')
  if (have > 3 && bytes[at + 3] !== LONG) return refuse('stray')
  const length = LONG_OVERHEAD + (told ?? LENGTH_MIN)
  if (have < length) return ended ? refuse('incomplete') : { type: 'wait' }
  const frame = bytes.slice(at, at + length)
  if (frame[length - 1] !== END) return refuse('end')
  const body = frame.subarray(4, -2)
  if (frame[length - 2] !== checksum(body)) return refuse('checksum')
  return { type: 'frame', frame: openFrame(frame, body), length }
}

const openFrame = (bytes: Uint8Array, body: Uint8Array): MbusFrame => ({
  protocol: 'mbus',
  control: body[0]!,
  address: String(body[1]!),
  ci: body[2] ?? null,
  data: body.slice(3),
  bytes,
})
