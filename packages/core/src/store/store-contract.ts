import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { toHex } from '../bytes/bytes.ts'
import { createEntry, type Entry, type EntryRef, type LogDeclaration, logIdOf, rootOf } from '../log/entry.ts'
import { digestOfHashes } from '../record/digest.ts'
import { writeTagOf } from '../record/fold.ts'
import { encodePage } from '../record/page.ts'
import { hashOfPlain } from '../record/plain.ts'
import type { Projection } from '../record/project.ts'
import type { EntryStatus, RecordRow, Seen, Store } from './store.ts'

/** What an implementation brings: a fresh store for each test, and its removal. */
export type OpenStore = () => { readonly store: Store; readonly done: () => void }

class Stop extends Error {}

const NOTHING: Seen = new Map()
const logOf = (space: string, epoch = 1): LogDeclaration => ({
  key: new Uint8Array(32).fill(7),
  epoch: new Uint8Array(16).fill(epoch),
  space,
})
const refOf = (log: LogDeclaration, entry: Entry): EntryRef => ({
  log: logIdOf(log),
  seq: entry.header.seq,
  hash: Uint8Array.from(entry.hash),
})

/** One more entry of a log; `salt` makes another of the same sequence. */
function entryAfter(log: LogDeclaration, before: Entry | null, salt = ''): Entry {
  const seq = before ? before.header.seq + 1 : 0
  const prev = before ? before.hash : rootOf(logIdOf(log))
  return createEntry({ seq, prev, deps: [], acts: [], keys: [] }, [
    { bytes: Buffer.from(`${seq}${salt}`), key: -1 },
  ])
}

function put(
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

const rowOf = (id: string, over: Partial<Projection> = {}, space = 'sp-0001'): RecordRow => ({
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
function plainly<T>(value: T): T {
  if (value instanceof Uint8Array) return new Uint8Array(value) as T
  if (Array.isArray(value)) return value.map(plainly) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, plainly(held)])) as T
}
const conflict = { name: [{ value: 'a', by: 'me-0001', at: 1, tag: 'one' }] }
const idsOf = (projections: Iterable<Projection>) => [...projections].map(({ id }) => id)

/** What the trunk relies on. An implementation of `Store` runs this, so that a second one cannot drift. */
export function describeStore(name: string, open: OpenStore): void {
  describe(`store contract: ${name}`, () => {
    let store: Store
    let done: () => void
    beforeEach(() => {
      const opened = open()
      store = opened.store
      done = opened.done
    })
    afterEach(() => done())

    describe('transactions', () => {
      test('what a transaction returned is there; what one threw in is gone, all of it', () => {
        const log = logOf('sp-0001')
        const [one, two] = [entryAfter(log, null), entryAfter(log, null, 'other')]
        expect(store.transaction(() => put(store, log, one))).toBeGreaterThan(0)
        const failing = () =>
          store.transaction(() => {
            put(store, logOf('sp-0002'), two)
            store.putSetting('name', Buffer.from('x'))
            store.putRecord(rowOf('bu-0001'))
            store.putVoid(1, 1, 'test')
            store.putDraft({ id: 'd', at: 1, value: 1 })
            throw new Stop()
          })
        expect(failing).toThrow(Stop)
        expect(store.entry(one.hash)).not.toBeNull()
        expect([store.entry(two.hash), store.setting('name'), store.record('sp-0001', 'bu-0001')]).toEqual([
          null,
          null,
          null,
        ])
        expect([store.voids(), store.draft('d'), store.logs('sp-0002')]).toEqual([[], null, []])
      })

      test('one inside another is part of it', () => {
        const failing = () =>
          store.transaction(() => {
            store.transaction(() => store.putSetting('inner', Buffer.from('x')))
            expect(store.setting('inner')).not.toBeNull()
            throw new Stop()
          })
        expect(failing).toThrow(Stop)
        expect(store.setting('inner')).toBeNull()
      })

      test('the store can be used after one that threw', () => {
        expect(() =>
          store.transaction(() => {
            throw new Stop()
          }),
        ).toThrow(Stop)
        store.transaction(() => store.putSetting('name', Buffer.from('x')))
        expect(store.setting('name')).not.toBeNull()
      })

      test('a savepoint that throws undoes itself alone', () => {
        store.transaction(() => {
          store.putSetting('before', Buffer.from('x'))
          const failing = () =>
            store.savepoint(() => {
              store.putSetting('inside', Buffer.from('x'))
              throw new Stop()
            })
          expect(failing).toThrow(Stop)
          store.putSetting('after', Buffer.from('x'))
        })
        expect(['before', 'inside', 'after'].map((word) => store.setting(word) !== null)).toEqual([
          true,
          false,
          true,
        ])
      })

      test('savepoints nest: the outer one takes the inner one with it', () => {
        store.transaction(() => {
          const outer = () =>
            store.savepoint(() => {
              store.savepoint(() => store.putSetting('inner', Buffer.from('x')))
              throw new Stop()
            })
          expect(outer).toThrow(Stop)
        })
        expect(store.setting('inner')).toBeNull()
      })

      test('a log that was rolled back is forgotten, and may come again under another number', () => {
        const [log, other] = [logOf('sp-0001', 1), logOf('sp-0001', 2)]
        const [entry, otherEntry] = [entryAfter(log, null), entryAfter(other, null)]
        const undo = (within: (work: () => void) => void) =>
          expect(() =>
            within(() => {
              put(store, log, entry)
              expect(store.entriesAt(logIdOf(log), 0)).toHaveLength(1)
              throw new Stop()
            }),
          ).toThrow(Stop)
        undo((work) => store.transaction(work))
        store.transaction(() => undo((work) => store.savepoint(work)))
        // The numbers that were free again go to another log first.
        store.transaction(() => put(store, other, otherEntry))
        store.transaction(() => put(store, log, entry))
        expect(store.entriesAt(logIdOf(log), 0).map(({ log: id }) => id)).toEqual([logIdOf(log)])
        expect(store.entriesAt(logIdOf(other), 0).map(({ log: id }) => id)).toEqual([logIdOf(other)])
        expect(store.tipsOf(logIdOf(log)).map(({ ref }) => ref)).toEqual([refOf(log, entry)])
      })
    })

    describe('logs and entries', () => {
      const log = logOf('sp-0001')

      test('a log is kept once and found by id and by space', () => {
        store.transaction(() => {
          store.putLog(log)
          store.putLog(log)
          store.putLog(logOf('sp-0002'))
        })
        expect(store.logs()).toHaveLength(2)
        expect(store.logs('sp-0001')).toEqual([{ id: logIdOf(log), log }])
        expect(store.log(logIdOf(log))).toEqual(log)
        expect([store.log('ab'.repeat(16)), store.logs('sp-0009')]).toEqual([null, []])
      })

      test('an entry comes back as it was put, erased blobs too', () => {
        const entry = entryAfter(log, null)
        store.transaction(() => {
          store.putLog(log)
          store.putEntry(logIdOf(log), {
            seq: 0,
            prev: entry.header.prev,
            hash: entry.hash,
            status: 'held',
            raw: { header: entry.raw.header, blobs: [new Uint8Array([9]), null] },
            at: 77,
          })
        })
        const stored = store.entry(entry.hash)!
        expect(stored).toMatchObject({ log: logIdOf(log), seq: 0, status: 'held', arrivedAt: 77 })
        expect(Buffer.from(stored.raw.header)).toEqual(Buffer.from(entry.raw.header))
        expect(stored.raw.blobs).toEqual([new Uint8Array([9]), null])
        expect(Buffer.from(stored.prev)).toEqual(Buffer.from(entry.header.prev))
      })

      test('an entry is kept once', () => {
        const entry = entryAfter(log, null)
        store.transaction(() => put(store, log, entry))
        expect(() => store.transaction(() => put(store, log, entry))).toThrow()
        expect(store.entriesOf('sp-0001', 0, 10)).toHaveLength(1)
      })

      test('entries of a space come in the order they were put, page by page, other spaces left out', () => {
        const entries: Entry[] = []
        store.transaction(() => {
          for (let n = 0; n < 5; n++) {
            entries.push(entryAfter(log, entries.at(-1) ?? null))
            put(store, log, entries[n]!)
            put(store, logOf(`sp-010${n}`), entryAfter(logOf(`sp-010${n}`), null))
          }
        })
        const first = store.entriesOf('sp-0001', 0, 3)
        const rest = store.entriesOf('sp-0001', first.at(-1)!.n, 3)
        expect([...first, ...rest].map(({ seq }) => seq)).toEqual([0, 1, 2, 3, 4])
        expect(store.entriesOf('sp-0001', rest.at(-1)!.n, 3)).toEqual([])
      })

      test('held entries are listed and counted until they are accepted', () => {
        const [one, two] = [entryAfter(log, null), entryAfter(log, null, 'other')]
        store.transaction(() => {
          put(store, log, one)
          put(store, log, two, 'held')
        })
        const counts = () =>
          (['accepted', 'held'] as const).map((status) => store.countEntries('sp-0001', status))
        expect([store.held().map(({ status }) => status), counts()]).toEqual([['held'], [1, 1]])
        store.transaction(() => store.accept(two.hash))
        expect([store.held(), counts(), store.entry(two.hash)?.status]).toEqual([[], [2, 0], 'accepted'])
      })

      test('a log with two tips is forked; each branch has its own', () => {
        const root = entryAfter(log, null)
        const [left, right] = [entryAfter(log, root, 'left'), entryAfter(log, root, 'right')]
        store.transaction(() => {
          put(store, log, root)
          put(store, log, left)
        })
        expect(store.hasFork(logIdOf(log))).toBe(false)
        store.transaction(() => put(store, log, right, 'accepted', false))
        expect(store.hasFork(logIdOf(log))).toBe(true)
        expect(store.entriesAt(logIdOf(log), 1)).toHaveLength(2)
        const after = entryAfter(log, right)
        store.transaction(() => put(store, log, after))
        const seqs = store.tipsOf(logIdOf(log)).map(({ ref }) => ref.seq)
        expect(seqs.sort()).toEqual([1, 2])
        expect(store.tips('sp-0001')).toHaveLength(2)
        expect(store.hasFork('ab'.repeat(16))).toBe(false)
      })

      test('what an author had seen comes back, several branches of one log too', () => {
        const entry = entryAfter(log, null)
        const ref = (id: string, seq: number): EntryRef => ({
          log: id.repeat(16),
          seq,
          hash: new Uint8Array(randomBytes(32)),
        })
        const [a, b, c] = [ref('ab', 3), ref('ab', 5), ref('cd', 0)]
        const seen: Seen = new Map([
          [a.log, [a, b]],
          [c.log, [c]],
        ])
        const acts: Seen = new Map([[c.log, [c]]])
        store.transaction(() => {
          store.putLog(log)
          store.putTip(logIdOf(log), null, { ref: refOf(log, entry), seen, acts })
        })
        const [tip] = store.tipsOf(logIdOf(log))
        expect(tip).toEqual({ ref: refOf(log, entry), seen, acts })
      })

      test('segments come in order, from any sequence inside one, with the number of their first entry', () => {
        const entries: Entry[] = []
        const ns: number[] = []
        const segment = (first: number, last: number) => ({
          log: logIdOf(log),
          first,
          last,
          head: Uint8Array.from(entries[last]!.hash),
          signature: new Uint8Array(64).fill(first),
        })
        store.transaction(() => {
          for (let n = 0; n < 6; n++) {
            entries.push(entryAfter(log, entries.at(-1) ?? null))
            ns.push(put(store, log, entries[n]!))
          }
          expect(store.lastSigned(logIdOf(log))).toBe(-1)
          store.putSegment(segment(3, 5))
          store.putSegment(segment(0, 2))
          store.putSegment(segment(0, 2))
        })
        const all = [
          { ...segment(0, 2), firstN: ns[0] },
          { ...segment(3, 5), firstN: ns[3] },
        ]
        expect(store.segmentsOf(logIdOf(log), 0)).toEqual(all)
        expect(store.segmentsOf(logIdOf(log), 2)).toEqual(all)
        expect(store.segmentsOf(logIdOf(log), 3)).toEqual(all.slice(1))
        expect(store.segmentsOf(logIdOf(log), 6)).toEqual([])
        expect(store.lastSigned(logIdOf(log))).toBe(5)
      })
    })

    describe('marks, by which others keep what they have worked out', () => {
      const log = logOf('sp-0001')
      const other = logOf('sp-0002')
      /** Whether `change` moves the marks of a space, and whether it moves those of another. */
      const moved = (change: () => void) => {
        const marks = () => ['sp-0001', 'sp-0002'].map((space) => store.entryMark(space))
        const before = marks()
        change()
        return marks().map((mark, at) => mark !== before[at])
      }
      const undone = (work: () => void) => () =>
        expect(() =>
          store.transaction(() => {
            work()
            throw new Stop()
          }),
        ).toThrow(Stop)

      test('an entry moves its space’s, put, accepted or undone', () => {
        const held = entryAfter(log, null)
        expect(moved(() => store.transaction(() => put(store, log, held, 'held')))[0]).toBe(true)
        expect(moved(() => store.transaction(() => store.accept(held.hash)))[0]).toBe(true)
        const mark = moved(() => store.transaction(() => put(store, other, entryAfter(other, null))))
        expect(mark).toEqual([false, true])
        const next = entryAfter(log, held)
        let inside = ''
        const undo = undone(() => {
          put(store, log, next)
          inside = store.entryMark('sp-0001')
        })
        undo()
        // What was worked out inside is not what is there now, nor what comes next.
        expect(store.entryMark('sp-0001')).not.toBe(inside)
        store.transaction(() => put(store, log, entryAfter(log, held, 'other')))
        expect(store.entryMark('sp-0001')).not.toBe(inside)
      })

      test('the digest of records is that of all of them, whatever changed since it was asked for', () => {
        const digest = () => {
          const found = toHex(store.recordsDigest('sp-0001'))
          expect(found).toBe(toHex(digestOfHashes(store.recordHashes('sp-0001'))))
          return found
        }
        const seen = new Set<string>([digest()])
        const changes: (() => void)[] = [
          () => store.putRecord(rowOf('bu-0001')),
          () => store.putRecord(rowOf('bu-00f1')),
          () => store.putRecord(rowOf('bu-zz12')),
          () => store.putRecord({ ...rowOf('bu-0001'), hash: new Uint8Array(32).fill(9) }),
          () => store.eraseRecords('sp-0001', ['bu-00f1']),
          () => store.dropRecords('sp-0001'),
        ]
        for (const change of changes) {
          store.transaction(() => {
            change()
            digest()
          })
          const size = seen.size
          seen.add(digest())
          if (change !== changes.at(-1)) expect(seen.size).toBe(size + 1)
        }
        store.transaction(() => store.putRecord(rowOf('bu-0001')))
        const before = digest()
        undone(() => {
          store.putRecord(rowOf('bu-0002'))
          expect(digest()).not.toBe(before)
        })()
        expect(digest()).toBe(before)
        store.transaction(() => store.putRecord(rowOf('bu-0001', {}, 'sp-0002')))
        expect(digest()).toBe(before)
      })

      test('within a transaction and a savepoint too', () => {
        store.transaction(() => {
          const before = store.entryMark('sp-0001')
          const failing = () =>
            store.savepoint(() => {
              put(store, log, entryAfter(log, null))
              throw new Stop()
            })
          expect(failing).toThrow(Stop)
          const after = store.entryMark('sp-0001')
          put(store, log, entryAfter(log, null, 'other'))
          expect(new Set([before, after, store.entryMark('sp-0001')]).size).toBeGreaterThan(1)
          expect(store.entryMark('sp-0001')).not.toBe(after)
        })
      })

      test('reading moves none', () => {
        store.transaction(() => put(store, log, entryAfter(log, null)))
        const reading = () => {
          store.tips('sp-0001')
          store.entriesOf('sp-0001', 0, 9)
          store.transaction(() => [...store.records()])
        }
        expect(moved(reading)).toEqual([false, false])
      })
    })

    describe('records', () => {
      test('a record comes back with its state and projection, and is replaced, not doubled', () => {
        const row = rowOf('bu-0001')
        store.transaction(() => store.putRecord(row))
        expect(store.record('sp-0001', 'bu-0001')).toEqual(row)
        const changed = rowOf('bu-0001', { fields: { name: '新' }, changedAt: 2 })
        store.transaction(() => store.putRecord({ ...changed, state: new Uint8Array(0) }))
        expect(store.record('sp-0001', 'bu-0001')?.projection).toEqual(changed.projection)
        expect(store.record('sp-0001', 'bu-0001')?.state).toEqual(new Uint8Array(0))
        expect([...store.records()]).toHaveLength(1)
        expect([store.record('sp-0002', 'bu-0001'), store.record('sp-0001', 'bu-0002')]).toEqual([null, null])
      })

      test('one id may live in two spaces; a list is narrowed by space, type and conflict', () => {
        store.transaction(() => {
          store.putRecord(rowOf('bu-0001'))
          store.putRecord(rowOf('bu-0001', {}, 'sp-0002'))
          store.putRecord(rowOf('vi-0001', { type: 'visit' }))
          store.putRecord(rowOf('bu-0002', { conflicts: conflict }))
        })
        expect(store.recordsById('bu-0001').map(({ space }) => space)).toEqual(['sp-0001', 'sp-0002'])
        expect(idsOf(store.records())).toHaveLength(4)
        expect(idsOf(store.records({ space: 'sp-0001' }))).toEqual(['bu-0001', 'vi-0001', 'bu-0002'])
        expect(idsOf(store.records({ space: 'sp-0001', type: 'visit' }))).toEqual(['vi-0001'])
        expect(idsOf(store.records({ inConflict: true }))).toEqual(['bu-0002'])
        store.transaction(() => store.putRecord(rowOf('bu-0002')))
        expect(idsOf(store.records({ inConflict: true }))).toEqual([])
      })

      test('a transaction has one rev; what changed since a rev is told once, the newest last', () => {
        expect([store.rev(), store.changedSince(0)]).toEqual([0, { rev: 0, records: [], erased: [] }])
        store.transaction(() => {
          store.putRecord(rowOf('bu-0001'))
          store.putRecord(rowOf('bu-0002'))
        })
        const first = store.changedSince(0)
        expect([idsOf(first.records), first.rev]).toEqual([['bu-0001', 'bu-0002'], store.rev()])
        store.transaction(() => store.putRecord(rowOf('bu-0001')))
        const second = store.changedSince(first.rev)
        expect(idsOf(second.records)).toEqual(['bu-0001'])
        expect(second.rev).toBeGreaterThan(first.rev)
        expect(store.changedSince(second.rev)).toEqual({ rev: second.rev, records: [], erased: [] })
        expect(idsOf(store.changedSince(0).records)).toEqual(['bu-0002', 'bu-0001'])
      })

      test('a rolled-back change has no rev', () => {
        store.transaction(() => store.putRecord(rowOf('bu-0001')))
        const before = store.rev()
        expect(() =>
          store.transaction(() => {
            store.putRecord(rowOf('bu-0002'))
            throw new Stop()
          }),
        ).toThrow(Stop)
        expect(store.rev()).toBe(before)
        store.transaction(() => store.putRecord(rowOf('bu-0003')))
        expect(idsOf(store.changedSince(before).records)).toEqual(['bu-0003'])
      })

      test('hashes are listed by id, for digests', () => {
        store.transaction(() => {
          for (const id of ['bu-0003', 'bu-0001']) store.putRecord(rowOf(id))
          store.putRecord(rowOf('bu-0002', {}, 'sp-0002'))
        })
        expect(store.recordHashes('sp-0001').map(({ id }) => id)).toEqual(['bu-0001', 'bu-0003'])
        expect(store.recordHashes('sp-0001')[0]!.hash).toEqual(rowOf('bu-0001').hash)
      })

      test('dropping a space’s records and void parts leaves other spaces alone, and revs go on', () => {
        const [log, other] = [logOf('sp-0001'), logOf('sp-0002')]
        store.transaction(() => {
          store.putVoid(put(store, log, entryAfter(log, null)), 1, 'one')
          store.putVoid(put(store, other, entryAfter(other, null)), 2, 'two')
          store.putRecord(rowOf('bu-0001'))
          store.putRecord(rowOf('bu-0002', {}, 'sp-0002'))
        })
        const before = store.rev()
        store.transaction(() => {
          store.dropRecords('sp-0001')
          store.putRecord(rowOf('bu-0003'))
        })
        expect(idsOf(store.records())).toEqual(['bu-0002', 'bu-0003'])
        expect(store.voids()).toMatchObject([{ log: logIdOf(other), seq: 0, part: 2, reason: 'two' }])
        expect(idsOf(store.changedSince(before).records)).toEqual(['bu-0003'])
      })

      test('projections can be made anew from what is kept; all of them count as changed', () => {
        store.transaction(() => {
          store.putRecord(rowOf('bu-0001'))
          store.putRecord(rowOf('bu-0002', { conflicts: conflict }))
        })
        const before = store.rev()
        store.transaction(() =>
          store.reproject((row) => ({ ...row.projection, fields: { name: `${row.id}新` }, conflicts: {} })),
        )
        expect(store.record('sp-0001', 'bu-0002')?.projection.fields).toEqual({ name: 'bu-0002新' })
        expect(store.record('sp-0001', 'bu-0002')?.state).toEqual(rowOf('bu-0002').state)
        expect(idsOf(store.records({ inConflict: true }))).toEqual([])
        expect(store.changedSince(before).records).toHaveLength(2)
      })
    })

    describe('what lies beside', () => {
      test('a setting is replaced; one never put is null', () => {
        store.transaction(() => store.putSetting('epoch', new Uint8Array([1])))
        store.transaction(() => store.putSetting('epoch', new Uint8Array([2])))
        expect([store.setting('epoch'), store.setting('none')]).toEqual([new Uint8Array([2]), null])
      })

      test('the first refusal of an entry stays; they are listed as they came', () => {
        const refusal = (byte: number, reason: string, at: number) => ({
          hash: new Uint8Array(32).fill(byte),
          log: 'ab'.repeat(16),
          seq: byte,
          reason,
          source: 'st-0001',
          at,
        })
        store.transaction(() => {
          store.putRefusal(refusal(2, 'role-may-not', 20))
          store.putRefusal(refusal(1, 'not-a-member', 10))
          store.putRefusal(refusal(1, 'another', 30))
        })
        expect(store.refusals()).toEqual([refusal(1, 'not-a-member', 10), refusal(2, 'role-may-not', 20)])
        expect(store.refusal(new Uint8Array(32).fill(2))).toEqual(refusal(2, 'role-may-not', 20))
        expect(store.refusal(new Uint8Array(32))).toBeNull()
      })

      test('of refusals without end the newest ten thousand are kept', () => {
        const hashOf = (n: number) => {
          const hash = Buffer.alloc(32)
          hash.writeUInt32BE(n)
          return new Uint8Array(hash)
        }
        const from = { log: 'ab'.repeat(16), seq: 0, reason: 'role-may-not', source: 'st-0001' }
        store.transaction(() => {
          // A clock that runs backwards changes nothing: newest is what came last.
          for (let n = 0; n < 10_020; n++) store.putRefusal({ ...from, hash: hashOf(n), at: 20_000 - n })
        })
        expect(store.refusals()).toHaveLength(10_000)
        expect([store.refusal(hashOf(19)), store.refusal(hashOf(20))?.seq]).toEqual([null, 0])
      })

      test('the keys that void parts lack are named once each, with their space', () => {
        const log = logOf('sp-0001')
        const key = new Uint8Array(16).fill(7)
        store.transaction(() => {
          const n = put(store, log, entryAfter(log, null))
          store.putVoid(n, 1, 'no-key', key)
          store.putVoid(n, 2, 'no-key', key)
          store.putVoid(n, 3, 'role-may-not')
        })
        expect(store.missingKeys()).toEqual([{ space: 'sp-0001', key }])
      })

      test('a part is void once, and its entry is named', () => {
        const log = logOf('sp-0001')
        store.transaction(() => {
          const n = put(store, log, entryAfter(log, null))
          store.putVoid(n, 1, 'no-key')
          store.putVoid(n, 1, 'other')
          store.putVoid(n, 2, 'role-may-not')
        })
        expect(store.voids().map(({ part, reason }) => [part, reason])).toEqual([
          [1, 'no-key'],
          [2, 'role-may-not'],
        ])
        expect(store.voids()[0]).toMatchObject({ log: logIdOf(log), seq: 0 })
      })

      test('voids are told by space and by reason, and dropped one by one', () => {
        const [log, other] = [logOf('sp-0001'), logOf('sp-0002')]
        const first = entryAfter(log, null)
        store.transaction(() => {
          const n = put(store, log, first)
          store.putVoid(n, 1, 'no-key')
          store.putVoid(n, 2, 'record-erased')
          store.putVoid(put(store, other, entryAfter(other, null)), 1, 'record-erased')
          store.dropVoid(n, 1)
        })
        expect(store.voids({ space: 'sp-0001' })).toMatchObject([{ part: 2, reason: 'record-erased' }])
        expect(store.voids({ reason: 'record-erased' })).toHaveLength(2)
        expect(store.voids({ space: 'sp-0002', reason: 'no-key' })).toEqual([])
        expect(Buffer.from(store.voids({ space: 'sp-0001' })[0]!.hash).equals(first.hash)).toBe(true)
      })

      test('what an erasure names counts when its entry does, and never when it is refused', () => {
        const log = logOf('sp-0001')
        const named = entryAfter(log, null)
        const by = entryAfter(log, named)
        const names = [{ ...refOf(log, named), parts: [1, 3] }]
        const hasNames = () => store.hasErasures('sp-0001')
        expect([hasNames(), store.unconfirmedErasures()]).toEqual([false, []])
        store.transaction(() => {
          put(store, log, named)
          store.putErasure('sp-0001', by.hash, names)
          store.putErasure('sp-0001', by.hash, names)
        })
        const counted = () => [...store.erasedParts('sp-0001', named.hash)]
        expect([hasNames(), store.hasErasures('sp-0002'), counted()]).toEqual([
          true,
          false,
          [
            [1, false],
            [3, false],
          ],
        ])
        expect(store.unconfirmedErasures()).toMatchObject([{ space: 'sp-0001', parts: 2 }])
        expect(store.erasuresOf(logIdOf(log), 0, 0)).toHaveLength(1)
        expect(store.erasuresOf(logIdOf(log), 1, 9)).toEqual([])
        expect(store.erasureNames(by.hash)).toMatchObject([{ log: logIdOf(log), seq: 0, parts: [1, 3] }])
        store.transaction(() => put(store, log, by, 'held'))
        expect(counted()[0]).toEqual([1, false])
        store.transaction(() => store.accept(by.hash))
        expect([counted(), store.unconfirmedErasures()]).toEqual([
          [
            [1, true],
            [3, true],
          ],
          [],
        ])
        expect(store.erasedParts('sp-0002', named.hash).size).toBe(0)
        const refused = entryAfter(log, by)
        const at = { log: logIdOf(log), seq: 2, source: 'st-0009', at: 1 }
        store.transaction(() => {
          store.putErasure('sp-0001', refused.hash, [{ ...refOf(log, named), parts: [2] }])
          store.putRefusal({ ...at, hash: refused.hash, reason: 'role-may-not' })
        })
        expect(store.erasedParts('sp-0001', named.hash).has(2)).toBe(false)
        expect(store.unconfirmedErasures()).toMatchObject([{ parts: 1 }])
      })

      test('a struck part is null from then on, the rest of the entry is as it was; it can be put back', () => {
        const log = logOf('sp-0001')
        const entry = createEntry({ seq: 0, prev: rootOf(logIdOf(log)), deps: [], acts: [], keys: [] }, [
          { bytes: Buffer.from('deed'), key: -1 },
          { bytes: Buffer.from('part'), key: -1 },
        ])
        store.transaction(() => put(store, log, entry))
        store.transaction(() => store.strike(entry.hash, [1, 7]))
        const blobs = () =>
          store.entry(entry.hash)!.raw.blobs.map((blob) => blob && Buffer.from(blob).toString())
        expect(blobs()).toEqual(['deed', null])
        expect(store.settleErased()).toBe(true)
        store.transaction(() => store.refill(entry.hash, new Map([[1, Buffer.from('part')]])))
        expect(blobs()).toEqual(['deed', 'part'])
      })

      test('an erased record is gone, is told of once, and its id is known', () => {
        store.transaction(() => store.putRecord(rowOf('bu-0001')))
        const before = store.rev()
        store.transaction(() => store.eraseRecords('sp-0001', ['bu-0001']))
        expect(store.record('sp-0001', 'bu-0001')).toBeNull()
        const { rev, records, erased } = store.changedSince(before)
        expect([records, erased]).toEqual([[], [{ space: 'sp-0001', id: 'bu-0001' }]])
        expect([rev, store.rev()]).toEqual([before + 1, before + 1])
        expect(store.changedSince(rev).erased).toEqual([])
        expect(store.isErasedRecord('sp-0001', 'bu-0001')).toBe(true)
        expect(store.isErasedRecord('sp-0002', 'bu-0001')).toBe(false)
        store.transaction(() => store.dropRecords('sp-0001'))
        expect(store.isErasedRecord('sp-0001', 'bu-0001')).toBe(false)
      })

      test('what came stripped is listed until it comes whole', () => {
        const log = logOf('sp-0001')
        const entry = entryAfter(log, null)
        const row = { hash: entry.hash, log: logIdOf(log), seq: 0, source: 'st-0009', at: 5 }
        store.transaction(() => store.putStripped(row))
        store.transaction(() => store.putStripped({ ...row, at: 9 }))
        expect(store.stripped()).toMatchObject([{ source: 'st-0009', at: 5 }])
        store.transaction(() => put(store, log, entry))
        expect(store.stripped()).toEqual([])
      })

      test('what a peer said replaces what it said before, space by space', () => {
        const head = { log: 'ab'.repeat(16), seq: 4, hash: new Uint8Array(randomBytes(32)) }
        const about = {
          station: 'st-0001',
          space: 'sp-0001',
          heads: [head],
          digest: 'x',
          via: 'lan',
        } as const
        const peer = { ...about, equal: false, at: 5 }
        store.transaction(() => {
          store.putPeer(peer)
          store.putPeer({ ...peer, space: 'sp-0002', heads: [] })
          store.putPeer({ ...peer, equal: true, at: 6 })
        })
        expect(store.peers()).toEqual([
          { ...peer, equal: true, at: 6, equalAt: 6 },
          { ...peer, space: 'sp-0002', heads: [], equalAt: null },
        ])
        store.transaction(() => store.putPeer({ ...peer, at: 7, via: 'bundle' }))
        expect(store.peers()[0], 'when both were last the same is not forgotten').toEqual({
          ...peer,
          at: 7,
          via: 'bundle',
          equalAt: 6,
        })
      })

      test('the newest address of each station, the latest met first', () => {
        store.transaction(() => {
          store.putAddress('st-0001', '192.0.2.1:1', 1)
          store.putAddress('st-0002', '192.0.2.2:1', 2)
          store.putAddress('st-0001', '192.0.2.3:1', 3)
        })
        expect(store.addresses()).toEqual([
          { station: 'st-0001', address: '192.0.2.3:1', at: 3 },
          { station: 'st-0002', address: '192.0.2.2:1', at: 2 },
        ])
      })

      test('a setting is kept, replaced and dropped; one that is not there is dropped too', () => {
        store.transaction(() => store.putSetting('name', new Uint8Array([1])))
        store.transaction(() => store.putSetting('name', new Uint8Array([2])))
        expect(store.setting('name')).toEqual(new Uint8Array([2]))
        for (let time = 0; time < 2; time++) store.transaction(() => store.dropSetting('name'))
        expect(store.setting('name')).toBeNull()
      })

      test('its key is given to be wrapped, and what the caller had of it is not needed any more', () => {
        const wrapped = store.wrapKey((key) => new Uint8Array(key))
        expect(wrapped).toHaveLength(32)
        expect(store.wrapKey((key) => new Uint8Array(key))).toEqual(wrapped)
      })

      test('a draft is kept, replaced and dropped', () => {
        const draft = { id: 'form/1', at: 3, value: { answers: ['测试', null, 1.5] } }
        store.transaction(() => store.putDraft(draft))
        store.transaction(() => store.putDraft({ ...draft, at: 4 }))
        expect(store.draft('form/1')).toEqual({ ...draft, at: 4 })
        store.transaction(() => store.dropDraft('form/1'))
        expect(store.draft('form/1')).toBeNull()
      })

      test('drafts are listed by how their ids begin, with nothing read as a pattern', () => {
        const ids = ['form/1', 'form/2', 'form_2', 'FORM/3', 'invite/1']
        store.transaction(() => {
          for (const id of ids) store.putDraft({ id, at: 1, value: id })
        })
        expect(store.drafts('form/').map(({ id, value }) => [id, value])).toEqual([
          ['form/1', 'form/1'],
          ['form/2', 'form/2'],
        ])
        expect(store.drafts('%')).toEqual([])
      })

      test('what a checkpoint stands for is known by hash and counts, beside what is here', () => {
        const log = logOf('sp-0001')
        const first = entryAfter(log, null)
        const second = entryAfter(log, first)
        const third = entryAfter(log, second)
        const id = logIdOf(log)
        const base = (entry: Entry) => ({
          log: id,
          seq: entry.header.seq,
          hash: entry.hash,
          prev: entry.header.prev,
          parts: 2,
          deps: [refOf(log, first)],
          acts: [],
        })
        store.transaction(() => {
          store.putLog(log)
          store.shelf.putBase([base(first), base(second)])
          put(store, log, third)
        })
        expect(store.entry(second.hash)).toMatchObject({
          log: id,
          seq: 1,
          status: 'accepted',
          base: { parts: 2 },
        })
        expect(store.entry(third.hash)?.base).toBeUndefined()
        expect([store.lowestEntry(id), store.entriesOf('sp-0001', 0, 9)]).toMatchObject([2, [{ seq: 2 }]])
        expect(store.entriesAt(id, 1)).toEqual([])
        expect(store.shelf.baseAt(id, 1)).toEqual([plainly(base(second))])
        expect(store.shelf.baseTops('sp-0001')).toEqual([plainly(refOf(log, second))])
        expect(store.shelf.baseTops('sp-0002')).toEqual([])
        store.transaction(() => store.shelf.dropBaseEntry(second.hash))
        expect([store.entry(second.hash), store.shelf.base(first.hash)]).toMatchObject([null, { seq: 0 }])
        store.transaction(() => store.dropSpace('sp-0001'))
        expect([store.entry(first.hash), store.entry(third.hash), store.tips('sp-0001')]).toEqual([
          null,
          null,
          [],
        ])
      })

      test('entries before a sequence go, with the segments and notes that are theirs alone', () => {
        const log = logOf('sp-0001')
        const id = logIdOf(log)
        const entries: Entry[] = []
        store.transaction(() => {
          for (let seq = 0; seq < 4; seq++) {
            entries.push(entryAfter(log, entries.at(-1) ?? null))
            store.putVoid(put(store, log, entries[seq]!), 1, 'test')
          }
          for (const [first, last] of [
            [0, 1],
            [2, 3],
          ] as const)
            store.putSegment({
              log: id,
              first,
              last,
              head: entries[last]!.hash,
              signature: new Uint8Array(64),
            })
        })
        expect(store.transaction(() => store.pruneEntries(id, 2))).toBe(2)
        expect(store.entriesOf('sp-0001', 0, 9).map(({ seq }) => seq)).toEqual([2, 3])
        expect(store.segmentsOf(id, 0).map(({ first }) => first)).toEqual([2])
        expect(store.voids().map(({ seq }) => seq)).toEqual([2, 3])
        expect(store.tipsOf(id).map(({ ref }) => ref.seq)).toEqual([3])
      })

      test('records of a page are read from it, until they change; an erased one leaves it, an older state of one too', () => {
        const hash = new Uint8Array(32).fill(4)
        const log = 'ab'.repeat(16)
        const stampOf = (part: number) => `@${writeTagOf(hash, part)}`
        const plainOf = (part: number, names: readonly string[]) =>
          new Map<string, unknown>([
            [stampOf(part), ['me-0001', 5, log, 3, 1]],
            ...names.map((name): [string, unknown] => [`name#${writeTagOf(hash, part)}`, name]),
          ])
        const records = [1, 2, 3].map((part) => ({
          id: `bu-000${part}`,
          type: 'building',
          plain: plainOf(part, [`楼 ${part}`]),
        }))
        const packed = encodePage(records, (tag) => {
          const part = [1, 2, 3].find((one) => stampOf(one) === `@${tag}`)
          return part === undefined ? part : { entry: 0, part }
        })
        const rows = records.map(({ id, type, plain }) => ({
          id,
          type,
          hash: hashOfPlain(id, plain),
          isInConflict: id === 'bu-0003',
        }))
        const rev = store.rev()
        store.transaction(() => store.putPage('sp-0001', { packed, entries: [{ log, seq: 3, hash }] }, rows))
        expect(idsOf(store.records())).toEqual(['bu-0001', 'bu-0002', 'bu-0003'])
        expect(idsOf(store.records({ inConflict: true }))).toEqual(['bu-0003'])
        expect(idsOf(store.changedSince(rev).records)).toEqual(['bu-0001', 'bu-0002', 'bu-0003'])
        expect(store.record('sp-0001', 'bu-0002')).toMatchObject({
          hash: Uint8Array.from(rows[1]!.hash),
          projection: { fields: { name: '楼 2' }, createdBy: 'me-0001', createdAt: 5 },
        })
        store.transaction(() => store.putRecord(rowOf('bu-0002')))
        expect(store.record('sp-0001', 'bu-0002')).toEqual(rowOf('bu-0002'))
        const list = store.records()
        expect(list.next().value?.id).toBe('bu-0001')
        store.transaction(() => store.eraseRecords('sp-0001', ['bu-0002', 'bu-0003']))
        // Whoever goes through a list meanwhile meets what was changed, and not what is gone.
        expect(idsOf(list)).toEqual(['bu-0002'])
        expect(idsOf(store.records())).toEqual(['bu-0001'])
        expect(store.record('sp-0001', 'bu-0001')?.projection.fields).toEqual({ name: '楼 1' })
        expect(() =>
          store.transaction(() => {
            store.dropRecords('sp-0001')
            throw new Error('undone')
          }),
        ).toThrow('undone')
        expect(store.record('sp-0001', 'bu-0001')?.projection.fields).toEqual({ name: '楼 1' })
        store.transaction(() => store.eraseRecords('sp-0001', ['bu-0001']))
        expect(store.recordHashes('sp-0001')).toEqual([])
      })

      test('checkpoints, their blobs, the pages that records stand on, and what is parked', () => {
        const { shelf } = store
        const row = (n: number) => ({
          entry: { log: 'ab'.repeat(16), seq: n, hash: new Uint8Array(32).fill(n) },
          space: 'sp-0001',
          generation: new Uint8Array(16),
          commitment: new Uint8Array([n]),
          manifest: new Uint8Array(32).fill(9),
          state: 'unverified' as const,
          by: 'st-0001',
          at: n,
        })
        const pages = [1, 2].map((n) => ({
          hash: new Uint8Array(32).fill(n),
          generation: new Uint8Array(16),
          entry: row(1).entry.hash,
          isCompared: n === 1,
          entries: n === 1 ? [row(1).entry, { ...row(2).entry, seq: 7 }] : [],
        }))
        store.transaction(() => {
          for (const n of [1, 2]) shelf.putCheckpoint(row(n))
          shelf.putCheckpoint({ ...row(1), by: 'st-0002' })
          shelf.setState(row(2).entry.hash, 'differs', 'st-0003')
          shelf.putBlob(pages[0]!.hash, new Uint8Array([7]))
          shelf.putBasePages('sp-0001', pages)
          shelf.park('sp-0001', new Uint8Array([1]))
          shelf.park('sp-0001', new Uint8Array([2]))
        })
        expect(shelf.checkpoints('sp-0001')).toEqual([{ ...row(2), state: 'differs', by: 'st-0003' }, row(1)])
        expect([shelf.checkpoint(row(1).entry.hash), shelf.checkpoints('sp-0002')]).toEqual([row(1), []])
        expect([shelf.blob(pages[0]!.hash), shelf.hasBlob(pages[1]!.hash)]).toEqual([
          new Uint8Array([7]),
          false,
        ])
        expect(shelf.basePages('sp-0001')).toEqual(pages)
        const [first, second] = shelf.parked()
        store.transaction(() => {
          shelf.unpark(first!.n)
          shelf.dropBlob(pages[0]!.hash)
          shelf.putBasePages('sp-0001', [])
        })
        expect([shelf.parked(), shelf.blob(pages[0]!.hash), shelf.basePages('sp-0001')]).toEqual([
          [second],
          null,
          [],
        ])
      })

      test('a sound store has nothing wrong with it, and can be closed twice', () => {
        store.transaction(() => store.putRecord(rowOf('bu-0001')))
        expect(store.checkpoint()).toBe(true)
        expect(store.integrity()).toEqual([])
        store.close()
        store.close()
      })
    })
  })
}
