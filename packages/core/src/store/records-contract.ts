import { describe, expect, test } from 'vitest'
import { logIdOf } from '../log/entry.ts'
import {
  conflict,
  entryAfter,
  forEachTest,
  idsOf,
  logOf,
  type OpenStore,
  put,
  rowOf,
  Stop,
} from './samples-contract.ts'
import type { Store } from './store.ts'

export function describeRecords(open: OpenStore): void {
  describe('records', () => {
    let store: Store
    forEachTest(open, (opened) => {
      store = opened
    })

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
}
