/**
 * The frame of CJ/T 188-2004, for water, gas and heat meters:
 *
 *   [FE]0..4  68  T  A0..A6  C  L  DATA(L)  CS  16
 *
 * A0 is the low end of a 14-digit address whose top four digits are the maker's code. CS is the sum from 68 to the end
 * of DATA, modulo 256; unlike DL/T 645 nothing is added to DATA.
 */
import type { Frame } from '../contract.ts'
import { checksum, PREAMBLE, PREAMBLE_MAX, scanBehindPreamble } from '../fe-frame.ts'
import { hexByte } from '../hex.ts'
import type { Scan, Step } from '../incremental-parser.ts'
import { SENDABLE_CONTROLS, type SendableControl } from './control.ts'

/** `data` in wire order. `address`: 14 digits, high end first, `AA` pairs as wildcards. `meterType`: the byte T. */
export interface Cjt188Frame extends Frame {
  readonly protocol: 'cjt188'
  readonly meterType: number
  readonly control: number
  readonly data: Uint8Array
}

const START = 0x68
const END = 0x16
const ADDRESS_BYTES = 7
const LENGTH_AT = 10
const OVERHEAD = 13
/** A heat meter's answer has 46; the standard allows a reading at most 64H. */
const DATA_MAX = 100
/** Codes of water 1x, heat 2x, gas 3x, others 4x, and the wildcard. */
const isMeterType = (byte: number): boolean => byte === 0xaa || (byte >= 0x10 && byte <= 0x49)

export const MAX_PENDING_BYTES = PREAMBLE_MAX + OVERHEAD + DATA_MAX

/** The one place where a frame is put together: the two reading functions; anything else throws before a byte exists. */
export function sealFrame(
  meterType: number,
  address: string,
  control: SendableControl,
  data: Uint8Array,
): Uint8Array {
  if (!(SENDABLE_CONTROLS as readonly number[]).includes(control))
    throw new RangeError(`control code ${String(control)} is never sent`)
  if (!isMeterType(meterType)) throw new RangeError(`not a kind of meter: ${String(meterType)}`)
  if (!isAddress(address)) throw new RangeError(`not a meter address: ${address}`)
  if (data.length > DATA_MAX) throw new RangeError(`${data.length} data bytes do not fit a frame`)
  const bytes = new Uint8Array(PREAMBLE_MAX + OVERHEAD + data.length).fill(PREAMBLE, 0, PREAMBLE_MAX)
  const frame = bytes.subarray(PREAMBLE_MAX)
  const pairs = address.match(/../g)!.map((two) => Number.parseInt(two, 16))
  frame.set([START, meterType, ...pairs.reverse(), control, data.length, ...data])
  frame[frame.length - 2] = checksum(frame.subarray(0, -2))
  frame[frame.length - 1] = END
  return bytes
}

/** Fourteen digits, or `AA` pairs (any meter) for the high bytes. */
export const isAddress = (address: string): boolean => address.length === 14 && /^(?:AA)*\d*$/.test(address)

export const scanFrame: Scan<Cjt188Frame> = scanBehindPreamble(START, scanCandidate)

/** 68 also occurs inside addresses and data, so a refused candidate costs one byte and the search goes on behind it. */
function scanCandidate(bytes: Uint8Array, start: number, ended: boolean): Step<Cjt188Frame> {
  const refuse = (reason: 'stray' | 'length' | 'end' | 'checksum' | 'incomplete'): Step<Cjt188Frame> => ({
    type: 'noise',
    length: 1,
    reason,
  })
  const have = bytes.length - start
  if (have > 1 && !isMeterType(bytes[start + 1]!)) return refuse('stray')
  if (have > LENGTH_AT && bytes[start + LENGTH_AT]! > DATA_MAX) return refuse('length')
  const length = have > LENGTH_AT ? OVERHEAD + bytes[start + LENGTH_AT]! : OVERHEAD
  if (have < length) return ended ? refuse('incomplete') : { type: 'wait' }
  const frame = bytes.slice(start, start + length)
  if (frame[length - 1] !== END) return refuse('end')
  if (frame[length - 2] !== checksum(frame.subarray(0, -2))) return refuse('checksum')
  return { type: 'frame', frame: openFrame(frame), length }
}

const openFrame = (bytes: Uint8Array): Cjt188Frame => ({
  protocol: 'cjt188',
  meterType: bytes[1]!,
  address: Array.from(bytes.subarray(2, 2 + ADDRESS_BYTES), hexByte)
    .reverse()
    .join(''),
  control: bytes[9]!,
  data: bytes.slice(LENGTH_AT + 1, -2),
  bytes,
})
