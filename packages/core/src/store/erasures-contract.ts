import { describe, expect, test } from 'vitest'
import { createEntry, logIdOf, rootOf } from '../log/entry.ts'
import { entryAfter, forEachTest, logOf, type OpenStore, put, refOf, rowOf } from './samples-contract.ts'
import type { Store } from './store.ts'

export function describeErasures(open: OpenStore): void {
  describe('what is erased', () => {
    let store: Store
    forEachTest(open, (opened) => {
      store = opened
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

    test('what came stripped is listed until a checkpoint stands for it', () => {
      const log = logOf('sp-0001')
      const [entry, other] = [entryAfter(log, null), entryAfter(log, null, 'other')]
      for (const { hash } of [entry, other])
        store.transaction(() =>
          store.putStripped({ hash, log: logIdOf(log), seq: 0, source: 'st-0009', at: 5 }),
        )
      const { seq, prev } = entry.header
      store.transaction(() => {
        store.putLog(log)
        store.shelf.putBase([
          { log: logIdOf(log), seq, prev, hash: entry.hash, parts: 1, deps: [], acts: [] },
        ])
      })
      expect(store.stripped().map(({ hash }) => Buffer.from(hash))).toEqual([Buffer.from(other.hash)])
    })
  })
}
