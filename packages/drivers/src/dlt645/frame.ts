/**
 * The frame of DL/T 645-2007:
 *
 *   [FE]0..4  68  A0..A5  68  C  L  DATA(L)  CS  16
 *
 * A0 is the low end of a 12-digit address. CS is the sum from the first 68 to the end of DATA, modulo 256.
 * Every DATA byte travels with 33H added. L ≤ 200 (lawinsider.com/zh/contracts/kHYv0S1Gpcd).
 */
import type { Frame } from '../contract.ts'
import { checksum, PREAMBLE, PREAMBLE_MAX, scanBehindPreamble } from '../fe-frame.ts'
import type { Scan, Step } from '../incremental-parser.ts'
import {
  isReply,
  REPLY_CONTROLS,
  type ReplyControl,
  SENDABLE_CONTROLS,
  type SendableControl,
} from './control.ts'

/** `data` has the 33H taken off, in wire order. `address`: 12 digits, high end first, `AA` pairs as wildcards. */
export interface Dlt645Frame extends Frame {
  readonly protocol: 'dlt645'
  readonly control: number
  readonly data: Uint8Array
}

const START = 0x68
const END = 0x16
const OFFSET = 0x33
const OVERHEAD = 12
const DATA_MAX = 200

export const MAX_PENDING_BYTES = PREAMBLE_MAX + OVERHEAD + DATA_MAX

/**
 * The one place where a frame is put together. Takes the three reading functions and a meter's answers to them;
 * anything else is a bug, and throws before a byte exists.
 */
export function sealFrame(
  address: string,
  control: SendableControl | ReplyControl,
  data: Uint8Array,
): Uint8Array {
  const allowed: readonly number[] = isReply(control) ? REPLY_CONTROLS : SENDABLE_CONTROLS
  if (!allowed.includes(control)) throw new RangeError(`control code ${String(control)} is never sent`)
  if (data.length > DATA_MAX) throw new RangeError(`${data.length} data bytes do not fit a frame`)
  if (!isAddress(address)) throw new RangeError(`not a meter address: ${address}`)
  const bytes = new Uint8Array(PREAMBLE_MAX + OVERHEAD + data.length).fill(PREAMBLE, 0, PREAMBLE_MAX)
  const frame = bytes.subarray(PREAMBLE_MAX)
  frame[0] = START
  for (let index = 0; index < 6; index += 1) {
    frame[1 + index] = Number.parseInt(address.slice(10 - 2 * index, 12 - 2 * index), 16)
  }
  frame[7] = START
  frame[8] = control
  frame[9] = data.length
  data.forEach((byte, index) => {
    frame[10 + index] = (byte + OFFSET) & 0xff
  })
  frame[10 + data.length] = checksum(frame.subarray(0, 10 + data.length))
  frame[11 + data.length] = END
  return bytes
}

/** Twelve digits, or `AA` pairs (any meter) for the high bytes. */
export function isAddress(address: string): boolean {
  return address.length === 12 && /^(?:AA)*\d*$/.test(address)
}

export const scanFrame: Scan<Dlt645Frame> = scanBehindPreamble(START, scanCandidate)

/** 68 also occurs inside addresses and data, so a refused candidate costs one byte and the search goes on behind it. */
function scanCandidate(bytes: Uint8Array, start: number, ended: boolean): Step<Dlt645Frame> {
  const refuse = (reason: 'stray' | 'length' | 'end' | 'checksum' | 'incomplete'): Step<Dlt645Frame> => ({
    type: 'noise',
    length: 1,
    reason,
  })
  const have = bytes.length - start
  if (have > 7 && bytes[start + 7] !== START) return refuse('stray')
  if (have > 9 && bytes[start + 9]! > DATA_MAX) return refuse('length')
  const length = have > 9 ? OVERHEAD + bytes[start + 9]! : OVERHEAD
  if (have < length) return ended ? refuse('incomplete') : { type: 'wait' }
  const frame = bytes.slice(start, start + length)
  if (frame[length - 1] !== END) return refuse('end')
  if (frame[length - 2] !== checksum(frame.subarray(0, length - 2))) return refuse('checksum')
  return { type: 'frame', frame: openFrame(frame), length }
}

function openFrame(bytes: Uint8Array): Dlt645Frame {
  return {
    protocol: 'dlt645',
    address: Array.from(bytes.subarray(1, 7), (byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
      .reverse()
      .join(''),
    control: bytes[8]!,
    data: bytes.slice(10, -2).map((byte) => (byte - OFFSET) & 0xff),
    bytes,
  }
}
