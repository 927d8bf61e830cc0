/**
 * Energy registers 00 gg tt dd and maximum demands 01 gg tt dd: group, tariff (00 total, 01…3F, FF block) and
 * settlement day (00 now, 01…0C the last twelve). XXXXXX.XX, 4 bytes; demands XX.XXXX and the minute they occurred.
 * Which tariff is sharp, peak, flat or valley is the meter's programming, so tariffs keep their numbers.
 */
import type { Text } from '../contract.ts'
import { both, hexPair, type Item, type Part, repeats } from '../item.ts'
import type { Format } from '../value.ts'

export const ENERGY: Format = { type: 'number', bytes: 4, decimals: 2 }
/** Combined registers subtract one direction from the other; the standard gives them a sign bit. */
const COMBINED: Format = { type: 'number', bytes: 4, decimals: 2, signed: true }
const DEMAND: Format = { type: 'number', bytes: 3, decimals: 4, signed: true }
const MINUTE: Format = { type: 'minute', bytes: 5 }
const TARIFF_MAX = 63
const SETTLEMENT_DAYS = 12

type Group = { readonly name: Text; readonly unit: string; readonly format: Format }
const group = (zh: string, en: string, unit: string, format: Format = ENERGY): Group => ({
  name: both(zh, en),
  unit,
  format,
})

const ENERGY_GROUPS: readonly Group[] = [
  group('组合有功电能', 'Combined active energy', 'kWh', COMBINED),
  group('正向有功电能', 'Forward active energy', 'kWh'),
  group('反向有功电能', 'Reverse active energy', 'kWh'),
  group('组合无功1电能', 'Combined reactive energy 1', 'kvarh', COMBINED),
  group('组合无功2电能', 'Combined reactive energy 2', 'kvarh', COMBINED),
  group('第一象限无功电能', 'Quadrant 1 reactive energy', 'kvarh'),
  group('第二象限无功电能', 'Quadrant 2 reactive energy', 'kvarh'),
  group('第三象限无功电能', 'Quadrant 3 reactive energy', 'kvarh'),
  group('第四象限无功电能', 'Quadrant 4 reactive energy', 'kvarh'),
  group('正向视在电能', 'Forward apparent energy', 'kVAh'),
  group('反向视在电能', 'Reverse apparent energy', 'kVAh'),
]

const DEMAND_GROUPS: Readonly<Record<number, Group>> = {
  1: group('正向有功最大需量', 'Forward active maximum demand', 'kW', DEMAND),
  2: group('反向有功最大需量', 'Reverse active maximum demand', 'kW', DEMAND),
}

export function energyItem(di: readonly number[]): Item | null {
  const [kind, group, tariff, day] = di as [number, number, number, number]
  const of = kind === 0 ? ENERGY_GROUPS[group] : kind === 1 ? DEMAND_GROUPS[group] : undefined
  if (of === undefined || day > SETTLEMENT_DAYS || (tariff > TARIFF_MAX && tariff !== 0xff)) return null
  const id = di.map(hexPair).join('')
  const partsAt = (index: number): Part[] => registerParts(of, kind, group, index, day)
  if (tariff !== 0xff) {
    const parts = partsAt(tariff)
    return { id, name: parts[0]!.name, unit: of.unit, partsOf: () => parts }
  }
  const name = both(`${dayName(day).zh}${of.name.zh}数据块`, `${of.name.en}, block${dayName(day).en}`)
  const bytes = of.format.bytes + (kind === 1 ? MINUTE.bytes : 0)
  return { id, name, unit: of.unit, partsOf: (data) => repeats(data, bytes, TARIFF_MAX + 1).flatMap(partsAt) }
}

function registerParts(of: Group, kind: number, group: number, tariff: number, day: number): Part[] {
  const id = [kind, group, tariff, day].map(hexPair).join('')
  const which = tariff === 0 ? both('（总）', ', total') : both(`（费率${tariff}）`, `, tariff ${tariff}`)
  const name = both(
    `${dayName(day).zh}${of.name.zh}${which.zh}`,
    `${of.name.en}${which.en}${dayName(day).en}`,
  )
  const register: Part = { id, name, unit: of.unit, format: of.format }
  if (kind === 0) return [register]
  const when: Part = {
    id: `${id}.at`,
    name: both(`${name.zh}发生时间`, `${name.en}: time`),
    unit: '',
    format: MINUTE,
  }
  return [register, when]
}

function dayName(day: number): Text {
  if (day === 0) return both('（当前）', '')
  return both(`（上${day}结算日）`, `, settlement day −${day}`)
}
