import * as Y from 'yjs'
import { toHex } from '../bytes/bytes.ts'
import { encodeCbor } from '../bytes/cbor.ts'
import { sha256, sha256Of } from '../crypto/hash.ts'
import { fromBase32, toBase32 } from '../ids.ts'
import { type Change, TAG_BYTES, type Unwrite, type Value, type Write } from './change.ts'
import { decodePlainState, hashOfPlain, type PlainRecord } from './plain.ts'

/**
 * A record is one Y.Doc with one Y.Map, and one key for every write: the name, and the tag of the part that wrote
 * it. No key is ever written twice, so Yjs drops nothing of its own accord, and a write lives until a part that has
 * seen it takes it back.
 *
 * The tag comes from the entry's hash: 128 bits, in base32. Nobody can choose one, no two parts share one, those of
 * the branches of a forked log neither, and a part stands alone: leaving one out leaves none of its author's later
 * parts waiting.
 */
export function writeTagOf(entryHash: Uint8Array, partIndex: number): string {
  const index = String(partIndex)
  // As sha256('doorstep/tag/1', entryHash, index), whose pieces are put together anew each time.
  if (entryHash.length !== 32) return toBase32(sha256(TAG_DOMAIN, entryHash, index).subarray(0, TAG_BYTES))
  tagText.set(entryHash, TAG_HASH_AT)
  tagText.writeUInt32BE(index.length, TAG_HASH_AT + 32)
  tagText.write(index, TAG_HASH_AT + 36, 'latin1')
  const text = tagText.subarray(0, TAG_HASH_AT + 36 + index.length)
  return toBase32(sha256Of(text).subarray(0, TAG_BYTES))
}

const TAG_DOMAIN = 'doorstep/tag/1'
const TAG_HASH_AT = 4 + TAG_DOMAIN.length + 4
const tagText = Buffer.alloc(TAG_HASH_AT + 36 + 16)
tagText.writeUInt32BE(TAG_DOMAIN.length, 0)
tagText.write(TAG_DOMAIN, 4)
tagText.writeUInt32BE(32, 4 + TAG_DOMAIN.length)

/**
 * The Yjs client that puts a part into this station's state: the first 53 bits of the tag. Two parts may meet in one,
 * and nothing follows: keys carry whole tags, and a state is never merged with another station's.
 */
const clientOf = (tag: string): number => {
  const bytes = Buffer.from(fromBase32(tag))
  return bytes.readUIntBE(0, 6) * 32 + (bytes[6]! >>> 3)
}

/** Who wrote a part, when by their clock, and which entry it stands in. */
export type Stamp = {
  readonly tag: string
  readonly member: string
  /** Milliseconds since 1970 by the author's clock: shown, never used to order. */
  readonly at: number
  readonly log: string
  readonly seq: number
  readonly version: number
}

export type FieldWrite = { readonly name: string; readonly value: Value; readonly stamp: Stamp }
export type SetWrite = { readonly name: string; readonly element: string; readonly stamp: Stamp }
export type TimelineWrite = {
  readonly name: string
  readonly id: string
  readonly value: Value
  readonly stamp: Stamp
}

/** Every live write of a record, in one deterministic order. */
export type LiveWrites = {
  readonly fields: readonly FieldWrite[]
  readonly sets: readonly SetWrite[]
  readonly timelines: readonly TimelineWrite[]
  readonly stamps: ReadonlyMap<string, Stamp>
}

const fieldKey = (name: string, tag: string) => `${name}#${tag}`
const setKey = (name: string, element: string, tag: string) => `${name}+${element}#${tag}`
const timelineKey = (name: string, tag: string, index: number) => `${name}!${tag}.${index}`
const stampKey = (tag: string) => `@${tag}`

/** A record that is awake: only inside a store transaction, only to be changed or merged. */
export class RecordDoc {
  readonly id: string
  readonly #doc: Y.Doc
  readonly #map: Y.Map<unknown>

  constructor(id: string, state: Uint8Array | null) {
    this.id = id
    this.#doc = new Y.Doc({ guid: id })
    this.#map = this.#doc.getMap('r')
    const plain = state && decodePlainState(state)
    if (plain) this.#takePlain(plain)
    else if (state) Y.applyUpdate(this.#doc, state)
  }

  /** As a checkpoint's page says it was: each part under its own client again. */
  #takePlain(plain: PlainRecord): void {
    const byPart = new Map<string, [string, unknown][]>()
    for (const [key, value] of plain) {
      const part = /[@#!]([0-9a-z]+)(?:\.\d+)?$/.exec(key)?.[1] ?? ''
      const writes = byPart.get(part)
      if (writes) writes.push([key, value])
      else byPart.set(part, [[key, value]])
    }
    for (const [part, writes] of byPart) {
      this.#doc.clientID = clientOf(part)
      this.#doc.transact(() => {
        for (const [key, value] of writes) this.#map.set(key, value)
      })
    }
  }

  plain(): PlainRecord {
    return new Map([...this.#map.entries()].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** Takes a part in. `isPast` says whether its author had seen a write; what was not seen is not taken back. */
  apply(change: Change, stamp: Stamp, isPast: (target: Stamp) => boolean): void {
    if (this.#map.has(stampKey(stamp.tag))) return
    const stamps = this.#stamps()
    this.#doc.clientID = clientOf(stamp.tag)
    this.#doc.transact(() => {
      this.#map.set(stampKey(stamp.tag), [stamp.member, stamp.at, stamp.log, stamp.seq, stamp.version])
      for (const [index, write] of change.writes.entries()) this.#write(write, stamp.tag, index)
      for (const unwrite of change.unwrites) {
        const target = stamps(unwrite.tag)
        if (target && isPast(target)) this.#map.delete(unwriteKey(unwrite))
      }
    })
  }

  #write(write: Write, tag: string, index: number): void {
    if (write.type === 'field') this.#map.set(fieldKey(write.name, tag), write.value)
    else if (write.type === 'add') this.#map.set(setKey(write.name, write.element, tag), true)
    else this.#map.set(timelineKey(write.name, tag, index), write.value)
  }

  #stamps(): (tag: string) => Stamp | undefined {
    return (tag) => readStamp(tag, this.#map.get(stampKey(tag)))
  }

  /** The Yjs state (V1), for the store alone: it never leaves the station. */
  state(): Uint8Array {
    return Y.encodeStateAsUpdate(this.#doc)
  }

  /** Equal on two stations exactly when they hold the same live writes of this record. */
  hash(): Uint8Array {
    return hashOfPlain(this.id, this.#map.entries())
  }

  live(): LiveWrites {
    return liveOf(this.#map.entries())
  }
}

/** The live writes among a record's keys, and who wrote them. */
export function liveOf(entries: Iterable<readonly [string, unknown]>): LiveWrites {
  const stamps = new Map<string, Stamp>()
  const rest: [string, unknown][] = []
  for (const [key, value] of entries) {
    if (key.startsWith('@')) {
      const tag = key.slice(1)
      const stamp = readStamp(tag, value)
      if (stamp) stamps.set(tag, stamp)
    } else rest.push([key, value])
  }
  rest.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const fields: FieldWrite[] = []
  const sets: SetWrite[] = []
  const timelines: TimelineWrite[] = []
  for (const [key, value] of rest) {
    const match = /^([a-z][A-Za-z0-9]*)(?:#([0-9a-z]+)|\+(.*)#([0-9a-z]+)|!([0-9a-z]+)\.(\d+))$/s.exec(key)
    if (!match) continue
    const name = match[1]!
    const stamp = stamps.get(match[2] ?? match[4] ?? match[5] ?? '')
    if (!stamp) continue
    if (match[2] !== undefined) fields.push({ name, value: value as Value, stamp })
    else if (match[4] !== undefined) sets.push({ name, element: match[3]!, stamp })
    else timelines.push({ name, id: `${match[5]}.${match[6]}`, value: value as Value, stamp })
  }
  return { fields, sets, timelines, stamps }
}

const unwriteKey = (unwrite: Unwrite) =>
  unwrite.type === 'field'
    ? fieldKey(unwrite.name, unwrite.tag)
    : setKey(unwrite.name, unwrite.element, unwrite.tag)

function readStamp(tag: string, value: unknown): Stamp | undefined {
  if (!Array.isArray(value)) return undefined
  const [member, at, log, seq, version] = value as [string, number, string, number, number]
  return { tag, member, at, log, seq, version }
}

/** Values are the same when their canonical bytes are. */
export const canonical = (value: Value): string => toHex(encodeCbor(value))
