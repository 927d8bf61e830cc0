import { describe, expect, test } from 'vitest'
import { logIdOf } from '../log/entry.ts'
import {
  entryAfter,
  forEachTest,
  logOf,
  type OpenStore,
  put,
  refOf,
  rowOf,
  Stop,
} from './samples-contract.ts'
import type { Store } from './store.ts'

export function describeTransactions(open: OpenStore): void {
  describe('transactions', () => {
    let store: Store
    forEachTest(open, (opened) => {
      store = opened
    })

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

    test('a sound store has nothing wrong with it, and can be closed twice', () => {
      store.transaction(() => store.putRecord(rowOf('bu-0001')))
      expect(store.checkpoint()).toBe(true)
      expect(store.integrity()).toEqual([])
      store.close()
      store.close()
    })
  })
}
