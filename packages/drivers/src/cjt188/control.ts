/**
 * The control byte C of CJ/T 188-2004: D7 direction (1 = from the meter), D6 error, D5–D0 function.
 * Only the two reading functions can be sent. The others are known by name, for frames seen on the line.
 */
import type { Text } from '../contract.ts'

export const SENDABLE_CONTROLS = [0x01, 0x03] as const
export type SendableControl = (typeof SENDABLE_CONTROLS)[number]

export const READ_DATA = 0x01
export const READ_ADDRESS = 0x03

export const isReply = (control: number): boolean => (control & 0x80) !== 0
export const isRefusal = (control: number): boolean => (control & 0xc0) === 0xc0
export const functionOf = (control: number): number => control & 0x3f

const FUNCTIONS: Readonly<Record<number, { id: string; name: Text }>> = {
  1: { id: 'read data', name: { zh: '读数据', en: 'Read data' } },
  3: { id: 'read address', name: { zh: '读地址', en: 'Read address' } },
  4: { id: 'write data', name: { zh: '写数据', en: 'Write data' } },
  9: { id: 'read key version', name: { zh: '读密钥版本号', en: 'Read key version' } },
  21: { id: 'write address', name: { zh: '写地址', en: 'Write address' } },
  22: { id: 'synchronise motor', name: { zh: '写机电同步数', en: 'Synchronise motor' } },
}

export function functionName(control: number): { id: string; name: Text } {
  const code = functionOf(control)
  const hex = code.toString(16).toUpperCase().padStart(2, '0')
  return FUNCTIONS[code] ?? { id: `function ${hex}`, name: { zh: `功能码 ${hex}H`, en: `Function ${hex}H` } }
}

/** What a meter counts, by the type byte T. */
export function meterTypeName(type: number): Text {
  if (type === 0xaa) return { zh: '任意表', en: 'any meter' }
  return METER_TYPES[type] ?? GROUPS[type >> 4] ?? { zh: '未知表型', en: 'unknown kind' }
}

const METER_TYPES: Readonly<Record<number, Text>> = {
  16: { zh: '冷水水表', en: 'cold water' },
  17: { zh: '生活热水水表', en: 'hot water' },
  18: { zh: '直饮水水表', en: 'drinking water' },
  19: { zh: '中水水表', en: 'reclaimed water' },
  32: { zh: '热量表(计热)', en: 'heat' },
  33: { zh: '热量表(计冷)', en: 'cooling' },
  48: { zh: '燃气表', en: 'gas' },
  64: { zh: '电度表', en: 'electricity' },
}
const GROUPS: Readonly<Record<number, Text>> = {
  1: { zh: '水表', en: 'water' },
  2: { zh: '热量表', en: 'heat' },
  3: { zh: '燃气表', en: 'gas' },
  4: { zh: '自定义表', en: 'custom' },
}
export const isHeatMeter = (type: number): boolean => type >> 4 === 2
