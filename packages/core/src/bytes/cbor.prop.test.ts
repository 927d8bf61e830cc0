import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyWire, BOMBS, bitFlips, chance, truncations } from '../testing/hostile-bytes.test.data.ts'
import {
  BYTES,
  COUNT,
  decodeCbor,
  encodeCbor,
  headBytes,
  MAX_DEPTH,
  MAX_HEAD_BYTES,
  putHead,
} from './cbor.ts'

test('what is encoded is read back', () => {
  fc.assert(
    fc.property(anyWire, (value) => {
      const decoded = decodeCbor(encodeCbor(value), 1 << 20)
      expect(decoded.ok && encodeCbor(decoded.value)).toEqual(encodeCbor(value))
    }),
    chance(300),
  )
})

test('the same map in another order has the same bytes', () => {
  expect(encodeCbor({ b: 1, a: 2 })).toEqual(encodeCbor({ a: 2, b: 1 }))
})

test('random bytes give a result, never a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(typeof decodeCbor(bytes, 1000).ok).toBe('boolean')
    }),
    chance(2000),
  )
})

test.each(Object.entries(BOMBS))('%s is malformed, at once', (_, bytes) => {
  const started = performance.now()
  expect(decodeCbor(bytes, 1 << 20)).toMatchObject({ ok: false, problem: { type: 'malformed' } })
  expect(performance.now() - started).toBeLessThan(500)
})

test('more bytes than allowed are not looked at', () => {
  const bytes = encodeCbor('x'.repeat(100))
  expect(decodeCbor(bytes, bytes.length).ok).toBe(true)
  expect(decodeCbor(bytes, bytes.length - 1)).toMatchObject({ problem: { type: 'too-large' } })
})

test('a cut value is malformed at every byte; a flipped bit is a result', () => {
  const bytes = encodeCbor([1, 'text', new Uint8Array(40), [null, true, { key: 1.5 }]])
  for (const cut of truncations(bytes)) expect(decodeCbor(cut, 1000).ok).toBe(false)
  for (const flipped of bitFlips(bytes)) expect(typeof decodeCbor(flipped, 1000).ok).toBe('boolean')
})

test('nesting is bounded, and so is the number of items, whatever the stack has room for', () => {
  const deep = (depth: number) => Buffer.concat([Buffer.alloc(depth, 0x81), Buffer.from([0x00])])
  expect(decodeCbor(deep(MAX_DEPTH), 1000).ok).toBe(true)
  expect(decodeCbor(deep(MAX_DEPTH + 1), 1000)).toMatchObject({
    problem: { type: 'malformed', detail: 'too deep' },
  })
  const wide = encodeCbor(Array(200).fill(null))
  expect(decodeCbor(wide, 1000, 201).ok).toBe(true)
  expect(decodeCbor(wide, 1000, 200)).toMatchObject({ problem: { detail: 'too many items' } })
})

test('a key named __proto__ is a key and changes nothing else', () => {
  const bytes = encodeCbor(JSON.parse('{"__proto__": {"polluted": true}}'))
  const decoded = decodeCbor(bytes, 1000)
  expect(decoded.ok && Object.getPrototypeOf(decoded.value)).toBe(Object.prototype)
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})

test('a head that is put by hand is the one that the encoder puts', () => {
  const bounds = [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]
  fc.assert(
    fc.property(fc.oneof(fc.constantFrom(...bounds), fc.maxSafeNat()), (value) => {
      const head = Buffer.alloc(MAX_HEAD_BYTES)
      expect(head.subarray(0, putHead(head, 0, COUNT, value))).toEqual(Buffer.from(encodeCbor(value)))
      expect(headBytes(value)).toBe(encodeCbor(value).length)
    }),
    chance(300),
  )
  const head = Buffer.alloc(MAX_HEAD_BYTES)
  const whole = Buffer.from(encodeCbor(new Uint8Array(300)))
  const end = putHead(head, 0, BYTES, 300)
  expect(head.subarray(0, end)).toEqual(whole.subarray(0, end))
})
