import * as Y from 'yjs'
import { toHex } from '../bytes/bytes.ts'
import { encodeCbor } from '../bytes/cbor.ts'
import { fromBase32 } from '../ids.ts'
import type { Change, Unwrite, Value, Write } from './change.ts'
import { decodePlainState, encodePlainState, hashOfPlain, keptOfPlain, type PlainRecord } from './plain.ts'

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

/**
 * A record is one Y.Doc with one Y.Map, and one key for every write: the name, and the tag of the part that wrote
 * it. No key is ever written twice, so Yjs drops nothing of its own accord, and a write lives until a part that has
 * seen it takes it back. A part stands alone: leaving one out leaves none of its author's later parts waiting, and
 * those of the branches of a forked log share no tag.
 *
 * A record that is awake: only inside a store transaction, only to be changed or merged. One that nothing was merged
 * into, since its first part or since a checkpoint brought it, is plain yet: most never become a Yjs document.
 */
export class RecordDoc {
  readonly id: string
  #plain: Map<string, unknown> | null = null
  #doc: Y.Doc | null = null

  constructor(id: string, state: Uint8Array | null) {
    this.id = id
    const plain = state ? decodePlainState(state) : new Map<string, unknown>()
    if (plain) this.#plain = new Map(plain)
    else {
      this.#doc = new Y.Doc({ guid: id })
      Y.applyUpdate(this.#doc, state!)
    }
  }

  /** As a Yjs document: of what was plain, each part under its own client. */
  #woken(): Y.Doc {
    if (this.#doc) return this.#doc
    const doc = new Y.Doc({ guid: this.id })
    const map = doc.getMap('r')
    const byPart = new Map<string, [string, unknown][]>()
    for (const [key, value] of this.#plain!) {
      const part = /[@#!]([0-9a-z]+)(?:\.\d+)?$/.exec(key)?.[1] ?? ''
      const writes = byPart.get(part)
      if (writes) writes.push([key, value])
      else byPart.set(part, [[key, value]])
    }
    for (const [part, writes] of byPart) {
      doc.clientID = clientOf(part)
      doc.transact(() => {
        for (const [key, value] of writes) map.set(key, value)
      })
    }
    this.#doc = doc
    this.#plain = null
    return doc
  }
  #entries(): Iterable<[string, unknown]> {
    return this.#plain ?? this.#doc!.getMap('r').entries()
  }

  plain(): PlainRecord {
    return new Map([...this.#entries()].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** Takes a part in. `isPast` says whether its author had seen a write; what was not seen is not taken back. */
  apply(change: Change, stamp: Stamp, isPast: (target: Stamp) => boolean): void {
    if (this.#plain?.size === 0) return this.#put(this.#plain, change, stamp, isPast)
    if (this.#plain?.has(stampKey(stamp.tag))) return
    const doc = this.#woken()
    const map = doc.getMap('r')
    if (map.has(stampKey(stamp.tag))) return
    doc.clientID = clientOf(stamp.tag)
    doc.transact(() => this.#put(map, change, stamp, isPast))
  }

  #put(map: Keys, change: Change, stamp: Stamp, isPast: (target: Stamp) => boolean): void {
    map.set(stampKey(stamp.tag), [stamp.member, stamp.at, stamp.log, stamp.seq, stamp.version])
    for (const [index, write] of change.writes.entries()) putWrite(map, write, stamp.tag, index)
    for (const unwrite of change.unwrites) {
      const target = readStamp(unwrite.tag, map.get(stampKey(unwrite.tag)))
      if (target && isPast(target)) map.delete(unwriteKey(unwrite))
    }
  }

  /** What is kept of it, put in order once for all three; of a plain record, as nearly all are, in one text. */
  asleep(): { readonly hash: Uint8Array; readonly state: Uint8Array; readonly live: LiveWrites } {
    const writes = [...this.#entries()].sort(([a], [b]) => (a < b ? -1 : 1))
    const live = liveOf(writes)
    if (this.#plain) return { ...keptOfPlain(this.id, writes), live }
    return { hash: hashOfPlain(this.id, writes), state: this.state(), live }
  }

  /** For the store alone: it never leaves the station. A plain record, or the Yjs state (V1). */
  state(): Uint8Array {
    return this.#plain ? encodePlainState(this.plain()) : Y.encodeStateAsUpdate(this.#doc!)
  }

  /** Equal on two stations exactly when they hold the same live writes of this record. */
  hash(): Uint8Array {
    return hashOfPlain(this.id, this.#entries())
  }

  live(): LiveWrites {
    return liveOf(this.#entries())
  }
}

type Keys = {
  get(key: string): unknown
  set(key: string, value: unknown): unknown
  delete(key: string): unknown
}

function putWrite(map: Keys, write: Write, tag: string, index: number): void {
  if (write.type === 'field') map.set(fieldKey(write.name, tag), write.value)
  else if (write.type === 'add') map.set(setKey(write.name, write.element, tag), true)
  else map.set(timelineKey(write.name, tag, index), write.value)
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
    const end = endOfName(key)
    const name = key.slice(0, end)
    const kind = key[end]
    if (end === 0) continue
    if (kind === '#') {
      const stamp = stamps.get(key.slice(end + 1))
      if (stamp) fields.push({ name, value: value as Value, stamp })
    } else if (kind === '+') {
      const at = key.lastIndexOf('#')
      const stamp = at > end ? stamps.get(key.slice(at + 1)) : undefined
      if (stamp) sets.push({ name, element: key.slice(end + 1, at), stamp })
    } else if (kind === '!') {
      const at = key.indexOf('.', end)
      const stamp =
        at > end && /^\d+$/.test(key.slice(at + 1)) ? stamps.get(key.slice(end + 1, at)) : undefined
      if (stamp) timelines.push({ name, id: key.slice(end + 1), value: value as Value, stamp })
    }
  }
  return { fields, sets, timelines, stamps }
}

/** A name is letters and digits, a small letter first; 0 where there is none. */
function endOfName(key: string): number {
  let at = 0
  for (; at < key.length; at++) {
    const code = key.charCodeAt(at)
    const isSmall = code >= 97 && code <= 122
    if (!isSmall && (at === 0 || !((code >= 65 && code <= 90) || (code >= 48 && code <= 57)))) break
  }
  return at
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
