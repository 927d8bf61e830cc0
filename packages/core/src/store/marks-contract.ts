import { describe, expect, test } from 'vitest'
import { toHex } from '../bytes/bytes.ts'
import { digestOfHashes } from '../record/digest.ts'
import { entryAfter, forEachTest, logOf, type OpenStore, put, rowOf, Stop } from './samples-contract.ts'
import type { Store } from './store.ts'

export function describeMarks(open: OpenStore): void {
  describe('marks, by which others keep what they have worked out', () => {
    let store: Store
    forEachTest(open, (opened) => {
      store = opened
    })

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
}
