/**
 * The control byte C of DL/T 645: D7 direction (1 = from the meter), D6 error, D5 more follows, D4–D0 function.
 * Only reading functions can be sent: 11, 12, 13 of the 2007 edition and 01 of the 1997 one. The others are known by name, for frames seen on the line.
 */
import type { Text } from '../contract.ts'

export const SENDABLE_CONTROLS = [0x01, 0x11, 0x12, 0x13] as const
export type SendableControl = (typeof SENDABLE_CONTROLS)[number]

/** What a meter (here: a simulated one) says back to them. */
export const REPLY_CONTROLS = [0x81, 0xc1, 0x91, 0xb1, 0xd1, 0x92, 0xb2, 0xd2, 0x93, 0xd3] as const
export type ReplyControl = (typeof REPLY_CONTROLS)[number]

export const READ_DATA_1997 = 0x01
export const READ_FOLLOW_UP_1997 = 0x02
export const REREAD_1997 = 0x03
export const READ_DATA = 0x11
export const READ_FOLLOW_UP = 0x12
export const READ_ADDRESS = 0x13
export const BROADCAST_TIME = 0x08

export const isReply = (control: number): boolean => (control & 0x80) !== 0
export const isRefusal = (control: number): boolean => (control & 0xc0) === 0xc0
export const hasMore = (control: number): boolean => (control & 0xe0) === 0xa0
/** Functions 11 and above are of 2007; both editions share 08. */
export const is1997 = (control: number): boolean => functionOf(control) <= 0x10
export const functionOf = (control: number): number => control & 0x1f

const FUNCTIONS: Readonly<Record<number, { id: string; name: Text }>> = {
  1: { id: 'read data', name: { zh: '读数据', en: 'Read data' } },
  2: { id: 'read follow-up data', name: { zh: '读后续数据', en: 'Read follow-up data' } },
  3: { id: 'reread data', name: { zh: '重读数据', en: 'Read again' } },
  4: { id: 'write data', name: { zh: '写数据', en: 'Write data' } },
  8: { id: 'broadcast time sync', name: { zh: '广播校时', en: 'Broadcast time sync' } },
  10: { id: 'write address', name: { zh: '写设备地址', en: 'Write address' } },
  12: { id: 'change baud rate', name: { zh: '更改通信速率', en: 'Change baud rate' } },
  15: { id: 'change password', name: { zh: '修改密码', en: 'Change password' } },
  16: { id: 'clear demand', name: { zh: '最大需量清零', en: 'Clear demand' } },
  17: { id: 'read data', name: { zh: '读数据', en: 'Read data' } },
  18: { id: 'read follow-up data', name: { zh: '读后续数据', en: 'Read follow-up data' } },
  19: { id: 'read address', name: { zh: '读通信地址', en: 'Read address' } },
  20: { id: 'write data', name: { zh: '写数据', en: 'Write data' } },
  21: { id: 'write address', name: { zh: '写通信地址', en: 'Write address' } },
  22: { id: 'freeze', name: { zh: '冻结命令', en: 'Freeze' } },
  23: { id: 'change baud rate', name: { zh: '更改通信速率', en: 'Change baud rate' } },
  24: { id: 'change password', name: { zh: '修改密码', en: 'Change password' } },
  25: { id: 'clear demand', name: { zh: '最大需量清零', en: 'Clear demand' } },
  26: { id: 'clear meter', name: { zh: '电表清零', en: 'Clear meter' } },
  27: { id: 'clear events', name: { zh: '事件清零', en: 'Clear events' } },
  28: { id: 'remote control', name: { zh: '跳合闸、报警、保电', en: 'Trip, close, alarm or keep power' } },
}

export function functionName(control: number): { id: string; name: Text } {
  const code = functionOf(control)
  const hex = code.toString(16).toUpperCase().padStart(2, '0')
  return FUNCTIONS[code] ?? { id: `function ${hex}`, name: { zh: `功能码 ${hex}H`, en: `Function ${hex}H` } }
}

/** Bits of the error byte behind C = D1, D2, … (600888/dlt645, type tables). */
const REFUSALS: readonly { id: string; name: Text }[] = [
  { id: 'other-error', name: { zh: '其他错误', en: 'other error' } },
  { id: 'no-requested-data', name: { zh: '无请求数据', en: 'no requested data' } },
  { id: 'password-or-authorisation', name: { zh: '密码错或未授权', en: 'password wrong or not authorised' } },
  { id: 'baud-rate-cannot-change', name: { zh: '通信速率不能更改', en: 'baud rate cannot be changed' } },
  { id: 'too-many-year-zones', name: { zh: '年时区数超', en: 'too many year zones' } },
  { id: 'too-many-day-slots', name: { zh: '日时段数超', en: 'too many day slots' } },
  { id: 'too-many-tariffs', name: { zh: '费率数超', en: 'too many tariffs' } },
  { id: 'reserved-bit-7', name: { zh: '保留位7', en: 'reserved bit 7' } },
]

/** An error byte may have several bits set, or none. */
export function explainRefusal(code: number): { reasons: string[]; message: Text } {
  const set = REFUSALS.filter((_, bit) => (code & (1 << bit)) !== 0)
  if (set.length === 0)
    return { reasons: [], message: { zh: '电表拒绝，未说明原因', en: 'refused without a reason' } }
  return {
    reasons: set.map((refusal) => refusal.id),
    message: {
      zh: set.map((refusal) => refusal.name.zh).join('，'),
      en: set.map((refusal) => refusal.name.en).join(', '),
    },
  }
}
