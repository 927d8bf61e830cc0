/** From a frame to named values with units. What does not fit is refused with a reason, never guessed. */
import type { DecodedFrame, DecodedItem, FrameError, ReadRequest, Text } from '../contract.ts'
import { formatHex } from '../hex.ts'
import { both } from '../item.ts'
import type { MbusFrame } from './frame.ts'
import { readRecords } from './records.ts'
import { decodeNumber } from './value.ts'

/** A meter tells all it has at once. */
export const ALL_DATA = 'data'
export const allDataName = both('全部数据', 'All data')
const APPLICATION_ERROR = 0x70
const LONG_HEADER = 0x72
const SHORT_HEADER = 0x7a
const NO_HEADER = 0x78
const HEADER_BYTES: Readonly<Record<number, number>> = {
  [LONG_HEADER]: 12,
  [SHORT_HEADER]: 4,
  [NO_HEADER]: 0,
}

type Content = Pick<DecodedFrame, 'items' | 'error' | 'extra'>

/** @param rest the further frames of an answer that came in several */
export function decodeFrame(
  frame: MbusFrame,
  rest: readonly MbusFrame[] = [],
  asked?: ReadRequest,
): DecodedFrame {
  const { id, name } = functionOf(frame)
  return {
    protocol: frame.protocol,
    // A meter asked by its number is known by it; the primary address it answers from may be anybody's.
    address: asked && /^\d{8}$/.test(asked.address) ? asked.address : frame.address,
    function: id,
    functionName: name,
    ...contentOf(frame, rest),
  }
}

export const isAnswerFrame = ({ control }: MbusFrame): boolean =>
  control !== null && (control & 0xcf) === 0x08

/** The meter's number as its header says; null where it has none. */
export function numberOf({ ci, data }: MbusFrame): string | null {
  if (ci !== LONG_HEADER || data.length < HEADER_BYTES[LONG_HEADER]!) return null
  return formatHex(data.slice(0, 4).reverse())
}

/** Whether the meter has more to tell than it told in this frame: its records end with 1F. */
export const hasMore = (frame: MbusFrame): boolean =>
  isAnswerFrame(frame) && frame.ci !== null && HEADER_BYTES[frame.ci] !== undefined
    ? readRecords(frame.data.subarray(HEADER_BYTES[frame.ci]!)).more
    : false

const FUNCTIONS: Readonly<Record<number, { readonly id: string; readonly name: Text }>> = {
  64: { id: 'initialise', name: both('初始化', 'Initialise') },
  67: { id: 'send data', name: both('写数据', 'Send data to a meter') },
  74: { id: 'ask for alarms', name: both('问报警', 'Ask for alarms') },
  75: { id: 'ask for data', name: both('读数据', 'Ask for data') },
  8: { id: 'data', name: both('回送数据', 'Data') },
}
function functionOf({ control }: MbusFrame): { readonly id: string; readonly name: Text } {
  if (control === null) return { id: 'acknowledgement', name: both('确认', 'Acknowledgement') }
  const hex = formatHex(Uint8Array.of(control))
  // The two bits between are the frame count or what a meter may add.
  const known = FUNCTIONS[control & 0xcf]
  return known ?? { id: `function ${hex}`, name: both(`功能码 ${hex}H`, `Function ${hex}H`) }
}

function contentOf(frame: MbusFrame, rest: readonly MbusFrame[]): Content {
  const { ci, data } = frame
  if (!isAnswerFrame(frame) || ci === null) return { items: [], error: null, extra: '' }
  if (ci === APPLICATION_ERROR) return refused(data)
  const header = HEADER_BYTES[ci]
  if (header === undefined) return unknownLayout(ci, data)
  if (data.length < header) return malformed('数据域太短', 'the data field is too short', data)
  const frames = [frame, ...rest].map((one) => readRecords(one.data.subarray(HEADER_BYTES[one.ci ?? 0] ?? 0)))
  const records = frames.flatMap(({ items }) => items)
  const items = [...headerItems(ci, data), ...records]
  const extra = frames.map(({ makersOwn }) => makersOwn).join('')
  const broken = frames.find(({ ended }) => ended !== null)
  if (broken) {
    const error = malformed(
      '数据记录不完整或无法读懂',
      'the records are cut short or cannot be read',
      data,
    ).error
    return { items, error, extra }
  }
  return { items, error: frames.at(-1)!.more ? partial(data) : rejected(records), extra }
}

const MEDIA: Readonly<Record<number, Text>> = {
  0: both('其他', 'other'),
  1: both('油', 'oil'),
  2: both('电', 'electricity'),
  3: both('燃气', 'gas'),
  4: both('热(回水)', 'heat, return'),
  5: both('蒸汽', 'steam'),
  6: both('热水', 'hot water'),
  7: both('水', 'water'),
  8: both('热分配', 'heat cost allocator'),
  10: both('冷(回水)', 'cooling, return'),
  11: both('冷(供水)', 'cooling, flow'),
  12: both('热(供水)', 'heat, flow'),
  13: both('冷热', 'heat and cooling'),
  22: both('冷水', 'cold water'),
}

/** What the meter counts; null where its answer has no header. */
export const mediumOf = ({ ci, data }: MbusFrame): Text | null =>
  ci === LONG_HEADER && data.length > 7 ? (MEDIA[data[7]!] ?? null) : null

/** Who the meter is, as the header of its answer says. */
function headerItems(ci: number, data: Uint8Array): DecodedItem[] {
  if (ci === NO_HEADER) return []
  const item = (id: string, name: Text, value: string | number | null, bytes: Uint8Array): DecodedItem => ({
    id,
    name,
    value,
    unit: '',
    raw: formatHex(bytes),
    missing: value === null ? 'invalid-bcd' : null,
  })
  const status = (at: number) =>
    item('status', both('状态', 'Status'), formatHex(data.subarray(at, at + 1)), data.subarray(at, at + 1))
  if (ci === SHORT_HEADER) return [status(1)]
  const id = decodeNumber(12, data.subarray(0, 4)).value
  const maker = data[4]! | (data[5]! << 8)
  const letters = [10, 5, 0].map((shift) => String.fromCharCode(64 + ((maker >> shift) & 0x1f))).join('')
  const medium = data[7]!
  const mediumName = MEDIA[medium]?.en ?? formatHex(data.subarray(7, 8))
  return [
    item(
      'id',
      both('表号', 'Meter number'),
      typeof id === 'number' ? String(id).padStart(8, '0') : null,
      data.subarray(0, 4),
    ),
    item('manufacturer', both('厂商', 'Manufacturer'), letters, data.subarray(4, 6)),
    item('version', both('版本', 'Version'), data[6]!, data.subarray(6, 7)),
    item('medium', both('介质', 'Medium'), mediumName, data.subarray(7, 8)),
    status(9),
  ]
}

function rejected(items: readonly DecodedItem[]): FrameError | null {
  const wrong = items.flatMap(({ id, missing, raw }) =>
    missing === null || missing === 'absent' || missing === 'unknown-item'
      ? []
      : [{ id, reason: missing, raw }],
  )
  if (wrong.length === 0) return null
  const ids = wrong.map(({ id }) => id)
  const message = both(`无法读懂:${ids.join('、')}`, `cannot be read: ${ids.join(', ')}`)
  return { type: 'value-rejected', message, items: wrong }
}

const partial = (data: Uint8Array): FrameError => ({
  type: 'partial',
  message: both('数据分多帧传送,此处只有其中一部分', 'only a part of an answer sent in several frames'),
  item: ALL_DATA,
  raw: formatHex(data),
})

function refused(data: Uint8Array): Content {
  const code = data[0] ?? 0
  const message = both(`表计报告应用错误 ${code}`, `the meter reports application error ${code}`)
  return { items: [], error: { type: 'device-refused', code, reasons: [], message }, extra: '' }
}

function unknownLayout(ci: number, data: Uint8Array): Content {
  const hex = formatHex(Uint8Array.of(ci))
  const message = both(`不支持的数据结构 CI ${hex}`, `data of layout CI ${hex} is not supported`)
  return {
    items: [],
    error: { type: 'unknown-item', message, item: `ci-${hex}`, raw: formatHex(data) },
    extra: '',
  }
}

const malformed = (zh: string, en: string, data: Uint8Array): Content & { readonly error: FrameError } => ({
  items: [],
  error: { type: 'malformed', message: both(zh, en), raw: formatHex(data) },
  extra: '',
})
