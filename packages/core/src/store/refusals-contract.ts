import { describe, expect, test } from 'vitest'
import { logIdOf } from '../log/entry.ts'
import { entryAfter, forEachTest, logOf, type OpenStore, put } from './samples-contract.ts'
import type { Store } from './store.ts'

export function describeRefusals(open: OpenStore): void {
  describe('what was refused or is void', () => {
    let store: Store
    forEachTest(open, (opened) => {
      store = opened
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
  })
}
