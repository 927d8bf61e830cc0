import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromHex } from '../bytes/bytes.ts'
import { encodeCbor } from '../bytes/cbor.ts'
import { seal } from '../crypto/seal.ts'
import { anyChange } from '../record/change.test.data.ts'
import { anyWire, BOMBS, bitFlips, chance, truncations } from '../testing/hostile-bytes.test.data.ts'
import { encodePart, openDeed, openPart, placeOf, sealDeed, sealPart } from './part.ts'

const key = new Uint8Array(32).fill(1)
const otherKey = new Uint8Array(32).fill(2)
const log = 'ab'.repeat(16)
const deed = { member: 'me-0001', action: 'visit.record', at: 1_760_000_000_000, act: 'ac-0001' }

test('F4 a place is the same bytes for ever', () => {
  for (const [seq, index] of [
    [0, 0],
    [23, 24],
    [70_000, 512],
    [2 ** 40, 1],
  ] as const)
    expect(Buffer.from(placeOf(log, seq, index))).toEqual(
      Buffer.from(encodeCbor(['doorstep/blob/1', fromHex(log), seq, index])),
    )
})

test('F4 a deed and a part open where they were sealed, and nowhere else', () => {
  fc.assert(
    fc.property(anyChange, fc.nat({ max: 1000 }), fc.integer({ min: 1, max: 500 }), (change, seq, index) => {
      const text = encodePart(change)
      const sealed = sealPart(key, log, seq, index, text)
      const opened = openPart(key, log, seq, index, sealed)
      expect(opened.ok && encodePart(opened.value)).toEqual(text)
      for (const [k, l, s, i] of [
        [otherKey, log, seq, index],
        [key, 'cd'.repeat(16), seq, index],
        [key, log, seq + 1, index],
        [key, log, seq, index + 1],
      ] as const)
        expect(openPart(k, l, s, i, sealed)).toMatchObject({ ok: false, problem: { type: 'unreadable' } })
    }),
    chance(60),
  )
  const sealed = sealDeed(key, log, 4, deed)
  expect(openDeed(key, log, 4, sealed)).toEqual({ ok: true, value: deed })
  expect(openDeed(key, log, 5, sealed).ok).toBe(false)
  expect(openPart(key, log, 4, 0, sealed).ok).toBe(false)
})

test('a cut or flipped part is unreadable', () => {
  const sealed = sealDeed(key, log, 4, deed)
  for (const cut of truncations(sealed)) expect(openDeed(key, log, 4, cut).ok).toBe(false)
  for (const flipped of bitFlips(sealed)) expect(openDeed(key, log, 4, flipped).ok).toBe(false)
})

test('F5 whatever a member seals as a part or a deed is a problem or read, never a throw', () => {
  const open = (text: Uint8Array) => {
    const part = sealPart(key, log, 1, 1, text)
    const asDeed = seal(key, text, encodeCbor(['doorstep/blob/1', Buffer.from(log, 'hex'), 1, 0]))
    return [openPart(key, log, 1, 1, part), openDeed(key, log, 1, asDeed)]
  }
  for (const bomb of Object.values(BOMBS)) for (const opened of open(bomb)) expect(opened.ok).toBe(false)
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), anyWire.map(encodeCbor)), (text) => {
      for (const opened of open(text)) expect(opened.ok).toBe(false)
    }),
    chance(500),
  )
})

test.each([
  ['a member that is no id', ['someone', 'visit.record', 1, 'ac-0001']],
  ['an action of 61 letters', ['me-0001', 'x'.repeat(61), 1, 'ac-0001']],
  ['a time before 1970', ['me-0001', 'visit.record', -1, 'ac-0001']],
  ['a time that is no count', ['me-0001', 'visit.record', 1.5, 'ac-0001']],
  ['a deed too long', ['me-0001', 'visit.record', 1, 'x'.repeat(1100)]],
])('%s is no deed', (_, wire) => {
  const sealed = seal(key, encodeCbor(wire), encodeCbor(['doorstep/blob/1', Buffer.from(log, 'hex'), 1, 0]))
  expect(openDeed(key, log, 1, sealed).ok).toBe(false)
})
