import { describe, expect, test } from 'vitest'
import { type Entry, logIdOf } from '../log/entry.ts'
import { encodePage } from '../record/page.ts'
import { hashOfPlain } from '../record/plain.ts'
import { writeTagOf } from '../record/tag.ts'
import {
  entryAfter,
  forEachTest,
  idsOf,
  logOf,
  type OpenStore,
  plainly,
  put,
  refOf,
  rowOf,
} from './samples-contract.ts'
import type { Store } from './store.ts'

export function describeCheckpoints(open: OpenStore): void {
  describe('checkpoints, and what they stand for', () => {
    let store: Store
    forEachTest(open, (opened) => {
      store = opened
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
  })
}
