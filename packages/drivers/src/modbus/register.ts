/**
 * What is read from a Modbus device is written in one word, since no two makers agree and an answer names nothing:
 *
 *   [SIGNAL=]FUNCTION:REGISTER[:TYPE[:ORDER]][*SCALE]      water=3:0001:f32:DCBA   4:0005:u32:CDAB*0.001
 *
 * FUNCTION 1 coil, 2 discrete input, 3 holding register, 4 input register. REGISTER: four hex digits, as on the wire.
 * ORDER of the bytes of a value, A its highest: ABCD if not said. SIGNAL: what it says, in that signal's unit.
 */
import { isSignal, type Signal } from '@doorstep/core'
import type { ItemValue, Missing } from '../contract.ts'
import { isReadFunction, isSpan, type ReadFunction, readsBits } from './frame.ts'

export type ByteOrder = 'ABCD' | 'BADC' | 'CDAB' | 'DCBA'
export type RegisterType = keyof typeof TYPES

export type Register = {
  readonly function: ReadFunction
  /** Of the first register or bit, as it goes over the wire: 0 … 65535. */
  readonly first: number
  readonly type: RegisterType
  readonly order: ByteOrder
  /** What one count is worth in the unit. */
  readonly scale: number
  readonly signal: Signal | null
}

const number = (bytes: number, read: (view: DataView) => number) => ({ bytes, read })
const TYPES = {
  u16: number(2, (view) => view.getUint16(0)),
  i16: number(2, (view) => view.getInt16(0)),
  u32: number(4, (view) => view.getUint32(0)),
  i32: number(4, (view) => view.getInt32(0)),
  u64: number(8, (view) => Number(view.getBigUint64(0))),
  i64: number(8, (view) => Number(view.getBigInt64(0))),
  f32: number(4, (view) => shortest(view.getFloat32(0))),
  f64: number(8, (view) => view.getFloat64(0)),
  bcd16: number(2, (view) => decimal(view, 2)),
  bcd32: number(4, (view) => decimal(view, 4)),
  bit: number(1, (view) => view.getUint8(0) & 1),
} as const

const PATTERN =
  /^(?:([a-z-]+)=)?([1-4]):([0-9A-F]{4})(?::([a-z]+\d*))?(?::(ABCD|BADC|CDAB|DCBA))?(?:\*(\d*\.?\d+))?$/

/** Null where the word is none, or asks for what there cannot be. */
export function parseRegister(text: string): Register | null {
  const [, signal, code, first, type, order = 'ABCD', scale = '1'] = PATTERN.exec(text) ?? []
  if (code === undefined || first === undefined) return null
  const reads = Number(code)
  const kind = type ?? (readsBits(reads) ? 'bit' : 'u16')
  if (!isReadFunction(reads) || !Object.hasOwn(TYPES, kind) || !(Number(scale) > 0)) return null
  if ((signal !== undefined && !isSignal(signal)) || readsBits(reads) !== (kind === 'bit')) return null
  const register: Register = {
    function: reads,
    first: Number.parseInt(first, 16),
    type: kind as RegisterType,
    order: order as ByteOrder,
    scale: Number(scale),
    signal: isSignal(signal) ? signal : null,
  }
  return isSpan(reads, register.first, countOf(register)) ? register : null
}

/** The same word for the same thing: what was not said is left out. */
export function registerId({ function: code, first, type, order, scale, signal }: Register): string {
  const standard = readsBits(code) ? 'bit' : 'u16'
  const parts = [String(code), first.toString(16).toUpperCase().padStart(4, '0')]
  if (type !== standard || order !== 'ABCD') parts.push(type)
  if (order !== 'ABCD') parts.push(order)
  return `${signal === null ? '' : `${signal}=`}${parts.join(':')}${scale === 1 ? '' : `*${scale}`}`
}

/** Registers or bits to ask for. */
export const countOf = ({ type }: Pick<Register, 'type'>): number =>
  type === 'bit' ? 1 : TYPES[type].bytes / 2

export const dataBytes = ({ type }: Pick<Register, 'type'>): number => TYPES[type].bytes

/** @param data exactly `dataBytes` long. A float that is no number says that there is none. */
export function readRegister(
  { type, order, scale }: Register,
  data: Uint8Array,
): { readonly value: ItemValue; readonly missing: Missing | null } {
  const bytes = type === 'bit' ? data : highestFirst(data, order)
  const count = TYPES[type].read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length))
  if (!Number.isFinite(count))
    return { value: null, missing: type.startsWith('bcd') ? 'invalid-bcd' : 'absent' }
  return { value: times(count, scale), missing: null }
}

/** Words swapped, bytes in them swapped, or both: it holds for values of any length. */
function highestFirst(data: Uint8Array, order: ByteOrder): Uint8Array {
  const words = Array.from({ length: data.length / 2 }, (_, at) => data.subarray(2 * at, 2 * at + 2))
  const inOrder = order === 'CDAB' || order === 'DCBA' ? words.reverse() : words
  const swapped = order === 'BADC' || order === 'DCBA'
  return Uint8Array.from(inOrder.flatMap(([high, low]) => (swapped ? [low!, high!] : [high!, low!])))
}

/** By division where the scale is a fraction: 12349 / 100 is 123.49, 12349 × 0.01 is not. */
function times(count: number, scale: number): number {
  const per = Math.round(1 / scale)
  return per > 1 && Math.abs(per * scale - 1) < 1e-9 ? count / per : count * scale
}

/** The decimal of fewest digits that is this float32: what the device meant, 230.2 and not 230.1999969. */
function shortest(value: number): number {
  if (!Number.isFinite(value)) return value
  for (let digits = 6; digits < 9; digits += 1) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}

/** NaN where a nibble is no digit. */
function decimal(view: DataView, bytes: number): number {
  let value = 0
  for (let at = 0; at < bytes; at += 1)
    for (const digit of [view.getUint8(at) >> 4, view.getUint8(at) & 0x0f])
      value = digit > 9 ? Number.NaN : value * 10 + digit
  return value
}

/** The other direction, for simulated devices: as many bytes as `dataBytes` says. Counts that do not fit wrap. */
export function encodeRegister({ type, order, scale }: Register, value: number): Uint8Array {
  const count = value / scale
  const bytes = new Uint8Array(TYPES[type].bytes)
  const view = new DataView(bytes.buffer)
  if (type === 'bit') return Uint8Array.of(value === 0 ? 0 : 1)
  if (type === 'f32') view.setFloat32(0, count)
  else if (type === 'f64') view.setFloat64(0, count)
  else {
    const whole = BigInt(Math.floor(count + 1e-6))
    const digits = type.startsWith('bcd') ? BigInt(`0x${whole}`) : whole
    for (let at = 0; at < bytes.length; at += 1)
      bytes[bytes.length - 1 - at] = Number((digits >> BigInt(8 * at)) & 0xffn)
  }
  return highestFirst(bytes, order)
}
