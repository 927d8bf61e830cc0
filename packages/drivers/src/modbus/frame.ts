/**
 * Frames of Modbus RTU. Nothing marks where one begins: only the CRC at its end decides.
 *
 *   question   A  FN  first(2)  count(2)  CRC(2)          functions 1 … 4
 *   answer     A  FN  bytes  DATA(bytes)  CRC(2)
 *   refusal    A  FN+80H  code  CRC(2)
 *
 * Parsed here and not by `modbus-serial`: that one takes from a serial stream whatever is as long as the answer it waits
 * for, so after noise, an echo or another protocol's bytes it reads nothing right until it times out; and it wants the
 * port for itself, while meters of other protocols may be on the same line. Modbus TCP, which is framed, is left to it
 * (`modbus-tcp-port.ts`).
 */
import type { Frame } from '../contract.ts'
import type { Scan, Step } from '../incremental-parser.ts'
import { crc16 } from './crc.ts'

/** `address`: the unit, decimal. `write`: another master's, seen on the line; or its answer, which looks alike. */
export interface ModbusFrame extends Frame {
  readonly protocol: 'modbus'
  readonly kind: 'question' | 'answer' | 'refusal' | 'write'
  readonly function: number
  /** Between function and CRC. */
  readonly data: Uint8Array
}

/** Coils, discrete inputs, holding registers, input registers: all that reads, and all that is ever sent. */
export const READ_FUNCTIONS = [1, 2, 3, 4] as const
export type ReadFunction = (typeof READ_FUNCTIONS)[number]
export const isReadFunction = (code: number): code is ReadFunction =>
  (READ_FUNCTIONS as readonly number[]).includes(code)
export const readsBits = (code: number): boolean => code === 1 || code === 2

const REFUSED = 0x80
const CRC_BYTES = 2
const QUESTION_BYTES = 8
const REFUSAL_BYTES = 5
/** Of a PDU of 253 bytes, Modbus application protocol V1.1b3. */
export const REGISTERS_MAX = 125
export const BITS_MAX = 2000
const UNIT_MAX = 247
const WRITES = [5, 6, 15, 16]
const WRITES_SEVERAL = [15, 16]
const REFUSAL_CODES_MAX = 11
/** A whole frame on a serial line has at most this many bytes. */
export const MAX_PENDING_BYTES = 256

export const isUnit = (unit: number): boolean => Number.isInteger(unit) && unit >= 1 && unit <= UNIT_MAX

/** The one place where a frame is put together: a question of the four reading functions; anything else throws before a byte exists. */
export function sealQuestion(unit: number, code: ReadFunction, first: number, count: number): Uint8Array {
  if (!isReadFunction(code)) throw new RangeError(`function ${String(code)} is never sent`)
  if (!isUnit(unit)) throw new RangeError(`not a unit: ${String(unit)}`)
  if (!isSpan(code, first, count)) throw new RangeError(`cannot be asked for: ${count} from ${first}`)
  const bytes = new Uint8Array(QUESTION_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set([unit, code])
  view.setUint16(2, first)
  view.setUint16(4, count)
  view.setUint16(6, crc16(bytes.subarray(0, 6)), true)
  return bytes
}

export const isSpan = (code: number, first: number, count: number): boolean =>
  Number.isInteger(first) &&
  Number.isInteger(count) &&
  first >= 0 &&
  count >= 1 &&
  first + count <= 0x10000 &&
  count <= (readsBits(code) ? BITS_MAX : REGISTERS_MAX)

/** The shortest whole frame that begins here and whose CRC agrees; what cannot be one costs a byte. */
export const scanFrame: Scan<ModbusFrame> = (bytes, at, ended) => {
  const have = bytes.length - at
  const refuse = (reason: 'stray' | 'checksum' | 'incomplete'): Step<ModbusFrame> => ({
    type: 'noise',
    length: 1,
    reason,
  })
  if (!isUnit(bytes[at]!)) return refuse('stray')
  if (have > 1 && !isKnown(bytes[at + 1]!)) return refuse('stray')
  if (have < REFUSAL_BYTES) return ended ? refuse('incomplete') : { type: 'wait' }
  let tried = false
  for (const length of lengthsAt(bytes.subarray(at))) {
    if (have < length) return ended ? refuse(tried ? 'checksum' : 'incomplete') : { type: 'wait' }
    const frame = bytes.subarray(at, at + length)
    const kind = kindOf(frame)
    if (kind === null) continue
    tried = true
    if (crc16(frame.subarray(0, -CRC_BYTES)) !== (frame.at(-2)! | (frame.at(-1)! << 8))) continue
    return { type: 'frame', frame: openFrame(frame.slice(), kind), length }
  }
  return refuse(tried ? 'checksum' : 'stray')
}

const isKnown = (code: number): boolean => {
  const asked = code & ~REFUSED
  return isReadFunction(asked) || WRITES.includes(asked)
}

/** How long the frame that begins here may be, the shortest first. Each is told by bytes that come before its end. */
function lengthsAt(bytes: Uint8Array): number[] {
  const code = bytes[1]!
  if ((code & REFUSED) !== 0) return [REFUSAL_BYTES]
  if (isReadFunction(code)) return [QUESTION_BYTES, REFUSAL_BYTES + bytes[2]!].sort((a, b) => a - b)
  if (!WRITES_SEVERAL.includes(code) || bytes.length < QUESTION_BYTES) return [QUESTION_BYTES]
  return [QUESTION_BYTES, QUESTION_BYTES + 1 + bytes[6]!]
}

/** Null where the length fits but what it says makes no sense, so that CRCs of nonsense are not even tried. */
function kindOf(frame: Uint8Array): ModbusFrame['kind'] | null {
  const code = frame[1]!
  const [first, count] = [wordAt(frame, 2), wordAt(frame, 4)]
  if ((code & REFUSED) !== 0) return frame[2]! >= 1 && frame[2]! <= REFUSAL_CODES_MAX ? 'refusal' : null
  if (WRITES.includes(code)) {
    if (frame.length === QUESTION_BYTES) return 'write'
    const needed = code === 16 ? 2 * count : Math.ceil(count / 8)
    return needed === frame[6] ? 'write' : null
  }
  const told = frame[2]!
  const isAnswer =
    frame.length === REFUSAL_BYTES + told && told > 0 && told <= 250 && (readsBits(code) || told % 2 === 0)
  // An answer with three bytes of bits is as long as a question.
  if (frame.length === QUESTION_BYTES && isSpan(code, first, count)) return 'question'
  return isAnswer ? 'answer' : null
}

const wordAt = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)

const openFrame = (bytes: Uint8Array, kind: ModbusFrame['kind']): ModbusFrame => ({
  protocol: 'modbus',
  address: String(bytes[0]!),
  kind,
  function: bytes[1]! & ~REFUSED,
  data: bytes.slice(2, -CRC_BYTES),
  bytes,
})
