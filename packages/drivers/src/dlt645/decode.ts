/** From a frame to named values with units. What does not fit is refused with a reason, never guessed. */
import type { DecodedFrame, DecodedItem, FrameError, Missing, RejectedItem, Text } from '../contract.ts'
import { formatHex } from '../hex.ts'
import { joinBytes } from '../incremental-parser.ts'
import { both, type Part, single } from '../item.ts'
import { decodeValue } from '../value.ts'
import {
  BROADCAST_TIME,
  explainRefusal,
  functionName,
  functionOf,
  hasMore,
  is1997,
  isRefusal,
  isReply,
  READ_ADDRESS,
  READ_DATA,
  READ_DATA_1997,
  READ_FOLLOW_UP,
  READ_FOLLOW_UP_1997,
  REREAD_1997,
} from './control.ts'
import type { Dlt645Frame } from './frame.ts'
import { findItem } from './items.ts'

const ABOUT_ITEMS: readonly number[] = [
  READ_DATA,
  READ_FOLLOW_UP,
  READ_DATA_1997,
  READ_FOLLOW_UP_1997,
  REREAD_1997,
]
const idBytes = (control: number): number => (is1997(control) ? 2 : 4)
/** Some makers append one byte of their own to a value. */
const EXTRA_MAX = 1

const ADDRESS = single('address', '通信地址', 'Address', '', { type: 'digits', bytes: 6 })
const TIME = single('time', '校时时间', 'Time set', '', { type: 'second', bytes: 6 })

type Content = Pick<DecodedFrame, 'items' | 'error' | 'extra'>

/** @param rest the follow-up frames of an answer that came in several */
export function decodeFrame(frame: Dlt645Frame, rest: readonly Dlt645Frame[] = []): DecodedFrame {
  const { id, name } = functionName(frame.control)
  return {
    protocol: frame.protocol,
    address: frame.address,
    function: id,
    functionName: name,
    ...contentOf(frame, rest),
  }
}

/** The identifier a frame is about, or null where it carries none. */
export function itemIdOf(frame: Dlt645Frame): string | null {
  const { control, data } = frame
  if (!ABOUT_ITEMS.includes(functionOf(control)) || isRefusal(control)) return null
  const bytes = idBytes(control)
  return data.length < bytes ? null : formatHex(data.subarray(0, bytes).toReversed())
}

function contentOf(frame: Dlt645Frame, rest: readonly Dlt645Frame[]): Content {
  const { control, data } = frame
  if (isRefusal(control)) return refused(frame)
  switch (functionOf(control)) {
    case READ_ADDRESS:
      return isReply(control)
        ? contentOfParts(ADDRESS.partsOf(data), data)
        : { items: [], error: null, extra: '' }
    case BROADCAST_TIME:
      return contentOfParts(TIME.partsOf(data), data)
    case READ_DATA:
    case READ_FOLLOW_UP:
    case READ_DATA_1997:
    case READ_FOLLOW_UP_1997:
    case REREAD_1997: {
      const id = itemIdOf(frame)
      if (id === null) return malformed(frame)
      if (!isReply(control)) return asked(id)
      const head = idBytes(control)
      const refusal = rest.find((next) => isRefusal(next.control))
      if (refusal) return { ...partial(id, data.subarray(head)), error: refused(refusal).error }
      const starts = [READ_DATA, READ_DATA_1997, REREAD_1997].includes(functionOf(control))
      const whole = starts && !hasMore([frame, ...rest].at(-1)!.control)
      if (!whole) return partial(id, data.subarray(head))
      // Each follow-up frame repeats the identifier and ends with its number.
      return answered(id, joinBytes([data.subarray(head), ...rest.map((next) => next.data.slice(head, -1))]))
    }
    default:
      return { items: [], error: null, extra: '' }
  }
}

function refused({ control, data }: Dlt645Frame): Content {
  const code = data[0] ?? 0
  // What the bits meant in 1997 no source at hand says.
  const why = is1997(control)
    ? { reasons: [], message: both(`电表拒绝,错误 ${code}`, `refused, error ${code}`) }
    : explainRefusal(code)
  return { items: [], error: { type: 'device-refused', code, ...why }, extra: '' }
}

function answered(id: string, data: Uint8Array): Content {
  const item = findItem(id)
  if (item !== null) {
    const content = contentOfParts(item.partsOf(data), data)
    // What was asked for comes first, wherever it lay on the wire.
    const [main, others] = [
      content.items.filter((part) => part.id === id),
      content.items.filter((part) => part.id !== id),
    ]
    return { ...content, items: [...main, ...others] }
  }
  const raw = formatHex(data)
  const error: FrameError = {
    type: 'unknown-item',
    message: both(`未知的数据标识 ${id}`, `unknown data identifier ${id}`),
    item: id,
    raw,
  }
  return { items: [unnamed(id, 'unknown-item', raw)], error, extra: '' }
}

function asked(id: string): Content {
  const item = findItem(id)
  const nothing = { value: null, raw: '', missing: 'not-answered' } as const
  const items =
    item === null ? [unnamed(id, 'not-answered', '')] : [{ id, name: item.name, unit: item.unit, ...nothing }]
  return { items, error: null, extra: '' }
}

function partial(id: string, data: Uint8Array): Content {
  const raw = formatHex(data)
  const item = findItem(id)
  const message = both(
    '数据分多帧传送，此处只有其中一部分',
    'only a part of an answer sent in several frames',
  )
  const part: DecodedItem = {
    ...unnamed(id, 'partial', raw),
    ...(item && { name: item.name, unit: item.unit }),
  }
  return { items: [part], error: { type: 'partial', message, item: id, raw }, extra: '' }
}

function malformed(frame: Dlt645Frame): Content {
  const message = both('数据域太短', 'the data field is too short')
  return { items: [], error: { type: 'malformed', message, raw: formatHex(frame.data) }, extra: '' }
}

const unnamed = (id: string, missing: Missing, raw: string): DecodedItem => ({
  id,
  name: both('未知数据项', 'Unknown item'),
  value: null,
  unit: '',
  raw,
  missing,
})

/** Parts in turn; a surplus beyond one maker's byte means the layout is not what we think it is. */
function contentOfParts(parts: readonly Part[], data: Uint8Array): Content {
  const needed = parts.reduce((sum, part) => sum + part.format.bytes, 0)
  const fits = data.length <= needed + EXTRA_MAX
  const items: DecodedItem[] = []
  let at = 0
  for (const part of parts) {
    const bytes = data.slice(at, at + part.format.bytes)
    at += part.format.bytes
    if (part.format.type !== 'separator') items.push(...decodePart(part, bytes, fits))
  }
  const rejected = items
    .filter(isRejected)
    .map(({ id, missing, raw }): RejectedItem => ({ id, reason: missing, raw }))
  return {
    items,
    error:
      rejected.length === 0
        ? null
        : { type: 'value-rejected', message: explainRejected(rejected), items: rejected },
    extra: fits ? formatHex(data.slice(needed)) : '',
  }
}

function decodePart(part: Part, bytes: Uint8Array, fits: boolean): DecodedItem[] {
  const raw = formatHex(bytes)
  const named = { id: part.id, name: part.name, unit: part.unit, raw }
  if (!fits) return [{ ...named, value: null, missing: 'wrong-length' }]
  if (bytes.length < part.format.bytes) return [{ ...named, value: null, missing: 'too-short' }]
  const decoded = decodeValue(part.format, bytes)
  const flags = (part.flags ?? []).map((flag): DecodedItem => {
    const setting = (Number(decoded.value) >> flag.bit) & ((1 << flag.width) - 1)
    return {
      id: `${part.id}.${flag.id}`,
      name: flag.name,
      unit: '',
      raw,
      value: flag.words[setting]!,
      missing: null,
    }
  })
  return [{ ...named, ...decoded }, ...flags]
}

function isRejected(item: DecodedItem): item is DecodedItem & { missing: Missing } {
  return item.missing !== null && item.missing !== 'absent'
}

const REASONS: Partial<Record<Missing, Text>> = {
  'invalid-bcd': both('不是有效的BCD码', 'is not valid BCD'),
  'invalid-date': both('不是有效的日期时间', 'is not a valid date or time'),
  'invalid-text': both('不是有效的ASCII字符', 'is not printable ASCII'),
  'too-short': both('数据太短', 'is too short'),
  'wrong-length': both('数据长度不符', 'has an unexpected length'),
}

function explainRejected(rejected: readonly RejectedItem[]): Text {
  const say = (lang: 'zh' | 'en') =>
    rejected.map(({ id, reason }) => `${id} ${REASONS[reason]?.[lang] ?? reason}`)
  return both(say('zh').join('；'), say('en').join('; '))
}
