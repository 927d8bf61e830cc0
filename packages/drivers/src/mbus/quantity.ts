/**
 * What a value information block (VIF and its extensions) says a number is: EN 13757-3, the subset that meters of
 * homes use. Energy is told in Wh or J, volume in m³, power in W, time in seconds, whatever power of ten was sent.
 */
import type { Text } from '../contract.ts'
import { both } from '../item.ts'

/** The number times `times` is in `unit`. `as`: how the bytes lie when they are no plain number. */
export type Quantity = {
  readonly id: string
  readonly name: Text
  readonly unit: string
  readonly times: number
  readonly as?: 'date' | 'date-time'
}

type Row = {
  readonly from: number
  readonly to: number
  readonly id: string
  readonly name: Text
  readonly unit: string
  /** Of the place in the range. */
  readonly times: (nth: number) => number
  readonly as?: Quantity['as']
}

const row = (
  from: number,
  to: number,
  id: string,
  zh: string,
  en: string,
  unit: string,
  times: (nth: number) => number = () => 1,
): Row => ({ from, to, id, name: both(zh, en), unit, times })
/** Powers of ten from this one on. Divided where it is a fraction, so that 12349 × 0.01 is 123.49. */
const tens = (first: number) => (nth: number) => 10 ** (first + nth)
const SECONDS = [1, 60, 3600, 86_400]
const seconds = (nth: number) => SECONDS[nth]!

const PRIMARY: readonly Row[] = [
  row(0x00, 0x07, 'energy', '能量', 'Energy', 'Wh', tens(-3)),
  row(0x08, 0x0f, 'energy', '能量', 'Energy', 'J', tens(0)),
  row(0x10, 0x17, 'volume', '体积', 'Volume', 'm³', tens(-6)),
  row(0x18, 0x1f, 'mass', '质量', 'Mass', 'kg', tens(-3)),
  row(0x20, 0x23, 'on-time', '通电时间', 'On time', 's', seconds),
  row(0x24, 0x27, 'operating-time', '工作时间', 'Operating time', 's', seconds),
  row(0x28, 0x2f, 'power', '功率', 'Power', 'W', tens(-3)),
  row(0x30, 0x37, 'power', '功率', 'Power', 'J/h', tens(0)),
  row(0x38, 0x3f, 'flow', '流量', 'Volume flow', 'm³/h', tens(-6)),
  row(0x40, 0x47, 'flow', '流量', 'Volume flow', 'm³/min', tens(-7)),
  row(0x48, 0x4f, 'flow', '流量', 'Volume flow', 'm³/s', tens(-9)),
  row(0x50, 0x57, 'mass-flow', '质量流量', 'Mass flow', 'kg/h', tens(-3)),
  row(0x58, 0x5b, 'flow-temperature', '供水温度', 'Flow temperature', '°C', tens(-3)),
  row(0x5c, 0x5f, 'return-temperature', '回水温度', 'Return temperature', '°C', tens(-3)),
  row(0x60, 0x63, 'temperature-difference', '温差', 'Temperature difference', 'K', tens(-3)),
  row(0x64, 0x67, 'external-temperature', '外部温度', 'External temperature', '°C', tens(-3)),
  row(0x68, 0x6b, 'pressure', '压力', 'Pressure', 'bar', tens(-3)),
  { ...row(0x6c, 0x6c, 'date', '日期', 'Date', ''), as: 'date' },
  { ...row(0x6d, 0x6d, 'date-time', '日期时间', 'Date and time', ''), as: 'date-time' },
  row(0x6e, 0x6e, 'heat-cost-units', '热分配单位', 'Units of heat cost allocation', ''),
  row(0x70, 0x73, 'averaging-duration', '平均时长', 'Averaging duration', 's', seconds),
  row(0x74, 0x77, 'actuality-duration', '更新时长', 'Actuality duration', 's', seconds),
  row(0x78, 0x78, 'fabrication-number', '出厂编号', 'Fabrication number', ''),
  row(0x79, 0x79, 'identification', '标识', 'Identification', ''),
  row(0x7a, 0x7a, 'bus-address', '总线地址', 'Bus address', ''),
]

/** Behind FD. */
const SECOND: readonly Row[] = [
  row(0x00, 0x03, 'credit', '余额', 'Credit', 'currency', tens(-3)),
  row(0x04, 0x07, 'debit', '欠费', 'Debit', 'currency', tens(-3)),
  row(0x08, 0x08, 'access-number', '访问序号', 'Access number', ''),
  row(0x09, 0x09, 'medium', '介质', 'Medium', ''),
  row(0x0a, 0x0a, 'manufacturer', '厂商', 'Manufacturer', ''),
  row(0x0b, 0x0b, 'parameter-set', '参数集', 'Parameter set', ''),
  row(0x0c, 0x0c, 'model', '型号', 'Model and version', ''),
  row(0x0d, 0x0d, 'hardware-version', '硬件版本', 'Hardware version', ''),
  row(0x0e, 0x0e, 'firmware-version', '固件版本', 'Firmware version', ''),
  row(0x0f, 0x0f, 'software-version', '软件版本', 'Software version', ''),
  row(0x10, 0x10, 'customer-location', '用户位置', 'Customer location', ''),
  row(0x11, 0x11, 'customer', '用户', 'Customer', ''),
  row(0x17, 0x17, 'error-flags', '错误标志', 'Error flags', ''),
  row(0x18, 0x18, 'error-mask', '错误掩码', 'Error mask', ''),
  row(0x1a, 0x1a, 'digital-output', '数字输出', 'Digital output', ''),
  row(0x1b, 0x1b, 'digital-input', '数字输入', 'Digital input', ''),
  row(0x3a, 0x3a, 'dimensionless', '无量纲', 'Dimensionless', ''),
  row(0x40, 0x4f, 'voltage', '电压', 'Voltage', 'V', tens(-9)),
  row(0x50, 0x5f, 'current', '电流', 'Current', 'A', tens(-12)),
  row(0x60, 0x60, 'reset-counter', '复位次数', 'Resets', ''),
]

/** Behind FB. */
const FIRST: readonly Row[] = [
  row(0x00, 0x01, 'energy', '能量', 'Energy', 'Wh', tens(5)),
  row(0x08, 0x09, 'energy', '能量', 'Energy', 'J', tens(8)),
  row(0x10, 0x11, 'volume', '体积', 'Volume', 'm³', tens(2)),
  row(0x18, 0x19, 'mass', '质量', 'Mass', 'kg', tens(5)),
  row(0x28, 0x29, 'power', '功率', 'Power', 'W', tens(5)),
  row(0x30, 0x31, 'power', '功率', 'Power', 'J/h', tens(8)),
]

const EXTENDED = 0x80
const FB = 0xfb
const FD = 0xfd
const PLAIN_TEXT = 0x7c
const MAKERS_OWN = 0x7f

/** @param text what stood in plain text behind VIF 7C or FC. Null: this version does not know the code. */
export function quantityOf(vif: number, vifes: readonly number[], text: string | null): Quantity | null {
  const code = vif & ~EXTENDED
  if (code === MAKERS_OWN) return null
  const [table, at, rest] =
    vif === FD || vif === FB
      ? [vif === FD ? SECOND : FIRST, (vifes[0] ?? 0) & ~EXTENDED, vifes.slice(1)]
      : [PRIMARY, code, vifes]
  const found = code === PLAIN_TEXT ? plain(text) : table.find(({ from, to }) => at >= from && at <= to)
  if (!found) return null
  const qualified = qualify(rest)
  return {
    id: found.id + qualified.id,
    name: both(found.name.zh + qualified.zh, found.name.en + qualified.en),
    unit: found.unit,
    times: found.times(at - found.from) * qualified.times,
    ...(found.as && { as: found.as }),
  }
}

const plain = (text: string | null): Row => row(0, MAKERS_OWN, 'text', text ?? '', text ?? '', '')

/** Codes that follow say more of the number: a factor, which sign was counted, or something of the maker's own. */
function qualify(vifes: readonly number[]) {
  let [id, zh, en, times] = ['', '', '', 1]
  for (const vife of vifes) {
    const code = vife & ~EXTENDED
    if (code >= 0x70 && code <= 0x77) times *= 10 ** ((code & 7) - 6)
    else if (code === 0x7d) times *= 1000
    else if (code === 0x3b) [id, zh, en] = [`${id}.forward`, `${zh}(仅正向)`, `${en}, forward only`]
    else if (code === 0x3c) [id, zh, en] = [`${id}.backward`, `${zh}(仅反向)`, `${en}, backward only`]
    else {
      const hex = code.toString(16).toUpperCase().padStart(2, '0')
      ;[id, zh, en] = [`${id}.vife-${hex}`, `${zh}(附加码 ${hex})`, `${en}, code ${hex}`]
    }
  }
  return { id, zh, en, times }
}
