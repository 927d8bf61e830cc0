/**
 * Registers frozen at a moment: 05 kk ss nn. Kind (01 instant, 04 hourly, 06 daily, 07 monthly), what (00 the time,
 * 01 forward and 02 reverse active energy, FF all of it) and how many freezes ago.
 *
 * A whole block begins with the time and the forward total. What follows depends on the number of tariffs set in the
 * meter; AA (no BCD digit) between the groups tells them apart. Without it the remainder is given as hex.
 */

import type { Text } from '../contract.ts'
import { both, hexPair, type Item, type Part } from '../item.ts'
import { ENERGY } from './energy-items.ts'

const KINDS: Readonly<Record<number, Text>> = {
  1: both('瞬时冻结', 'Instant freeze'),
  4: both('整点冻结', 'Hourly freeze'),
  6: both('日冻结', 'Daily freeze'),
  7: both('月冻结', 'Monthly freeze'),
}

const REGISTERS: Readonly<Record<number, Text>> = {
  1: both('正向有功电能', 'forward active energy'),
  2: both('反向有功电能', 'reverse active energy'),
}

const TIME_BYTES = 5
const SEPARATOR = 0xaa

export function freezeItem(di: readonly number[]): Item | null {
  const [family, kind, what, ago] = di as [number, number, number, number]
  const freeze = KINDS[kind]
  if (family !== 5 || freeze === undefined || ago === 0 || ago === 0xff) return null
  const id = di.map(hexPair).join('')
  const idOf = (register: number): string => [5, kind, register, ago].map(hexPair).join('')
  const prefix = both(`（上${ago}次）${freeze.zh}`, `${freeze.en} −${ago}`)
  const time: Part = {
    id: idOf(0),
    name: both(`${prefix.zh}时间`, `${prefix.en}: time`),
    unit: '',
    format: { type: 'minute', bytes: TIME_BYTES },
  }
  const registers = (register: number, count: number): Part[] =>
    Array.from({ length: count }, (_, tariff) =>
      registerPart(idOf(register), prefix, REGISTERS[register]!, tariff),
    )

  if (what === 0) return { id, name: time.name, unit: '', partsOf: () => [time] }
  if (REGISTERS[what] !== undefined) {
    const name = both(`${prefix.zh}${REGISTERS[what].zh}`, `${prefix.en}: ${REGISTERS[what].en}`)
    const countOf = (data: Uint8Array) => Math.max(1, Math.floor(data.length / ENERGY.bytes))
    return { id, name, unit: 'kWh', partsOf: (data) => registers(what, countOf(data)) }
  }
  if (what !== 0xff) return null
  return {
    id,
    name: both(`${prefix.zh}数据块`, `${prefix.en}, block`),
    unit: '',
    partsOf: (data) => [time, ...(data[TIME_BYTES] === SEPARATOR ? separated(data) : unseparated(data))],
  }

  function separated(data: Uint8Array): Part[] {
    const parts: Part[] = []
    let at = TIME_BYTES
    for (const register of [1, 2]) {
      if (data[at] !== SEPARATOR) break
      const end = data.indexOf(SEPARATOR, at + 1)
      const bytes = (end === -1 ? data.length : end) - at - 1
      if (bytes === 0 || bytes % ENERGY.bytes !== 0) break
      parts.push(separator, ...registers(register, bytes / ENERGY.bytes))
      at += 1 + bytes
    }
    return at < data.length ? [...parts, restOf(idOf(0xff), data.length - at)] : parts
  }

  function unseparated(data: Uint8Array): Part[] {
    const left = data.length - TIME_BYTES - ENERGY.bytes
    const first = registers(1, 1)
    if (left <= 1) return first
    // An hourly freeze holds the two totals and nothing else.
    if (kind === 4 && left === ENERGY.bytes) return [...first, ...registers(2, 1)]
    return [...first, restOf(idOf(0xff), left)]
  }
}

function registerPart(id: string, prefix: Text, register: Text, tariff: number): Part {
  const which = tariff === 0 ? both('（总）', ', total') : both(`（费率${tariff}）`, `, tariff ${tariff}`)
  return {
    id: tariff === 0 ? id : `${id}.t${tariff}`,
    name: both(`${prefix.zh}${register.zh}${which.zh}`, `${prefix.en}: ${register.en}${which.en}`),
    unit: 'kWh',
    format: ENERGY,
  }
}

const separator: Part = {
  id: 'separator',
  name: both('分隔', 'Separator'),
  unit: '',
  format: { type: 'separator', bytes: 1 },
}

function restOf(id: string, bytes: number): Part {
  const name = both('其余冻结数据（未解析）', 'Other frozen data (not decoded)')
  return { id: `${id}.rest`, name, unit: '', format: { type: 'opaque', bytes } }
}
