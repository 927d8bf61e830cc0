/**
 * What the meter measures now: 02 kk pp 00. Powers are XX.XXXX kW: a published capture of 100.1 V, 4.999 A and
 * power factor 0.501 agrees with its kW and kVA frames only in that format.
 */
import { both, hexPair, type Item, repeats, single } from '../item.ts'
import type { Format } from '../value.ts'

export const VOLTAGE: Format = { type: 'number', bytes: 2, decimals: 1 }
export const CURRENT: Format = { type: 'number', bytes: 3, decimals: 3, signed: true }
export const POWER: Format = { type: 'number', bytes: 3, decimals: 4, signed: true }
export const POWER_FACTOR: Format = { type: 'number', bytes: 2, decimals: 3, signed: true }
export const FREQUENCY: Format = { type: 'number', bytes: 2, decimals: 2 }
const TEMPERATURE: Format = { type: 'number', bytes: 2, decimals: 1, signed: true }
const BATTERY: Format = { type: 'number', bytes: 2, decimals: 2 }

/** `first`: 1 where a block begins with phase A, 0 where it begins with the total. */
const QUANTITIES: readonly {
  kind: number
  zh: string
  en: string
  unit: string
  format: Format
  first: 0 | 1
}[] = [
  { kind: 0x01, zh: '电压', en: 'Voltage', unit: 'V', format: VOLTAGE, first: 1 },
  { kind: 0x02, zh: '电流', en: 'Current', unit: 'A', format: CURRENT, first: 1 },
  { kind: 0x03, zh: '有功功率', en: 'Active power', unit: 'kW', format: POWER, first: 0 },
  { kind: 0x04, zh: '无功功率', en: 'Reactive power', unit: 'kvar', format: POWER, first: 0 },
  { kind: 0x05, zh: '视在功率', en: 'Apparent power', unit: 'kVA', format: POWER, first: 0 },
  { kind: 0x06, zh: '功率因数', en: 'Power factor', unit: '', format: POWER_FACTOR, first: 0 },
]

const PHASES = [
  both('总', ', total'),
  both('A相', ', phase A'),
  both('B相', ', phase B'),
  both('C相', ', phase C'),
]

export const INSTANT_ITEMS: readonly Item[] = [
  ...QUANTITIES.flatMap(({ kind, zh, en, unit, format, first }) => {
    const alone = PHASES.map((phase, index) =>
      single(`02${hexPair(kind)}${hexPair(index)}00`, `${phase.zh}${zh}`, `${en}${phase.en}`, unit, format),
    ).slice(first)
    const parts = alone.flatMap((item) => item.partsOf(new Uint8Array(0)))
    const all: Item = {
      id: `02${hexPair(kind)}FF00`,
      name: both(`${zh}数据块`, `${en}, block`),
      unit,
      partsOf: (data) => repeats(data, format.bytes, parts.length).map((index) => parts[index]!),
    }
    return [...alone, all]
  }),
  single('02800001', '零线电流', 'Neutral current', 'A', CURRENT),
  single('02800002', '电网频率', 'Grid frequency', 'Hz', FREQUENCY),
  single('02800003', '一分钟有功总平均功率', 'One-minute mean active power', 'kW', POWER),
  single('02800007', '表内温度', 'Temperature inside the meter', '°C', TEMPERATURE),
  single('02800008', '时钟电池电压', 'Clock battery voltage', 'V', BATTERY),
  single('02800009', '停电抄表电池电压', 'Backup battery voltage', 'V', BATTERY),
]
