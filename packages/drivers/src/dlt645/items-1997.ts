/**
 * Data identifiers of DL/T 645-1997 (DI1 DI0, four hex digits), which old meters still answer to. Layouts as in
 * hupengwu/fox-edge-server-protocol, template dlt645/1.0.0. Energies: 90 now, 94 last month, 98 the month before;
 * then 1 forward or 2 reverse active, and the tariff (0 total, 1…4, F all of them).
 */
import type { Text } from '../contract.ts'
import { both, type Item, type Part, repeats, single } from '../item.ts'
import { ENERGY } from './energy-items.ts'

const VOLTAGE = { type: 'number', bytes: 2, decimals: 0 } as const
const CURRENT = { type: 'number', bytes: 2, decimals: 2 } as const
const POWER = { type: 'number', bytes: 3, decimals: 4 } as const
const NUMBER = { type: 'digits', bytes: 6 } as const

const LISTED: readonly Item[] = [
  ...(['A', 'B', 'C'] as const).flatMap((phase, at) => [
    single(`B61${at + 1}`, `${phase}相电压`, `Voltage ${phase}`, 'V', VOLTAGE),
    single(`B62${at + 1}`, `${phase}相电流`, `Current ${phase}`, 'A', CURRENT),
  ]),
  single('B630', '瞬时有功功率', 'Active power', 'kW', POWER),
  single('C011', '时间', 'Time', '', { type: 'time', bytes: 3 }),
  single('C030', '电表常数(有功)', 'Pulses per kWh', 'imp/kWh', { type: 'number', bytes: 3, decimals: 0 }),
  single('C032', '表号', 'Meter number', '', NUMBER),
  single('C033', '用户号', 'Customer number', '', NUMBER),
]
const byId = new Map(LISTED.map((item) => [item.id, item]))

const MONTHS: Readonly<Record<string, Text>> = {
  '90': both('(当前)', ''),
  '94': both('(上月)', ', last month'),
  '98': both('(上上月)', ', the month before last'),
}
const DIRECTIONS: Readonly<Record<string, Text>> = {
  '1': both('正向有功电能', 'Forward active energy'),
  '2': both('反向有功电能', 'Reverse active energy'),
}
const TARIFFS = 4

/** @param id four hex digits, DI1 first, upper case */
export function findItem1997(id: string): Item | null {
  const [, month, direction, tariff] = /^(9[048])([12])([0-4F])$/.exec(id) ?? []
  if (month === undefined) return byId.get(id) ?? null
  const when = MONTHS[month]!
  const what = DIRECTIONS[direction!]!
  const partAt = (at: number): Part => {
    const of = at === 0 ? both('(总)', ', total') : both(`(费率${at})`, `, tariff ${at}`)
    const name = both(`${when.zh}${what.zh}${of.zh}`, `${what.en}${of.en}${when.en}`)
    return { id: `${month}${direction}${at}`, name, unit: 'kWh', format: ENERGY }
  }
  if (tariff !== 'F') {
    const part = partAt(Number(tariff))
    return { id, name: part.name, unit: part.unit, partsOf: () => [part] }
  }
  const name = both(`${when.zh}${what.zh}数据块`, `${what.en}, block${when.en}`)
  return { id, name, unit: 'kWh', partsOf: (data) => repeats(data, ENERGY.bytes, TARIFFS + 1).map(partAt) }
}
