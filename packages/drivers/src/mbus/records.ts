/** The records of a variable data block, one after another: DIF, DIFE…, VIF, VIFE…, value. EN 13757-3. */
import type { DecodedItem, Text } from '../contract.ts'
import { formatHex, hexByte } from '../hex.ts'
import { both } from '../item.ts'
import { type Quantity, quantityOf } from './quantity.ts'
import { DATA_BYTES, decodeMoment, decodeNumber, decodeText, type Value, variableLayout } from './value.ts'

const EXTENDED = 0x80
const IDLE = 0x2f
const MAKERS_OWN = 0x0f
const MAKERS_OWN_AND_MORE = 0x1f
const VARIABLE = 0x0d
/** EN 13757-3: at most ten DIFE and ten VIFE. */
const EXTENSIONS_MAX = 10
const PLAIN_TEXT = 0x7c

/** `ended`: why the block could not be read to its end. `more`: the meter has more to tell in another frame. */
export type Records = {
  readonly items: readonly DecodedItem[]
  readonly more: boolean
  readonly makersOwn: string
  readonly ended: 'too-short' | 'malformed' | null
}

class Broken extends Error {
  readonly reason: 'too-short' | 'malformed'
  constructor(reason: 'too-short' | 'malformed') {
    super(reason)
    this.reason = reason
  }
}

export function readRecords(data: Uint8Array): Records {
  const items: DecodedItem[] = []
  const bytes = new Reader(data)
  try {
    while (!bytes.isDone) {
      const dif = bytes.one()
      if (dif === IDLE) continue
      if (dif === MAKERS_OWN || dif === MAKERS_OWN_AND_MORE)
        return { items, more: dif === MAKERS_OWN_AND_MORE, makersOwn: formatHex(bytes.rest()), ended: null }
      items.push(readRecord(dif, bytes))
    }
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    return { items, more: false, makersOwn: '', ended: error.reason }
  }
  return { items, more: false, makersOwn: '', ended: null }
}

/** Where in a meter a value is kept: `storage` 0 is now, 1… are earlier days; `tariff` 0 is all of them. */
type Place = {
  readonly storage: number
  readonly tariff: number
  readonly unit: number
  readonly kind: number
}

function readRecord(dif: number, bytes: Reader): DecodedItem {
  const field = dif & 0x0f
  if (field === 0x0f) throw new Broken('malformed')
  const place = readPlace(dif, bytes)
  const vif = bytes.one()
  const text = (vif & ~EXTENDED) === PLAIN_TEXT ? textOf(decodeText(bytes.take(bytes.one()))) : null
  const vifes = (vif & EXTENDED) === 0 ? [] : bytes.chain()
  const quantity = quantityOf(vif, vifes, text)
  const layout = layoutOf(field, quantity, bytes)
  const raw = bytes.take(layout.bytes)
  const code = [vif, ...vifes].map(hexByte).join('')
  const scaled = scale(layout.decode(raw), quantity)
  const unknown: Quantity = {
    id: `vif-${code}`,
    name: both(`未知数据项 ${code}`, `Unknown item ${code}`),
    unit: '',
    times: 1,
  }
  const { id, name, unit } = quantity ?? unknown
  const where = placeWords(place)
  return {
    id: id + where.id,
    name: both(name.zh + where.name.zh, name.en + where.name.en),
    unit,
    raw: formatHex(raw),
    ...(quantity === null ? { value: null, missing: 'unknown-item' as const } : scaled),
  }
}

function readPlace(dif: number, bytes: Reader): Place {
  let storage = (dif >> 6) & 1
  let [tariff, unit] = [0, 0]
  ;((dif & EXTENDED) === 0 ? [] : bytes.chain()).forEach((dife, at) => {
    storage += (dife & 0x0f) * 2 ** (1 + 4 * at)
    tariff += ((dife >> 4) & 3) * 4 ** at
    unit += ((dife >> 6) & 1) * 2 ** at
  })
  return { storage, tariff, unit, kind: (dif >> 4) & 3 }
}

function layoutOf(
  field: number,
  quantity: Quantity | null,
  bytes: Reader,
): { readonly bytes: number; decode(raw: Uint8Array): Value } {
  if (field === VARIABLE) {
    const layout = variableLayout(bytes.one())
    if (layout === null) throw new Broken('malformed')
    return layout
  }
  const size = DATA_BYTES[field]!
  const isMoment = quantity?.as !== undefined && [2, 4, 6].includes(size) && field < 8
  return { bytes: size, decode: isMoment ? decodeMoment : (raw) => decodeNumber(field, raw) }
}

/** By division where the factor is a fraction: 12349 / 100 is 123.49, 12349 × 0.01 is not. */
function scale(value: Value, quantity: Quantity | null): Value {
  const times = quantity?.times ?? 1
  if (typeof value.value !== 'number' || times === 1) return value
  const scaled = times < 1 ? value.value / Math.round(1 / times) : value.value * times
  return { ...value, value: scaled }
}

const KINDS: readonly { readonly id: string; readonly name: Text }[] = [
  { id: '', name: both('', '') },
  { id: '.max', name: both(',最大值', ', maximum') },
  { id: '.min', name: both(',最小值', ', minimum') },
  { id: '.error', name: both(',出错时', ', while in error') },
]

function placeWords({ storage, tariff, unit, kind }: Place): { readonly id: string; readonly name: Text } {
  const parts: { readonly id: string; readonly name: Text }[] = [KINDS[kind]!]
  if (tariff > 0) parts.push({ id: `.tariff-${tariff}`, name: both(`,费率${tariff}`, `, tariff ${tariff}`) })
  if (unit > 0) parts.push({ id: `.unit-${unit}`, name: both(`,单元${unit}`, `, unit ${unit}`) })
  if (storage > 0)
    parts.push({ id: `.storage-${storage}`, name: both(`,存储${storage}`, `, storage ${storage}`) })
  return {
    id: parts.map(({ id }) => id).join(''),
    name: both(parts.map(({ name }) => name.zh).join(''), parts.map(({ name }) => name.en).join('')),
  }
}

const textOf = ({ value }: Value): string => (typeof value === 'string' ? value : '')

class Reader {
  readonly #bytes: Uint8Array
  #at = 0
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }
  get isDone(): boolean {
    return this.#at >= this.#bytes.length
  }
  one(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw new Broken('too-short')
    this.#at += 1
    return byte
  }
  take(count: number): Uint8Array {
    if (this.#at + count > this.#bytes.length) throw new Broken('too-short')
    this.#at += count
    return this.#bytes.slice(this.#at - count, this.#at)
  }
  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#at)
  }
  /** Codes that go on as long as their top bit is set. */
  chain(): number[] {
    const codes = [this.one()]
    while ((codes.at(-1)! & EXTENDED) !== 0) {
      if (codes.length === EXTENSIONS_MAX) throw new Broken('malformed')
      codes.push(this.one())
    }
    return codes
  }
}
