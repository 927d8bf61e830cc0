import { afterEach, beforeEach } from 'vitest'
import { createEntry, type Entry, type EntryRef, type LogDeclaration, logIdOf, rootOf } from '../log/entry.ts'
import type { Projection } from '../record/project.ts'
import type { EntryStatus, RecordRow, Seen, Store } from './store.ts'

/** What an implementation brings: a fresh store for each test, and its removal. */
export type OpenStore = () => { readonly store: Store; readonly done: () => void }

export class Stop extends Error {}

export const NOTHING: Seen = new Map()
export const logOf = (space: string, epoch = 1): LogDeclaration => ({
  key: new Uint8Array(32).fill(7),
  epoch: new Uint8Array(16).fill(epoch),
  space,
})
export const refOf = (log: LogDeclaration, entry: Entry): EntryRef => ({
  log: logIdOf(log),
  seq: entry.header.seq,
  hash: Uint8Array.from(entry.hash),
})

/** One more entry of a log; `salt` makes another of the same sequence. */
export function entryAfter(log: LogDeclaration, before: Entry | null, salt = ''): Entry {
  const seq = before ? before.header.seq + 1 : 0
  const prev = before ? before.hash : rootOf(logIdOf(log))
  return createEntry({ seq, prev, deps: [], acts: [], keys: [] }, [
    { bytes: Buffer.from(`${seq}${salt}`), key: -1 },
  ])
}

export function put(
  store: Store,
  log: LogDeclaration,
  entry: Entry,
  status: EntryStatus = 'accepted',
  replaces = true,
): number {
  store.putLog(log)
  const { seq, prev } = entry.header
  const n = store.putEntry(logIdOf(log), {
    seq,
    prev,
    hash: entry.hash,
    status,
    raw: entry.raw,
    at: 1000 + seq,
  })
  store.putTip(logIdOf(log), replaces && seq > 0 ? prev : null, {
    ref: refOf(log, entry),
    seen: NOTHING,
    acts: NOTHING,
  })
  return n
}

export const rowOf = (id: string, over: Partial<Projection> = {}, space = 'sp-0001'): RecordRow => ({
  space,
  id,
  type: over.type ?? 'building',
  hash: new Uint8Array(32).fill(id.length),
  state: new Uint8Array([1, 2, 3]),
  projection: {
    id,
    type: 'building',
    space,
    fields: { name: '测试楼' },
    sets: {},
    timelines: {},
    conflicts: {},
    createdAt: 1,
    createdBy: 'me-0001',
    changedAt: 1,
    ...over,
  },
})
/** Plain byte arrays for Buffers, whatever is around them: they hold the same, but do not compare as the same. */
export function plainly<T>(value: T): T {
  if (value instanceof Uint8Array) return new Uint8Array(value) as T
  if (Array.isArray(value)) return value.map(plainly) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, plainly(held)])) as T
}
export const conflict = { name: [{ value: 'a', by: 'me-0001', at: 1, tag: 'one' }] }
export const idsOf = (projections: Iterable<Projection>) => [...projections].map(({ id }) => id)

/** Gives each test of a description a store of its own, and takes it away again. */
export function forEachTest(open: OpenStore, take: (store: Store) => void): void {
  let done = () => {}
  beforeEach(() => {
    const opened = open()
    done = opened.done
    take(opened.store)
  })
  afterEach(() => done())
}
