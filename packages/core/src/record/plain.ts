import { isCount } from '../bytes/cbor.ts'
import { sha256Of } from '../crypto/hash.ts'
import { isId } from '../ids.ts'
import { isValue } from './change.ts'

/**
 * A record as the writes that live in it and the stamps of all parts ever folded into it, by their keys: all there is
 * to a record, without the CRDT's own bytes, which could hide or delete what is yet to come.
 */
export type PlainRecord = ReadonlyMap<string, unknown>

/** 16 bytes in base32. */
const TAG = '([0-9a-hjkmnp-tv-z]{26})'
const NAME = '[a-z][A-Za-z0-9]{0,40}'
const FIELD = new RegExp(`^${NAME}#${TAG}$`)
const ELEMENT = new RegExp(`^${NAME}\\+.+#${TAG}$`, 's')
const ITEM = new RegExp(`^${NAME}!${TAG}\\.\\d{1,3}$`)
const STAMP = new RegExp(`^@${TAG}$`)
const LOG = /^[0-9a-f]{32}$/

/** The part that a key is of. */
const partOf = (key: string): string | undefined =>
  (FIELD.exec(key) ?? ELEMENT.exec(key) ?? ITEM.exec(key))?.[1]

/**
 * A kept state that begins so holds a plain record, as JSON: made into a Yjs document only when the record is woken.
 * No Yjs update does: it would be of more clients than can be counted.
 */
const PLAIN_STATE = Buffer.alloc(8, 0xff)

export const encodePlainState = (plain: PlainRecord): Uint8Array =>
  Buffer.concat([PLAIN_STATE, Buffer.from(JSON.stringify([...plain]))])

export const decodePlainState = (state: Uint8Array): PlainRecord | null =>
  PLAIN_STATE.equals(state.subarray(0, PLAIN_STATE.length))
    ? new Map(JSON.parse(Buffer.from(state.subarray(PLAIN_STATE.length)).toString()) as [string, unknown][])
    : null

/** Hash of a record's live writes and stamps, in one order. */
export function hashOfPlain(id: string, entries: Iterable<readonly [string, unknown]>): Uint8Array {
  const writes = [...entries].sort(([a], [b]) => (a < b ? -1 : 1))
  return sha256Of(Buffer.from(JSON.stringify([id, writes])))
}

/** Reads one from foreign data: every key of a known shape and stamped, every value one that a part may hold. */
export function parsePlain(value: unknown): PlainRecord | null {
  if (!Array.isArray(value)) return null
  const record = new Map<string, unknown>()
  for (const item of value as unknown[]) {
    if (!Array.isArray(item) || item.length !== 2 || typeof item[0] !== 'string') return null
    const [key, held] = item as [string, unknown]
    if (record.has(key)) return null
    record.set(key, held)
  }
  for (const [key, held] of record) {
    if (STAMP.test(key)) {
      if (!isStampValue(held)) return null
      continue
    }
    const part = partOf(key)
    if (part === undefined || !record.has(`@${part}`)) return null
    if (ELEMENT.test(key) ? held !== true : !isValue(held, 12)) return null
  }
  return record
}

function isStampValue(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 5) return false
  const [member, at, log, seq, version] = value as unknown[]
  return (
    isId(member) &&
    isCount(at) &&
    typeof log === 'string' &&
    LOG.test(log) &&
    isCount(seq) &&
    isCount(version)
  )
}

/**
 * Both at once. A write that only one of them has is gone when the other knows the part it came from: then somebody
 * who had seen it took it back.
 */
export function mergePlain(a: PlainRecord, b: PlainRecord): PlainRecord {
  const merged = new Map<string, unknown>()
  const add = (one: PlainRecord, other: PlainRecord) => {
    for (const [key, value] of one) {
      const part = partOf(key)
      if (part === undefined || other.has(key) || !other.has(`@${part}`)) merged.set(key, value)
    }
  }
  add(a, b)
  add(b, a)
  return merged
}
