import { isBytes, isCount, isText, isTuple } from '../bytes/cbor.ts'
import { fromBase32, isId, toBase32 } from '../ids.ts'
import { fail, ok, type Result } from '../result.ts'

/** What a field may hold. Nested values are written whole; what must merge by itself is a field or a record of its own. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value }

/**
 * One write, and how it merges:
 * `field` concurrent values are all kept until settled; `add` joins an observed-remove set;
 * `append` puts an immutable value on a timeline.
 */
export type Write =
  | { readonly type: 'field'; readonly name: string; readonly value: Value }
  | { readonly type: 'add'; readonly name: string; readonly element: string }
  | { readonly type: 'append'; readonly name: string; readonly value: Value }

/** A write that its author has seen and takes back, named by `writeTagOf`. Timelines are never taken back. */
export type Unwrite =
  | { readonly type: 'field'; readonly name: string; readonly tag: string }
  | { readonly type: 'add'; readonly name: string; readonly element: string; readonly tag: string }

/** What one part says about one record. It holds no CRDT bytes: every station makes them itself, from this. */
export type Change = {
  readonly type: string
  /** Version of the record's shape that the author wrote. */
  readonly version: number
  readonly id: string
  readonly writes: readonly Write[]
  readonly unwrites: readonly Unwrite[]
}

/** 128 bits: nobody makes two entries whose parts share a tag. */
export const TAG_BYTES = 16
const KINDS = ['field', 'add', 'append'] as const
const MAX_WRITES = 256
const MAX_UNWRITES = 4096
const NAME = /^[a-z][A-Za-z0-9]{0,40}$/

export function changeToWire(change: Change): unknown[] {
  return [
    change.type,
    change.version,
    change.id,
    change.writes.map((write) =>
      write.type === 'field'
        ? [0, write.name, write.value]
        : write.type === 'add'
          ? [1, write.name, write.element]
          : [2, write.name, write.value],
    ),
    change.unwrites.map((unwrite) =>
      unwrite.type === 'field'
        ? [0, unwrite.name, fromBase32(unwrite.tag)]
        : [1, unwrite.name, fromBase32(unwrite.tag), unwrite.element],
    ),
  ]
}

export function parseChange(wire: unknown): Result<Change> {
  const malformed = (detail: string) => fail({ type: 'malformed', detail })
  if (Array.isArray(wire) && wire.length > 5) return fail({ type: 'newer-part', kind: null })
  if (!isTuple(wire, 5)) return malformed('part')
  const [type, version, id, writes, unwrites] = wire
  if (!isText(type, 40) || !NAME.test(type) || !isCount(version) || !isId(id)) return malformed('record')
  if (!Array.isArray(writes) || writes.length > MAX_WRITES) return malformed('writes')
  if (!Array.isArray(unwrites) || unwrites.length > MAX_UNWRITES) return malformed('unwrites')
  const parsedWrites: Write[] = []
  for (const item of writes) {
    if (!isTuple(item, 3) || !isText(item[1], 41) || !NAME.test(item[1])) return malformed('write')
    const kind = isCount(item[0]) ? KINDS[item[0]] : undefined
    if (isCount(item[0]) && !kind) return fail({ type: 'newer-part', kind: item[0] })
    if (kind === 'add') {
      if (!isText(item[2]) || item[2].length === 0) return malformed('element')
      parsedWrites.push({ type: kind, name: item[1], element: item[2] })
    } else if (kind && isValue(item[2], 12)) parsedWrites.push({ type: kind, name: item[1], value: item[2] })
    else return malformed('value')
  }
  const parsedUnwrites: Unwrite[] = []
  for (const item of unwrites) {
    if (!Array.isArray(item) || !isText(item[1], 41) || !NAME.test(item[1]) || !isBytes(item[2], TAG_BYTES))
      return malformed('unwrite')
    const tag = toBase32(item[2])
    if (item[0] === 0 && item.length === 3) parsedUnwrites.push({ type: 'field', name: item[1], tag })
    else if (item[0] === 1 && item.length === 4 && isText(item[3]))
      parsedUnwrites.push({ type: 'add', name: item[1], tag, element: item[3] })
    else return malformed('unwrite')
  }
  return ok({ type, version, id, writes: parsedWrites, unwrites: parsedUnwrites })
}

/**
 * JSON, with a bounded depth and no key that Yjs takes for something else: by `constructor` it tells types apart
 * (and throws), `__proto__` it assigns when a record wakes (and loses).
 */
export function isValue(value: unknown, depth: number): value is Value {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth === 0 || ArrayBuffer.isView(value)) return false
  if (Array.isArray(value)) return value.every((item) => isValue(item, depth - 1))
  return (
    Object.getPrototypeOf(value) === Object.prototype &&
    !Object.hasOwn(value, '__proto__') &&
    !Object.hasOwn(value, 'constructor') &&
    Object.values(value).every((item) => isValue(item, depth - 1))
  )
}

/** How many there are in it, itself among them. */
export function valuesIn(value: Value): number {
  if (typeof value !== 'object' || value === null) return 1
  let count = 1
  for (const one of Array.isArray(value) ? value : Object.values(value)) count += valuesIn(one)
  return count
}
