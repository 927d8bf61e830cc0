import { sha256Of } from '../crypto/hash.ts'

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

/** Both of a record whose keys are in order: the text of its state is within what is hashed. */
export function keptOfPlain(
  id: string,
  writes: readonly (readonly [string, unknown])[],
): { readonly hash: Uint8Array; readonly state: Uint8Array } {
  const text = JSON.stringify(writes)
  return {
    hash: sha256Of(`[${JSON.stringify(id)},${text}]`),
    state: Buffer.concat([PLAIN_STATE, Buffer.from(text)]),
  }
}

export const decodePlainState = (state: Uint8Array): PlainRecord | null =>
  PLAIN_STATE.equals(state.subarray(0, PLAIN_STATE.length))
    ? new Map(JSON.parse(Buffer.from(state.subarray(PLAIN_STATE.length)).toString()) as [string, unknown][])
    : null

/** Hash of a record's live writes and stamps, in one order. */
export const hashOfPlain = (id: string, entries: Iterable<readonly [string, unknown]>): Uint8Array =>
  hashOfText(textOfPlain(id, entries))

/** What is hashed of a record. */
export function textOfPlain(id: string, entries: Iterable<readonly [string, unknown]>): string {
  const writes = Array.isArray(entries) ? (entries as [string, unknown][]) : [...entries]
  if (!isInOrder(writes)) writes.sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([id, writes])
}
export const plainOfText = (text: string): PlainRecord =>
  new Map((JSON.parse(text) as [string, [string, unknown][]])[1])
export const hashOfText = (text: string | Uint8Array): Uint8Array => sha256Of(text)

function isInOrder(writes: readonly (readonly [string, unknown])[]): boolean {
  for (let at = 1; at < writes.length; at++) if (writes[at]![0] < writes[at - 1]![0]) return false
  return true
}

/** Whether its projection may have conflicts; most records cannot, which their keys in order tell. */
export function mayConflict(keys: Iterable<string>): boolean {
  let before = ''
  for (const key of keys) {
    const end = key.indexOf('#')
    if (end <= 0 || key.lastIndexOf('+', end) > 0) {
      if (key.startsWith('moves!')) return true
      continue
    }
    const name = key.slice(0, end)
    if (name === before) return true
    before = name
  }
  return false
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
