import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { forEachTest, type OpenStore } from './samples-contract.ts'
import type { Store } from './store.ts'

export function describeBeside(open: OpenStore): void {
  describe('what lies beside', () => {
    let store: Store
    forEachTest(open, (opened) => {
      store = opened
    })

    test('a setting is replaced; one never put is null', () => {
      store.transaction(() => store.putSetting('epoch', new Uint8Array([1])))
      store.transaction(() => store.putSetting('epoch', new Uint8Array([2])))
      expect([store.setting('epoch'), store.setting('none')]).toEqual([new Uint8Array([2]), null])
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
  })
}
