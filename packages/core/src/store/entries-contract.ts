import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Entry, type EntryRef, logIdOf } from '../log/entry.ts'
import { entryAfter, forEachTest, logOf, type OpenStore, put, refOf } from './samples-contract.ts'
import type { Seen, Store } from './store.ts'

export function describeEntries(open: OpenStore): void {
  describe('logs and entries', () => {
    let store: Store
    forEachTest(open, (opened) => {
      store = opened
    })

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
}
