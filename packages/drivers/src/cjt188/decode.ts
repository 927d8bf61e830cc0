/** From a frame to named values with units. What does not fit is refused with a reason, never guessed. */
import type { DecodedFrame, DecodedItem, FrameError, Missing, Text } from '../contract.ts'
import { formatHex } from '../hex.ts'
import { both, type Flag } from '../item.ts'
import { decodeValue, type Format } from '../value.ts'
import {
  functionName,
  functionOf,
  isHeatMeter,
  isRefusal,
  isReply,
  meterTypeName,
  READ_ADDRESS,
  READ_DATA,
} from './control.ts'
import type { Cjt188Frame } from './frame.ts'
import { unitOf, unitPlace } from './units.ts'

/** The readings that every meter has. */
export const METER_READING = '901F'
export const READ_ADDRESS_ITEM = '810A'
const HEADER_BYTES = 3
const GROUP_BYTES = 5

type Field = { readonly id: string; readonly name: Text }
type Content = Pick<DecodedFrame, 'items' | 'error' | 'extra'>

const field = (id: string, zh: string, en: string): Field => ({ id, name: both(zh, en) })
export const METER_TYPE_ITEM = 'type'
const METER_TYPE = field(METER_TYPE_ITEM, '表型', 'Kind of meter')
const WATER: readonly Field[] = [
  field(METER_READING, '当前累计流量', 'Total so far'),
  field(`${METER_READING}.settlement`, '结算日累计流量', 'Total at the settlement day'),
]
const HEAT: readonly Field[] = [
  field(`${METER_READING}.settlement`, '结算日热量', 'Energy at the settlement day'),
  field(METER_READING, '当前热量', 'Energy so far'),
  field(`${METER_READING}.power`, '热功率', 'Power'),
  field(`${METER_READING}.flow`, '瞬时流量', 'Flow'),
  field(`${METER_READING}.volume`, '累计流量', 'Volume so far'),
]
const HEAT_TAIL: readonly (Field & { readonly unit: string; readonly format: Format })[] = [
  { ...field(`${METER_READING}.supply`, '供水温度', 'Supply temperature'), unit: '°C', format: bcd(3, 2) },
  { ...field(`${METER_READING}.return`, '回水温度', 'Return temperature'), unit: '°C', format: bcd(3, 2) },
  { ...field(`${METER_READING}.hours`, '累计工作时间', 'Hours at work'), unit: 'h', format: bcd(3, 0) },
]
const CLOCK = field(`${METER_READING}.clock`, '实时时间', 'Clock')
const STATUS = field(`${METER_READING}.status`, '状态', 'Status')
/** ST0 as the standard has it. Some makers use the bits in mirror image (C0, 20), so the word itself is told too. */
const FLAGS: readonly Flag[] = [
  {
    id: 'valve',
    name: both('阀门', 'Valve'),
    bit: 0,
    width: 2,
    words: ['open', 'closed', 'reserved', 'abnormal'],
  },
  { id: 'battery', name: both('电池', 'Battery'), bit: 2, width: 1, words: ['normal', 'low'] },
]

function bcd(bytes: number, decimals: number): Format {
  return { type: 'number', bytes, decimals }
}

export function decodeFrame(frame: Cjt188Frame): DecodedFrame {
  const { id, name } = functionName(frame.control)
  const { protocol, address } = frame
  return { protocol, address, function: id, functionName: name, ...contentOf(frame) }
}

/** As four digits, the higher byte first: makers send it in either order. Null where a frame carries none. */
export function itemIdOf({ control, data }: Cjt188Frame): string | null {
  if (isRefusal(control) || data.length < HEADER_BYTES) return null
  const id = formatHex(data.subarray(0, 2))
  return id === '1F90' ? METER_READING : id
}

export function describeItem(item: string): { readonly name: Text; readonly unit: string } | null {
  // The unit is the meter's own: it comes with every value.
  if (item === METER_READING) return { name: WATER[0]!.name, unit: '' }
  return item === READ_ADDRESS_ITEM ? { name: both('表地址', 'Address'), unit: '' } : null
}

function contentOf(frame: Cjt188Frame): Content {
  const { control, data } = frame
  if (isRefusal(control)) return refused(data)
  const about = functionOf(control)
  if (about !== READ_DATA && about !== READ_ADDRESS) return { items: [], error: null, extra: '' }
  const id = itemIdOf(frame)
  if (id === null) return malformed('数据域太短', 'the data field is too short', data)
  if (!isReply(control)) return asked(id)
  if (about === READ_ADDRESS) return { items: [told(frame)], error: null, extra: '' }
  const rest = data.subarray(HEADER_BYTES)
  if (id !== METER_READING) return unknown(id, rest)
  const groups = isHeatMeter(frame.meterType) ? HEAT : WATER
  const tail = isHeatMeter(frame.meterType) ? HEAT_TAIL : []
  return reading(frame, rest, groups, tail)
}

function reading(
  frame: Cjt188Frame,
  data: Uint8Array,
  fields: readonly Field[],
  tail: typeof HEAT_TAIL,
): Content {
  const tailBytes = tail.reduce((sum, { format }) => sum + format.bytes, 0)
  const needed = fields.length * GROUP_BYTES + tailBytes + 7 + 2
  if (data.length < needed) return malformed('数据域太短', 'the data field is too short', data)
  let at = 0
  const take = (bytes: number) => {
    at += bytes
    return data.slice(at - bytes, at)
  }
  const groups = fields.map(() => take(GROUP_BYTES))
  const place = unitPlace(groups)
  if (place === null) return malformed('计量单位无法识别', 'the units of the values are not known', data)
  const items: DecodedItem[] = fields.map((one, index) => measured(one, groups[index]!, place))
  for (const { format, unit, ...one } of tail) items.push(valued(one, unit, format, take(format.bytes)))
  items.push(clock(take(7)), ...status(take(2), isHeatMeter(frame.meterType) ? [] : FLAGS))
  const type = meterTypeName(frame.meterType)
  items.push({
    ...METER_TYPE,
    value: type.en,
    unit: '',
    raw: formatHex(Uint8Array.of(frame.meterType)),
    missing: null,
  })
  const main = items.filter(({ id }) => id === METER_READING)
  const rejected = items.flatMap(({ id, missing, raw }) =>
    missing === null || missing === 'absent' ? [] : [{ id, reason: missing, raw }],
  )
  return {
    items: [...main, ...items.filter(({ id }) => id !== METER_READING)],
    error:
      rejected.length === 0 ? null : { type: 'value-rejected', message: explain(rejected), items: rejected },
    extra: formatHex(data.slice(needed)),
  }
}

/** XXXXXX.XX in BCD, low byte first, with its unit before or behind. */
function measured(one: Field, group: Uint8Array, place: 'before' | 'behind'): DecodedItem {
  const digits = place === 'behind' ? group.subarray(0, 4) : group.subarray(1)
  const { unit, times } = unitOf(place === 'behind' ? group[4]! : group[0]!)!
  const { value, missing } = decodeValue(bcd(4, 2), digits)
  const size = typeof value === 'number' ? value * times : value
  return { ...one, value: size, unit, raw: formatHex(group), missing }
}

const valued = (one: Field, unit: string, format: Format, bytes: Uint8Array): DecodedItem => ({
  ...one,
  ...decodeValue(format, bytes),
  unit,
  raw: formatHex(bytes),
})

/** ss mm hh DD MM then the year in four digits, low byte first; all zero or all FF in a meter without one. */
function clock(bytes: Uint8Array): DecodedItem {
  const century = bytes[6]!
  const none = bytes.every((byte) => byte === 0) || bytes.every((byte) => byte === 0xff)
  const decoded = none
    ? { value: null, missing: 'absent' as const }
    : century === 0x20
      ? decodeValue({ type: 'second', bytes: 6 }, bytes.subarray(0, 6))
      : { value: null, missing: 'invalid-date' as const }
  return { ...CLOCK, ...decoded, unit: '', raw: formatHex(bytes) }
}

/** What the bits of a heat meter's word mean is its maker's affair. */
function status(bytes: Uint8Array, known: readonly Flag[]): DecodedItem[] {
  const raw = formatHex(bytes)
  const word: DecodedItem = { ...STATUS, value: raw, unit: '', raw, missing: null }
  const flags = known.map((flag): DecodedItem => {
    const setting = (bytes[0]! >> flag.bit) & ((1 << flag.width) - 1)
    const id = `${STATUS.id}.${flag.id}`
    return { id, name: flag.name, value: flag.words[setting]!, unit: '', raw, missing: null }
  })
  return [word, ...flags]
}

const told = (frame: Cjt188Frame): DecodedItem => ({
  id: 'address',
  name: both('表地址', 'Address'),
  value: frame.address,
  unit: '',
  raw: formatHex(frame.bytes.subarray(2, 9)),
  missing: null,
})

function refused(data: Uint8Array): Content {
  const code = data.at(-1) ?? 0
  const hex = formatHex(Uint8Array.of(code))
  const message = both(`表计拒绝，状态 ${hex}H`, `the meter refused, status ${hex}H`)
  return { items: [], error: { type: 'device-refused', code, reasons: [], message }, extra: '' }
}

function asked(id: string): Content {
  const known = describeItem(id) ?? { name: both('未知数据项', 'Unknown item'), unit: '' }
  return { items: [{ id, ...known, value: null, raw: '', missing: 'not-answered' }], error: null, extra: '' }
}

function unknown(id: string, data: Uint8Array): Content {
  const raw = formatHex(data)
  const message = both(`未知的数据标识 ${id}`, `unknown data identifier ${id}`)
  const error: FrameError = { type: 'unknown-item', message, item: id, raw }
  const name = both('未知数据项', 'Unknown item')
  return { items: [{ id, name, value: null, unit: '', raw, missing: 'unknown-item' }], error, extra: '' }
}

const malformed = (zh: string, en: string, data: Uint8Array): Content => ({
  items: [],
  error: { type: 'malformed', message: both(zh, en), raw: formatHex(data) },
  extra: '',
})

const WHY: Partial<Record<Missing, Text>> = {
  'invalid-bcd': both('不是有效的BCD码', 'is not valid BCD'),
  'invalid-date': both('不是有效的日期时间', 'is not a valid date or time'),
}
function explain(rejected: readonly { readonly id: string; readonly reason: Missing }[]): Text {
  const say = (lang: 'zh' | 'en') =>
    rejected.map(({ id, reason }) => `${id} ${WHY[reason]?.[lang] ?? reason}`)
  return both(say('zh').join('；'), say('en').join('; '))
}
