/** From a frame to named values. An answer names nothing: what it means is known from the question, or told as it lies there. */

import { signals } from '@doorstep/core'
import type { DecodedFrame, DecodedItem, FrameError, Meaning, ReadRequest, Text } from '../contract.ts'
import { formatHex, hexByte } from '../hex.ts'
import { both } from '../item.ts'
import { isReadFunction, type ModbusFrame, readsBits } from './frame.ts'
import { parseRegister, type Register, readRegister } from './register.ts'
import { isAnswer, registerAsked } from './request.ts'

type Content = Pick<DecodedFrame, 'items' | 'error'>

export function decodeFrame(
  frame: ModbusFrame,
  _rest: readonly ModbusFrame[] = [],
  asked?: ReadRequest,
): DecodedFrame {
  const name = FUNCTIONS[frame.function] ?? both(`功能码 ${frame.function}`, `Function ${frame.function}`)
  return {
    protocol: frame.protocol,
    address: frame.address,
    function: name.en.toLowerCase(),
    functionName: name,
    ...contentOf(frame, asked),
    extra: '',
  }
}

export function describeItem(item: string): { readonly name: Text; readonly unit: string } | null {
  const register = parseRegister(item)
  return register === null ? null : { name: registerName(register), unit: unitOf(register) }
}

export function signalsOf(item: string): readonly Meaning[] {
  const signal = parseRegister(item)?.signal
  return signal ? [{ signal }] : []
}

const FUNCTIONS: Readonly<Record<number, Text>> = {
  1: both('读线圈', 'Read coils'),
  2: both('读离散输入', 'Read discrete inputs'),
  3: both('读保持寄存器', 'Read holding registers'),
  4: both('读输入寄存器', 'Read input registers'),
  5: both('写单个线圈', 'Write one coil'),
  6: both('写单个寄存器', 'Write one register'),
  15: both('写多个线圈', 'Write coils'),
  16: both('写多个寄存器', 'Write registers'),
}
const TABLES: Readonly<Record<number, Text>> = {
  1: both('线圈', 'Coil'),
  2: both('离散输入', 'Discrete input'),
  3: both('保持寄存器', 'Holding register'),
  4: both('输入寄存器', 'Input register'),
}

const unitOf = ({ signal }: Register): string => (signal === null ? '' : signals[signal].unit)
const hexWord = (word: number): string => word.toString(16).toUpperCase().padStart(4, '0')

function registerName({ signal, function: code, first }: Register): Text {
  const [zh, en] =
    signal === null ? ['', ''] : [`${signals[signal].label[0]},`, `${signals[signal].label[1]}, `]
  const table = TABLES[code]!
  return both(`${zh}${table.zh} ${hexWord(first)}`, `${en}${table.en.toLowerCase()} ${hexWord(first)}`)
}

function contentOf(frame: ModbusFrame, asked: ReadRequest | undefined): Content {
  if (frame.kind === 'refusal') return { items: [], error: refusal(frame.data[0]!) }
  if (frame.kind === 'question') return { items: questioned(frame), error: null }
  if (frame.kind === 'write') return { items: [], error: null }
  const data = frame.data.subarray(1)
  const register = asked && isAnswer(asked, frame) ? registerAsked(asked) : null
  if (register === null || asked?.type !== 'item')
    return { items: unnamed(frame.function, data), error: null }
  const { value, missing } = readRegister(register, data)
  const raw = formatHex(data)
  const item: DecodedItem = {
    id: asked.item,
    name: registerName(register),
    value,
    unit: unitOf(register),
    raw,
    missing,
  }
  const message = both('不是有效的BCD码', 'is not valid BCD')
  const error: FrameError | null =
    missing === 'invalid-bcd'
      ? { type: 'value-rejected', message, items: [{ id: asked.item, reason: missing, raw }] }
      : null
  return { items: [item], error }
}

/** Registers as words and bits as bits, by their place in the answer. */
function unnamed(code: number, data: Uint8Array): DecodedItem[] {
  const one = (at: number, value: number, raw: string): DecodedItem => ({
    id: `${code}:+${at}`,
    name: both(`第 ${at + 1} 个${TABLES[code]!.zh}`, `${TABLES[code]!.en} ${at + 1} of the answer`),
    value,
    unit: '',
    raw,
    missing: null,
  })
  if (readsBits(code))
    return Array.from({ length: data.length * 8 }, (_, at) =>
      one(at, (data[at >> 3]! >> (at & 7)) & 1, hexByte(data[at >> 3]!)),
    )
  return Array.from({ length: data.length / 2 }, (_, at) => {
    const word = data.subarray(2 * at, 2 * at + 2)
    return one(at, (word[0]! << 8) | word[1]!, formatHex(word))
  })
}

function questioned({ function: code, data }: ModbusFrame): DecodedItem[] {
  if (!isReadFunction(code)) return []
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const [first, count] = [view.getUint16(0), view.getUint16(2)]
  return Array.from({ length: count }, (_, at) => {
    const table = TABLES[code]!
    return {
      id: `${code}:${hexWord(first + at)}`,
      name: both(`${table.zh} ${hexWord(first + at)}`, `${table.en} ${hexWord(first + at)}`),
      value: null,
      unit: '',
      raw: '',
      missing: 'not-answered' as const,
    }
  })
}

/** Modbus application protocol V1.1b3, exception codes. */
const REFUSALS: Readonly<Record<number, readonly [id: string, zh: string, en: string]>> = {
  1: ['illegal-function', '设备不支持此功能', 'the device does not have this function'],
  2: ['illegal-data-address', '没有这个寄存器', 'there is no such register'],
  3: ['illegal-data-value', '数据值不合法', 'not a value it takes'],
  4: ['device-failure', '设备故障', 'the device failed'],
  5: ['acknowledge', '已收到,需要时间处理', 'accepted, it takes time'],
  6: ['device-busy', '设备忙', 'the device is busy'],
  8: ['memory-parity-error', '存储校验错', 'memory parity error'],
  10: ['gateway-path-unavailable', '网关没有通路', 'the gateway has no path'],
  11: ['gateway-target-silent', '网关后的设备没有应答', 'the device behind the gateway did not answer'],
}

function refusal(code: number): FrameError {
  const [id, zh, en] = REFUSALS[code] ?? [
    `code-${code}`,
    `设备拒绝,代码 ${code}`,
    `refused with code ${code}`,
  ]
  return { type: 'device-refused', code, reasons: [id], message: both(zh, en) }
}
